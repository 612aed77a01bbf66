"""What a feed says in every entry: newsletter footers, standing taglines, banners; known by being said again and again.

Only the ends of a few entries are read, as standing words stand there: for ten entries of 10 KB it costs what
condensing one or two of them does.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.condense.article import is_labelled
from bot.condense.blocks import Line, Page, read
from bot.condense.sentences import language_of, split
from bot.condense.text import fingerprint
from bot.model import Entry

# Of a document's entries so many are looked at.
_ENTRIES = 10
# Twice may be chance, or one article edited.
_AT_LEAST = 3
# Of an entry's markup: enough for a banner above, and a newsletter's footer below.
_HEAD, _TAIL = 1_500, 3_000
# Lines that may be standing ones, from either end.
_FIRST, _LAST = 5, 12
# Letters; "Read on" may be anything.
_SHORTEST = 5


def repeated(entries: Iterable[Entry]) -> frozenset[str]:
    """What several entries of one document have in common at their ends.

    Returns:
        Fingerprints of lines and sentences, addresses of pictures. Empty if the document has fewer than three.
    """
    # Under one headline an article repeats itself: it was edited, or posted again.
    looked_at = {
        fingerprint(entry.title) or entry.content or entry.summary: entry
        for entry in itertools.islice(entries, _ENTRIES)
    }
    if len(looked_at) < _AT_LEAST:
        return frozenset()
    counts = Counter(
        mark
        for entry in looked_at.values()
        for mark in {mark for markup in {entry.content, entry.summary} for mark in _marks(markup)}
    )
    return frozenset(mark for mark, count in counts.items() if count >= _AT_LEAST)


def _marks(markup: str) -> Iterator[str]:
    pages = [read(markup)] if len(markup) <= _HEAD + _TAIL else [read(markup[:_HEAD]), read(_tail(markup))]
    for page in pages:
        yield from (image.attributes["src"] for image in page.pictures if image.attributes.get("src"))
        yield from (mark for line in _ends(page.lines, _FIRST, _LAST) for mark in _line(line))
        yield from (mark for line in _ends(page.lines, 1, 2) for mark in _sentences(line.text))


def _tail(markup: str) -> str:
    """The end, from where a tag begins: half a tag would be read as text, never as the same text."""
    tail = markup[-_TAIL:]
    return tail[max(tail.find("<"), 0) :]


def _ends(lines: Sequence[Line], first: int, last: int) -> Sequence[Line]:
    return lines if len(lines) <= first + last else (*lines[:first], *lines[-last:])


def _line(line: Line) -> Iterator[str]:
    # "Place: Graz" is news, however many things happen in Graz; and "Topics:" stands for what follows.
    if not (is_labelled(line.text) or line.text.endswith((":", "："))):
        yield from _mark(line.text)


def _sentences(text: str) -> Iterator[str]:
    """The sentences at the ends of a line that has several."""
    if len(text) > _HEAD:
        text = f"{text[: _HEAD // 2]} {text[-_HEAD // 2 :]}"
    found = split(text, language_of(text, ""))
    if len(found) > 1:
        yield from (mark for sentence in {*found[:2], *found[-4:]} for mark in _mark(sentence))


def _mark(text: str) -> Iterator[str]:
    words = fingerprint(text)
    if len(words) >= _SHORTEST:
        yield words


def without(page: Page, standing: frozenset[str]) -> Page:
    """A page without its standing lines and pictures; the page itself if it has no others."""
    if not standing:
        return page
    first, last = _FIRST, len(page.lines) - _LAST
    lines = tuple(
        line
        for at, line in enumerate(page.lines)
        if first <= at < last or fingerprint(line.text) not in standing
    )
    pictures = tuple(image for image in page.pictures if image.attributes.get("src", "") not in standing)
    return replace(page, lines=lines or page.lines, pictures=pictures)
