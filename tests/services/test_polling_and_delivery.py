"""From a due feed to a closed row, on the real store."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.audience import BURST
from bot.errors import StoreError, TokenRefused
from bot.model import (
    Alert,
    Chat,
    ChatGone,
    ChatKind,
    ChatMoved,
    Check,
    Deliver,
    FetchFailed,
    NotSent,
    PerhapsSent,
    Problem,
    Refused,
    SendOutcome,
    SendResult,
    Sent,
    TooFast,
    TopicGone,
    Unauthorized,
    Validators,
)
from bot.services.housekeeping import KEEP_WAITING, Housekeeping
from bot.services.road import PacedRoad
from bot.services.subscribing import Subscribed
from tests.services.stage import ADA, LIMITS, URL, Stage

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
    assert life.messenger.sent == [(ADA.id, "storm"), (BEA.id, "storm")]


async def test_a_check_asks_for_the_drain_of_those_it_owes(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("storm", "tides")
    life.jobs.asked.clear()
    await life.polling.check(feed_id)
    assert life.jobs.asked == [Deliver()]


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
    assert 2 * SECOND <= life.clock.now() - start < 2.1 * SECOND


async def test_a_paused_chat_gets_everything_when_it_resumes(life: Stage) -> None:
    feed_id = await life.follow()
    await life.subscriptions.pause(ADA)
    life.publish("storm", "tides")
    await life.round(feed_id)
    assert life.messenger.sent == []
    await life.subscriptions.resume(replace(ADA, paused=True))
    await life.delivery.deliver()
    assert life.messenger.sent == [(ADA.id, "storm")]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(TooFast(3 * SECOND), id="too fast"),
        pytest.param(NotSent("no route"), id="not sent"),
        pytest.param(PerhapsSent("no answer"), id="perhaps sent"),
    ],
)
async def test_what_failed_on_the_way_is_tried_again_in_order(life: Stage, answer: SendResult) -> None:
    feed_id = await life.follow()
    life.publish("two", "one", "tides")
    life.messenger.answers = [answer]
    start = life.clock.now()
    await life.round(feed_id)
    assert [title for _, title in life.messenger.sent] == ["one", "two"]
    assert len(life.messenger.tried) == 3
    assert life.clock.now() - start >= 2 * SECOND


async def test_a_long_wait_is_left_to_the_reconcile_tick(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("storm", "tides")
    life.messenger.answers = [TooFast(60 * SECOND)]
    await life.round(feed_id)
    assert life.messenger.sent == []
    assert not await life.delivery.reconcile(life.jobs)
    life.clock.advance(61 * SECOND)
    assert await life.delivery.reconcile(life.jobs)
    assert life.jobs.asked[-1] == Deliver()
    await life.delivery.deliver()
    assert life.messenger.sent == [(ADA.id, "storm")]


async def test_a_chat_that_blocked_the_bot_rests_and_wakes(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("storm", "tides")
    life.messenger.answers = [ChatGone("blocked")]
    await life.round(feed_id)
    life.clock.advance(timedelta(days=1))
    assert not await life.delivery.reconcile(life.jobs)
    await life.subscriptions.meet(ADA)
    await life.delivery.deliver()
    assert life.messenger.sent == [(ADA.id, "storm")]


async def test_what_waited_for_a_chat_that_was_away_comes_as_one_list(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("storm", "calm", "tides")
    life.messenger.answers = [ChatGone("blocked")]
    await life.round(feed_id)
    await life.subscriptions.meet(ADA)
    await life.delivery.deliver()
    life.publish("frost", "storm", "calm", "tides")
    await life.round(feed_id)
    assert life.messenger.sent == [(ADA.id, "calm | storm"), (ADA.id, "frost")]


async def test_a_long_backlog_comes_as_lists_and_loses_nothing(life: Stage) -> None:
    feed_id = await life.follow()
    titles = [f"news {number}" for number in range(40)]
    for first in range(0, 40, BURST):
        life.publish(*reversed(titles[: first + BURST]), "tides")
        await life.polling.check(feed_id)
    await life.delivery.deliver()
    assert [words.count("|") + 1 for _, words in life.messenger.sent[:2]] == [30, 1]
    assert " | ".join(words for _, words in life.messenger.sent).split(" | ") == titles


async def test_a_burst_brings_the_newest_few_and_a_button_for_the_others(life: Stage) -> None:
    feed_id = await life.follow()
    titles = [f"news {number}" for number in range(14)]
    life.publish(*reversed(titles), "tides")
    await life.round(feed_id)
    assert life.messenger.sent == [(ADA.id, title) for title in titles[-5:]]
    offers = [post.rests for _, _, post in life.messenger.tried if isinstance(post, Alert)]
    assert [[(rest.count, rest.feed_title) for rest in rests] for rests in offers] == [
        [],
        [],
        [],
        [],
        [(9, "Coast News")],
    ]
    (rest,) = offers[-1]
    assert await life.subscriptions.more(BEA, rest.row_id) == 0  # another chat's
    assert await life.subscriptions.more(ADA, rest.row_id) == 9
    await life.delivery.deliver()
    assert life.messenger.sent[5:] == [(ADA.id, " | ".join(titles[:9]))]
    assert await life.subscriptions.more(ADA, rest.row_id) == 0


async def test_a_burst_that_nobody_asks_for_is_forgotten_and_counts_as_nothing_missed(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish(*(f"news {number}" for number in range(14)), "tides")
    await life.round(feed_id)
    life.clock.advance(timedelta(days=91))
    await Housekeeping(life.store, life.clock).forget()
    assert (await life.store.depth())["behind"] == 0
    assert (await life.store.depth())["expired"] == 0


async def test_a_topic_that_is_gone_is_held_told_once_and_released(life: Stage) -> None:
    forum, topic = Chat(-100, ChatKind.GROUP, "Newsroom", "en"), 7
    await life.subscriptions.meet(forum)
    result = await life.subscriptions.subscribe(forum, topic, URL)
    assert isinstance(result, Subscribed)
    life.messenger.answers = [TopicGone("TOPIC_CLOSED")]
    for titles in (["storm", "tides"], ["frost", "storm", "tides"]):
        life.publish(*titles)
        await life.round(result.subscription.feed_id)
    assert life.messenger.sent == [(forum.id, "notice.topic_gone")]
    await life.subscriptions.resume(forum)
    await life.delivery.deliver()
    assert life.messenger.sent[1:] == [(forum.id, "storm"), (forum.id, "frost")]


async def test_what_waited_too_long_is_given_up_and_said(life: Stage) -> None:
    feed_id = await life.follow()
    await life.subscriptions.pause(ADA)
    life.publish("storm", "tides")
    await life.round(feed_id)
    life.clock.advance(KEEP_WAITING + timedelta(days=1))
    await Housekeeping(life.store, life.clock).forget()
    await life.subscriptions.resume(ADA)
    life.publish("frost", "storm", "tides")
    await life.round(feed_id)
    assert life.messenger.sent == [(ADA.id, "frost + 1 missed")]
    assert (await life.store.depth())["expired"] == 1


async def test_answers_that_could_not_be_recorded_are_recorded_when_the_database_is_back(life: Stage) -> None:
    """A sent message that nobody wrote down would come twice."""
    feed_id = await life.follow()
    life.publish("storm", "tides")
    failures = [StoreError("database is locked")] * 3
    write = life.delivery._write

    async def sometimes(heard: tuple[SendOutcome, ...]) -> list[Chat]:
        if failures:
            raise failures.pop()
        return await write(heard)

    life.delivery._write = sometimes  # type: ignore[method-assign]
    await life.round(feed_id)
    await life.round(feed_id)
    assert life.messenger.sent == [(ADA.id, "storm")]
    assert failures == []


async def test_all_chats_share_one_line(life: Stage) -> None:
    """A second at 28 messages a second, whoever they are for."""
    readers = [Chat(2000 + number, ChatKind.PRIVATE, "", "en") for number in range(29)]
    for chat in readers:
        feed_id = await life.follow(chat)
    life.publish("storm", "tides")
    start = life.clock.now()
    await life.round(feed_id)
    assert len(life.messenger.sent) == 29
    assert life.clock.now() - start >= 0.99 * SECOND


async def test_a_group_that_moved_keeps_what_it_follows(life: Stage) -> None:
    group, moved = Chat(-40, ChatKind.GROUP, "Family", "en"), -100_40
    feed_id = await life.follow(group)
    life.publish("storm", "tides")
    life.messenger.answers = [ChatMoved(moved)]
    await life.round(feed_id)
    await life.delivery.deliver()
    assert life.messenger.sent == [(moved, "storm")]
    assert len(await life.subscriptions.of(moved)) == 1
    assert await life.subscriptions.of(group.id) == ()


async def test_what_telegram_will_never_take_does_not_block_the_next(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("two", "one", "tides")
    life.messenger.answers = [Refused("message is too long"), Refused("message is too long")]
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
    await life.delivery.deliver()
    assert life.messenger.sent == [(ADA.id, "storm")]


async def test_unsubscribing_takes_back_what_waits(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("storm", "tides")
    await life.polling.check(feed_id)
    (subscription,) = await life.subscriptions.of(ADA.id)
    await life.subscriptions.unsubscribe(subscription)
    await life.delivery.deliver()
    assert life.messenger.sent == []


@pytest.mark.parametrize(
    ("answer", "gap"),
    [
        pytest.param(Sent((7,)), 3.03, id="it arrived, two seconds late"),
        pytest.param(PerhapsSent("no answer"), 4.0, id="it may have arrived: a moment's rest is longer"),
        pytest.param(NotSent("no route"), 4.0, id="it did not arrive, and rests too"),
    ],
)
async def test_the_next_alert_waits_from_when_the_last_one_really_went(
    life: Stage, answer: SendResult, gap: float
) -> None:
    """Telegram counts from when a message arrives; planned turns alone would earn a 429."""
    feed_id = await life.follow()
    life.publish("two", "one", "tides")
    start, send, went = life.clock.now(), life.messenger.send, []

    async def slowly(*post: Any) -> SendResult:
        went.append((life.clock.now() - start).total_seconds())
        if len(went) == 1:
            life.clock.advance(2 * SECOND)
        return await send(*post)

    life.messenger.send = slowly  # type: ignore[method-assign, assignment]
    life.messenger.answers = [answer]
    await life.round(feed_id)
    assert went[0] == 0
    assert gap <= went[1] < gap + 0.3


async def test_an_answer_given_meanwhile_is_not_forgotten_when_an_alert_went_late(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("one", "tides")
    send = life.messenger.send
    road = PacedRoad(life.store, life.clock, LIMITS)

    async def slowly(*post: Any) -> SendResult:
        await road.turn(ADA.id)
        life.clock.advance(2 * SECOND)
        return await send(*post)

    life.messenger.send = slowly  # type: ignore[method-assign, assignment]
    start = life.clock.now()
    await life.round(feed_id)
    async with life.store.transaction() as tx:
        pace = await tx.chat_pace(ADA.id)
    times = [(at - start).total_seconds() for at in pace.recent]
    assert times == [pytest.approx(0.04, abs=0.03), pytest.approx(2.04, abs=0.03)]
    assert pace.ready_at is not None
    assert (pace.ready_at - start).total_seconds() == pytest.approx(3.07, abs=0.03)
