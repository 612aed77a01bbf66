"""An article's HTML → messages that hold all of it. Pure."""

from __future__ import annotations

import html as markup
from collections.abc import Iterator
from textwrap import wrap

from bot.condense.blocks import read

# Code points of one message, with room for what markup adds.
_LONGEST = 3500


def pages(head: str, html: str, *, base: str) -> tuple[str, ...]:
    """Make ready messages of a whole article.

    Args:
        head: as HTML; the first of them begins with it.
        base: the article's own address; "" if it has none.
    """
    texts = list(_filled(html))
    first, *others = texts or [""]
    return (f"{head}\n\n{first}".rstrip(), *others)


def _filled(html: str) -> Iterator[str]:
    page = ""
    for line in read(html).lines:
        for part in wrap(line.text, _LONGEST):
            if page and len(page) + len(part) > _LONGEST:
                yield page
                page = ""
            page += ("\n\n" if page else "") + markup.escape(part, quote=False)
    if page:
        yield page
