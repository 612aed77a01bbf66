"""From parsed text to what a message holds: cleaned, trimmed, with the entities Telegram adds by itself.

Source: TDLib's fix_formatted_text. Lengths of text are code points, offsets of entities UTF-16 units.
"""

import re
from functools import cache
from typing import Any

from bot.sandbox.html import order
from bot.sandbox.links import checked_link
from bot.sandbox.shapes import Json

MOST_ENTITIES = 100  # more are dropped in silence
# Characters Telegram shows as nothing; a text of nothing else is empty.
INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u2800"  # fmt: skip
BLANK = " \t\n\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"  # fmt: skip
CONTROL = dict.fromkeys([*range(9), *range(11, 32)], " ") | {0x0D: None, 0x09: " "}
RAW = frozenset({"pre", "code"})
STYLES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
URL_TLDS = (
    "com|org|net|io|dev|cn|de|uk|me|ru|fr|jp|info|edu|gov|app|tv|co|eu|us|ai|gg|xyz|blog|news|site|online"
)
FINDERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,12}\b")),
    (
        "url",
        re.compile(
            r"(?<![\w@/.])(?:https?://(?:[\w-]+\.)+[\w-]+(?::\d+)?|(?:[A-Za-z0-9-]+\.)+(?:"
            + URL_TLDS
            + r")\b)"
            r"(?:[/?#][^\s<>\"«»“”]*)?",
            re.IGNORECASE,
        ),
    ),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{3,31}\b")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("hashtag", re.compile(r"(?<![\w@#$])#(?=\w*[^\W\d_])\w{1,256}(?![\w#])")),
    ("cashtag", re.compile(r"(?<![\w$])\$(?:1INCH|[A-Z]{1,8})(?![\w$])")),
)


def utf16(text: str) -> int:
    """The length in UTF-16 units, which entity offsets count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def finish(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Clean and trim a text, drop what entities lose by it, add the automatic ones.

    An empty text comes back if nothing in it can be seen.
    """
    units = text.encode("utf-16-le", "surrogatepass")
    kept, moved = _clean(text)
    whole = "".join(kept)
    end = len(whole.rstrip(BLANK))
    begin = 0 if _starts_raw(entities) else len(whole) - len(whole.lstrip("\n "))
    if not whole.strip(BLANK + INVISIBLE):
        return "", []
    shown = whole[begin:end]
    first, last = utf16(whole[:begin]), utf16(whole[:end])
    placed = [_place(one, moved, first, last) for one in entities]
    own = _tidy([one for one in placed if one["length"] > 0 and one["offset"] * 2 < len(units)], shown)
    every = sorted(own + _unclaimed(automatic(shown), own), key=order)
    return shown, every[:MOST_ENTITIES]


def automatic(text: str) -> list[Json]:
    """The entities Telegram finds by itself, by its own library where it is installed."""
    td = _td()
    return list(td.automatic(text)) if td is not None else automatic_ourselves(text)


def automatic_ourselves(text: str) -> list[Json]:
    """Addresses, mentions, commands, hashtags: a plain reading, narrower than td's in domain endings."""
    found: list[tuple[int, int, str]] = []
    for kind, pattern in FINDERS:
        for one in pattern.finditer(text):
            end = one.start() + len(_trim_url(one.group())) if kind == "url" else one.end()
            free = all(end <= begin or stop <= one.start() for begin, stop, _ in found)
            if free and (kind != "url" or checked_link(text[one.start() : end])):
                found.append((one.start(), end, kind))
    return [
        {"type": kind, "offset": utf16(text[:begin]), "length": utf16(text[begin:end])}
        for begin, end, kind in sorted(found)
    ]


@cache
def _td() -> Any:
    """Telegram's library, or None."""
    try:
        from bot.sandbox import td  # noqa: PLC0415 - a large native library, loaded at the first message only

        td.automatic("x")
    except (ImportError, OSError):
        return None
    return td


def _trim_url(url: str) -> str:
    """Without the punctuation that belongs to the sentence, and an unopened closing bracket."""
    while url and (url[-1] in ".,:;!?'…。，" or (url[-1] in ")]" and url.count("([") < url.count(url[-1]))):
        if url[-1] == ")" and url.count("(") >= url.count(")"):
            break
        url = url[:-1]
    return url


def _clean(text: str) -> tuple[list[str], list[int]]:
    """Characters without control characters, and for every UTF-16 unit of before where it is now."""
    kept: list[str] = []
    moved: list[int] = []
    offset = 0
    for char in text:
        now = CONTROL.get(ord(char), char)
        width = 1 + (ord(char) > 0xFFFF)
        moved.extend([offset] * width)
        if now is not None:
            kept.append(now)
            offset += width
    moved.append(offset)
    return kept, moved


def _starts_raw(entities: list[Json]) -> bool:
    return any(one["type"] in RAW and one["offset"] == 0 for one in entities)


def _place(entity: Json, moved: list[int], first: int, last: int) -> Json:
    begin = moved[min(max(entity["offset"], 0), len(moved) - 1)]
    end = moved[min(max(entity["offset"] + entity["length"], 0), len(moved) - 1)]
    begin, end = max(begin, first), min(end, last)
    return entity | {"offset": begin - first, "length": end - begin}


def _tidy(entities: list[Json], text: str) -> list[Json]:
    """Drop what may not stand inside code, links inside links, and quotes inside quotes."""
    done: list[Json] = []
    for entity in sorted(entities, key=order):
        around = [one for one in done if _overlap(one, entity)]
        if any(one["type"] in RAW for one in around) and entity["type"] not in QUOTES:
            continue
        if entity["type"] in RAW:
            done = [one for one in done if one["type"] in QUOTES or not _overlap(one, entity)]
        if any(_same_family(one["type"], entity["type"]) for one in around):
            continue
        done.append(entity)
    return _joined([_shrunk(one, text) for one in done])


def _shrunk(entity: Json, text: str) -> Json:
    """A quote ends before trailing line breaks; everything else keeps its place."""
    if entity["type"] not in QUOTES:
        return entity
    part = text.encode("utf-16-le")[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2]
    return entity | {"length": utf16(part.decode("utf-16-le", "replace").rstrip("\n"))}


def _joined(entities: list[Json]) -> list[Json]:
    """Two pieces of the same style that touch are one."""
    done: list[Json] = []
    for entity in entities:
        before = next((one for one in reversed(done) if one["type"] == entity["type"]), None)
        if entity["type"] in STYLES and before and before["offset"] + before["length"] == entity["offset"]:
            before["length"] += entity["length"]
        else:
            done.append(dict(entity))
    return done


def _same_family(one: str, other: str) -> bool:
    links = ("text_link", "text_mention", "custom_emoji", "date_time")
    return one == other or {one, other} <= QUOTES or (one in links and other in links)


def _unclaimed(found: list[Json], own: list[Json]) -> list[Json]:
    """Automatic entities only where the sender has put no link or code."""
    claimed = [one for one in own if one["type"] not in STYLES | QUOTES]
    return [one for one in found if not any(_overlap(one, other) for other in claimed)]


def _overlap(one: Json, other: Json) -> bool:
    begins, ends = (
        max(one["offset"], other["offset"]),
        (min(one["offset"] + one["length"], other["offset"] + other["length"])),
    )
    return begins < ends
