"""The outbox: what goes next and in which order, and what each ending of a send changes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.model import Chat, Length, Look, OutboxRow, Parcel, Pictures, RowState, SendOutcome, Shown, Wishes
from bot.store import SqlStore
from bot.store.tables import outbox
from tests.store.town import ANNA, CLUB, DAY, HOUR, MINUTE, NOON, Town, article, keys, rows, tried

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


async def columns(store: SqlStore, parcel: Parcel) -> sa.RowMapping:
    """What is stored of a parcel's first row."""
    query = sa.select(outbox).where(outbox.c.id == parcel.rows[0].id)
    async with store.transaction() as tx:
        found: list[sa.Row[Any]] = await rows(tx, query)
        return found[0]._mapping


async def save(store: SqlStore, chat: Chat) -> None:
    async with store.transaction() as tx:
        await tx.save_chat(chat)


async def test_a_parcel_says_all_that_a_sender_needs(town: Town, owed: int) -> None:
    parcel = await town.must_claim()
    row = OutboxRow(parcel.rows[0].id, owed, "Herald", article("first"), attempts=0)
    assert parcel == Parcel(ANNA, None, (row,))


@pytest.mark.parametrize(
    ("chats", "own", "shown"),
    [
        pytest.param(Wishes(), Wishes(), Shown(), id="nobody says anything: as usual"),
        pytest.param(
            Wishes(Pictures.ALBUM, silent=True), Wishes(), Shown(Pictures.ALBUM, silent=True), id="the chat's"
        ),
        pytest.param(
            Wishes(Pictures.ALBUM, Length.LONG, hashtags=True, marks=True),
            Wishes(Pictures.NONE, hashtags=False, silent=True),
            Shown(Pictures.NONE, Length.LONG, silent=True, marks=True),
            id="the subscription's own go first, each for itself",
        ),
    ],
)
async def test_a_row_says_how_it_is_shown(
    store: SqlStore, town: Town, owed: int, chats: Wishes, own: Wishes, shown: Shown
) -> None:
    """As it is set when the message goes, not when the article came."""
    await save(store, replace(ANNA, wishes=chats))
    async with store.transaction() as tx:
        await tx.set_wishes(own, owed)
    assert (await town.must_claim()).rows[0].shown == shown
    subscription = await store.subscription(owed)
    assert subscription is not None
    assert subscription.wishes == own
    assert await store.chat(ANNA.id) == replace(ANNA, wishes=chats)


async def test_an_own_title_stands_in_place_of_the_feeds(town: Town, owed: int) -> None:
    async with town.store.transaction() as tx:
        await tx.set_wishes(Wishes(title="Sea news"), owed)
    assert (await town.must_claim()).rows[0].feed_title == "Sea news"


async def test_a_look_that_was_refused_stays_refused(town: Town, owed: int) -> None:
    """Also after a restart; until an owner lets the row try again from the start."""
    parcel = await town.must_claim()
    await town.record(replace(tried(parcel, RowState.WAITING), look=Look.CARD))
    again = await town.must_claim()
    assert again.rows[0].look is Look.CARD
    await town.record(tried(again, RowState.DROPPED, reason="no"))
    async with town.store.transaction() as tx:
        assert await tx.retry(again.rows[0].id)
    assert (await town.must_claim()).rows[0].look is Look.ADDRESSES


async def test_a_parcel_goes_to_its_topic(town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(CLUB, feed_id, 5)
    await town.publish(feed_id, article("a"), to={subscription: CLUB.id})
    assert (await town.must_claim()).thread_id == 5


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
    assert "".join(await town.drain()) == order


async def test_within_one_check_the_feeds_own_order_holds(town: Town) -> None:
    """Also where dates are missing or run backwards."""
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    dates = [NOON - HOUR, None, NOON - DAY, NOON + DAY]
    articles = [article(f"{n}", published=at) for n, at in enumerate(dates)]
    await town.publish(feed_id, *articles, to={subscription: ANNA.id})
    assert await town.drain() == ["0", "1", "2", "3"]


async def test_one_parcel_of_a_chat_at_a_time(store: SqlStore, town: Town, owed: int) -> None:
    """Two workers on one chat would let a later article overtake an earlier one."""
    await town.must_claim()
    assert await town.claim() is None
    assert await store.next_delivery_at() == NOON + MINUTE  # when the lease runs out


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(replace(ANNA, paused=True), id="paused"),
        pytest.param(replace(ANNA, resting=True), id="resting"),
    ],
)
async def test_nothing_goes_to_a_chat_that_is(store: SqlStore, town: Town, owed: int, state: Chat) -> None:
    await save(store, state)
    assert await town.claim() is None
    assert await store.next_delivery_at() is None
    await save(store, ANNA)
    assert await town.drain() == ["first", "second"]


