"""The `.po` files of this package → the catalogue. Read as they are: nothing is compiled, so none can be stale."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from bot.i18n.catalogue import Catalogue, Texts
from bot.i18n.direction import text_from_right

if TYPE_CHECKING:
    from babel import Locale

_GROUPED = 1000
"""From here on thousands are set apart."""


def load() -> Catalogue:
    """Read every language, named by its file (`zh_Hans.po`).

    To be called once, at the start: 140 ms for nine languages, and 50 to import Babel.
    """
    files = [file for file in resources.files(__package__).iterdir() if file.name.endswith(".po")]
    return Catalogue({file.name.removesuffix(".po"): _texts(file) for file in files})


def _texts(file: Traversable) -> Texts:
    # Costs 60 ms, and the command line imports this room long before it needs a text.
    from babel import Locale
    from babel.messages.pofile import read_po

    with file.open("rb") as lines:
        po = read_po(lines, abort_invalid=True)
    locale = Locale.parse(file.name.removesuffix(".po"))
    from_right = locale.text_direction == "rtl"
    turned = text_from_right if from_right else str
    forms = {
        _key(message.id): tuple(map(turned, _forms(message.string)))
        for message in po
        if message.id and message.string
    }
    return Texts(forms, gettext.c2py(po.plural_expr), _number(locale), from_right)


def _number(locale: Locale) -> Callable[[int], str]:
    """How a language writes numbers: 1.234 in German, ۱۲ in Persian."""
    digits = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹") if locale.default_numbering_system == "arabext" else {}

    def number(n: int) -> str:
        from babel.numbers import format_decimal

        # Small ones are nearly all, and CLDR takes 7 us for each.
        return (
            format_decimal(n, locale=locale, numbering_system="default") if n >= _GROUPED else str(n)
        ).translate(digits)

    return number


def _key(message_id: str | list[str] | tuple[str, ...]) -> str:
    """The key of a plural is its first id; the second only repeats it."""
    return message_id if isinstance(message_id, str) else message_id[0]


def _forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
