"""JSON Feed 1.0 and 1.1 → entries. Source: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TypeGuard

from bot.feeds.dates import moment
from bot.feeds.guards import MOST_ENTRIES, newest_part
from bot.feeds.links import absolute, untracked, with_absolute_links
from bot.feeds.pictures import seconds_of
from bot.feeds.texts import clean, plain, to_html
from bot.model import Enclosure, Entry, ParsedFeed


def load(text: str) -> object:
    """Read JSON; None if it is broken, too deep, or the word null."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def is_feed(document: object) -> TypeGuard[Mapping[str, object]]:
    """Say whether a JSON document is a feed: by its version, or at least by items that look like entries."""
    if not isinstance(document, dict):
        return False
    if "jsonfeed.org" in _text(document.get("version")):
        return True
    items = document.get("items")
    return isinstance(items, list) and any(
        isinstance(item, dict) and ("content_html" in item or "content_text" in item) for item in items
    )


def read_json(document: Mapping[str, object], url: str) -> ParsedFeed:
    """Read a JSON Feed.

    Args:
        document: what `is_feed` said yes to; anything missing or of the wrong type is left out.
        url: where it came from.
    """
    site = absolute(_text(document.get("home_page_url")), url)
    language = _text(document.get("language")).lower()
    base = site or url
    items = [item for item in _list(document.get("items")) if isinstance(item, dict)]
    if len(items) > MOST_ENTRIES:
        items = newest_part(
            items, [moment(_text(item.get("date_published"))) for item in (items[0], items[-1])]
        )
    return ParsedFeed(
        title=plain(_text(document.get("title"))),
        site=site,
        language=language,
        entries=tuple(_entry(item, base, document, language) for item in items),
    )


def _entry(item: Mapping[str, object], base: str, feed: Mapping[str, object], language: str) -> Entry:
    link = absolute(_text(item.get("url")), base) or absolute(_text(item.get("external_url")), base)
    guid = _text(item.get("id")).strip()
    enclosures = tuple(_enclosures(item, link or base))
    image = absolute(_text(item.get("image")), base) or absolute(_text(item.get("banner_image")), base)
    pictures = [image, *(file.url for file in enclosures if file.type.startswith("image/"))]
    images = tuple(dict.fromkeys(filter(None, pictures)))
    return Entry(
        guid=guid or None,
        link=untracked(link) if link else absolute(guid),
        title=_text(item.get("title")).strip(),
        summary=to_html(_text(item.get("summary"))),
        content=with_absolute_links(_content(item), link or base),
        author=", ".join(_authors(item)) or ", ".join(_authors(feed)),
        tags=tuple(tag for tag in map(_text, _list(item.get("tags"))) if tag),
        published=moment(_text(item.get("date_published"))) or moment(_text(item.get("date_modified"))),
        image=next(iter(images), None),
        images=images,
        enclosures=enclosures,
        language=_text(item.get("language")).lower() or language,
    )


def _content(item: Mapping[str, object]) -> str:
    return _text(item.get("content_html")) or to_html(_text(item.get("content_text")), keep_lines=True)


def _authors(holder: Mapping[str, object]) -> list[str]:
    """Name the authors; `authors` since 1.1, `author` in 1.0."""
    authors = _list(holder.get("authors")) or [holder.get("author")]
    names = (_text(author.get("name")) if isinstance(author, dict) else _text(author) for author in authors)
    return [name for name in names if name]


def _enclosures(item: Mapping[str, object], base: str) -> Iterator[Enclosure]:
    for attachment in _list(item.get("attachments")):
        if not isinstance(attachment, dict):
            continue
        url = absolute(_text(attachment.get("url")), base)
        size = attachment.get("size_in_bytes")
        if url:
            length = int(size) if isinstance(size, (int, float)) and 0 < size < float("inf") else None
            lasts = seconds_of(str(attachment.get("duration_in_seconds") or ""))
            yield Enclosure(url, _text(attachment.get("mime_type")).lower(), length, lasts)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    """Take a string, or a number that a publisher left unquoted (ids often are); "" for all else."""
    if isinstance(value, str):
        return clean(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
