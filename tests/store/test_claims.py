"""Claims: which chats get something next, and what of their backlog goes into one message."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Chat, ChatPace, Pace, RowState
from bot.store import SqlStore
from tests.store.town import ANNA, CLUB, HOUR, MINUTE, NOON, Town, article, keys, tried


@pytest.fixture
def town(store: SqlStore) -> Town:
    return Town(store)


async def owe(town: Town, chat: Chat, *names: str, thread: int | None = None) -> int:
    """A subscription of that chat and topic, and articles that wait for it."""
    feed_id = await town.feed()
    subscription = await town.follow(chat, feed_id, thread)
    await town.publish(feed_id, *map(article, names), to={subscription: chat.id})
    return subscription


async def ready(store: SqlStore, times: dict[int, datetime | None]) -> None:
    async with store.transaction() as tx:
        await tx.save_paces(Pace(), {chat: ChatPace((), at) for chat, at in times.items()})


async def test_chats_that_have_been_ready_longest_come_first(store: SqlStore, town: Town) -> None:
    for chat in range(1, 7):
        await owe(town, replace(CLUB, id=chat), "a")
    await ready(
        store, {1: NOON, 2: NOON - HOUR, 3: None, 4: NOON + MINUTE, 5: NOON - HOUR, 6: NOON - 2 * HOUR}
    )
    parcels = await town.claim_all(NOON)
    assert [parcel.chat.id for parcel in parcels] == [3, 6, 2, 5, 1]  # 4 must wait


async def test_a_claim_takes_no_more_chats_than_asked(store: SqlStore, town: Town) -> None:
    for chat in range(1, 6):
        await owe(town, replace(CLUB, id=chat), "a")
    claimed = [[parcel.chat.id for parcel in await town.claim_all(limit=2)] for _ in range(4)]
    assert claimed == [[1, 2], [3, 4], [5], []]


async def test_chats_with_a_backlog_take_turns(store: SqlStore, town: Town) -> None:
    """A chat that got something was ready later than those that wait since then."""
    for chat in (1, 2, 3):
        await owe(town, replace(CLUB, id=chat), "a", "b")
    went = []
    for turn in range(6):
        now = NOON + turn * MINUTE
        parcel = await town.must_claim(now)
        await ready(store, {parcel.chat.id: now})
        await town.record(tried(parcel, RowState.SENT, now))
        went.append((parcel.chat.id, keys(parcel)))
    assert went == [(1, "a"), (2, "a"), (3, "a"), (1, "b"), (2, "b"), (3, "b")]


@pytest.mark.parametrize(
    ("waiting", "backlog", "most", "messages"),
    [
        pytest.param("a b c", 3, 9, ["a", "b", "c"], id="as many as the backlog: one by one"),
        pytest.param("a b c d", 3, 9, ["a b c d"], id="one more: a list"),
        pytest.param("a b c d", 3, 2, ["a b", "c", "d"], id="no longer than asked; the rest is no backlog"),
        pytest.param("a b c d e f", 3, 2, ["a b", "c d", "e", "f"], id="list after list, oldest first"),
    ],
)
async def test_a_backlog_goes_as_a_list(
    town: Town, waiting: str, backlog: int, most: int, messages: list[str]
) -> None:
    await owe(town, ANNA, *waiting.split())
    assert await town.drain(backlog=backlog, most=most) == messages


@pytest.mark.parametrize(
    ("waiting", "messages"),
    [
        pytest.param("a", ["a"], id="one alone: as itself"),
        pytest.param("a b", ["a b"], id="two: a list"),
        pytest.param("a b c d e", ["a b c", "d e"], id="many: lists"),
        pytest.param("a b c d", ["a b c", "d"], id="and what is left"),
    ],
)
async def test_a_chat_that_is_back_gets_what_waited_as_lists(
    store: SqlStore, town: Town, waiting: str, messages: list[str]
) -> None:
    subscription = await owe(town, replace(ANNA, catching_up=True), *waiting.split())
    assert await town.drain(most=3) == messages
    assert await store.chat(ANNA.id) == ANNA
    await town.publish(1, article("x"), article("y"), to={subscription: ANNA.id})
    assert await town.drain() == ["x", "y"]


async def test_catching_up_lasts_until_the_last_send_went_well(store: SqlStore, town: Town) -> None:
    back = replace(ANNA, catching_up=True)
    await owe(town, back, "a", "b")
    await town.record(tried(await town.must_claim(), RowState.WAITING, reason="502"))
    assert await store.chat(ANNA.id) == back
    assert await town.drain() == ["a b"]
    assert await store.chat(ANNA.id) == ANNA


async def test_a_list_is_of_one_topic_and_counted_by_topic(town: Town) -> None:
    """Of the topic whose article is the oldest; the other topics' turn comes."""
    feed_id = await town.feed()
    topics = {thread: await town.follow(CLUB, feed_id, thread) for thread in (5, 6, None)}
    for number, thread in enumerate([5, 6, 6, None, 6, 5]):
        at = NOON + number * MINUTE
        await town.publish(feed_id, article(f"{number}"), to={topics[thread]: CLUB.id}, at=at)
    went: list[tuple[int | None, str]] = []
    while parcel := await town.claim(NOON + HOUR, backlog=2):
        went.append((parcel.thread_id, keys(parcel)))
        await town.record(tried(parcel, RowState.SENT))
    assert went == [(5, "0"), (6, "1 2 4"), (None, "3"), (5, "5")]


