"""What came of it: articles and messages in, losses, doubles and disorder out. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.crash.newspapers import Printed
from tests.crash.people import Reader

# Two papers are read at different moments: an older article that the bot did not know yet cannot come first. It knew
# it this long after the bytes were handed out, if it lived that long; then what was on its way might still arrive.
ON_ITS_WAY = 8.0  # seconds

# Chat, topic, headline.
Key = tuple[int, int | None, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A headline that arrived: in a message of its own, or as a line of a digest."""

    headline: str
    chat: int
    thread: int | None
    message: int
    """Its id in the chat."""
    at: float
    """By the wall clock."""

    @property
    def key(self) -> Key:
        return self.chat, self.thread, self.headline


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The sums, and the first few of each kind as evidence."""

    delivered: int
    """Articles owed to a reader that came at least once."""
    lost: tuple[str, ...] = ()
    doubles: tuple[str, ...] = ()
    """Messages that said again what their chat had read; a digest sent twice is one."""
    disorder: tuple[str, ...] = ()


def headlines(messages: Iterable[Mapping[str, object]], chat: int, papers: Sequence[str]) -> list[Shown]:
    """Read the bot's messages of one chat, oldest first; number 0, which is no news, is left out.

    Args:
        messages: as the simulator lists them.
    """
    known = re.compile(rf"\b(?:{'|'.join(papers)}) [1-9][0-9]*\b")
    return [
        Shown(found, chat, _thread(message), _id(message), _seconds(message))
        for message in messages
        for found in known.findall(str(message.get("text") or message.get("caption") or ""))
    ]


def _thread(message: Mapping[str, object]) -> int | None:
    thread = message.get("message_thread_id")
    return thread if isinstance(thread, int) else None


def _id(message: Mapping[str, object]) -> int:
    number = message["message_id"]
    assert isinstance(number, int)
    return number


def _seconds(message: Mapping[str, object]) -> float:
    at = message["sent_at"]
    assert isinstance(at, float | int)
    return float(at)


def owed_to(readers: Iterable[Reader], printed: Sequence[Printed]) -> set[Key]:
    """Every article with every reader of its paper."""
    by_paper: dict[str, list[str]] = defaultdict(list)
    for article in printed:
        if article.number > 0:
            by_paper[article.paper].append(article.headline)
    return {(one.chat, one.thread, headline) for one in readers for headline in by_paper[one.paper]}


def reckon(
    readers: Iterable[Reader],
    printed: Sequence[Printed],
    shown: Sequence[Shown],
    known_at: Mapping[str, float],
) -> Reckoning:
    """Compare what was owed with what came.

    Args:
        printed: all articles, in the order of their dates.
        shown: for each chat in the order of its messages.
        known_at: by headline, when the bot certainly had the article in its database; missing if nobody can say.
    """
    news = [article for article in printed if article.number > 0]
    arrived = {one.key for one in shown}
    owed = owed_to(readers, printed)
    return Reckoning(
        delivered=len(owed & arrived),
        lost=tuple(f"{name} in {chat}/{thread}" for chat, thread, name in sorted(owed - arrived, key=str)),
        doubles=tuple(_doubles(shown)),
        disorder=tuple(_disorder(news, shown, known_at)),
    )


def _doubles(shown: Sequence[Shown]) -> Iterable[str]:
    """Each message with a headline that an earlier one brought."""
    first: dict[Key, int] = {}
    told: set[tuple[int, int]] = set()
    for one in shown:
        if first.setdefault(one.key, one.message) != one.message and (one.chat, one.message) not in told:
            told.add((one.chat, one.message))
            yield f"{one.headline} in {one.chat}/{one.thread}, messages {first[one.key]} and {one.message}"


def _disorder(
    news: Sequence[Printed], shown: Sequence[Shown], known_at: Mapping[str, float]
) -> Iterable[str]:
    """Each first arrival that came after a younger article of its chat and topic, though it could have come before."""
    articles = {article.headline: article for article in news}
    first: dict[Key, Shown] = {}
    for one in shown:
        first.setdefault(one.key, one)
    # A topic is a room of its own: its readers see no other, and a digest is of one topic.
    before: dict[tuple[int, int | None], list[tuple[Printed, Shown]]] = defaultdict(list)
    for one in first.values():
        article = articles[one.headline]
        for earlier, its_arrival in before[one.chat, one.thread]:
            # A digest is one message that lists its headlines paper by paper.
            if its_arrival.message == one.message and earlier.paper != article.paper:
                continue
            if earlier.order > article.order and _overtook(earlier, article, its_arrival, known_at):
                yield f"{article.headline} after {earlier.headline} in {one.chat}/{one.thread}"
                break
        before[one.chat, one.thread].append((article, one))


def _overtook(younger: Printed, older: Printed, its_arrival: Shown, known_at: Mapping[str, float]) -> bool:
    if younger.paper == older.paper:
        return True
    known = known_at.get(older.headline)
    return known is not None and known + ON_ITS_WAY < its_arrival.at


def certainly_known(
    printed: Iterable[Printed], asked: Mapping[str, Sequence[tuple[float, int]]]
) -> dict[str, float]:
    """When the bot had each article in its database, as far as one can say from outside.

    Args:
        asked: for each paper, when the bot asked with the tag of an edition, and the newest number in that, in order.
    """
    known = {}
    for article in printed:
        for at, newest in asked.get(article.paper, ()):
            if newest >= article.number:
                known[article.headline] = at
                break
    return known
