"""Markup of any shape → a tree without its share blocks, or the text of what is none."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bs4 import BeautifulSoup
from bs4.element import Tag

from bot.condense.blocks import MAX_HTML, MAX_TAGS, SHARE_LINK, once_escaped

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_BLOCK_MARKUP = re.compile(r"<(?:p|br|div|li|tr|td|h[1-6]|pre|blockquote|section|article|table)\b", re.I)
_NAME_PARTS = re.compile(r"[\s_-]+|(?<=[a-z])(?=[A-Z])")
# A share block's label ("Share this:", "分享 :") and all its links are no longer than this.
_SHARE_TEXT = 80


def opened(markup: str) -> tuple[Tag | str, bool]:
    """Read HTML, or plain text, or HTML that was escaped once too often.

    Returns:
        The tree, or text where there is no markup or too much of it, and whether line ends in it mean something.
    """
    # JSON can hold half of a surrogate pair, which no parser takes.
    markup = markup[:MAX_HTML].encode("utf-8", "ignore").decode("utf-8")
    markup = once_escaped(markup.replace("\r\n", "\n").replace("\r", "\n"))
    if not _TAG.search(markup):
        return markup, True
    if markup.count("<") > MAX_TAGS:
        return _TAG.sub("\n\n", markup), True
    # The <body> keeps bs4 from taking a short text for a file's name, or XHTML for XML.
    soup = BeautifulSoup(f"<body>{markup}</body>", "lxml", multi_valued_attributes=None)
    _drop_share_blocks(soup)
    return soup, not _BLOCK_MARKUP.search(markup)


def names_of(attributes: Mapping[str, object]) -> set[str]:
    """The words of class and id, lower case: `post-share-buttons` → post, share, buttons."""
    values = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return {part.lower() for part in _NAME_PARTS.split(values)} | set(values.lower().split())


def _drop_share_blocks(soup: BeautifulSoup) -> None:
    """Take out what holds nothing but links to share, its label included."""
    # Asked by its name alone bs4 finds a tag three times as fast.
    for link in soup.find_all("a"):
        if link.decomposed or not SHARE_LINK.match(str(link.attrs.get("href") or "").lstrip()):
            continue
        block: Tag = link
        while (above := block.parent) is not None and above.name != "body" and _is_short(above):
            block = above
        block.decompose()


def _is_short(element: Tag) -> bool:
    length = 0
    for piece in element.strings:
        length += len(piece.strip())
        if length > _SHARE_TEXT:
            return False
    return element.find(("img", "p")) is None or length == 0
