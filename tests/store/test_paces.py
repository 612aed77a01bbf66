"""Paces outlive the process: those of all chats together, and each chat's own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import ChatPace, Pace, RowState
from bot.store import SqlStore
from tests.store.town import ANNA, CLUB, HOUR, MINUTE, NOON, Town, article, tried

NEARLY = timedelta(microseconds=35_714)
"""Rounded to milliseconds, 28 messages a second would become 28.6."""


@pytest.mark.parametrize(
    "pace",
    [
        pytest.param(Pace(), id="before the first message"),
        pytest.param(Pace(NOON + NEARLY), id="to the microsecond"),
        pytest.param(Pace(NOON, 1.21, NOON - HOUR, CLUB.id), id="Telegram said too fast, about the club"),
    ],
)
async def test_the_pace_of_all_comes_back_as_saved(store: SqlStore, pace: Pace) -> None:
    for saved in (Pace(NOON, 8.0, NOON, ANNA.id), pace):
        async with store.transaction() as tx:
            await tx.save_paces(saved, {})
    async with store.transaction() as tx:
        assert await tx.pace() == pace


async def test_before_anything_was_saved_there_is_no_haste(store: SqlStore) -> None:
    async with store.transaction() as tx:
        assert await tx.pace() == Pace()
        assert await tx.pace() == Pace()


@pytest.mark.parametrize(
    "pace",
    [
        pytest.param(ChatPace(), id="nothing yet"),
        pytest.param(ChatPace((NOON, NOON + NEARLY), NOON + HOUR), id="two messages, and a wait"),
        pytest.param(ChatPace(tuple(NOON + n * MINUTE for n in range(20))), id="a full window"),
    ],
)
async def test_a_chats_pace_comes_back_as_saved_and_with_its_parcels(store: SqlStore, pace: ChatPace) -> None:
    town = Town(store)
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("a"), to={subscription: ANNA.id})
    async with store.transaction() as tx:
        await tx.save_paces(Pace(), {ANNA.id: ChatPace((NOON,), NOON + 9 * HOUR)})
        await tx.save_paces(Pace(), {ANNA.id: pace, CLUB.id: pace})
        assert await tx.chat_pace(ANNA.id) == pace
        assert await tx.chat_pace(CLUB.id) == ChatPace()  # never met
    assert (await town.must_claim(NOON + HOUR)).pace == pace


async def test_a_chats_pace_stays_when_its_facts_are_saved_and_when_it_moves(store: SqlStore) -> None:
    pace = ChatPace((NOON,), NOON + HOUR)
    async with store.transaction() as tx:
        await tx.save_chat(CLUB)
        await tx.save_paces(Pace(), {CLUB.id: pace})
        await tx.save_chat(CLUB)
        await tx.move_chat(CLUB.id, -1007)
        assert await tx.chat_pace(-1007) == pace


@pytest.mark.parametrize(
    ("asked", "waits_until"),
    [
        pytest.param(NOON + MINUTE, NOON + HOUR, id="a shorter wait does not end the longer one"),
        pytest.param(NOON + 2 * HOUR, NOON + 2 * HOUR, id="a longer wait is kept"),
        pytest.param(None, NOON + HOUR, id="no wait changes nothing"),
    ],
)
async def test_a_send_may_make_its_chat_wait(store: SqlStore, asked: object, waits_until: object) -> None:
    town = Town(store)
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("a"), to={subscription: ANNA.id})
    parcel = await town.must_claim()
    async with store.transaction() as tx:
        await tx.save_paces(Pace(), {ANNA.id: ChatPace((NOON,), NOON + HOUR)})
    await town.record(tried(parcel, RowState.WAITING, chat_not_before=asked))
    async with store.transaction() as tx:
        assert (await tx.chat_pace(ANNA.id)) == ChatPace((NOON,), waits_until)  # type: ignore[arg-type]
