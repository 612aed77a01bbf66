"""A page's article, without the page around it. Runs in a child process only; needs the extra `article`.

Rests on trafilatura, whose duty this is; it is well kept (2.3.1), and slow or endless on some pages: a table of a
million rows, fifty thousand short paragraphs (its issues 704 and 189). Hence `fast`, which leaves out jusText, the
endless part, and the deadline of the child.
"""

from __future__ import annotations

from trafilatura import extract
from trafilatura.meta import reset_caches

from bot.feeds.charset import decode
from bot.feeds.links import with_absolute_links
from bot.feeds.webpage import is_challenge
from bot.model import Entry, NotAFeed, ParsedFeed, Problem, ReadResult

LONGEST = 120_000
"""Characters of HTML. More is a page that was misread, or a book; it would hold up condensing."""


def read_page(body: bytes, *, url: str, content_type: str = "") -> ReadResult:
    """Read a page's article as a feed of one entry, whose content is the article's HTML.

    Args:
        body: the page.
        url: where it came from; relative links are read against it.
        content_type: as sent.
    """
    text = decode(body, content_type)
    if not text.strip() or is_challenge(text):
        return NotAFeed(Problem("page.no_article"))
    found = extract(
        text,
        url=url,
        fast=True,
        include_comments=False,
        include_images=True,
        include_links=True,
        include_formatting=True,
        output_format="html",
    )
    # It remembers what it saw in caches that grow (its issue 216).
    reset_caches()
    if not found or len(found) > LONGEST:
        return NotAFeed(Problem("page.no_article"))
    return ParsedFeed(
        title="", site=None, language="", entries=(Entry(content=with_absolute_links(found, url)),)
    )