async def test_the_rows_of_a_list_share_its_ending(town: Town) -> None:
    await owe(town, ANNA, "a", "b", "c")
    parcel = await town.must_claim(backlog=1, most=2)
    await town.record(tried(parcel, RowState.WAITING, reason="502"))
    again = await town.must_claim(backlog=1, most=2)
    assert [(row.id, row.attempts) for row in again.rows] == [(row.id, 1) for row in parcel.rows]
    await town.record(tried(again, RowState.SENT, message_ids=(9,)))
    assert await town.states() == {"sent": 2, "waiting": 1}


async def test_a_lost_list_counts_the_try_of_each_row_that_was_in_it(town: Town) -> None:
    await owe(town, ANNA, "a", "b", "c")
    await town.must_claim(backlog=1, most=2)
    again = await town.must_claim(NOON + MINUTE, backlog=1, most=3)
    assert [row.attempts for row in again.rows] == [1, 1, 0]


@settings(max_examples=20, deadline=None)
@given(
    waiting=st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from([None, 5]), st.integers(0, 4)), min_size=1, max_size=20
    ),
    backlog=st.integers(1, 4),
    most=st.integers(2, 5),
    limit=st.integers(1, 4),
)
async def test_whatever_waits_all_goes_once_and_in_order(
    waiting: list[tuple[int, int | None, int]], backlog: int, most: int, limit: int
) -> None:
    """Each chat and topic gets its articles by their time, however they are cut into messages."""
    async with SqlStore("sqlite://") as store:
        town = Town(store)
        feed_id = await town.feed()
        expected = defaultdict(list)
        for number, (chat, thread, age) in enumerate(waiting):
            subscription = await town.follow(replace(CLUB, id=chat), feed_id, thread)
            one = article(f"{number:02}", published=NOON - age * HOUR)
            await town.publish(feed_id, one, to={subscription: chat})
            expected[chat, thread].append((one.published, one.key))
        went: dict[tuple[int, int | None], list[str]] = defaultdict(list)
        while parcels := await town.claim_all(limit=limit, backlog=backlog, most=most):
            assert len({parcel.chat.id for parcel in parcels}) == len(parcels) <= limit
            for parcel in parcels:
                assert len(parcel.rows) <= most
                went[parcel.chat.id, parcel.thread_id] += keys(parcel).split()
            await town.record(*(tried(parcel, RowState.SENT) for parcel in parcels))
    assert went == {place: [key for _, key in sorted(rows)] for place, rows in expected.items()}
