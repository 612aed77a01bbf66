"""The files that hang on an RSS or Atom entry: pictures named outright, and enclosures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.feeds.links import absolute
from bot.feeds.texts import clean
from bot.model import Enclosure

_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])", re.IGNORECASE)
_NO_PICTURE = re.compile(
    r"gravatar\.com/|/avatar|/emoji/|blank\.gif|pixel\.(?:gif|png)|feedburner\.com/", re.IGNORECASE
)

Node = Mapping[str, Any]


def picture_of(entry: Node, base: str) -> str | None:
    """Choose the picture that the publisher named outright; None if there is none.

    Media RSS content before its thumbnail, an enclosure, and a podcast's cover, since that is the order of their
    size; people's portraits and counting pixels are no pictures.
    """
    for address in (*_media_pictures(entry), *_thumbnails(entry), *_picture_files(entry), *_cover(entry)):
        url = absolute(address, base)
        if url and not _NO_PICTURE.search(url):
            return url
    return None


def images_of(entry: Node, base: str) -> tuple[str, ...]:
    """List the full pictures that the publisher named outright, in their order; one in several sizes once, the widest.

    Thumbnails and a podcast's cover are left out: they stand for other things.
    """
    widest: dict[str, tuple[int, str]] = {}
    for node in (*_nodes(entry, "media_content"), *_nodes(entry, "links")):
        url = absolute(str(node.get("url") or node.get("href") or ""), base)
        if not url or node.get("rel", "enclosure") != "enclosure" or not _is_picture(node):
            continue
        # Image servers are told the size in the query (The Guardian); scripts are told which picture.
        name = url.partition("?")[0] if _PICTURE_NAME.search(url) else url
        if not _NO_PICTURE.search(url) and _width(node) > widest.get(name, (-1, ""))[0]:
            widest[name] = (_width(node), url)
    return tuple(url for _, url in widest.values())


def enclosures_of(entry: Node, base: str) -> tuple[Enclosure, ...]:
    """List the files of an entry: <enclosure>, Atom's rel=enclosure, and Media RSS content; each once."""
    found: dict[str, Enclosure] = {}
    files = [link for link in _nodes(entry, "links") if link.get("rel") == "enclosure"]
    for file in (*files, *_nodes(entry, "media_content")):
        url = absolute(str(file.get("href") or file.get("url") or ""), base)
        if url:
            size = str(file.get("length") or file.get("filesize") or "").strip()
            length = int(size) if size.isascii() and size.isdigit() and len(size) < 16 and int(size) else None
            kind = clean(str(file.get("type") or "")).strip().lower()
            lasts = seconds_of(str(file.get("duration") or entry.get("itunes_duration") or ""))
            found.setdefault(url, Enclosure(url, kind, length, lasts))
    return tuple(found.values())


def seconds_of(duration: str) -> int | None:
    """How long a file plays: seconds, MM:SS or HH:MM:SS, as <itunes:duration> has it; None if it does not say."""
    parts = duration.strip().partition(".")[0].split(":")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() and len(part) < 7 for part in parts):
        return None
    return sum(int(part) * 60**place for place, part in enumerate(reversed(parts))) or None


def _media_pictures(entry: Node) -> list[str]:
    pictures = [node for node in _nodes(entry, "media_content") if _is_picture(node)]
    return [str(node.get("url") or "") for node in sorted(pictures, key=_width, reverse=True)]


def _thumbnails(entry: Node) -> list[str]:
    return [
        str(node.get("url") or "")
        for node in sorted(_nodes(entry, "media_thumbnail"), key=_width, reverse=True)
    ]


def _picture_files(entry: Node) -> Iterator[str]:
    for link in _nodes(entry, "links"):
        if link.get("rel") == "enclosure" and _is_picture(link):
            yield str(link.get("href") or "")


def _cover(entry: Node) -> Iterator[str]:
    image = entry.get("image")
    if isinstance(image, Mapping):
        yield str(image.get("href") or image.get("url") or "")


def _is_picture(node: Node) -> bool:
    kind = str(node.get("type") or "").lower()
    if kind.startswith("image/") or node.get("medium") == "image":
        return True
    return (
        not kind
        and not node.get("medium")
        and bool(_PICTURE_NAME.search(str(node.get("url") or node.get("href"))))
    )


def _width(node: Node) -> int:
    width = str(node.get("width") or "")
    return int(width) if width.isascii() and width.isdigit() and len(width) < 6 else 0


def _nodes(entry: Node, name: str) -> list[Node]:
    value = entry.get(name)
    return [node for node in value if isinstance(node, Mapping)] if isinstance(value, list) else []
