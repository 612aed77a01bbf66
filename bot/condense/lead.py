"""The summary: the publisher's own if it is whole, else the article's first sentences; nothing is said twice."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.condense.article import is_credit, passages
from bot.condense.blocks import Line
from bot.condense.sentences import closed, cut, is_terminated, is_unfinished, language_of, split
from bot.condense.text import fingerprint, join, tidy, weight
from bot.condense.words import (
    ARXIV_HEAD,
    CJK_DASH_DATELINE,
    CJK_DATELINE,
    COPYRIGHT,
    DASH_DATELINE,
    LATIN_DATELINE,
    PROMOTION,
    READ_MORE,
)

MAX_SUMMARY = 300
MAX_LONG = 900
# Enough to pass by a headline said again, a greeting, a promotion.
_LOOKED_AT = 24
# Letters. Of 10,186 real entries one has a summary, a long one, that reaches further.
_START = 4_000
# A sentence that shares this much of its three-letter pieces with what was said says nothing new.
_SAME = 0.8
# Where nothing else is to be had, a little more than the headline is still something.
_ALL_THE_SAME = 0.95
# A text of this length that ends without a full stop was cut by its feed more often than not.
_LONG_FOR_OPEN_END = 120

_URL = re.compile(
    r"(?:https?|ftp)://|\bwww\.\S+/\S|\b[\w-]+\.(?:com|org|net|io|me|tv|fm|co|ly|be|de|gg)/\w", re.I
)
_DOTS = re.compile(r"[\s\[(（【]*(?:…|\.{2,}|。{2,}|．{3})[\s\])）】]*$")
# A search from the start of a long text for its end is quadratic in its white space.
_DOTS_WITHIN = 16
_LOOSE_START = re.compile(
    r"^(?:\[(?:…|\.{3})\]|[\s\])）】」』》,，、。:：;；|·•・*–—>-]+|[（(]\d[\d/:.\s-]*[）)]|\d{1,2}/\d{1,2}\b)+"
)
_CLAUSE_ENDS = (":", "：", ";", "；", ",", "，", "、")
_PARENTHESIS = re.compile(r"[（(\[][^（）()]*[）)\]][.。]?")


@dataclass(frozen=True, slots=True)
class Measure:
    """How much is told. Letters are Latin ones, see `weight`."""

    limit: int
    """Code points, never exceeded."""
    sentences: int
    """As many say what happened, unless they are tiny: "For real." "So I left." """
    enough: int
    """Letters below which so many sentences are tiny."""
    plenty: int
    """Letters with which fewer sentences do, two at least."""


_SHORT = Measure(MAX_SUMMARY, sentences=3, enough=110, plenty=160)
_LONG = Measure(MAX_LONG, sentences=8, enough=330, plenty=600)
# Behind a publisher's own summary, which is a short one.
_BEHIND = Measure(MAX_LONG - MAX_SUMMARY - len(" · "), sentences=6, enough=220, plenty=400)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of an article, at both lengths; whole sentences."""

    short: str = ""
    """At most MAX_SUMMARY code points; "" when nothing can be said that the title does not say."""
    long: str = ""
    """At most MAX_LONG, the same and more of it; "" when there is no more to say than that."""


@dataclass(frozen=True, slots=True)
class Known:
    """What need not be said, and in which language the rest is."""

    title: str
    """The reader has read it already."""
    language: str
    """As the feed declares it."""
    standing: frozenset[str] = frozenset()
    """Fingerprints of what the feed says in every entry."""


def summarize(own: Sequence[Line], body: Sequence[Line], known: Known) -> Told:
    """Condense an article to a few whole sentences, and to a few more.

    Args:
        own: the publisher's own summary; empty if there is none.
        body: the article; empty if the feed gives only a summary.
        known: what is not said again.
    """
    if not body:
        return _lead(own, known)
    first, second = (own, body) if _is_whole(own, body) else (body, own)
    told = _lead(first, known)
    if not told.short:
        return _lead(second, known)
    if first is own and not told.long:
        # A standfirst is soon told; who wants more wants the article behind it.
        more = _lead(body, replace(known, title=f"{known.title} {told.short}"), _BEHIND)
        if more.short:
            return Told(told.short, tidy(_joined([told.short, more.long or more.short])))
    return told


def _is_whole(own: Sequence[Line], body: Sequence[Line]) -> bool:
    """Whether a publisher's summary is one: not a teaser, not cut, not the article again."""
    text = " ".join(line.text for line in own)
    if not text or _DOTS.search(text) or weight(text) > 2 * MAX_SUMMARY or weight(text) < 25:
        return False
    if is_terminated(text):
        return True
    # Without a full stop it may be a headline's second line, or the text's first so many letters.
    start = fingerprint(" ".join(line.text for line in body)[: 3 * len(text)])
    return weight(text) < 200 and not start.startswith(fingerprint(text))