async def test_a_lease_that_ran_out_is_taken_over_as_a_try_that_may_double(
    store: SqlStore, town: Town, owed: int
) -> None:
    lost = await town.must_claim()
    assert await town.claim(NOON + MINUTE - SECOND) is None
    again = await town.must_claim(NOON + MINUTE)
    assert again == replace(lost, rows=(replace(lost.rows[0], attempts=1),))
    assert (await columns(store, again))["perhaps_double"] is True
    assert (await store.depth())["perhaps_double"] == 1


async def test_the_only_process_frees_what_its_predecessor_held(
    store: SqlStore, town: Town, owed: int
) -> None:
    async with store.transaction() as tx:
        claimed = await tx.claim_due_feeds(NOON + DAY, until=NOON + 2 * DAY, limit=9)
    assert len(claimed) == 1
    lost = await town.must_claim()
    async with store.transaction() as tx:
        await tx.release_leases()
    assert await town.claim() == replace(lost, rows=(replace(lost.rows[0], attempts=1),))
    assert (await columns(store, lost))["perhaps_double"] is True
    async with store.transaction() as tx:
        again = await tx.claim_due_feeds(NOON + DAY, until=NOON + 2 * DAY, limit=9)
    assert [feed.id for feed in again] == [feed.id for feed in claimed]


async def test_a_sent_row_is_closed_with_its_messages(store: SqlStore, town: Town, owed: int) -> None:
    parcel = await town.must_claim()
    await town.record(tried(parcel, RowState.SENT, NOON + SECOND, message_ids=(11, 12)))
    kept = await columns(store, parcel)
    assert (kept["state"], kept["message_ids"], kept["closed_at"]) == ("sent", [11, 12], NOON + SECOND)
    assert (kept["attempts"], kept["reason"], kept["claimed_until"]) == (1, None, None)
    assert await town.drain() == ["second"]


@pytest.mark.parametrize("state", [RowState.HELD, RowState.DROPPED])
async def test_a_row_held_or_dropped_keeps_its_reason_and_lets_others_go(
    store: SqlStore, town: Town, owed: int, state: RowState
) -> None:
    parcel = await town.must_claim()
    await town.record(tried(parcel, state, reason="because"))
    assert (await columns(store, parcel))["reason"] == "because"
    assert await town.drain() == ["second"]
    assert await town.states() == {state: 1, "sent": 1}


async def test_a_chat_told_to_wait_waits_with_all_its_rows(store: SqlStore, town: Town, owed: int) -> None:
    """A row that waited alone would be overtaken by later ones."""
    parcel = await town.must_claim()
    await town.record(tried(parcel, RowState.WAITING, reason="502", chat_not_before=NOON + HOUR))
    assert await store.next_delivery_at() == NOON + HOUR
    assert await town.claim(NOON + HOUR - SECOND) is None
    assert await town.drain(NOON + HOUR) == ["first", "second"]


async def test_once_a_row_may_have_doubled_it_stays_so(store: SqlStore, town: Town, owed: int) -> None:
    parcel = await town.must_claim()
    await town.record(tried(parcel, RowState.WAITING, reason="the line broke", perhaps_double=True))
    await town.record(tried(await town.must_claim(), RowState.SENT))
    assert (await columns(store, parcel))["perhaps_double"] is True


async def test_a_chat_that_refuses_us_rests_and_keeps_its_rows(
    store: SqlStore, town: Town, owed: int
) -> None:
    parcel = await town.must_claim()
    await town.record(tried(parcel, RowState.WAITING, reason="blocked", chat_rests=True))
    assert await store.chat(ANNA.id) == replace(ANNA, resting=True)
    assert await town.claim(NOON + DAY) is None
    assert await town.states() == {"waiting": 2}


async def test_a_chat_that_moved_gets_its_rows_under_the_new_id(
    store: SqlStore, town: Town, owed: int
) -> None:
    parcel = await town.must_claim()
    await town.record(tried(parcel, RowState.WAITING, chat_moves_to=-1007))
    assert await store.chat(ANNA.id) is None
    assert (await town.must_claim()).chat.id == -1007


