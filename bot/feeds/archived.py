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

_HEAD = re.compile(
    r"\s*<!--\s*(?P<epoch>-?\d{1,17})\s*-->\s*\n"
    r"\s*\[(?P<title>.*)\]\((?P<link>[^\n]*)\)[ \t]*\r?\n"
    r"-{3,}[ \t]*(?:\r?\n|\Z)"
)


def read_archived(text: str, url: str) -> ParsedFeed | None:
    """Read an archived article as a feed of one entry; None if the text is none.

    Args:
        text: the whole file.
        url: where it came from; a relative link is read against it.
    """
    head = _HEAD.match(text)
    if head is None:
        return None
    link = absolute(html.unescape(head["link"].strip().strip("<>")), url)
    title = clean(head["title"].strip())
    entry = Entry(
        guid=None,
        link=untracked(link) if link else None,
        title=title,
        content=with_absolute_links(clean(text[head.end() :].strip()), link),
        published=from_milliseconds(head["epoch"]),
    )
    return ParsedFeed(title=plain(title), site=None, language="", entries=(entry,))
