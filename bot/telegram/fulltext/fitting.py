"""Lines → messages within Telegram's limits: split between lines, within one only if it is too long itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.condense.sentences import language_of, split
from bot.condense.text import grapheme_cut
from bot.telegram.fulltext.lines import ROOM, Line, Span, Weight, written
from bot.telegram.marks import tags_in, words_of

_OPENERS, _CLOSER = "\u2066\u2067\u2068", "\u2069"
# A cut at a sentence leaves at least so much of the room filled, else it is made at a word; and so on.
_LEAST = 0.3


def fitted(head: str, lines: Sequence[Line], *, rest: Line, most: int) -> tuple[str, ...]:
    """Put lines into messages.

    Args:
        head: stands on top of the first.
        rest: ends the last one if there are more than `most`.
    """
    waiting = list(reversed(lines))
    weight = _weight_of(head)
    shown: list[str] = []
    while waiting and len(shown) < most:
        last = len(shown) == most - 1
        room = ROOM.without(weight) if not shown else ROOM
        page = _filled(waiting, room.without(rest.weight()) if last else room, below_head=not shown)
        if last and waiting:
            page.append(rest)
        text = written(page)
        shown.append(f"{head}\n\n{text}" if not shown and text else text)
    return tuple(shown) or (head,)


def _weight_of(head: str) -> Weight:
    tags = tags_in(head)
    return Weight(
        len(words_of(head)) + 2,
        len(tags),
        sum(30 + len(tag.encode()) for tag in tags),
        len(head.encode()) + 2,
    )


def _filled(waiting: list[Line], room: Weight, *, below_head: bool) -> list[Line]:
    """Take as many lines as have room off the end of a list whose first is last."""
    page: list[Line] = []
    while waiting:
        if not page and not waiting[-1].text.strip():  # a blank line of code that was cut there
            waiting.pop()
            continue
        weight = waiting[-1].weight(page[-1].frame if page else None)
        if weight.fits(room):
            page.append(waiting.pop())
            room = room.without(weight)
            continue
        # Too long for any message; or it would leave the first one with a headline alone.
        if not weight.fits(ROOM) or (below_head and not page):
            _break(page, waiting, room)
        break
    _keep_together(page, waiting)
    return page


def _keep_together(page: list[Line], waiting: list[Line]) -> None:
    """A heading goes with what it stands above; no message ends in a blank line."""
    while waiting and len(page) > 1 and (page[-1].heading or not page[-1].text.strip()):
        waiting.append(page.pop())


def _break(page: list[Line], waiting: list[Line], room: Weight) -> None:
    """Fill the room with the start of the next line; what is left of it waits on."""
    line = waiting[-1]
    at = _cut(line, _reach(line, room))
    if at <= 0 and page:
        return
    waiting.pop()
    start, end = _parted(line, max(at, 1))
    page.append(start)
    if end.text:
        waiting.append(end)


def _reach(line: Line, room: Weight) -> int:
    """How many of its code points have room."""
    room = room.without(line.bare_weight())
    reach = 0
    for span in line.spans:
        if (weight := span.weight()).fits(room):
            room = room.without(weight)
            reach += len(span.text)
            continue
        low, high = 0, min(len(span.text), max(room.points, 0))
        while low < high:
            middle = (low + high + 1) // 2
            if span._replace(text=span.text[:middle]).weight().fits(room):
                low = middle
            else:
                high = middle - 1
        return reach + low
    return reach


def _cut(line: Line, reach: int) -> int:
    """The best place up to `reach`: behind a sentence, else a word, else a grapheme."""
    text = line.text
    if reach >= len(text):
        return len(text)
    least = int(reach * _LEAST)
    if line.frame is None or line.frame.tag != "pre":
        # One more than fits, so that a sentence that just ends there is seen to.
        sentences = split(text[: reach + 1], language_of(text, ""))
        behind = text.rfind(sentences[-1], 0, reach + 1) if len(sentences) > 1 else 0
        if behind > least:
            return behind
    if (space := text.rfind(" ", 0, reach + 1)) > least:
        return space + 1 if space < reach else space
    # A grapheme longer than a message is none that anybody reads.
    return len(grapheme_cut(text, reach)) or reach


def _parted(line: Line, at: int) -> tuple[Line, Line]:
    """Both parts of a line; direction marks that are open at the cut end there, and begin again behind it."""
    start, end = _between(line.spans, 0, at), _between(line.spans, at, len(line.text))
    start, end = _stripped(start, at_end=True), _stripped(end, at_end=False)
    isolates = _open_isolates("".join(span.text for span in start))
    if isolates:
        start, end = (*start, Span(_CLOSER * len(isolates))), (Span(isolates), *end)
    return replace(line, spans=start), replace(line, spans=end, gap=1)


def _open_isolates(text: str) -> str:
    """The isolates that are open at the end. Source: UAX #9, X5a to X6a."""
    found: list[str] = []
    for sign in text:
        if sign in _OPENERS:
            found.append(sign)
        elif sign == _CLOSER and found:
            found.pop()
    # Deeper than this Telegram's clients show nothing of it, and the room is for words.
    return "".join(found[:16])


def _between(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """The spans of a line from one code point to another."""
    found, at = [], 0
    for span in spans:
        text = span.text[max(start - at, 0) : max(end - at, 0)]
        at += len(span.text)
        if text:
            found.append(span._replace(text=text))
    return tuple(found)


def _stripped(spans: tuple[Span, ...], *, at_end: bool) -> tuple[Span, ...]:
    """Without the space of a cut, on its side."""
    kept = list(spans)
    side = -1 if at_end else 0
    while kept:
        text = kept[side].text.rstrip(" ") if at_end else kept[side].text.lstrip(" ")
        if text:
            kept[side] = kept[side]._replace(text=text)
            break
        kept.pop(side)
    return tuple(kept)
