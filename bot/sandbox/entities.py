"""From parsed text to what a message holds: cleaned, trimmed, with the entities Telegram adds by itself.

Source: TDLib's fix_formatted_text. Lengths of text are code points, offsets of entities UTF-16 units.
"""

import re
from functools import cache
from itertools import pairwise
from typing import Any

from bot.sandbox.html import order
from bot.sandbox.links import checked_link
from bot.sandbox.shapes import Json

MOST_ENTITIES = 100  # more are dropped in silence
# Characters Telegram shows as nothing; a text of nothing else is empty.
INVISIBLE = "".join(
    map(
        chr,
        (0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x180F), *range(0x200B, 0x2010)),
    )
) + "".join(map(chr, (*range(0x2060, 0x2065), 0xFEFF, 0x2800)))
BLANK = " \t\n\r\v\f" + "".join(
    map(chr, (0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000))
)
TRIMMED = " \n"
# td's clean_input_string: control characters become spaces; line separators, direction overrides and three
# marks that draw over the line before disappear.
CONTROL: dict[int, str | None] = dict.fromkeys([*range(10), *range(11, 32)], " ") | dict.fromkeys(
    [0x0D, *range(0x2028, 0x202F), 0x0333, 0x033F, 0x030A]
)
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
    """Clean and trim a text, bring the sender's entities in order, add the automatic ones.

    An empty text comes back if nothing in it can be seen.
    """
    whole, moved = _clean(text)
    if not whole.strip(BLANK + INVISIBLE):
        return "", []
    own = _in_order([_moved(one, moved) for one in entities])
    # Leading space goes only as far as the first entity; that much Telegram respects.
    before_entities = min((one["offset"] for one in own), default=len(whole))
    first = min(len(whole) - len(whole.lstrip(TRIMMED)), before_entities)
    shown = whole[first:].rstrip(TRIMMED)
    placed = [_placed(one, first, first + utf16(shown)) for one in own]
    own = [one for one in placed if one["length"] > 0]
    every = own + [one for one in automatic(shown) if not any(_overlap(one, other) for other in _firm(own))]
    return shown, _in_order(every)[:MOST_ENTITIES]


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
        from bot.sandbox import td

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


def _clean(text: str) -> tuple[str, list[int]]:
    """The text without control characters, and for every UTF-16 unit of before where it is now."""
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
    return "".join(kept), moved


def _moved(entity: Json, moved: list[int]) -> Json:
    """The entity over the cleaned text."""
    last = len(moved) - 1
    begin = moved[min(max(entity["offset"], 0), last)]
    end = moved[min(max(entity["offset"] + entity["length"], 0), last)]
    return entity | {"offset": begin, "length": end - begin}


def _placed(entity: Json, first: int, last: int) -> Json:
    """The entity over the text from `first` to `last`, in UTF-16 units."""
    begin, end = max(entity["offset"], first), min(entity["offset"] + entity["length"], last)
    return entity | {"offset": begin - first, "length": end - begin}


def _firm(entities: list[Json]) -> list[Json]:
    """What nothing of its kind may stand in: links, code, addresses; not styles and quotes."""
    return [one for one in entities if one["type"] not in STYLES | QUOTES]


def _in_order(entities: list[Json]) -> list[Json]:
    """As td's fix_entities leaves them: of two that may not overlap the first stays, styles are cut at edges."""
    usable = sorted((one for one in entities if one["length"] > 0), key=order)
    quotes = _apart([one for one in usable if one["type"] in QUOTES])
    firm = [one for one in _apart(_firm(usable)) if not any(_crosses(one, quote) for quote in quotes)]
    edges = {edge for one in firm + quotes for edge in _edges(one)}
    raw = [one for one in firm if one["type"] in RAW]
    styles = _cut([one for one in usable if one["type"] in STYLES], edges)
    free = [one for one in styles if not any(_overlap(one, other) for other in raw)]
    return sorted(quotes + firm + free, key=order)


def _apart(entities: list[Json]) -> list[Json]:
    """Those that do not overlap one before them."""
    kept: list[Json] = []
    for one in entities:
        if not any(_overlap(one, other) for other in kept):
            kept.append(one)
    return kept


def _cut(styles: list[Json], edges: set[int]) -> list[Json]:
    """Every style in one run where its pieces touch, cut where anything firm or another style begins."""
    runs = [run for kind in sorted({one["type"] for one in styles}) for run in _runs(kind, styles)]
    edges = edges | {one["offset"] for one in runs}
    pieces: list[Json] = []
    for run in runs:
        begin, end = _edges(run)
        stops = [begin, *sorted(edge for edge in edges if begin < edge < end), end]
        pieces += [run | {"offset": one, "length": other - one} for one, other in pairwise(stops)]
    return pieces


def _runs(kind: str, styles: list[Json]) -> list[Json]:
    """The pieces of one style, joined where they touch."""
    runs: list[tuple[int, int]] = []
    for begin, end in sorted(_edges(one) for one in styles if one["type"] == kind):
        if runs and begin <= runs[-1][1]:
            runs[-1] = runs[-1][0], max(end, runs[-1][1])
        else:
            runs.append((begin, end))
    return [{"type": kind, "offset": begin, "length": end - begin} for begin, end in runs]


def _edges(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _crosses(entity: Json, quote: Json) -> bool:
    """Whether it overlaps a quote without being inside."""
    (begin, end), (first, last) = _edges(entity), _edges(quote)
    return begin < last and first < end and not (first <= begin and end <= last)


def _overlap(one: Json, other: Json) -> bool:
    (begin, end), (first, last) = _edges(one), _edges(other)
    return begin < last and first < end
