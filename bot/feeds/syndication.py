"""RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0 → entries, through feedparser; its one door in this program."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.feeds import sax
from bot.feeds.dates import moment
from bot.feeds.guards import MOST_ENTRIES, has_substance, is_whole, tame
from bot.feeds.links import absolute, untracked, with_absolute_links
from bot.feeds.pictures import enclosures_of, images_of, picture_of
from bot.feeds.terms import terms_of
from bot.feeds.texts import clean, looks_like_html, plain, to_html
from bot.model import Entry, ParsedFeed

_DECLARATION = b"<?xml version='1.0' encoding='utf-8'?>\n"
_MAIL = re.compile(r"(?:mailto:)?[\w.+-]{1,64}+@[\w.-]+")

Node = Mapping[str, Any]
"""What feedparser found, in plain dicts: published without types, and any value in it may be missing."""


def read_syndication(text: str, url: str) -> ParsedFeed | None:
    """Read an RSS or Atom document.

    Args:
        text: decoded; its root element is a feed's.
        url: where it came from.

    Returns:
        None if feedparser finds neither a title nor an entry in it.
    """
    parsed = _parse(tame(text)) if has_substance(text) else None
    if parsed is None:
        return None
    feed: Node = _plainly(parsed["feed"])
    entries: list[Node] = parsed["entries"][:MOST_ENTRIES]
    title = plain(clean(_text(feed, "title")))
    if not (entries or title or feed.get("links")):
        return None
    site = absolute(_link_of(feed), url)
    language = _language(feed, "")
    # Atom reads relative links against the document (RFC 4287 §3.1.1.2); RSS says nothing: its site is right
    # more often, since feeds are served from other hosts.
    base = url if str(parsed.get("version", "")).startswith("atom") else (site or url)
    return ParsedFeed(
        title=title,
        site=site,
        language=language,
        entries=tuple(_entry(_plainly(entry), base, language) for entry in entries),
        terms=terms_of(feed, text),
        whole=is_whole(text),
    )


def _parse(document: bytes) -> Node | None:
    import feedparser.api

    feedparser.api.PREFERRED_XML_PARSERS = [sax.__name__]
    try:
        # BytesIO, never str or bytes: those feedparser may open as a file or an address. No content-location:
        # feedparser would read every link against it, and RSS means the site.
        found: Node = feedparser.parse(
            io.BytesIO(_DECLARATION + document.lstrip()),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  broken feeds make it raise whatever its parts raise; broken is our answer
        return None
    return found


def _plainly(found: Any) -> Any:
    """Copy feedparser's dicts into plain ones: theirs take ten times as long to look a name up, and answer
    `updated` with `published` and a warning."""
    if isinstance(found, dict):
        return {name: _plainly(value) for name, value in found.items()}
    return [_plainly(part) for part in found] if isinstance(found, list) else found


def _entry(entry: Node, base: str, language: str) -> Entry:
    own_base = _own_base(entry, base)
    enclosures = enclosures_of(entry, own_base)
    link = _page_of(entry, own_base) or (enclosures[0].url if enclosures else None)
    page = _own_base(entry, "") or link or base
    summary, content = _texts(entry)
    return Entry(
        guid=clean(_text(entry, "id")) or None,
        link=link,
        title=_title(entry),
        summary=with_absolute_links(summary, page),
        content=with_absolute_links(content, page),
        author=_author(entry),
        tags=_tags(entry),
        published=_published(entry),
        image=picture_of(entry, page),
        images=images_of(entry, page),
        enclosures=enclosures,
        comments=absolute(_text(entry, "comments"), own_base),
        language=_language(entry, language),
    )


def _page_of(entry: Node, base: str) -> str | None:
    """Give an entry's page: the publisher's own address before a counting one, a guid that is an address last."""
    link = absolute(_text(entry, "feedburner_origlink"), base) or absolute(_link_of(entry), base)
    link = link or absolute(_text(entry, "id"))
    return untracked(link) if link else None


def _own_base(entry: Node, outer: str) -> str:
    """Give the entry's xml:base, made whole; `outer` if it has none."""
    for detail in (*_list(entry, "content"), entry.get("summary_detail"), entry.get("title_detail")):
        base = detail.get("base") if isinstance(detail, Mapping) else None
        if base:
            return absolute(str(base), outer) or outer
    return outer


def _link_of(node: Node) -> str:
    """Give the page of a feed or entry: its first alternate link, HTML before others; "" if none."""
    pages = [link for link in _list(node, "links") if link.get("rel") == "alternate" and link.get("href")]
    html = [link for link in pages if "html" in str(link.get("type", "html"))]
    if html or pages:
        return str((html or pages)[0]["href"])
    return _text(node, "link")


def _title(entry: Node) -> str:
    return clean(_text(entry, "title") or _text(entry, "media_feedbelltitle")).strip()


def _texts(entry: Node) -> tuple[str, str]:
    """Tell an entry's summary from its content, both HTML.

    feedparser copies content into a missing summary; that copy is no summary of the publisher's.
    """
    contents = [_markup(part) for part in _list(entry, "content") if part.get("value")]
    content = max(contents, key=len, default="")
    detail = entry.get("summary_detail") or {"type": "text/html", "value": _text(entry, "summary")}
    raw = _text(entry, "summary")
    summary = _markup({"type": detail.get("type"), "value": raw})
    if summary == content or any(raw == part.get("value") for part in _list(entry, "content")):
        summary = ""
    summary = summary or _as_html(
        _text(entry, "itunes_feedbellsummary") or _text(entry, "itunes_feedbellsubtitle")
    )
    if not (summary or content):
        summary = _as_html(_text(entry, "media_feedbelldescription"), keep_lines=True)
    return summary, content


def _markup(part: Node) -> str:
    value = clean(str(part.get("value") or ""))
    return value if part.get("type") != "text/plain" else _as_html(value)


def _as_html(text: str, *, keep_lines: bool = False) -> str:
    text = clean(text)
    return text if looks_like_html(text) else to_html(text, keep_lines=keep_lines)


def _author(entry: Node) -> str:
    authors = list(_list(entry, "authors"))
    whole = plain(clean(_text(entry, "author")))
    if len(authors) < 2 and "@" in whole:
        # feedparser knows no mail domain that ends in more than four letters, and leaves the rest in the name.
        return _MAIL.sub("", whole).strip(' ()<>[]",') or whole
    names = [plain(clean(str(author.get("name") or ""))) for author in authors]
    return ", ".join(dict.fromkeys(name for name in names if name)) or whole


def _tags(entry: Node) -> tuple[str, ...]:
    words = (str(tag.get("label") or tag.get("term") or "") for tag in _list(entry, "tags"))
    return tuple(dict.fromkeys(word for word in (plain(clean(word)) for word in words) if word))


def _published(entry: Node) -> datetime | None:
    """Read the publishing date, else a later one; by our own reading, since feedparser's is narrower."""
    dates = (moment(_text(entry, name)) for name in ("published", "created", "updated"))
    return next((date for date in dates if date is not None), None)


def _language(node: Node, outer: str) -> str:
    for detail in (node, *_list(node, "content"), node.get("summary_detail"), node.get("title_detail")):
        tag = detail.get("language") if isinstance(detail, Mapping) else None
        if tag:
            return clean(str(tag)).strip().replace("_", "-").lower()[:35]
    return outer


def _text(node: Node, name: str) -> str:
    value = node.get(name)
    return value if isinstance(value, str) else ""


def _list(node: Node, name: str) -> Iterable[Any]:
    value = node.get(name)
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []
