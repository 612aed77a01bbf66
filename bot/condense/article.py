"""Which lines of a page are the article, and which are its dates, bylines, share words, footers and lists of links.

Structure, position, link density and repetition decide; the word lists only help where those are silent.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.condense.blocks import Kind, Line, Page
from bot.condense.sentences import is_terminated, together
from bot.condense.text import fingerprint, weight
from bot.condense.words import (
    ABOUT_THE_POST,
    BETWEEN_NAMES,
    BY,
    COPYRIGHT,
    CREDIT,
    READ_MORE,
    SHARE,
    SPONSORS,
)

_SAYS = re.compile(r"[^\W_]")
_NUMBERS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+")
_YEAR_OR_TIME = re.compile(
    r"(?:19|20)\d\d|\d{1,3}年|\d{1,2}:\d\d|\d{1,2}\.\d\d (?:Uhr|h)\b|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"
)
_TIMESTAMP = re.compile(r"\W*(?:\d{1,2}:)?\d{1,2}:\d\d\b")
_URL = re.compile(r"(?:[hH][tT][tT][pP][sS]?://|[wW]{3}\.)\S+")
_LABELLED = re.compile(r"\w[\w -]{0,28}[:：]\s?\S")
_COUNTS = re.compile(r"\W*(?:\d+\s+[^\W\d]+\W*){1,3}")
_HASHTAGS = re.compile(r"(?:#[\w]+\W*)+")
_ELLIPSIS = re.compile(r"[\s\[(（]*(?:…|\.{3,}|。{3,})[\s\])）]*$")
# The headline stands above an article or it is no headline of it.
_HEADLINE_WITHIN = 5

# A label above a list: "This week's sponsors:".
_LONGEST_LABEL = 60
# Letters; shorter ones are a table's figures and names, which say nothing alone.
_SHORT_CELL = 30


def article_lines(page: Page, title: str) -> tuple[Line, ...]:
    """The lines that belong to the article, in order; captions, headings and code are still among them."""
    lines = _below_headline(page.lines, title)
    lines = _without_sponsors(_above_footer(lines))
    lines = [_without_read_more(line) for line in lines]
    kept = [line for line in lines if line.text and not line.aside and not _is_chaff(line, title)]
    if not kept or (_size(kept) < 200 and _size(lines) > 4 * _size(kept) + 200):
        # The names of the parts misled us, as "share_notice" around a whole post does.
        kept = [line for line in lines if line.text and not _is_chaff(line, title)]
    return tuple(_mark_captions(_once(_without_link_lists(kept)), page))


def _size(lines: Sequence[Line]) -> int:
    return sum(weight(line.text) for line in lines)


def _below_headline(lines: Sequence[Line], title: str) -> list[Line]:
    """Drop a headline that the text repeats, and the short lines above it: kicker, date, file list."""
    name = fingerprint(title)
    # The same words in other marks and spaces; a whole paragraph need not be looked at.
    longest = 2 * len(title) + 40
    for at, line in enumerate(lines[:_HEADLINE_WITHIN]):
        if name and len(line.text) < longest and fingerprint(line.text) == name:
            above = [
                earlier for earlier in lines[:at] if weight(earlier.text) > 80 or is_terminated(earlier.text)
            ]
            return [*above, *lines[at + 1 :]]
    return list(lines)


def _above_footer(lines: list[Line]) -> list[Line]:
    """Drop what stands below the last rules when it is small and made of links: a proxy's or plugin's footer."""
    while lines and lines[-1].after_rule:
        last = lines[-1].after_rule
        body = [line for line in lines if line.after_rule < last]
        footer = [line for line in lines if line.after_rule == last]
        size = sum(len(line.text) for line in footer)
        linked = sum(line.linked for line in footer)
        if not body or size > 400 or linked * 3 < size:
            return lines
        lines = body
    return lines


def _without_sponsors(lines: list[Line]) -> list[Line]:
    """Drop what stands below "Sponsored by:", as far as the list goes; without a list, the next line."""
    kept: list[Line] = []
    in_list = False
    for before, line in zip([None, *lines], lines, strict=False):
        if len(line.text) < _LONGEST_LABEL and SPONSORS.fullmatch(line.text):
            in_list = True
        elif in_list and before is not None and _goes_on(before, line):
            continue
        else:
            in_list = False
            kept.append(line)
    return kept


def _goes_on(before: Line, line: Line) -> bool:
    """Whether a list below a label goes on."""
    return bool(SPONSORS.fullmatch(before.text)) or before.kind is line.kind is Kind.ITEM


def _without_read_more(line: Line) -> Line:
    """Take "… [read more]" off a line's end; the dots stay, they say that the text was cut."""
    if not line.ends_in_link or not line.links:
        return line
    words = line.links[-1]
    if not line.text.endswith(words) or weight(words) > 40 or words == line.text:
        return line
    rest = line.text[: -len(words)].rstrip()
    bracketed = words.startswith(("[", "(")) or rest.endswith(("[", "(", "（"))
    if not (READ_MORE.fullmatch(words) or _ELLIPSIS.search(rest) or (bracketed and is_terminated(rest))):
        return line
    return replace(
        line, text=rest, linked=max(line.linked - len(words), 0), links=line.links[:-1], ends_in_link=False
    )


