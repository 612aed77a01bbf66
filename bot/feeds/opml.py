"""OPML, the exchange format of feed readers: lists of feeds in and out. Source: http://opml.org/spec2.opml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape

from bot.feeds.address import normal_url
from bot.feeds.charset import decode
from bot.feeds.texts import clean, plain
from bot.feeds.webpage import attributes_of
from bot.model import Problem

_OUTLINE = re.compile(r"""<(/?)outline\b((?:[^<>"']++|"[^"]*"|'[^']*')*+)""", re.IGNORECASE)
_REMARK = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ADDRESS_LINE = re.compile(r"\s*((?:https?|feed):\S+)\s*")
_FEED_TYPES = frozenset({"rss", "atom", "rdf", "feed", "rss1", ""})

MOST_BYTES = 5 * 1024 * 1024
"""A list of 2,000 feeds takes about half a megabyte."""
MOST_FEEDS = 10_000
MOST_FOLDERS = 20
"""One inside the other; no reader's window shows more than three or four."""
_LONGEST_FOLDER = 200
_LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in a list of feeds."""

    url: str
    title: str
    """Plain text; "" if the list gives none."""
    folder: str = ""
    """The folders it lies in, from the outermost, with "/" between; "" if in none."""


@dataclass(frozen=True, slots=True)
class FeedList:
    """What an OPML file holds."""

    feeds: tuple[Outline, ...]
    """In the file's order, each address once: of twins the first."""
    unreadable: tuple[str, ...] = ()
    """What stands where a feed's address should, and is no web address; as written, at most 200 characters."""


@dataclass(slots=True)
class _Found:
    feeds: dict[str, Outline] = field(default_factory=dict)
    unreadable: dict[str, None] = field(default_factory=dict)

    def add(self, attributes: dict[str, str], folder: str) -> None:
        address = _address(attributes)
        url = normal_url(address.strip().replace(" ", "%20"))
        if url:
            self.feeds.setdefault(url, Outline(url, _name(attributes), folder))
        elif address:
            self.unreadable[address[:_LONGEST_SHOWN]] = None


def read_opml(body: bytes) -> FeedList | Problem:
    """List the feeds of an OPML file, at any depth, or of a plain list of addresses, one a line.

    Tags are read one by one rather than as XML: exports with bare ampersands, no closing tags or a wrong
    encoding are common, and there is no entity to expand.

    Returns:
        The list; a problem if the file is too large (MOST_BYTES, MOST_FEEDS), its folders are too deep
        (MOST_FOLDERS), or there is no feed in it.
    """
    if len(body) > MOST_BYTES:
        return Problem("opml.too_large", {"limit": f"{MOST_BYTES >> 20} MB"})
    text = _REMARK.sub("", decode(body))
    found = _Found()
    for folders, attributes in _outlines(text) if "<" in text else _lines(text):
        if len(folders) > MOST_FOLDERS:
            return Problem("opml.too_deep", {"limit": str(MOST_FOLDERS)})
        if len(found.feeds) == MOST_FEEDS:
            return Problem("opml.too_many", {"limit": str(MOST_FEEDS)})
        found.add(attributes, "/".join(folders)[:_LONGEST_FOLDER])
    if not found.feeds:
        return Problem("opml.no_feeds")
    return FeedList(tuple(found.feeds.values()), tuple(found.unreadable))


def write_opml(feeds: Iterable[Outline], *, title: str) -> bytes:
    """Write feeds as OPML 2.0 in UTF-8, which every reader of feeds can import; folders as outlines around them."""
    tree = _Folder()
    for one in feeds:
        tree.inner(one.folder).feeds.append(one)
    outlines = "\n".join(tree.lines("    "))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        f"  <head>\n    <title>{escape(clean(title))}</title>\n  </head>\n"
        f"  <body>\n{outlines}\n  </body>\n"
        "</opml>\n"
    ).encode()


def _outlines(text: str) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Each outline's attributes, and the names of the folders around it.

    A feed that is left open is no folder; its closing tag, where there is one, closes nothing else.
    """
    opened: list[bool] = []  # whether each is a folder; thousands, where feeds are left open
    folders: list[str] = []
    for match in _OUTLINE.finditer(text):
        if match[1]:
            if opened and opened.pop():
                folders.pop()
            continue
        attributes = attributes_of(match[2])
        yield folders, attributes
        if not match[2].rstrip().endswith("/"):
            name = (
                "" if _address(attributes) else plain(attributes.get("title") or attributes.get("text") or "")
            )
            opened.append(bool(name))
            folders.extend(filter(None, [name]))


def _lines(text: str) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Each line that is an address, as an outline of it."""
    for line in filter(None, map(_ADDRESS_LINE.fullmatch, text.splitlines())):
        yield [], {"xmlurl": line[1]}


def _address(attributes: dict[str, str]) -> str:
    """What the outline gives as its feed's address: `xmlUrl` in any case, or `url` as old programs wrote it."""
    old = attributes.get("url", "") if attributes.get("type", "").lower() in _FEED_TYPES else ""
    return attributes.get("xmlurl") or old


def _name(attributes: dict[str, str]) -> str:
    return plain(attributes.get("title") or attributes.get("text") or "")


@dataclass(slots=True)
class _Folder:
    folders: dict[str, _Folder] = field(default_factory=dict)
    feeds: list[Outline] = field(default_factory=list)

    def inner(self, path: str) -> _Folder:
        """The folder of that path, made where it is not there yet."""
        here = self
        for name in filter(None, path.split("/")[:MOST_FOLDERS]):
            here = here.folders.setdefault(name, _Folder())
        return here

    def lines(self, indent: str) -> Iterator[str]:
        for name, folder in self.folders.items():
            yield f"{indent}<outline text={_attribute(name)} title={_attribute(name)}>"
            yield from folder.lines(indent + "  ")
            yield f"{indent}</outline>"
        for one in self.feeds:
            name = _attribute(one.title or one.url)
            yield f'{indent}<outline type="rss" text={name} title={name} xmlUrl={_attribute(one.url)}/>'


def _attribute(value: str) -> str:
    return f'"{escape(" ".join(clean(value).split()))}"'
