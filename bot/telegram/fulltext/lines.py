"""One line of a message: its spans, what it weighs against Telegram's limits, and how it is written.

Styles lie flat on the spans, so that a line can be cut anywhere: what is open is closed and opened again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bot.telegram.marks import escape

# All weigh that much beside their addresses; on the safe side.
_ENTITY = 30
# Telegram finds these by itself, and they count: addresses, mentions, hashtags, commands.
_FOUND_BY_ITSELF = re.compile(r"://|(?<!\w)[@#$/]\w|\w\.[a-z]{2}")


class Weight(NamedTuple):
    """What counts against a message's limits; each figure on the safe side."""

    points: int = 0
    """Code points after parsing."""
    entities: int = 0
    heavy: int = 0
    """Bytes of all entities together."""
    raw: int = 0
    """Bytes before parsing."""

    # Written out: a line weighs as often as it has spans, and loops over four figures took a tenth of all time.
    def plus(self, other: Weight) -> Weight:
        (a, b, c, d), (e, f, g, h) = self, other
        return Weight(a + e, b + f, c + g, d + h)

    def fits(self, room: Weight) -> bool:
        (a, b, c, d), (e, f, g, h) = self, room
        return a <= e and b <= f and c <= g and d <= h

    def without(self, other: Weight) -> Weight:
        (a, b, c, d), (e, f, g, h) = self, other
        return Weight(a - e, b - f, c - g, d - h)


# Of a message. A text has 4,096 points and 100 entities, of about 9.5 kB in all, in at most 32,768 bytes; the points
# between are for the direction marks of a line that is cut.
ROOM = Weight(4_064, 96, 9_000, 32_000)


class Span(NamedTuple):
    """Words in one style."""

    text: str
    marks: tuple[str, ...] = ()
    """Telegram's tags around it, outermost first."""
    href: str | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags as they are opened, outermost first."""
        link = (f'a href="{escape(self.href)}"',) if self.href else ()
        return (*link, *self.marks)

    def weight(self) -> Weight:
        tags, found = self.tags, len(_FOUND_BY_ITSELF.findall(self.text))
        raw = len(escape(self.text).encode())
        if not tags:
            return Weight(len(self.text), found, 0, raw)
        return Weight(
            len(self.text),
            len(tags) + found,
            len(tags) * _ENTITY + len((self.href or "").encode()),
            raw + sum(2 * len(tag.encode()) + 5 for tag in tags),
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around several lines. Telegram's quotes do not nest."""

    tag: str
    """`blockquote`, `blockquote expandable` or `pre`."""
    number: int
    """Two that follow each other are two."""
    language: str = ""
    """Of code; "" if unknown."""

    @property
    def tags(self) -> tuple[str, ...]:
        return (self.tag, f'code class="language-{self.language}"') if self.language else (self.tag,)

    def weight(self) -> Weight:
        return Weight(0, 1, _ENTITY, sum(2 * len(tag) + 5 for tag in self.tags))


@dataclass(frozen=True, slots=True)
class Line:
    """One line; never empty, except in code."""

    spans: tuple[Span, ...]
    gap: int = 1
    """Line ends before it: 2 leave a blank line."""
    frame: Frame | None = None
    heading: bool = False
    """It does not stand alone at a message's end."""
    text: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", "".join(span.text for span in self.spans))

    def weight(self, before: Frame | None = None) -> Weight:
        """With the line ends before it.

        Args:
            before: the frame of the line before it, in which it may go on.
        """
        whole = self.bare_weight(before)
        for span in self.spans:
            whole = whole.plus(span.weight())
        return whole

    def bare_weight(self, before: Frame | None = None) -> Weight:
        """Without its words."""
        ends = Weight(max(self.gap, 1), 0, 0, max(self.gap, 1))
        return ends if self.frame is None or self.frame == before else ends.plus(self.frame.weight())


def bold(line: Line, words: re.Pattern[str]) -> Line:
    """With what is found of these words in bold; not in code, which Telegram keeps to one typeface.

    Args:
        words: one group around all.
    """
    if line.frame is not None and line.frame.tag == "pre":
        return line
    return replace(line, spans=tuple(part for span in line.spans for part in _bold(span, words)))


def _bold(span: Span, words: re.Pattern[str]) -> Iterator[Span]:
    plain = "b" in span.marks or "code" in span.marks
    for number, piece in enumerate([span.text] if plain else words.split(span.text)):
        if piece:
            yield span._replace(text=piece, marks=("b", *span.marks) if number % 2 else span.marks)


def written(lines: Sequence[Line]) -> str:
    """Lines as Telegram's HTML."""
    out: list[str] = []
    frame: Frame | None = None
    for number, line in enumerate(lines):
        changes = line.frame != frame
        if changes and frame is not None:
            out.append(_closing(frame.tags))
        if number:
            # A quote and a block of code bring their own space.
            out.append("\n" if changes else "\n" * line.gap)
        if changes and line.frame is not None:
            out += [f"<{tag}>" for tag in line.frame.tags]
        frame = line.frame
        _write(line.spans, out)
    if frame is not None:
        out.append(_closing(frame.tags))
    return "".join(out)


def _write(spans: Iterable[Span], out: list[str]) -> None:
    """Each span in its tags; what two neighbours share stays open between them."""
    open_tags: tuple[str, ...] = ()
    for span in (*spans, Span("")):
        tags, shared = span.tags, 0
        if tags != open_tags:
            while tags[: shared + 1] == open_tags[: shared + 1] and shared < len(open_tags):
                shared += 1
            out.append(_closing(open_tags[shared:]))
            out += [f"<{tag}>" for tag in tags[shared:]]
            open_tags = tags
        out.append(escape(span.text, quotes=False))


def _closing(tags: Sequence[str]) -> str:
    return "".join(f"</{tag.split()[0]}>" for tag in reversed(tags))