@pytest.mark.parametrize(
    ("fast_said", "slow_says", "kept"),
    [
        pytest.param(RowState.SENT, RowState.WAITING, ("sent", [1]), id="what arrived stays sent"),
        pytest.param(
            RowState.SENT, RowState.SENT, ("sent", [1]), id="what arrived twice is not written twice"
        ),
        pytest.param(RowState.DROPPED, RowState.WAITING, ("dropped", []), id="what was given up stays so"),
        pytest.param(RowState.DROPPED, RowState.SENT, ("sent", [2]), id="unless it arrived after all"),
        pytest.param(RowState.WAITING, RowState.SENT, ("sent", [2]), id="what waits again need not"),
    ],
)
async def test_a_sender_that_reports_after_its_lease(
    store: SqlStore,
    town: Town,
    owed: int,
    fast_said: RowState,
    slow_says: RowState,
    kept: tuple[str, list[int]],
) -> None:
    slow = await town.must_claim()
    fast = await town.must_claim(NOON + MINUTE)
    await town.record(tried(fast, fast_said, message_ids=(1,)))
    await town.record(tried(slow, slow_says, message_ids=(2,)))
    found = await columns(store, slow)
    assert (found["state"], found["message_ids"]) == kept


async def test_the_pages_of_a_text_go_before_all_else_and_are_kept(
    store: SqlStore, town: Town, owed: int
) -> None:
    """Also before an older article that came later; and news of a page that is known turns nothing back."""
    first = await town.must_claim()
    for out in ((1,), (1, 2), (9,)):
        await town.record(tried(first, RowState.WAITING, message_ids=out))
    other = await town.feed("https://older.example/")
    subscription = await town.follow(ANNA, other)
    old = article("old", published=NOON - DAY)
    await town.publish(other, old, to={subscription: ANNA.id})
    again = await town.must_claim(backlog=1)
    assert (keys(again), again.rows[0].message_ids, again.rows[0].attempts) == ("first", (1, 2), 0)
    await town.record(tried(again, RowState.WAITING, reason="no route"))
    await town.record(tried(await town.must_claim(), RowState.SENT, message_ids=(1, 2, 3)))
    assert (await columns(store, first))["message_ids"] == [1, 2, 3]
    assert await town.drain() == ["old", "second"]


async def test_many_sends_are_recorded_at_once_each_with_its_own_ending(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    chats = [replace(CLUB, id=number) for number in range(1, 6)]
    subs = {await town.follow(chat, feed_id): chat.id for chat in chats}
    await town.publish(feed_id, article("a"), to=subs)
    parcels = await town.claim_all()
    endings: list[SendOutcome] = [
        tried(parcels[0], RowState.SENT),
        tried(parcels[1], RowState.DROPPED, reason="too long"),
        tried(parcels[2], RowState.WAITING, chat_rests=True),
        tried(parcels[3], RowState.WAITING, chat_not_before=NOON + HOUR),
        tried(parcels[4], RowState.WAITING, chat_moves_to=-1),
    ]
    assert await town.record(*endings) == ()
    assert await town.record() == ()
    assert await town.states() == {"sent": 1, "dropped": 1, "waiting": 3}
    assert await store.chat(3) == replace(CLUB, id=3, resting=True)
    assert [parcel.chat.id for parcel in await town.claim_all()] == [-1]
    assert [parcel.chat.id for parcel in await town.claim_all(NOON + HOUR)] == [-1, 4]


async def test_depth_counts_every_state_and_what_there_is(store: SqlStore, town: Town, owed: int) -> None:
    await town.record(tried(await town.must_claim(), RowState.SENT, perhaps_double=True))
    await town.must_claim()
    assert await store.depth() == {
        "waiting": 0,
        "sending": 1,
        "sent": 1,
        "held": 0,
        "behind": 0,
        "dropped": 0,
        "expired": 0,
        "perhaps_double": 1,
        "feeds": 1,
        "subscriptions": 1,
    }


async def test_many_workers_keep_each_chats_order(url: str) -> None:
    """Two stores on one database, as two processes would have; each row goes once, oldest first."""
    if url == "sqlite://":
        pytest.skip("a database of one store only")
    async with SqlStore(url) as one, SqlStore(url) as two:
        town = Town(one)
        feed_id = await town.feed()
        subs = {await town.follow(chat, feed_id): chat.id for chat in (ANNA, CLUB)}
        news = [article(f"{n:02}") for n in range(15)]
        await town.publish(feed_id, *news, to=subs)
        went: list[tuple[int, str]] = []

        async def work(town: Town) -> None:
            while len(went) < len(subs) * len(news):
                parcels = await town.claim_all(limit=2)
                went.extend((parcel.chat.id, keys(parcel)) for parcel in parcels)
                await town.record(*(tried(parcel, RowState.SENT) for parcel in parcels))

        await asyncio.gather(*(work(Town(store)) for store in (one, two, one, two)))
    for chat in (ANNA, CLUB):
        assert [key for number, key in went if number == chat.id] == [one.key for one in news]
