"""The outbox: what goes next, in which order, and what each ending of a send changes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.model import Chat, OutboxRow, RowState
from bot.store import SqlStore
from bot.store.tables import outbox
from tests.store.town import ANNA, CLUB, DAY, HOUR, MINUTE, NOON, Town, article, tried

SECOND = timedelta(seconds=1)


@pytest.fixture
def town(store: SqlStore) -> Town:
    return Town(store)


@pytest.fixture
async def owed(town: Town) -> int:
    """Anna follows the Herald, and two articles wait for her; the subscription."""
    feed_id = await town.feed(title="Herald")
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("first"), article("second"), to={subscription: ANNA.id})
    return subscription


async def columns(store: SqlStore, row: OutboxRow) -> sa.RowMapping:
    async with store.transaction() as tx:
        return (await tx._run(sa.select(outbox).where(outbox.c.id == row.id))).mappings().one()


async def save(store: SqlStore, chat: Chat) -> None:
    async with store.transaction() as tx:
        await tx.save_chat(chat)


async def test_a_claimed_row_says_all_that_a_sender_needs(town: Town, owed: int) -> None:
    row = await town.must_claim(ANNA.id)
    assert row == OutboxRow(row.id, ANNA, None, owed, "Herald", article("first"), 0)


async def test_a_row_goes_to_its_topic(town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(CLUB, feed_id, 5)
    await town.publish(feed_id, article("a"), to={subscription: CLUB.id})
    assert (await town.must_claim(CLUB.id)).thread_id == 5


@pytest.mark.parametrize(
    ("published", "order"),
    [
        pytest.param(
            [NOON - DAY, NOON - HOUR, NOON - 2 * HOUR], "acb", id="across feeds: by the article's time"
        ),
        pytest.param([NOON - HOUR, NOON + DAY, NOON], "abc", id="a date in the future counts as now"),
        pytest.param([None, None, NOON - HOUR], "cab", id="no date counts as now; then as recorded"),
        pytest.param([NOON, NOON, NOON], "abc", id="at one time: as recorded"),
    ],
)
async def test_oldest_article_first(town: Town, published: list[datetime | None], order: str) -> None:
    feeds = [await town.feed(f"https://{name}.example/") for name in "abc"]
    for feed_id, name, at in zip(feeds, "abc", published, strict=True):
        subscription = await town.follow(ANNA, feed_id)
        await town.publish(feed_id, article(name, published=at), to={subscription: ANNA.id})
    assert "".join(await town.drain(ANNA.id)) == order


async def test_within_one_check_the_feeds_own_order_holds(town: Town) -> None:
    """Also where dates are missing or run backwards."""
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    dates = [NOON - HOUR, None, NOON - DAY, NOON + DAY]
    articles = [article(f"{n}", published=at) for n, at in enumerate(dates)]
    await town.publish(feed_id, *articles, to={subscription: ANNA.id})
    assert await town.drain(ANNA.id) == ["0", "1", "2", "3"]


async def test_one_row_of_a_chat_at_a_time(store: SqlStore, town: Town, owed: int) -> None:
    """Two workers on one chat would let a later article overtake an earlier one."""
    await town.must_claim(ANNA.id)
    assert await town.claim(ANNA.id) is None
    assert await store.chats_with_rows(NOON, 10) == ()


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(replace(ANNA, paused=True), id="paused"),
        pytest.param(replace(ANNA, resting=True), id="resting"),
    ],
)
async def test_nothing_goes_to_a_chat_that_is(store: SqlStore, town: Town, owed: int, state: Chat) -> None:
    await save(store, state)
    assert await town.claim(ANNA.id) is None
    assert await store.chats_with_rows(NOON, 10) == ()
    await save(store, ANNA)
    assert await store.chats_with_rows(NOON, 10) == (ANNA.id,)
    assert await town.drain(ANNA.id) == ["first", "second"]


async def test_a_lease_that_ran_out_is_taken_over_as_a_try_that_may_double(
    store: SqlStore, town: Town, owed: int
) -> None:
    lost = await town.must_claim(ANNA.id)
    assert await town.claim(ANNA.id, NOON + MINUTE - SECOND) is None
    assert await store.chats_with_rows(NOON + MINUTE, 10) == (ANNA.id,)
    again = await town.must_claim(ANNA.id, NOON + MINUTE)
    assert again == replace(lost, attempts=1)
    assert (await columns(store, again))["perhaps_double"] is True


async def test_the_only_process_frees_what_its_predecessor_held(
    store: SqlStore, town: Town, owed: int
) -> None:
    async with store.transaction() as tx:
        claimed = await tx.claim_due_feeds(NOON + DAY, until=NOON + 2 * DAY, limit=9)
    assert len(claimed) == 1
    lost = await town.must_claim(ANNA.id)
    async with store.transaction() as tx:
        await tx.release_leases()
    assert await town.claim(ANNA.id) == replace(lost, attempts=1)
    assert (await columns(store, lost))["perhaps_double"] is True
    async with store.transaction() as tx:
        assert await tx.claim_due_feeds(NOON + DAY, until=NOON + 2 * DAY, limit=9) == claimed


async def test_a_row_held_back_goes_later_untried(store: SqlStore, town: Town, owed: int) -> None:
    row = await town.must_claim(ANNA.id)
    async with store.transaction() as tx:
        await tx.hold_back(row.id, ANNA.id, until=NOON + MINUTE)
    assert await store.chats_with_rows(NOON + MINUTE - SECOND, 10) == ()
    assert await town.claim(ANNA.id, NOON + MINUTE - SECOND) is None
    assert await town.must_claim(ANNA.id, NOON + MINUTE) == row
    assert (await columns(store, row))["perhaps_double"] is False


async def test_a_sent_row_is_closed_with_its_messages(store: SqlStore, town: Town, owed: int) -> None:
    row = await town.must_claim(ANNA.id)
    await town.record(tried(row, RowState.SENT, NOON + SECOND, message_ids=(11, 12)))
    kept = await columns(store, row)
    assert (kept["state"], kept["message_ids"], kept["closed_at"]) == ("sent", [11, 12], NOON + SECOND)
    assert (kept["attempts"], kept["reason"], kept["claimed_until"]) == (1, None, None)
    assert await town.drain(ANNA.id) == ["second"]


@pytest.mark.parametrize("state", [RowState.HELD, RowState.DROPPED])
async def test_a_row_held_or_dropped_keeps_its_reason_and_lets_others_go(
    store: SqlStore, town: Town, owed: int, state: RowState
) -> None:
    row = await town.must_claim(ANNA.id)
    await town.record(tried(row, state, reason="TOPIC_CLOSED"))
    assert (await columns(store, row))["reason"] == "TOPIC_CLOSED"
    assert await town.drain(ANNA.id) == ["second"]
    assert await town.states() == {state: 1, "sent": 1}


async def test_a_row_that_must_wait_lets_later_ones_go_first(store: SqlStore, town: Town, owed: int) -> None:
    row = await town.must_claim(ANNA.id)
    later = tried(row, RowState.WAITING, reason="502", not_before=NOON + MINUTE, perhaps_double=True)
    await town.record(later)
    assert await town.drain(ANNA.id) == ["second"]
    again = await town.must_claim(ANNA.id, NOON + MINUTE)
    assert again == replace(row, attempts=1)
    await town.record(tried(again, RowState.SENT))
    assert (await columns(store, row))["perhaps_double"] is True


async def test_a_chat_told_to_wait_waits_with_all_its_rows(store: SqlStore, town: Town, owed: int) -> None:
    row = await town.must_claim(ANNA.id)
    await town.record(tried(row, RowState.WAITING, reason="429", chat_not_before=NOON + HOUR))
    async with store.transaction() as tx:
        # A shorter wait for another reason does not end the longer one.
        await tx.hold_back(row.id, ANNA.id, until=NOON + MINUTE)
    assert await town.claim(ANNA.id, NOON + HOUR - SECOND) is None
    assert await store.chats_with_rows(NOON + HOUR - SECOND, 10) == ()
    assert await town.drain(ANNA.id, NOON + HOUR) == ["first", "second"]


async def test_a_chat_that_refuses_us_rests_and_keeps_its_rows(
    store: SqlStore, town: Town, owed: int
) -> None:
    row = await town.must_claim(ANNA.id)
    await town.record(tried(row, RowState.WAITING, reason="blocked", chat_rests=True))
    assert await store.chat(ANNA.id) == replace(ANNA, resting=True)
    assert await town.claim(ANNA.id, NOON + DAY) is None
    assert await town.states() == {"waiting": 2}


async def test_a_chat_that_moved_gets_its_rows_under_the_new_id(
    store: SqlStore, town: Town, owed: int
) -> None:
    row = await town.must_claim(ANNA.id)
    await town.record(tried(row, RowState.WAITING, chat_moves_to=-1007))
    assert await store.chat(ANNA.id) is None
    assert await town.drain(-1007) == ["first", "second"]


async def test_what_arrived_stays_sent_whatever_a_late_sender_says(
    store: SqlStore, town: Town, owed: int
) -> None:
    """Its lease ran out, another one sent the row; its own failure is no news any more."""
    slow = await town.must_claim(ANNA.id)
    fast = await town.must_claim(ANNA.id, NOON + MINUTE)
    await town.record(tried(fast, RowState.SENT, message_ids=(1,)))
    await town.record(tried(slow, RowState.WAITING, reason="timeout"))
    assert (await columns(store, slow))["state"] == "sent"


async def test_chats_with_rows_come_longest_waiting_first_and_no_more_than_asked(
    store: SqlStore, town: Town
) -> None:
    feed_id = await town.feed()
    subs = {chat: await town.follow(replace(CLUB, id=chat), feed_id) for chat in (1, 2, 3)}
    for key, chat, at in [("a", 2, NOON), ("b", 1, NOON + MINUTE), ("c", 3, NOON + 2 * MINUTE)]:
        await town.publish(feed_id, article(key), to={subs[chat]: chat}, at=at)
    assert await store.chats_with_rows(NOON + HOUR, 10) == (2, 1, 3)
    assert await store.chats_with_rows(NOON + HOUR, 2) == (2, 1)
    for chat in (1, 2, 3):
        assert len(await town.drain(chat, NOON + HOUR)) == 1
    assert await store.chats_with_rows(NOON + HOUR, 10) == ()


async def test_depth_counts_every_state_and_what_there_is(store: SqlStore, town: Town, owed: int) -> None:
    await town.record(tried(await town.must_claim(ANNA.id), RowState.SENT))
    await town.must_claim(ANNA.id)
    assert await store.depth() == {
        "waiting": 0,
        "sending": 1,
        "sent": 1,
        "held": 0,
        "dropped": 0,
        "feeds": 1,
        "subscriptions": 1,
    }


async def test_many_workers_on_one_chat_keep_its_order(url: str) -> None:
    """Two stores on one database, as two processes would have; each row goes once, oldest first."""
    if url == "sqlite://":
        pytest.skip("a database of one store only")
    async with SqlStore(url) as one, SqlStore(url) as two:
        town = Town(one)
        feed_id = await town.feed()
        subscription = await town.follow(ANNA, feed_id)
        news = [article(f"{n:02}") for n in range(30)]
        await town.publish(feed_id, *news, to={subscription: ANNA.id})
        went: list[str] = []

        async def work(town: Town) -> None:
            while len(went) < len(news):
                if row := await town.claim(ANNA.id):
                    went.append(row.article.key)
                    await town.record(tried(row, RowState.SENT))

        await asyncio.gather(*(work(Town(store)) for store in (one, two, one, two)))
    assert went == [one.key for one in news]
