"""The one door for bytes: says what a document is, and hands it to the file that reads its dialect."""

from __future__ import annotations

import re

from bot.feeds import jsonfeed
from bot.feeds.archived import read_archived
from bot.feeds.charset import decode
from bot.feeds.syndication import read_syndication
from bot.feeds.webpage import discover, is_challenge
from bot.model import NotAFeed, ParsedFeed, Problem, ReadResult

_PROLOGUE = re.compile(
    r"(?:[\s\ufeff\x00]+|<\?(?:.*?\?>|[^>]*>)|<!--.*?(?:-->|\Z)|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*",
    re.DOTALL | re.I,
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_BURIED = re.compile(
    r"<\?xml\b[^>]*>\s*(?:<[?!][^>]*>\s*)*<(?:rss|feed|rdf:RDF)\b|<rss\s[^>]*version|<feed\s[^>]*xmlns|<rdf:RDF\s[^>]*xmlns",
    re.I,
)

_FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel", "entry", "item"})
_SITEMAP_ROOTS = frozenset({"urlset", "sitemapindex"})
_PAGE_ROOTS = frozenset(
    {"html", "head", "body", "meta", "title", "link", "script", "style", "div", "p", "a", "center"}
)
_JUNK_SPAN = 20_000
"""Characters before a feed that may be somebody's warnings (PHP prints a few lines, plugins a page)."""


def read(body: bytes, *, url: str, content_type: str = "") -> ReadResult:
    """Read whatever came from an address.

    Args:
        body: a whole document, unzipped.
        url: where it came from after redirects; relative links are read against it.
        content_type: the header as sent; only its charset is believed, since feeds are served as anything.

    Returns:
        A feed (RSS, Atom, JSON Feed, or an archived article as a feed of one entry), or why it is none. Never
        raises, whatever the bytes.
    """
    if not body.strip(b" \t\r\n\0\xef\xbb\xbf"):
        return _not("parse.empty")
    text = decode(body, content_type)
    archived = read_archived(text, url)
    if archived is not None:
        return archived
    start = text[:_JUNK_SPAN].lstrip("\ufeff \t\r\n\0")
    if start.startswith(("{", "[")):
        return _read_json(text.strip("\ufeff \t\r\n\0"), url)
    return _read_markup(text, url)


def _read_json(text: str, url: str) -> ReadResult:
    document = jsonfeed.load(text)
    if document is None:
        return _not("parse.broken")
    return jsonfeed.read_json(document, url) if jsonfeed.is_feed(document) else _not("parse.not_a_feed")


def _read_markup(text: str, url: str) -> ReadResult:
    text = _without_junk(text)
    root = _root_of(text)
    if root in _FEED_ROOTS:
        feed = read_syndication(text, url)
        if feed is None:
            return _not("parse.broken")
        return feed if feed.entries or feed.whole else _not("parse.cut")
    if root in _SITEMAP_ROOTS:
        return _not("parse.sitemap")
    if root == "opml":
        return _not("parse.opml")
    if root in _PAGE_ROOTS or "<html" in text[:_JUNK_SPAN].lower():
        return _read_page(text, url)
    return _not("parse.broken" if text.lstrip().startswith("<?xml") and not root else "parse.not_a_feed")


def _read_page(text: str, url: str) -> ReadResult:
    feed = _feed_in(text, url)
    if feed is not None:
        return feed
    found = discover(text, url=url)
    if is_challenge(text) and not found:
        return _not("parse.challenge")
    return NotAFeed(Problem("parse.web_page_with_feeds" if found else "parse.web_page"), found)


def _feed_in(text: str, url: str) -> ParsedFeed | None:
    """Read a feed that a publisher's template wrapped into a page; None if there is none with entries."""
    buried = _BURIED.search(text, 0, _JUNK_SPAN)
    feed = read_syndication(text[buried.start() :], url) if buried else None
    return feed if feed and feed.entries else None


def _without_junk(text: str) -> str:
    """Cut what stands before a feed and is none of it: warnings of a script, a second byte order mark."""
    prologue = _PROLOGUE.match(text)
    start = prologue.end() if prologue else 0
    root = _ROOT.match(text, start)
    if root and (root[1].lower() in _FEED_ROOTS or root[1].lower() in {"html", "opml", *_SITEMAP_ROOTS}):
        return text.lstrip("\ufeff \t\r\n\0")
    buried = _BURIED.search(text, 0, _JUNK_SPAN)
    return text[buried.start() :] if buried else text


def _root_of(text: str) -> str:
    """Name the outermost element in lower case, without its prefix; "" if there is none."""
    prologue = _PROLOGUE.match(text)
    root = _ROOT.match(text, prologue.end() if prologue else 0)
    return root[1].lower() if root else ""


def _not(key: str) -> NotAFeed:
    return NotAFeed(Problem(key))
