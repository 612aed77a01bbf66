"""Answers take the next place in the line, before any backlog, and never break Telegram's limits."""

from dataclasses import replace
from datetime import timedelta

from bot.errors import StoreError
from bot.services.road import PacedRoad
from bot.store import SqlStore
from tests.services.stage import ADA, LIMITS, Stage

SECOND = timedelta(seconds=1)


def road(life: Stage) -> PacedRoad:
    return PacedRoad(life.store, life.clock, LIMITS)


async def test_the_first_answers_go_at_once(life: Stage) -> None:
    await life.subscriptions.meet(ADA)
    start = life.clock.now()
    for _ in range(3):
        await road(life).turn(ADA.id)
    assert life.clock.now() - start < SECOND / 4


async def test_the_fourth_in_three_seconds_waits(life: Stage) -> None:
    await life.subscriptions.meet(ADA)
    start = life.clock.now()
    for _ in range(4):
        await road(life).turn(ADA.id)
    assert life.clock.now() - start >= 3 * SECOND


async def test_an_alert_waits_for_an_answer_and_not_the_reverse(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("storm", "calm", "tides")
    await road(life).turn(ADA.id)
    start = life.clock.now()
    await life.round(feed_id)
    assert len(life.messenger.sent) == 2
    assert life.clock.now() - start >= 2 * SECOND


async def test_a_refusal_holds_that_chats_alerts(life: Stage) -> None:
    feed_id = await life.follow()
    await road(life).refused(ADA.id, 30 * SECOND)
    life.publish("storm", "tides")
    await life.round(feed_id)
    assert life.messenger.sent == []
    life.clock.advance(31 * SECOND)
    await life.delivery.deliver()
    assert life.messenger.sent == [(ADA.id, "storm")]


async def test_a_stranger_is_answered_too(life: Stage) -> None:
    """The first answer goes out before the bot has met the chat."""
    await road(life).turn(4711)
    assert await life.store.chat(4711) is None


async def test_without_a_database_people_are_answered_all_the_same(life: Stage) -> None:
    class Away(SqlStore):
        def transaction(self):  # type: ignore[no-untyped-def]
            raise StoreError("disk I/O error")

    away = PacedRoad(Away("sqlite://"), life.clock, LIMITS)
    start = life.clock.now()
    await away.turn(ADA.id)
    await away.refused(ADA.id, SECOND)
    assert life.clock.now() == start


async def test_a_paused_chat_is_answered(life: Stage) -> None:
    await life.subscriptions.meet(ADA)
    await life.subscriptions.change(replace(ADA, paused=True))
    start = life.clock.now()
    await road(life).turn(ADA.id)
    assert life.clock.now() - start < SECOND
