"""The network gone for an hour, the clock gone back by one: everything waits, nothing is lost or doubled."""

from datetime import datetime, timedelta

from bot.model import Chat, NotSent, Post, SendResult
from bot.services.road import PacedRoad
from tests.fakes import FakeMessenger
from tests.services.stage import ADA, LIMITS, Stage

HOUR = timedelta(hours=1)


class NoNetwork(FakeMessenger):
    """Nothing leaves until a moment."""

    def __init__(self, life: Stage, until: datetime) -> None:
        super().__init__()
        self.life = life
        self.until = until

    async def send(self, chat: Chat, thread_id: int | None, post: Post) -> SendResult:
        if self.life.clock.now() < self.until:
            self.tried.append((chat, thread_id, post))
            return NotSent("no route to host")
        return await super().send(chat, thread_id, post)


async def test_the_network_is_gone_for_an_hour(life: Stage) -> None:
    feed_id = await life.follow()
    away = NoNetwork(life, life.clock.now() + HOUR)
    life.delivery._messenger = away
    life.publish("two", "one", "tides")
    await life.polling.check(feed_id)
    end = life.clock.now() + 2 * HOUR
    while life.clock.now() < end:
        await life.delivery.deliver()
        life.clock.advance(timedelta(minutes=1))
    assert [words for _, words in away.sent] == ["one", "two"]
    assert len(away.tried) < 30, "it backs off"


async def test_the_clock_goes_back_an_hour(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("one", "tides")
    await life.round(feed_id)
    life.clock.advance(-HOUR)
    life.publish("three", "two", "one", "tides")
    await life.polling.check(feed_id)

    start = life.clock.now()
    await PacedRoad(life.store, life.clock, LIMITS).turn(ADA.id)
    assert life.clock.now() - start < timedelta(seconds=5), "people are answered all the same"

    for _ in range(130):
        await life.delivery.deliver()
        life.clock.advance(timedelta(minutes=1))
    assert [words for _, words in life.messenger.sent] == ["one", "two", "three"]
