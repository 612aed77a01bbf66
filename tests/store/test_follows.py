"""Follows go along with the chats and feeds that they hang on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Change, ChangeKind, Delivery, Follow, Login, RowState, SeenKey
from bot.store import SqlStore
from tests.store.town import ANNA, CLUB, DAY, HERALD, HOUR, MINUTE, NOON, Town, article, checked, tried

NEW_CLUB = -100777
STORMS = Follow(CLUB.id, "storms", "storm", CLUB.id, CLUB.id, 5, ANNA.id)
MINE = Follow(ANNA.id, "storms", "storm", CLUB.id, ANNA.id, None, ANNA.id)


@pytest.fixture
def town(store: SqlStore) -> Town:
    return Town(store)


async def kept(store: SqlStore, follow: Follow, *, chats: bool = True) -> Follow:
    """As it is kept, between two chats that are known."""
    async with store.transaction() as tx:
        if chats:
            await tx.save_chat(ANNA)
            await tx.save_chat(CLUB)
        await tx.save_follow(follow, NOON)
    return (await store.follows(follow.chat_id))[-1]


async def found(town: Town, feed_id: int, follow: Follow, *keys: str) -> None:
    """The feed has these, and the follow wants them."""
    owed = tuple(Delivery(key, None, follow.to_id, follow_id=follow.id) for key in keys)
    outcome = checked(
        feed_id,
        articles=tuple(article(key) for key in keys),
        seen=tuple(SeenKey(key, None) for key in keys),
        deliveries=owed,
    )
    async with town.store.transaction() as tx:
        await tx.record_poll(outcome)


@pytest.mark.parametrize("both", [False, True], ids=["met in passing", "follows feeds already"])
async def test_a_group_that_becomes_a_supergroup_keeps_its_follows_and_its_members_keep_theirs(
    store: SqlStore, town: Town, both: bool
) -> None:
    feed_id = await town.feed()
    await town.follow(CLUB, feed_id)
    own, mine = await kept(store, STORMS), await kept(store, MINE)
    if both:
        await town.follow(replace(CLUB, id=NEW_CLUB), feed_id)
    await found(town, feed_id, own, "storm")
    async with store.transaction() as tx:
        await tx.move_chat(CLUB.id, NEW_CLUB)
    assert await store.follows(NEW_CLUB) == (
        replace(own, chat_id=NEW_CLUB, over_id=NEW_CLUB, to_id=NEW_CLUB),
    )
    assert await store.follows(ANNA.id) == (replace(mine, over_id=NEW_CLUB, other="Club"),)
    assert [(one.chat_id, one.follow_id) for one in await store.readers(feed_id) if one.follow_id] == [
        (NEW_CLUB, own.id),
        (ANNA.id, mine.id),
    ]
    parcel = await town.must_claim()
    assert (parcel.chat.id, parcel.thread_id, parcel.rows[0].filter) == (NEW_CLUB, 5, "storm")


async def test_of_two_chats_that_become_one_the_new_ones_follow_of_a_name_holds(
    store: SqlStore, town: Town
) -> None:
    feed_id = await town.feed()
    new = replace(CLUB, id=NEW_CLUB)
    await town.follow(CLUB, feed_id)
    await town.follow(new, feed_id)
    await kept(store, STORMS)
    theirs = await kept(
        store, replace(STORMS, chat_id=new.id, over_id=new.id, to_id=new.id, filter="gale"), chats=False
    )
    async with store.transaction() as tx:
        await tx.move_chat(CLUB.id, new.id)
    assert await store.follows(new.id) == (theirs,)


async def test_what_two_feeds_had_comes_once_when_they_become_one(store: SqlStore, town: Town) -> None:
    old, new = await town.feed(), await town.feed("https://herald.example/new")
    await town.follow(CLUB, old)
    await town.follow(CLUB, new)
    mine = await kept(store, MINE)
    await found(town, old, mine, "storm", "gale")
    await found(town, new, mine, "storm")
    async with store.transaction() as tx:
        await tx.record_merger(checked(old, moved_to="https://herald.example/new"), checked(new))
    assert sorted(await town.drain()) == ["gale", "storm"]


async def test_what_a_burst_left_behind_is_let_go_follow_by_follow(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    await town.follow(CLUB, feed_id)
    mine, other = await kept(store, MINE), await kept(store, replace(MINE, name="gales"))
    owed = [
        Delivery(key, None, ANNA.id, behind=key == "one", more=key == "two", follow_id=one.id)
        for one in (mine, other)
        for key in ("one", "two")
    ]
    outcome = checked(feed_id, articles=(article("one"), article("two")), deliveries=tuple(owed))
    async with store.transaction() as tx:
        await tx.record_poll(outcome)
    offering = await town.must_claim()
    async with store.transaction() as tx:
        assert await tx.release_bursts(ANNA.id, offering.rows[0].id) == 1


async def test_an_undo_after_the_group_moved_puts_the_follow_where_the_group_is(
    store: SqlStore, town: Town
) -> None:
    await town.follow(CLUB, await town.feed())
    own = await kept(store, STORMS)
    async with store.transaction() as tx:
        change_id = await tx.remember(Change(CLUB.id, ChangeKind.FOLLOWED, NOON, count=0))
        await tx.drop_follow(own.id)
        await tx.move_chat(CLUB.id, NEW_CLUB)
    async with store.transaction() as tx:
        assert await tx.take_back(change_id, NOON + MINUTE)
    assert await store.follows(NEW_CLUB) == (
        replace(own, chat_id=NEW_CLUB, over_id=NEW_CLUB, to_id=NEW_CLUB),
    )


async def test_rights_are_looked_at_again_when_a_chat_refuses(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    await town.follow(ANNA, feed_id)
    sent_on = await kept(store, replace(STORMS, chat_id=ANNA.id, over_id=ANNA.id, thread_id=None))
    assert await store.unchecked_follows(NOON - DAY, 9) == ()
    await found(town, feed_id, sent_on, "storm")
    refused = tried(await town.must_claim(), RowState.WAITING, chat_rests=True, reason="kicked")
    await town.record(refused)
    assert await store.unchecked_follows(NOON - DAY, 9) == (sent_on,)
    async with store.transaction() as tx:
        await tx.note_right(sent_on.id, "follow.refused", NOON)
    assert await store.unchecked_follows(NOON + DAY, 9) == ()


async def test_what_a_group_reads_with_a_login_is_no_members_own(store: SqlStore, town: Town) -> None:
    secret = Login(CLUB.id, {"Cookie": "a=b"})
    async with store.transaction() as tx:
        await tx.save_chat(CLUB)
        feed_id = await tx.add_feed(HERALD, checked(), login=secret)
    await town.follow(CLUB, feed_id)
    own = await kept(store, STORMS)
    await kept(store, MINE)
    assert [one.follow_id for one in await store.readers(feed_id)] == [None, own.id]


async def test_topics_of_the_own_chat_need_no_right(store: SqlStore, town: Town) -> None:
    await town.feed(HERALD)
    await kept(store, STORMS)
    assert await store.unchecked_follows(NOON + HOUR, 9) == ()
