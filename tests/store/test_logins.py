"""A feed that is read with a login is one chat's own: nobody else finds it, reads it, or is joined with it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from bot.model import Chat, ChatKind, Login, SeenKey
from bot.store import SqlStore
from bot.store.tables import feeds
from tests.store.town import ANNA, HERALD, NOON, Town, article, checked, rows

BERT = Chat(id=8, kind=ChatKind.PRIVATE, title="Bert", language="en")
COOKIE = {"Cookie": "session=s3cret"}
ELSEWHERE = "https://elsewhere.example/feed"


async def known(store: SqlStore, feed_id: int) -> tuple[set[str], Mapping[str, str]]:
    feed = await store.feed(feed_id)
    assert feed
    assert feed.memory
    return set(feed.memory.keys), feed.headers


async def log_in(store: SqlStore, feed_id: int, headers: Mapping[str, str] = COOKIE) -> int:
    async with store.transaction() as tx:
        return await tx.log_in(feed_id, Login(ANNA.id, headers), NOON)


async def shared(store: SqlStore) -> tuple[Town, int, int, int]:
    """ANNA and BERT follow the Herald, which knows "a"."""
    town = Town(store)
    feed_id = await town.feed(seen=(SeenKey("a", "second"),), policy="guid", title="Herald")
    return town, feed_id, await town.follow(ANNA, feed_id), await town.follow(BERT, feed_id)


async def test_a_login_parts_the_chat_from_the_others(store: SqlStore) -> None:
    """Its copy knows what was seen, so nothing is announced twice, and is due at once, so nothing is missed."""
    _, public, annas, berts = await shared(store)
    own = await log_in(store, public)
    assert own != public
    assert await known(store, own) == ({"a"}, COOKIE)
    assert await known(store, public) == ({"a"}, {})
    assert [one.subscription_id for one in await store.readers(own)] == [annas]
    assert [one.subscription_id for one in await store.readers(public)] == [berts]
    (mine,), (theirs,) = await store.subscriptions(ANNA.id), await store.subscriptions(BERT.id)
    assert (mine.private, mine.feed_title) == (True, "Herald")
    assert not theirs.private
    async with store.transaction() as tx:
        due = await tx.claim_due_feeds(NOON, until=NOON, limit=9)
    assert [feed.id for feed in due] == [own]


async def test_only_its_own_chat_finds_a_private_feed(store: SqlStore) -> None:
    _, public, _, _ = await shared(store)
    own = await log_in(store, public)
    assert await store.feed_by_url(HERALD, ANNA.id) == own
    assert await store.feed_by_url(HERALD, BERT.id) == public
    assert await store.feed_by_url(HERALD) == public


async def test_a_feed_that_is_private_from_the_start_is_not_everybodys(store: SqlStore) -> None:
    town = Town(store)
    async with store.transaction() as tx:
        own = await tx.add_feed(HERALD, checked(), login=Login(ANNA.id, COOKIE))
    assert await store.feed_by_url(HERALD) is None
    public = await town.feed()
    assert public != own
    assert await store.feed_by_url(HERALD, ANNA.id) == own


async def test_a_new_login_takes_the_old_ones_place(store: SqlStore) -> None:
    _, public, _, _ = await shared(store)
    own = await log_in(store, public)
    assert await log_in(store, own, {"User-Agent": "Anna"}) == own
    assert await known(store, own) == ({"a"}, {"User-Agent": "Anna"})


async def test_who_logs_out_is_with_the_others_again(store: SqlStore) -> None:
    _, public, annas, berts = await shared(store)
    own = await log_in(store, public)
    async with store.transaction() as tx:
        assert await tx.log_out(own, ANNA.id, NOON) == public
    assert [one.subscription_id for one in await store.readers(public)] == [annas, berts]
    assert await known(store, own) == ({"a"}, {}), "the login is forgotten"
    assert await store.feed_by_url(HERALD, ANNA.id) == public


async def test_what_was_seen_with_the_login_is_not_announced_again_without_it(store: SqlStore) -> None:
    """Nobody else follows the feed, so what this chat has seen is what its readers have seen."""
    town = Town(store)
    public = await town.feed(seen=(SeenKey("a", None),), policy="guid")
    annas = await town.follow(ANNA, public)
    own = await log_in(store, public)
    await town.publish(own, article("b"), to={annas: ANNA.id})
    async with store.transaction() as tx:
        assert await tx.log_out(own, ANNA.id, NOON) == public
    assert (await known(store, public))[0] == {"a", "b"}
    assert await town.drain() == ["b"], "what was owed before is still owed"
    assert await store.newest_article(public) is None, "what was read with a login is no sample for others"


@pytest.mark.parametrize("chat", [ANNA, BERT], ids=["to the copy", "to the others' feed"])
async def test_a_check_that_was_under_way_owes_nothing_twice(store: SqlStore, chat: Chat) -> None:
    """It read the feed before the login came; the copy does not know its articles, and will announce them itself."""
    town, public, annas, berts = await shared(store)
    await log_in(store, public)
    owed = await town.publish(public, article("b"), to={annas: ANNA.id, berts: BERT.id})
    assert (chat.id in owed) == (chat is BERT)


async def test_the_login_goes_with_the_subscription(store: SqlStore) -> None:
    _, public, annas, _ = await shared(store)
    own = await log_in(store, public)
    async with store.transaction() as tx:
        await tx.unsubscribe(annas)
        assert await rows(tx, sa.select(feeds.c.id).where(feeds.c.headers.is_not(sa.null()))) == []
    assert await known(store, own) == ({"a"}, {})
    assert await store.feed_by_url(HERALD, ANNA.id) == public


async def test_an_own_feed_that_was_left_can_come_back(store: SqlStore) -> None:
    town, public, annas, _ = await shared(store)
    own = await log_in(store, public)
    async with store.transaction() as tx:
        await tx.unsubscribe(annas)
    again = await town.follow(ANNA, public)
    await town.publish(public, article("c"), to={again: ANNA.id})
    assert await log_in(store, public) == own
    assert await known(store, own) == ({"a", "c"}, COOKIE)


@pytest.mark.parametrize(
    ("to", "stands_at"),
    [
        pytest.param("https://herald.example/new", "https://herald.example/new", id="on its own host"),
        pytest.param(ELSEWHERE, HERALD, id="never to another host: its login would go there"),
    ],
)
async def test_a_private_feed_moves(store: SqlStore, to: str, stands_at: str) -> None:
    """It leaves no address behind: that would be for everybody to find."""
    _, public, _, _ = await shared(store)
    own = await log_in(store, public)
    async with store.transaction() as tx:
        await tx.record_poll(checked(own, moved_to=to))
    assert (await store.subscriptions(ANNA.id))[0].feed_url == stands_at
    assert await store.feed_by_url(HERALD) == public
    assert await store.feed_by_url(to) is None


async def test_a_private_feed_is_never_made_one_with_another(store: SqlStore) -> None:
    """Not even one whose login was forgotten while it was being read."""
    town, public, annas, berts = await shared(store)
    own = await log_in(store, public)
    await town.publish(own, article("paid"), to={annas: ANNA.id})
    other = await town.feed(ELSEWHERE)
    async with store.transaction() as tx:
        await tx.record_merger(
            checked(own, moved_to=ELSEWHERE), checked(other, seen=(SeenKey("paid", None),))
        )
        await tx.log_out(own, ANNA.id, NOON)
        await tx.record_merger(checked(own, moved_to=ELSEWHERE), checked(other))
    assert await store.newest_article(other) is None
    assert await known(store, other) == (set(), {})
    assert [one.subscription_id for one in await store.readers(public)] == [annas, berts]


async def test_a_public_feed_moves_to_where_a_private_one_stands(store: SqlStore) -> None:
    _, public, _, _ = await shared(store)
    async with store.transaction() as tx:
        own = await tx.add_feed(ELSEWHERE, checked(), login=Login(ANNA.id, COOKIE))
        await tx.record_poll(checked(public, moved_to=ELSEWHERE))
    assert await store.feed_by_url(ELSEWHERE, ANNA.id) == own
    assert await store.feed_by_url(HERALD) == await store.feed_by_url(ELSEWHERE) == public
