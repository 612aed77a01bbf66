"""The `.po` files of this package → the catalogue. Read as they are: nothing is compiled, so none can be stale."""

from __future__ import annotations

import gettext
from importlib import resources
from importlib.resources.abc import Traversable

from bot.i18n.catalogue import Catalogue, Texts


def load() -> Catalogue:
    """Read every language, named by its file (`zh_Hans.po`).

    To be called once, at the start: 8 ms, and 60 to import Babel.
    """
    files = [file for file in resources.files(__package__).iterdir() if file.name.endswith(".po")]
    return Catalogue({file.name.removesuffix(".po"): _texts(file) for file in files})


def _texts(file: Traversable) -> Texts:
    # Costs 60 ms, and the command line imports this room long before it needs a text.
    from babel.messages.pofile import read_po

    with file.open("rb") as lines:
        po = read_po(lines, abort_invalid=True)
    forms = {_key(message.id): _forms(message.string) for message in po if message.id and message.string}
    return Texts(forms, gettext.c2py(po.plural_expr))


def _key(message_id: str | list[str] | tuple[str, ...]) -> str:
    """The key of a plural is its first id; the second only repeats it."""
    return message_id if isinstance(message_id, str) else message_id[0]


def _forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
