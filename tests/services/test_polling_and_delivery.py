"""From a due feed to a closed row, on the real store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import TokenRefused
from bot.model import (
    Chat,
    ChatGone,
    ChatKind,
    ChatMoved,
    Check,
    Drain,
    FetchFailed,
    NotSent,
    PerhapsSent,
    Problem,
    Refused,
    TooFast,
    Unauthorized,
    Validators,
)
from tests.services.stage import ADA, URL, Stage

SECOND = timedelta(seconds=1)
BEA = Chat(1003, ChatKind.PRIVATE, "Bea", "en")


async def test_a_due_feed_is_claimed_once(life: Stage) -> None:
    feed_id = await life.follow()
    life.clock.advance(timedelta(minutes=11))
    assert await life.polling.claim_due() == 1
    assert await life.polling.claim_due() == 0
    assert life.jobs.asked.count(Check(feed_id)) == 1


async def test_a_claim_that_nobody_fulfilled_runs_out(life: Stage) -> None:
    """A worker that died holds a feed back for minutes, not for ever."""
    await life.follow()
    life.clock.advance(timedelta(minutes=11))
    await life.polling.claim_due()
    life.clock.advance(timedelta(minutes=3))
    assert await life.polling.claim_due() == 1


async def test_a_new_article_reaches_its_readers_once(life: Stage) -> None:
    feed_id = await life.follow()
    await life.follow(BEA)
    life.publish("storm", "tides")
    for _ in range(2):
        await life.round(feed_id)
        await life.delivery.drain(BEA.id)
    assert life.messenger.sent == [(ADA.id, "storm"), (BEA.id, "storm")]


async def test_a_check_asks_for_the_drain_of_those_it_owes(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("storm", "tides")
    life.jobs.asked.clear()
    await life.polling.check(feed_id)
    assert life.jobs.asked == [Drain(ADA.id)]


async def test_validators_come_back_byte_for_byte(life: Stage) -> None:
    feed_id = await life.follow()
    await life.polling.check(feed_id)
    assert life.reader.asked[-1] == (URL, Validators(etag='"tides"'))


async def test_a_failed_check_is_told_and_forgotten_when_the_feed_is_well(life: Stage) -> None:
    feed_id = await life.follow()
    well = life.reader.web[URL]
    life.reader.web[URL] = FetchFailed(Problem("fetch.timeout", {"host": "coast.example"}))
    await life.polling.check(feed_id)
    (failing,) = await life.subscriptions.of(ADA.id)
    assert failing.problem == Problem("fetch.timeout", {"host": "coast.example"})
    life.reader.web[URL] = well
    await life.polling.check(feed_id)
    (again,) = await life.subscriptions.of(ADA.id)
    assert again.problem is None


async def test_articles_arrive_in_their_order_at_the_chats_rate(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("three", "two", "one", "tides")
    start = life.clock.now()
    await life.round(feed_id)
    assert [title for _, title in life.messenger.sent] == ["one", "two", "three"]
    assert life.clock.now() - start == 2 * SECOND


async def test_a_paused_chat_gets_everything_when_it_resumes(life: Stage) -> None:
    feed_id = await life.follow()
    await life.subscriptions.change(replace(ADA, paused=True))
    life.publish("storm", "tides")
    await life.round(feed_id)
    assert life.messenger.sent == []
    await life.subscriptions.change(ADA)
    await life.delivery.drain(ADA.id)
    assert life.messenger.sent == [(ADA.id, "storm")]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(TooFast(3 * SECOND), id="too fast"),
        pytest.param(NotSent("no route"), id="not sent"),
        pytest.param(PerhapsSent("no answer"), id="perhaps sent"),
    ],
)
async def test_what_failed_on_the_way_is_tried_again_in_order(life: Stage, answer: NotSent) -> None:
    feed_id = await life.follow()
    life.publish("two", "one", "tides")
    life.messenger.answers = [answer]
    await life.round(feed_id)
    assert life.messenger.sent == []
    assert await life.delivery.reconcile() == 0
    life.clock.advance(4 * SECOND)
    assert await life.delivery.reconcile() == 1
    await life.delivery.drain(ADA.id)
    assert [title for _, title in life.messenger.sent] == ["one", "two"]


async def test_a_chat_that_blocked_the_bot_rests_and_wakes(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("storm", "tides")
    life.messenger.answers = [ChatGone("blocked")]
    await life.round(feed_id)
    life.clock.advance(timedelta(days=1))
    assert await life.delivery.reconcile() == 0
    await life.subscriptions.meet(ADA)
    await life.delivery.drain(ADA.id)
    assert life.messenger.sent == [(ADA.id, "storm")]


async def test_a_group_that_moved_keeps_what_it_follows(life: Stage) -> None:
    group, moved = Chat(-40, ChatKind.GROUP, "Family", "en"), -100_40
    feed_id = await life.follow(group)
    life.publish("storm", "tides")
    life.messenger.answers = [ChatMoved(moved)]
    await life.round(feed_id, group)
    await life.delivery.drain(moved)
    assert life.messenger.sent == [(moved, "storm")]
    assert len(await life.subscriptions.of(moved)) == 1
    assert await life.subscriptions.of(group.id) == ()


async def test_what_telegram_will_never_take_does_not_block_the_next(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("two", "one", "tides")
    life.messenger.answers = [Refused("message is too long")]
    await life.round(feed_id)
    assert life.messenger.sent == [(ADA.id, "two")]
    assert (await life.store.depth())["dropped"] == 1


async def test_a_refused_token_stops_the_work_and_keeps_the_article(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("storm", "tides")
    life.messenger.answers = [Unauthorized("401")]
    with pytest.raises(TokenRefused):
        await life.round(feed_id)
    life.clock.advance(timedelta(minutes=1))
    await life.delivery.drain(ADA.id)
    assert life.messenger.sent == [(ADA.id, "storm")]


async def test_unsubscribing_takes_back_what_waits(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("storm", "tides")
    await life.polling.check(feed_id)
    (subscription,) = await life.subscriptions.of(ADA.id)
    await life.subscriptions.unsubscribe(subscription)
    await life.delivery.drain(ADA.id)
    assert life.messenger.sent == []
