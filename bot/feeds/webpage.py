"""Web pages that stand where a feed was expected: which feeds they name, and whether they are a browser check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from bot.feeds.charset import decode
from bot.feeds.links import absolute
from bot.feeds.sites import feeds_in_text
from bot.feeds.texts import clean, plain
from bot.model import FeedLink

_TAGS = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?:script|style)\b.*?(?:</(?:script|style)\s*>|\Z)|<(link|base|a)\b([^<>]*)>",
    re.DOTALL | re.I,
)
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:.-]{0,40})\s{0,50}=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_AFTER_ANCHOR = re.compile(r"(.{0,300}?)</a", re.DOTALL | re.IGNORECASE)
_FEED_TYPE = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|application/json|text/(?:rss|atom)(?:\+xml)?", re.I
)
_FEED_ADDRESS = re.compile(
    r"(?:/|^)(?:feed|rss|atom)s?/?$|(?:/|^)(?:feed|rss|atom|index|news)[\w.-]*\.(?:xml|rss|rdf|atom|json)$"
    r"|\.(?:rss|rdf|atom)$|//feeds\.|[?&](?:feed|format|type)=(?:rss|atom)",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"comments?[/.-]|/comments?\b|comments? feed|kommentar|comentario|commentaire|评论|評論", re.I
)
_NO_FEED = re.compile(
    r"wp-json|oembed|/share|addtoany|facebook\.com|twitter\.com|feedly\.com|/search\b", re.I
)
_CHALLENGE = re.compile(
    r"<title>\s*(?:just a moment|attention required|ddos-guard|please wait|security check|one moment, please"
    r"|access denied|verifying|checking your browser|are you a robot|robot check|pardon our interruption)"
    r"|challenge-platform/\w+/\w+/orchestrate|cf-browser-verification|_cf_chl_opt|cf-chl-|ddos-guard\.net|sucuri_cloudproxy"
    r"|_incapsula_resource|px-captcha|hcaptcha\.com/captcha|awswaf|anubis_challenge|within\.website/x/cmd/anubis",
    re.IGNORECASE,
)

_INVISIBLE = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|svg|noscript)\b.*?(?:</\1\s*>|\Z)|<[a-zA-Z/!][^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_LONGEST_CHALLENGE = 1_500
"""Visible characters: a check says a few sentences. A choice, not a measurement."""

MOST_READ = 1_000_000
"""Characters of a page that are looked at; its head and its menu come first."""
MOST_FOUND = 20


def discover(html: str | bytes, *, url: str) -> tuple[FeedLink, ...]:
    """List the feeds that a web page names.

    Args:
        html: the page.
        url: where it came from; relative links are read against its <base> or this.

    Returns:
        Absolute addresses, each once, at most MOST_FOUND: links in the head before anchors, feeds of comments
        last; titles in plain text, "" if the page gives none.
    """
    text = decode(html) if isinstance(html, bytes) else html
    text = text[:MOST_READ]
    base = url
    links: dict[str, str] = {}
    anchors: dict[str, str] = {}
    for tag, attributes, after in _tags(text):
        if tag == "base":
            base = absolute(attributes.get("href"), url) or base
        elif tag == "link" and _is_feed_link(attributes):
            _keep(links, attributes, base, attributes.get("title", ""))
        elif tag == "a" and _is_feed_anchor(attributes):
            _keep(anchors, attributes, base, attributes.get("title") or after)
    # Anchors only if the head names none: menus link to lists of feeds and to other sites.
    named = links or feeds_in_text(url, text) or anchors
    found = [FeedLink(address, title) for address, title in named.items()]
    return tuple(sorted(found, key=is_of_comments)[:MOST_FOUND])


def is_of_comments(link: FeedLink) -> bool:
    """Say whether a feed brings what readers wrote below articles, rather than the articles."""
    return bool(_COMMENTS.search(link.url) or _COMMENTS.search(link.title))


def is_challenge(text: str) -> bool:
    """Say whether a page is a browser check (Cloudflare and its like) rather than the site itself.

    Ordinary pages load the same scripts, and articles speak of such checks; but a check says little else.
    """
    return bool(_CHALLENGE.search(text[:MOST_READ])) and len(_words(text[:MOST_READ])) < _LONGEST_CHALLENGE


def _words(page: str) -> str:
    """Give what a reader sees of a page, roughly."""
    return " ".join(_INVISIBLE.sub(" ", page).split())


def _tags(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    for match in _TAGS.finditer(text):
        if match[1]:
            tag = match[1].lower()
            after = _AFTER_ANCHOR.match(text, match.end()) if tag == "a" else None
            yield tag, attributes_of(match[2]), after[1] if after else ""


def attributes_of(source: str) -> dict[str, str]:
    """Read a tag's attributes, names in lower case, values decoded; of twins the first stays."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(source):
        found.setdefault(name.lower(), clean(unescape(double or single or bare)).strip())
    return found


def _is_feed_link(attributes: dict[str, str]) -> bool:
    relation = attributes.get("rel", "").lower().split()
    if not {"alternate", "feed"} & set(relation) or not attributes.get("href"):
        return False
    kind = attributes.get("type", "").lower()
    address = attributes["href"]
    if _NO_FEED.search(address) or (kind.startswith("application/json") and "json" not in address.lower()):
        return False
    return (
        bool(_FEED_TYPE.match(kind))
        or ("feed" in relation)
        or (not kind and bool(_FEED_ADDRESS.search(address)))
    )


def _is_feed_anchor(attributes: dict[str, str]) -> bool:
    address = attributes.get("href", "")
    return bool(_FEED_ADDRESS.search(address)) and not _NO_FEED.search(address)


def _keep(found: dict[str, str], attributes: dict[str, str], base: str, title: str) -> None:
    address = re.sub(r"^feed:(?://)?(?=https?:)", "", attributes["href"], flags=re.IGNORECASE)
    whole = absolute(re.sub(r"^feed://", "http://", address, flags=re.IGNORECASE), base)
    if whole:
        found.setdefault(whole.partition("#")[0], plain(title)[:200])
