"""What must be taken out of an XML feed before a parser sees it: bombs, floods, and what breaks expat.

Everything here is linear in the length of the text; what still hangs a parser is stopped by the child process.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import datetime
from html.entities import html5
from typing import TypeVar

from bot.feeds.dates import moment

T = TypeVar("T")

MOST_ENTRIES = 5_000
"""Entries read of one document: far more than any reader wants, and feedparser takes a second for them. It would
take twenty for 100,000."""

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*>", re.IGNORECASE)
_PROLOGUE = re.compile(r"(?:\s+|<\?[^>]*>|<!--.*?-->)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
# feedparser searches these for e-mail addresses in quadratic time: 20 KB take 2.4 s.
_PERSON = re.compile(
    r"<((?:[\w.-]{1,30}+:)?(?:author|creator|publisher|managingEditor|webMaster|owner))\b[^>]*(?<!/)>",
    re.IGNORECASE,
)
_NAME = re.compile(r"<((?:[\w.-]{1,30}+:)?name)\b[^>]{0,300}>[^<]*</\1>")
_MARKUP = re.compile(r"<!\[CDATA\[|\]\]>|<[^<>]*>|[<>]")
# Nobody reads these, and each costs feedparser 50 µs: counts of remarks, addresses to post to, places on a map.
_UNREAD = re.compile(
    r"<((?:slash|wfw|thr|geo|georss|gd|trackback|opensearch):[A-Za-z]{1,30}+)\b[^<>]*(?:/>|>[^<]*</\1\s*>)\s*"
)
_LONGEST_PERSON = 1_000
"""Characters of an author with markup; longer ones are cut to half of it."""
# Not XML's own, which nearly all are.
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]+)|([0-9]+));?")
_CONTROLS = bytes({*range(0x20)} - {9, 10, 13})
_SECOND_TEXTS = re.compile(
    r"<(/?)(media:description|media:title|itunes:summary|itunes:subtitle)\b[^<>]*?(/?)>"
)
_OPENS = re.compile(r"<(?:[\w.-]{1,30}+:)?(?:item|entry)(?=[\s/>])")
_SUBSTANCE = re.compile(r"<(?:[\w.-]{1,30}+:)?(?:item|entry|title)\b", re.IGNORECASE)
_CLOSES = re.compile(r"</(?:[\w.-]{1,30}+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ROOT_CLOSES = re.compile(r"</(?:[\w.-]{1,30}+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_DATE = re.compile(
    r"<(?:[\w.-]{1,30}+:)?(?:pubDate|published|updated|date|issued)\b[^>]*>([^<]{6,60})<", re.IGNORECASE
)


def tame(text: str) -> bytes:
    """Make an XML feed fit for feedparser.

    Args:
        text: the document, decoded; may begin with junk's leftovers, but its root element is a feed's.

    Returns:
        The same feed in UTF-8 without its XML declaration and document type (entity bombs live there), without
        GeoRSS and counts of remarks, HTML's entities as characters, no characters that XML forbids, no endless
        authors, at most MOST_ENTRIES entries, no half entry at the end, and second descriptions under names of
        their own.
    """
    text = _without_doctype(_without_declaration(text))
    text = _UNREAD.sub("", text)
    text = _REFERENCE.sub(_allowed, _ENTITY.sub(_character, text))
    # feedparser would take a caption or a show note for the article's content.
    text = _SECOND_TEXTS.sub(_own_name, _with_short_people(text))
    text = _fewer_entries(_without_half_entry(text))
    document = text.replace("\ufffe", "").replace("\uffff", "").encode("utf-8", "replace")
    return document.translate(None, _CONTROLS)


def has_substance(text: str) -> bool:
    """Say whether a feed has anything to read, an entry or a title; else a parser would only lose time on it."""
    return bool(_SUBSTANCE.search(text))


def is_whole(text: str) -> bool:
    """Say whether a feed's end is there."""
    return bool(_ROOT_CLOSES.search(text[-1000:]))


