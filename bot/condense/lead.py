"""The summary: the publisher's own if it is whole, else the article's first sentences; nothing is said twice."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from bot.condense.article import is_credit, passages
from bot.condense.blocks import Line
from bot.condense.sentences import closed, cut, is_terminated, is_unfinished, language_of, split
from bot.condense.text import fingerprint, join, weight
from bot.condense.words import (
    ARXIV_HEAD,
    CJK_DASH_DATELINE,
    CJK_DATELINE,
    COPYRIGHT,
    LATIN_DATELINE,
    PROMOTION,
    READ_MORE,
)

MAX_SUMMARY = 300
_SENTENCES = 3
# Enough to pass by a headline said again, a greeting, a promotion.
_LOOKED_AT = 24
# Below this much (Latin letters) three sentences are too few to say what happened: "For real." "So I left."
_ENOUGH = 110
# And with this much two say it.
_PLENTY = 160
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
_LOOSE_START = re.compile(
    r"^(?:[\s\])）】」』》,，、。:：;；|·•・*–—>-]+|[（(]\d[\d/:.\s-]*[）)]|\d{1,2}/\d{1,2}\b)+"
)
_PARENTHESIS = re.compile(r"[（(\[][^（）()]*[）)\]][.。]?")


def summarize(own: Sequence[Line], body: Sequence[Line], *, title: str, language: str) -> str:
    """Condense an article to at most `MAX_SUMMARY` code points of whole sentences.

    Args:
        own: the publisher's own summary; empty if there is none.
        body: the article; empty if the feed gives only a summary.
        title: what the reader has read already.
        language: as the feed declares it.

    Returns:
        "" when nothing can be said that the title does not say.
    """
    if not body:
        return _lead(own, title, language)
    if _is_whole(own, body):
        return _lead(own, title, language) or _lead(body, title, language)
    return _lead(body, title, language) or _lead(own, title, language)


def _is_whole(own: Sequence[Line], body: Sequence[Line]) -> bool:
    """Whether a publisher's summary is one: not a teaser, not cut, not the article again."""
    text = " ".join(line.text for line in own)
    if not text or _DOTS.search(text) or weight(text) > 2 * MAX_SUMMARY or weight(text) < 25:
        return False
    if is_terminated(text):
        return True
    # Without a full stop it may be a headline's second line, or the text's first so many letters.
    whole = fingerprint(" ".join(line.text for line in body))
    return weight(text) < 200 and not whole.startswith(fingerprint(text))


def _lead(lines: Sequence[Line], title: str, language: str) -> str:
    for texts in passages(lines):
        spoken = language_of(" ".join(texts[:3]), language)
        for same in (_SAME, _ALL_THE_SAME):
            sentences = itertools.islice(_sentences(texts, spoken), _LOOKED_AT)
            if text := _written(_chosen(sentences, title, same)):
                return text
    return ""


def _chosen(sentences: Iterable[str], title: str, same: float) -> list[str]:
    """The first sentences that say something new, as many as an editor would take."""
    said: list[str] = []
    told = _pieces(title)
    for sentence in sentences:
        pieces = _pieces(sentence)
        if len(pieces & told) >= same * len(pieces):
            continue
        if not _has_room(said, sentence):
            break
        said.append(sentence)
        told |= pieces
    return said


def _has_room(said: list[str], sentence: str) -> bool:
    if not said:
        return True
    length = sum(len(earlier) + 1 for earlier in said)
    told = sum(map(weight, said))
    full = (told >= _PLENTY and len(said) > 1) or (told >= _ENOUGH and len(said) >= _SENTENCES)
    return not full and len(said) < 2 * _SENTENCES and length + len(sentence) <= MAX_SUMMARY


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
    for head in (ARXIV_HEAD, CJK_DATELINE, CJK_DASH_DATELINE, LATIN_DATELINE):
        text = head.sub("", text, count=1)
    return _LOOSE_START.sub("", text)


def _is_scrap(sentence: str) -> bool:
    """What stands behind a paragraph's last full stop: "see our hub", a source, a name."""
    return weight(sentence) < 90 and not is_terminated(sentence)


def _is_label(sentence: str) -> bool:
    return sentence.endswith((":", "：")) and weight(sentence) < 60


def _tells(sentence: str) -> bool:
    """Whether a sentence is about the matter, and not about the publisher, the writer or the page."""
    if _URL.search(sentence) or PROMOTION.search(sentence) or COPYRIGHT.match(sentence):
        return False
    if READ_MORE.fullmatch(sentence) or is_credit(sentence) or _PARENTHESIS.fullmatch(sentence):
        return False
    return len(fingerprint(sentence)) > 1


def _pieces(text: str) -> set[str]:
    words = fingerprint(text)
    return {words[at : at + 3] for at in range(max(len(words) - 2, 1))} if words else set()


def _written(said: list[str]) -> str:
    """Put sentences together; fragments get a dot between them, as they bring none."""
    while said and _is_label(said[-1]):
        said = said[:-1]
    text = ""
    for sentence in said:
        closed = is_terminated(text) or text.endswith((":", "：", ";", "；")) or not text
        text = join(text, sentence) if closed else f"{text} · {sentence}"
    if not re.search(r"\w\W+\w|\w{20}|[\u3040-\u9fff\uac00-\ud7a3]{3}", text):
        # A single word ("Archive") is a link's or a button's label.
        return ""
    return _ended(text)


def _one_ellipsis(dots: re.Match[str]) -> str:
    """Dots that break a sentence off are one "…"; behind a full stop they say nothing."""
    return "" if is_terminated(dots.string[: dots.start()].rstrip()) else "…"


def _ended(text: str) -> str:
    text = cut(text, MAX_SUMMARY)
    if is_terminated(text):
        whole = closed(_DOTS.sub(_one_ellipsis, text))
        return whole if len(whole) <= MAX_SUMMARY else text
    if len(text) >= _LONG_FOR_OPEN_END and not text.endswith((":", "：", ";", "；")):
        return (
            cut(text + " " * MAX_SUMMARY, len(text) + 1)
            if len(text) < MAX_SUMMARY
            else cut(text, MAX_SUMMARY)
        )
    return text
