"""The outbox against a plain model: two people follow one feed, and anything may happen to their alerts.

The model is two lists: what was published, and what each person has seen. However the steps fall, nobody misses
an article, nobody sees them out of order, and nothing doubles but for an unknown outcome or a kill. Bea reads in
full, two pages an article: nothing comes between them.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.audience import BURST
from bot.model import (
    Alert,
    Chat,
    ChatGone,
    ChatKind,
    Digest,
    Length,
    Look,
    NotSent,
    PerhapsSent,
    Post,
    Refused,
    SendResult,
    Sent,
    TooFast,
    Wishes,
)
from bot.store import SqlStore
from tests.fakes import FakeMessenger, has_more, words_of
from tests.services.stage import ADA, BACKLOG, Stage, stage

BEA = Chat(1003, ChatKind.PRIVATE, "Bea", "en")
PEOPLE = (ADA, BEA)
LONG = timedelta(hours=1)


class Weather(FakeMessenger):
    """Telegram on a bad day: each send takes the next of `days`; then it is fine again."""

    def __init__(self) -> None:
        super().__init__()
        self.days: list[str] = []
        self.seen: dict[int, list[str]] = {chat.id: [] for chat in PEOPLE}
        self.unknown = 0

    async def send(self, chat: Chat, thread_id: int | None, post: Post) -> SendResult:
        day = self.days.pop(0) if self.days else "fine"
        if day == "wants bare words" and isinstance(post, Alert | Digest) and post.look < Look.PLAIN:
            return Refused("can't parse entities")
        if day in ("fine", "wants bare words", "heard by them, not by us"):
            self.seen[chat.id] += words_of(post).split(" | ")
        match day:
            case "too fast":
                return TooFast(timedelta(seconds=5))
            case "no route":
                return NotSent("no route")
            case "blocked":
                return ChatGone("blocked")
            case "lost on the way" | "heard by them, not by us":
                self.unknown += 1
                return PerhapsSent("no answer")
            case _:
                return Sent((1,), has_more(post))


def title_of(words: str) -> str:
    return words.partition("/")[0]


DAYS = [
    "fine",
    "too fast",
    "no route",
    "blocked",
    "lost on the way",
    "heard by them, not by us",
    "wants bare words",
]


class Outbox(RuleBasedStateMachine):
    """Each rule is something that happens; the invariants are the promise."""

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.store = SqlStore("sqlite://")
        self.runner.run(self.store.start())
        self.life: Stage = stage(self.store)
        self.weather = Weather()
        self.life.messenger = self.weather
        self.life.delivery._messenger = self.weather
        self.feed_id = self.runner.run(self.life.follow(ADA))
        self.runner.run(self.life.follow(BEA))
        in_full = replace(BEA, wishes=Wishes(length=Length.FULL))
        self.runner.run(self.life.subscriptions.change(in_full))
        self.published: list[str] = []
        self.kills = 0

    @rule(count=st.integers(1, BURST))
    def publish(self, count: int) -> None:
        new = [f"article {len(self.published) + number}" for number in range(count)]
        self.published += new
        self.life.publish(*reversed(new), *reversed(self.published[:-count][-20:]), "tides")
        self.runner.run(self.life.polling.check(self.feed_id))

    @rule(days=st.lists(st.sampled_from(DAYS), max_size=8))
    def deliver(self, days: list[str]) -> None:
        self.weather.days = list(days)
        self.runner.run(self.life.delivery.deliver())

    @rule(seconds=st.integers(1, 2000))
    def time_passes(self, seconds: int) -> None:
        self.life.clock.advance(timedelta(seconds=seconds))

    @rule(chat=st.sampled_from(PEOPLE))
    def pause(self, chat: Chat) -> None:
        self.runner.run(self._change(chat, paused=True))

    @rule(chat=st.sampled_from(PEOPLE))
    def come_back(self, chat: Chat) -> None:
        self.runner.run(self._come_back(chat))

    @rule()
    def killed_while_sending(self) -> None:
        """What was claimed is never heard of again; the next process frees it."""
        self.kills += len(self.runner.run(self._die()))

    @invariant()
    def nobody_sees_them_out_of_order(self) -> None:
        for seen in self._seen():
            titles = [title for title, _ in groupby(map(title_of, dict.fromkeys(seen)))]
            assert titles == self.published[: len(titles)]

    @invariant()
    def nothing_doubles_without_a_reason(self) -> None:
        doubles = sum(len(seen) - len(set(seen)) for seen in self._seen())
        # An unknown outcome may have been a digest: all its headlines come again.
        assert doubles <= (self._unknown() + self._kills()) * 30

    def teardown(self) -> None:
        """In the end the weather is fine, everybody is back, and everything has arrived."""
        if not hasattr(self, "runner"):
            return
        self.weather.days = []
        for _ in range(20):
            for chat in PEOPLE:
                self.runner.run(self._come_back(chat))
            self.life.clock.advance(LONG)
            self.runner.run(self.life.delivery.deliver())
        for seen in self._seen():
            assert list(dict.fromkeys(map(title_of, seen))) == self.published
            assert {title_of(one) for one in seen if not one.endswith("/1")} == set(self.published)
        self.runner.run(self.store.close())
        self.runner.close()

    def _seen(self) -> list[list[str]]:
        return list(self.weather.seen.values()) if hasattr(self, "weather") else []

    def _unknown(self) -> int:
        return self.weather.unknown if hasattr(self, "weather") else 0

    def _kills(self) -> int:
        return getattr(self, "kills", 0)

    async def _change(self, chat: Chat, *, paused: bool) -> None:
        known = await self.store.chat(chat.id)
        assert known
        await self.life.subscriptions.change(replace(known, paused=paused))

    async def _come_back(self, chat: Chat) -> None:
        await self.life.subscriptions.meet(chat)
        await self._change(chat, paused=False)

    async def _die(self) -> tuple[object, ...]:
        now = self.life.clock.now()
        async with self.store.transaction() as tx:
            claimed = await tx.claim_parcels(now, until=now + LONG, limit=5, backlog=BACKLOG, most=30)
        async with self.store.transaction() as tx:
            await tx.release_leases()
        return claimed


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