def _lead(lines: Sequence[Line], known: Known, most: Measure = _LONG) -> Told:
    for number, texts in enumerate(passages(_start(lines))):
        spoken = language_of(" ".join(texts[:3]), known.language)
        # Of fragments a few say what it is; more would be a list of everything.
        measure = _SHORT if number else most
        for same in (_SAME, _ALL_THE_SAME):
            sentences = itertools.islice(_sentences(texts, spoken), _LOOKED_AT)
            said = list(_within(measure, _new(sentences, known, same)))
            if short := _written(list(_within(_SHORT, said)), _SHORT):
                long = _written(said, measure)
                return Told(short, long if len(long) > len(short) else "")
    return Told()


def _start(lines: Sequence[Line]) -> Sequence[Line]:
    """As much of an article as its lead can come from."""
    size = 0
    for at, line in enumerate(lines):
        if size > _START:
            return lines[:at]
        size += len(line.text)
    return lines


def _new(sentences: Iterable[str], known: Known, same: float) -> Iterator[str]:
    """Those that say something that was not said before."""
    told = _pieces(fingerprint(known.title))
    for sentence in sentences:
        words = fingerprint(sentence)
        pieces = _pieces(words)
        if words not in known.standing and len(pieces & told) < same * len(pieces):
            told |= pieces
            yield sentence


def _within(measure: Measure, sentences: Iterable[str]) -> Iterator[str]:
    """The first of them, the very first however long it is."""
    length = told = 0
    for count, sentence in enumerate(sentences):
        full = (told >= measure.plenty and count > 1) or (
            told >= measure.enough and count >= measure.sentences
        )
        if count and (full or count >= 2 * measure.sentences or length + len(sentence) > measure.limit):
            return
        yield sentence
        length += len(sentence) + 1
        told += weight(sentence)


def _sentences(texts: list[str], language: str) -> Iterator[str]:
    """The sentences that tell something, in order."""
    more = len(texts) > 1
    for number, text in enumerate(texts):
        text = _without_head(text) if number == 0 else _LOOSE_START.sub("", text)
        found = split(text, language) if text else []
        for at, sentence in enumerate(found):
            last = at == len(found) - 1
            if (
                last
                and at > 0
                and (is_unfinished(sentence) or _is_label(sentence) or (more and _is_scrap(sentence)))
            ):
                continue
            if _tells(sentence):
                yield sentence


def _without_head(text: str) -> str:
    """Take the agency's dateline and what a list or cut left over off a text's start."""
    for head in (ARXIV_HEAD, CJK_DATELINE, CJK_DASH_DATELINE, LATIN_DATELINE, DASH_DATELINE):
        text = head.sub("", text, count=1)
    return _LOOSE_START.sub("", text)


def _is_scrap(sentence: str) -> bool:
    """What stands behind a paragraph's last full stop: "see our hub", a source, a name."""
    return weight(sentence) < 90 and not is_terminated(sentence)


def _is_label(sentence: str) -> bool:
    return sentence.endswith((":", "：")) and weight(sentence) < 60


def _tells(sentence: str) -> bool:
    """Whether a sentence is about the matter, and not about the publisher, the writer or the page."""
    if (
        ("/" in sentence and _URL.search(sentence))
        or PROMOTION.search(sentence.lower())
        or COPYRIGHT.match(sentence)
    ):
        return False
    if READ_MORE.fullmatch(sentence) or is_credit(sentence) or _PARENTHESIS.fullmatch(sentence):
        return False
    return len(fingerprint(sentence)) > 1


def _pieces(words: str) -> set[str]:
    """The three-letter pieces of a fingerprint."""
    return {words[at : at + 3] for at in range(max(len(words) - 2, 1))} if words else set()


def _written(said: list[str], measure: Measure) -> str:
    while said and _is_label(said[-1]):
        said = said[:-1]
    text = _joined(said)
    if not re.search(r"\w\W+\w|\w{20}|[\u3040-\u9fff\uac00-\ud7a3]{3}", text):
        # A single word ("Archive") is a link's or a button's label.
        return ""
    return _ended(text, measure.limit)


def _joined(said: Iterable[str]) -> str:
    """Put sentences together; fragments get a dot between them, as they bring none."""
    text = ""
    for sentence in said:
        closed = is_terminated(text) or text.endswith(_CLAUSE_ENDS) or not text
        text = join(text, sentence) if closed else f"{text} · {sentence}"
    return text


def _with_one_ellipsis(text: str) -> str:
    """Dots that break a sentence off are one "…"; behind a full stop they say nothing."""
    dots = _DOTS.search(text, max(len(text) - _DOTS_WITHIN, 0))
    if dots is None:
        return text
    text = text[: dots.start()].rstrip()
    return text if is_terminated(text) else f"{text}…"


def _ended(text: str, limit: int) -> str:
    text = cut(tidy(text), limit)
    if is_terminated(text):
        whole = closed(_with_one_ellipsis(text))
        return whole if len(whole) <= limit else text
    if len(text) >= _LONG_FOR_OPEN_END and not text.endswith((":", "：", ";", "；")):
        return cut(text + " " * limit, min(len(text) + 1, limit))
    return text
