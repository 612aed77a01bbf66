"""Archived articles: one full text in a file.

The form: the epoch in milliseconds in a comment, `[title](link)`, a line of dashes, then HTML.
"""

from __future__ import annotations

import html
import re

from bot.feeds.dates import from_milliseconds
from bot.feeds.links import absolute, untracked, with_absolute_links
from bot.feeds.texts import clean, plain
from bot.model import Entry, ParsedFeed

_EPOCH = re.compile(r"<!--\s{0,9}(-?\d{1,17})\s{0,9}-->")
_DASHES = re.compile(r"-{3,}")


def read_archived(text: str, url: str) -> ParsedFeed | None:
    """Read an archived article as a feed of one entry; None if the text is none.

    Args:
        text: the whole file.
        url: where it came from; a relative link is read against it.
    """
    first, second, third, rest = _four_parts(text.lstrip("\ufeff \t\r\n"))
    epoch = _EPOCH.fullmatch(first)
    title, found, target = second[1:-1].rpartition("](")
    if not (epoch and found and second[0] == "[" and second[-1] == ")" and _DASHES.fullmatch(third)):
        return None
    link = absolute(html.unescape(target.strip().strip("<>")), url)
    title = clean(title.strip())
    entry = Entry(
        guid=None,
        link=untracked(link) if link else None,
        title=title,
        content=with_absolute_links(clean(rest.strip()), link),
        published=from_milliseconds(epoch[1]),
    )
    return ParsedFeed(title=plain(title), site=None, language="", entries=(entry,))


def _four_parts(text: str) -> tuple[str, str, str, str]:
    """Split off the first three lines, each stripped; missing ones are ""."""
    first, _, text = text.partition("\n")
    second, _, text = text.partition("\n")
    third, _, text = text.partition("\n")
    return first.strip(), second.strip(), third.strip(), text