def newest_part(items: Sequence[T], ends: Sequence[datetime | None]) -> list[T]:
    """Keep MOST_ENTRIES, the newest, in their order.

    Args:
        items: in document order.
        ends: the dates of the first and of the last; if they do not say otherwise, the first is the newest.
    """
    first, last = ends
    if first is not None and last is not None and last > first:
        return list(items[-MOST_ENTRIES:])
    return list(items[:MOST_ENTRIES])


def _without_declaration(text: str) -> str:
    declaration = _DECLARATION.match(text)
    return text[declaration.end() :] if declaration else text


def _with_short_people(text: str) -> str:
    """Cut endless authors and editors to their name, or to the beginning of their text."""
    pieces: list[str] = []
    start = 0
    for person in _PERSON.finditer(text):
        begin, close = person.end(), f"</{person[1]}"
        if begin < start or text.find(close, begin, begin + _LONGEST_PERSON) >= 0:
            continue
        # The next of its kind begins before it ends: then it never ends, and only its first words are its own.
        other = text.find(f"<{person[1]}", begin)
        end = text.find(close, begin, other if other >= 0 else None)
        end = end if end >= 0 else text.find("<", begin)
        if end - begin > _LONGEST_PERSON:
            pieces += text[start:begin], _short(text[begin:end])
            start = end
    return "".join((*pieces, text[start:]))


def _short(person: str) -> str:
    name = _NAME.search(person, 0, _LONGEST_PERSON)
    return name[0] if name else _MARKUP.sub("", person)[: _LONGEST_PERSON // 2]


def _without_doctype(text: str) -> str:
    prologue = _PROLOGUE.match(text)
    start = prologue.end() if prologue else 0
    doctype = _DOCTYPE.match(text, start)
    return text[doctype.end() :] if doctype else text


def _character(match: re.Match[str]) -> str:
    """Give the character of one of HTML's entities; expat refuses them, and CDATA loses nothing by it."""
    character = html5.get(match[1] + ";", "")
    return character if character and character not in "<>&\"'" else match[0]


def _allowed(match: re.Match[str]) -> str:
    """Keep a reference to a character that XML allows; drop one that would stop a parser."""
    digits, base = (match[1], 16) if match[1] else (match[2], 10)
    if len(digits) > 8:
        return ""
    number = int(digits, base)
    forbidden = number < 0x20 and number not in {9, 10, 13}
    if forbidden or 0xD800 <= number <= 0xDFFF or number in {0xFFFE, 0xFFFF} or number > 0x10FFFF:
        return ""
    if 0x80 <= number <= 0x9F:
        return html.unescape(f"&#{number};")
    return match[0]


def _own_name(match: re.Match[str]) -> str:
    return f"<{match[1]}{match[2].replace(':', ':feedbell')}{match[3]}>"


def _without_half_entry(text: str) -> str:
    """Cut an entry that a broken download left unfinished: half an entry has the wrong key."""
    if is_whole(text):
        return text
    start = max(text.rfind("<item"), text.rfind("<entry"))
    if start < 0 or not _OPENS.match(text, start) or _CLOSES.search(text, start):
        return text
    return text[:start]


def _fewer_entries(text: str) -> str:
    """Cut a flood; counted by opening tags, since the worst floods close none."""
    if sum(map(text.count, ("<item", "<entry", ":item", ":entry"))) <= MOST_ENTRIES:
        return text  # a quick look, for nearly all
    starts = [match.start() for match in _OPENS.finditer(text)]
    if len(starts) <= MOST_ENTRIES:
        return text
    end = max(text.rfind("</item"), text.rfind("</entry"))
    end = text.find(">", end) + 1 if end > starts[-1] else len(text)
    dates = [_date_in(text[starts[0] : starts[1]]), _date_in(text[starts[-1] : end])]
    kept = newest_part(range(len(starts)), dates)
    stop = starts[kept[-1] + 1] if kept[-1] + 1 < len(starts) else end
    return text[: starts[0]] + text[starts[kept[0]] : stop] + text[end:]


def _date_in(entry: str) -> datetime | None:
    date = _DATE.search(entry)
    return moment(date[1]) if date else None