def _is_chaff(line: Line, title: str) -> bool:
    text = line.text
    if not _SAYS.search(text) or is_date(text):
        return True
    if ABOUT_THE_POST.match(text) or (len(text) < 200 and COPYRIGHT.match(text)):
        return True
    if len(text) < 80 and (SHARE.fullmatch(text) or READ_MORE.fullmatch(text) or is_credit(text)):
        return True
    return _is_back_link(line, title)


def _is_back_link(line: Line, title: str) -> bool:
    """ "The post <this article> appeared first on <this site>", in any language: two links, one the title's."""
    if len(line.links) != 2 or line.linked * 3 < len(line.text):
        return False
    return fingerprint(line.links[0]) == fingerprint(title)


def is_credit(text: str) -> bool:
    """Whether a short text only says who made something."""
    return weight(text) < 120 and (bool(CREDIT.match(text)) or _is_byline(text))


def _is_byline(text: str) -> bool:
    by, *names = text.replace(",", " ").rstrip(".:").split()[:12] or [""]
    return (
        by.casefold().rstrip(":") in BY
        and 0 < len(names) < 11
        and all(name[0].isupper() or name in BETWEEN_NAMES for name in names)
    )


def is_date(text: str) -> bool:
    """Whether a line is a date or time and nothing else, in any language: figures, and words too few to say more."""
    if len(text) > 50 or not _YEAR_OR_TIME.search(text):
        return False
    digits = sum(map(len, _NUMBERS.findall(text)))
    words = _WORDS.findall(text)
    letters = sum(map(len, words))
    return (
        digits >= 3 and len(words) <= 6 and letters <= digits * 2 and all(len(word) <= 10 for word in words)
    )


def _without_link_lists(lines: list[Line]) -> list[Line]:
    """Drop runs of lines that are nothing but links, where there is prose beside them."""
    links = [is_link(line) for line in lines]
    if (
        sum(links) < 2
        or sum(weight(line.text) for line, link in zip(lines, links, strict=True) if not link) < 200
    ):
        return lines
    alone = zip(links, [False, *links], [*links[1:], False], strict=False)
    return [
        line
        for line, (link, before, after) in zip(lines, alone, strict=True)
        if not (link and (before or after))
    ]


def is_link(line: Line) -> bool:
    """Whether a line is nothing but links, a bullet or label aside."""
    return line.linked * 10 >= len(line.text) * 7


