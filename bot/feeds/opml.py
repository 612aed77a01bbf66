"""OPML, the exchange format of feed readers: lists of feeds in and out. Source: http://opml.org/spec2.opml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from bot.errors import SourceError
from bot.feeds.charset import decode
from bot.feeds.links import absolute
from bot.feeds.texts import clean, plain
from bot.feeds.webpage import attributes_of
from bot.model import FeedLink

_OUTLINE = re.compile(r"""<outline\b((?:[^<>"']|"[^"]*"|'[^']*')*)""", re.IGNORECASE)
_REMARK = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ADDRESS_LINE = re.compile(r"\s*((?:https?|feed):\S+)\s*")


def read_opml(body: bytes) -> tuple[FeedLink, ...]:
    """List the feeds of an OPML file, at any depth, or of a plain list of addresses, one a line.

    Tags are read one by one rather than as XML: exports with bare ampersands, no closing tags or a wrong
    encoding are common, and there is no entity to expand.

    Returns:
        Absolute http or https addresses, each once, in the file's order; title "" if the file gives none.

    Raises:
        SourceError: no feed can be found in it.
    """
    text = _REMARK.sub("", decode(body))
    found: dict[str, str] = {}
    for match in _OUTLINE.finditer(text):
        attributes = attributes_of(match[1])
        address = attributes.get("xmlurl") or (
            attributes.get("url") if attributes.get("type") == "rss" else None
        )
        _keep(found, address, attributes.get("title") or attributes.get("text") or "")
    if not found and "<" not in text:
        for line in text.splitlines():
            match_line = _ADDRESS_LINE.fullmatch(line)
            _keep(found, match_line[1] if match_line else None, "")
    if not found:
        raise SourceError(
            "This file names no feeds: neither OPML outlines nor a list of addresses stand in it."
        )
    return tuple(FeedLink(address, title) for address, title in found.items())


def write_opml(links: Iterable[FeedLink], *, title: str) -> bytes:
    """Write feeds as OPML 2.0 in UTF-8, which every reader of feeds can import."""
    outlines = "\n".join(
        f'    <outline type="rss" text={_attribute(link.title or link.url)}'
        f" title={_attribute(link.title or link.url)} xmlUrl={_attribute(link.url)}/>"
        for link in links
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        f"  <head>\n    <title>{escape(clean(title))}</title>\n  </head>\n"
        f"  <body>\n{outlines}\n  </body>\n"
        "</opml>\n"
    ).encode()


def _keep(found: dict[str, str], address: str | None, title: str) -> None:
    whole = absolute(re.sub(r"\Afeed:(?://)?(?=https?:)", "", address or "", flags=re.IGNORECASE))
    whole = whole or absolute(re.sub(r"\Afeed://", "http://", address or "", flags=re.IGNORECASE))
    if whole:
        found.setdefault(whole, plain(title))


def _attribute(value: str) -> str:
    return f'"{escape(" ".join(clean(value).split()))}"'