def _once(lines: list[Line]) -> list[Line]:
    """Drop what was said before, word for word."""
    seen: set[str] = set()
    kept = []
    for line in lines:
        if line.text not in seen:
            seen.add(line.text)
            kept.append(line)
    return kept


def _mark_captions(lines: list[Line], page: Page) -> list[Line]:
    """A line that says what a picture's alt text says is its caption."""
    described = [fingerprint(picture.attributes.get("alt", "")) for picture in page.pictures]
    described = [words for words in described if len(words) > 8]
    if not described:
        return lines
    return [
        replace(line, kind=Kind.CAPTION)
        if len(line.text) < 300 and _describes(fingerprint(line.text), described)
        else line
        for line in lines
    ]


def _describes(line: str, alts: list[str]) -> bool:
    return len(line) > 8 and any(line in alt or (alt in line and len(line) < 2 * len(alt)) for alt in alts)


def passages(lines: Sequence[Line]) -> Iterator[list[str]]:
    """The running texts that a summary may be drawn from, in order: prose, then fragments too, then set text too."""
    texts = _texts(lines)
    yield [text for text in texts if is_prose(text)]
    yield texts
    verbatim = itertools.groupby(
        (line for line in lines if line.kind is Kind.CODE), key=lambda line: line.block
    )
    yield [together([line.text for line in block]) for _, block in verbatim]


def _texts(lines: Sequence[Line]) -> list[str]:
    """Lines of one block as one text, unless something between them breaks it: a chapter mark, a lone address."""
    upright = any(not line.slanted and _may_lead(line) and is_terminated(line.text) for line in lines)
    groups: list[list[str]] = []
    before: Line | None = None
    for line, after in itertools.zip_longest(lines, lines[1:]):
        if (_may_lead(line) and not (upright and line.slanted)) or _runs_on(line, after):
            if before is None or before.block != line.block:
                groups.append([])
            groups[-1].append(line.text)
            before = line
        else:
            before = None
    return [text for group in groups for text in _running(group)]


def _runs_on(line: Line, after: Line | None) -> bool:
    """Whether a link is the start of a sentence that the source breaks: "Nix 2.1⏎ has been released." """
    if after is None or after.block != line.block or line.kind is not Kind.PROSE:
        return False
    return is_link(line) and after.text[0].islower() and not is_terminated(line.text)


def _running(lines: list[str]) -> list[str]:
    """Lines of prose are one text, wherever they break; labels ("Place: Graz", "Cause: fire") stay apart."""
    if len(lines) < 2:
        return lines
    if any(map(is_terminated, lines)) or max(map(weight, lines)) > 60:
        labels = list(itertools.takewhile(is_labelled, lines))
        if len(labels) < 2:
            labels = []
        rest = together(lines[len(labels) :])
        return [*labels, rest] if rest else labels
    return lines


def is_labelled(line: str) -> bool:
    """Whether a line is a form's: "Place: Graz, old town"."""
    return bool(_LABELLED.match(line)) and not is_terminated(line)


def is_prose(text: str) -> bool:
    """Whether a text tells something in sentences: it ends as one does, or is too long for a label."""
    return (is_terminated(text) and weight(text) > 12) or weight(text) > 130


def _may_lead(line: Line) -> bool:
    if line.kind in (Kind.HEADING, Kind.CODE, Kind.CAPTION) or line.muted:
        return False
    text = line.text
    if line.kind is Kind.CELL and weight(text) < _SHORT_CELL and not is_terminated(text):
        return False
    if _TIMESTAMP.match(text) or _HASHTAGS.fullmatch(text) or _COUNTS.fullmatch(text):
        return False
    if is_link(line) and not is_terminated(text):
        return False
    return not is_only_addresses(text)


def is_only_addresses(text: str) -> bool:
    """Whether hardly more than a label is left of a text without its web addresses."""
    if "//" not in text and "www." not in text.lower():
        return False
    return bool(_URL.search(text)) and weight(_URL.sub("", text)) < 60
