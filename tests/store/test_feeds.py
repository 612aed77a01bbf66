"""What is kept of feeds, and all that a check changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.model import (
    Article,
    Beat,
    Chat,
    Delivery,
    DueFeed,
    Enclosure,
    Host,
    Length,
    Memory,
    PollOutcome,
    Problem,
    Reader,
    SeenKey,
    Streak,
    Terms,
    Validators,
    Wishes,
)
from bot.store import SqlStore
from bot.store.tables import feed_addresses, feeds
from tests.store.town import ANNA, CLUB, DAY, HERALD, HOUR, MINUTE, NOON, Town, article, checked, keys, rows

RICH = Article(
    key="rich",
    title="Tïtle – 標題 🎈",
    url="https://herald.example/1",
    summary="Two sentences. Here.",
    image="https://herald.example/1.jpg",
    published=datetime.fromisoformat("2026-02-28T23:59:59.123456+00:00"),
    author="Bo",
    tags=("a", "b"),
    text="The whole text.",
    language="zh-cn",
    enclosures=(
        Enclosure("https://herald.example/1.mp3", "audio/mpeg", 12),
        Enclosure("https://x.example/", ""),
    ),
)


@pytest.fixture
def town(store: SqlStore) -> Town:
    return Town(store)


async def claim(store: SqlStore, at: datetime, limit: int = 10) -> tuple[int, ...]:
    async with store.transaction() as tx:
        return tuple(feed.id for feed in await tx.claim_due_feeds(at, until=at + 5 * MINUTE, limit=limit))


async def test_a_first_read_is_kept_whole(store: SqlStore, town: Town) -> None:
    kept = Validators('W/"a"', "Sun, 01 Mar 2026 11:00:00 GMT", "hash")
    seen = (SeenKey("g:1", "s:1"), SeenKey("g:2", None))
    feed_id = await town.feed(title="Herald", policy="guid", validators=kept, seen=seen)
    memory = Memory("guid", frozenset({"g:1", "g:2"}), frozenset({"s:1"}))
    host = Host("herald.example")
    assert await store.feed(feed_id) == DueFeed(
        feed_id, HERALD, "Herald", kept, 0, memory, host, checked_at=NOON
    )


async def test_an_address_known_already_gives_its_feed_left_as_it_is(store: SqlStore, town: Town) -> None:
    first = await town.feed(title="Herald")
    again = await town.feed(title="Another title", seen=(SeenKey("new", None),))
    feed = await store.feed(first)
    assert again == first
    assert feed is not None
    assert (feed.title, feed.memory) == ("Herald", Memory(None))


async def test_a_claim_brings_what_a_check_needs_but_not_the_memory(store: SqlStore, town: Town) -> None:
    """It is read for each feed and may be thousands of keys; nearly all feeds turn out to be unchanged."""
    kept = Validators('W/"a"', "Sun, 01 Mar 2026 11:00:00 GMT", "hash")
    feed_id = await town.feed(title="Herald", validators=kept, seen=(SeenKey("g:1", None),))
    await town.follow(ANNA, feed_id)
    feed = await store.feed(feed_id)
    assert feed is not None
    async with store.transaction() as tx:
        claimed = await tx.claim_due_feeds(NOON + HOUR, until=NOON + 2 * HOUR, limit=9)
    assert claimed == (replace(feed, memory=None),)


async def test_a_feed_is_found_by_its_address_and_by_those_it_moved_from(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    old = sa.insert(feed_addresses).values(url="http://herald.example/old", feed_id=feed_id)
    async with store.transaction() as tx:
        await rows(tx, old)
    assert await store.feed_by_url(HERALD) == feed_id
    assert await store.feed_by_url("http://herald.example/old") == feed_id
    assert await town.feed("http://herald.example/old") == feed_id
    assert await store.feed_by_url("https://elsewhere.example/") is None


async def test_what_is_not_there_is_none_or_nothing(store: SqlStore) -> None:
    assert await store.feed(404) is None
    assert await store.readers(404) == ()
    assert await store.newest_article(404) is None
    async with store.transaction() as tx:
        assert await tx.record_poll(checked(404, seen=(SeenKey("k", None),))) == frozenset()


async def test_claims_take_followed_due_feeds_longest_due_first(store: SqlStore, town: Town) -> None:
    later = await town.feed("https://later.example/", next_check_at=NOON - MINUTE)
    first = await town.feed("https://first.example/", next_check_at=NOON - HOUR)
    not_due = await town.feed("https://not-due.example/", next_check_at=NOON + MINUTE)
    await town.feed("https://unfollowed.example/", next_check_at=NOON - DAY)
    for feed_id in (later, first, not_due):
        await town.follow(ANNA, feed_id)
    assert await claim(store, NOON) == (first, later)


async def test_a_claim_takes_no_more_than_asked(store: SqlStore, town: Town) -> None:
    ids = [await town.feed(f"https://{n}.example/", next_check_at=NOON + n * MINUTE) for n in range(3)]
    for feed_id in ids:
        await town.follow(ANNA, feed_id)
    assert await claim(store, NOON + HOUR, limit=2) == tuple(ids[:2])
    assert await claim(store, NOON + HOUR, limit=2) == (ids[2],)


async def test_a_living_lease_keeps_others_away_until_it_ends(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed(next_check_at=NOON)
    await town.follow(ANNA, feed_id)
    assert await claim(store, NOON) == (feed_id,)
    assert await claim(store, NOON + 4 * MINUTE) == ()
    assert await claim(store, NOON + 5 * MINUTE) == (feed_id,)


async def test_a_recorded_check_ends_the_lease_and_sets_the_next(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed(next_check_at=NOON)
    await town.follow(ANNA, feed_id)
    await claim(store, NOON)
    async with store.transaction() as tx:
        await tx.record_poll(checked(feed_id, next_check_at=NOON + MINUTE))
    assert await claim(store, NOON + MINUTE - MINUTE / 60) == ()
    assert await claim(store, NOON + MINUTE) == (feed_id,)


async def test_nobody_follows_it_any_more_so_it_rests_until_somebody_does(
    store: SqlStore, town: Town
) -> None:
    feed_id = await town.feed(next_check_at=NOON)
    subscription = await town.follow(ANNA, feed_id)
    async with store.transaction() as tx:
        await tx.unsubscribe(subscription)
        await tx.record_poll(checked(feed_id))  # a check that was under way
    assert await claim(store, NOON + DAY) == ()
    await town.follow(CLUB, feed_id)
    assert await claim(store, NOON + DAY + MINUTE) == (feed_id,)


async def test_a_failure_is_told_and_a_success_clears_it(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed(title="Herald")
    subscription = await town.follow(ANNA, feed_id)
    problem = Problem("fetch.too_large", {"host": "herald.example"})
    failed: dict[str, Any] = {"failures": 3, "problem": problem}
    for facts, told in [(failed, problem), ({}, None)]:
        async with store.transaction() as tx:
            await tx.record_poll(checked(feed_id, **facts))
        followed = await store.subscription(subscription)
        feed = await store.feed(feed_id)
        assert followed
        assert feed
        assert (followed.problem, feed.failures) == (told, facts.get("failures", 0))
        assert feed.title == "Herald"


async def test_a_documents_terms_hold_until_another_says_otherwise(store: SqlStore, town: Town) -> None:
    terms = Terms(90 * MINUTE, frozenset({0, 23}), frozenset({6}))
    feed_id = await town.feed(terms=terms)
    for said, held in [(None, terms), (Terms(), Terms()), (None, Terms())]:
        async with store.transaction() as tx:
            await tx.record_quiet_polls([checked(feed_id, terms=said)])
        feed = await store.feed(feed_id)
        assert feed
        assert feed.terms == held


BROKEN = checked(
    failures=3, problem=Problem("fetch.timeout"), streak=Streak(NOON - DAY, gone_since=NOON, kills=1, told=2)
)
BROUGHT: dict[str, dict[str, Any]] = {
    "nothing new": {},
    "other validators": {"validators": Validators('"2"', "today", "abc")},
    "an empty title, which is one": {"title": ""},
    "a failure": {"failures": 1, "problem": Problem("fetch.timeout"), "streak": Streak(NOON)},
    "a rhythm": {"beat": Beat(3.0, NOON)},
    "terms": {"terms": Terms(HOUR)},
    "that it is put aside": {"next_check_at": None},
}


@pytest.mark.parametrize(
    "before", [pytest.param(None, id="it was well"), pytest.param(BROKEN, id="it was broken")]
)
async def test_a_check_leaves_the_same_written_alone_or_with_others(
    store: SqlStore, town: Town, before: PollOutcome | None
) -> None:
    """Those with others have a shorter way, and must not forget anything on it."""
    left: dict[str, list[Any]] = {}
    kept = [column for column in feeds.c if column.name not in {"id", "url"}]
    for name, facts in BROUGHT.items():
        pair = [await town.feed(f"{HERALD}/{name}/{way}", title="Herald") for way in ("alone", "with others")]
        async with store.transaction() as tx:
            if before:
                for feed_id in pair:
                    await tx.record_poll(replace(before, feed_id=feed_id))
            await tx.record_poll(checked(pair[0], NOON + HOUR, **facts))
            await tx.record_quiet_polls([checked(pair[1], NOON + HOUR, **facts)])
            left[name] = await rows(tx, sa.select(*kept).where(feeds.c.id.in_(pair)))
    assert {name: alone for name, (alone, _) in left.items()} == {
        name: others for name, (_, others) in left.items()
    }


async def test_an_article_is_kept_as_it_was(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("older"), RICH, to={subscription: ANNA.id})
    assert await store.newest_article(feed_id) == RICH
    assert [(await town.must_claim()).rows[0].article] == [article("older")]


async def test_an_article_that_nobody_is_owed_is_kept_with_the_beginning_of_its_text(
    store: SqlStore, town: Town
) -> None:
    """Filters are tried on it; nobody is sent it."""
    feed_id = await town.feed(articles=(article("short", text="The whole text."),))
    assert await store.newest_article(feed_id) == article("short", text="The whole text.")
    await town.publish(feed_id, article("long", text="x" * 4001), to={})
    assert await store.newest_article(feed_id) == article("long", text="x" * 4000)


async def test_past_articles_come_newest_first(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    await town.publish(feed_id, article("a"), article("b"), article("c", text="t"), to={})
    assert await store.past_articles(feed_id, 2) == (article("c", text="t"), article("b"))


async def test_the_same_outcome_twice_owes_nothing_twice(store: SqlStore, town: Town) -> None:
    """A worker may lose the answer to its commit and say it all again."""
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    for _ in range(2):
        owed = await town.publish(feed_id, article("a"), article("b"), to={subscription: ANNA.id})
        assert owed == {ANNA.id}
    assert await town.drain() == ["a", "b"]
    await town.publish(feed_id, article("a"), article("b"), to={subscription: ANNA.id})
    assert await town.drain() == []


async def test_who_left_while_the_feed_was_read_is_owed_nothing_and_spoils_nothing(
    store: SqlStore, town: Town
) -> None:
    feed_id = await town.feed()
    stays, leaves = await town.follow(ANNA, feed_id), await town.follow(CLUB, feed_id)
    async with store.transaction() as tx:
        await tx.unsubscribe(leaves)
    assert await town.publish(feed_id, article("a"), to={stays: ANNA.id, leaves: CLUB.id}) == {ANNA.id}


async def test_who_moved_while_the_feed_was_read_is_owed_under_the_new_id(
    store: SqlStore, town: Town
) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(CLUB, feed_id)
    async with store.transaction() as tx:
        await tx.move_chat(CLUB.id, -200)
    assert await town.publish(feed_id, article("a"), to={subscription: CLUB.id}) == {-200}
    assert await town.drain() == ["a"]


async def test_keys_grow_and_second_names_are_learned(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed(seen=(SeenKey("a", None), SeenKey("b", "old")))
    async with store.transaction() as tx:
        seen = (SeenKey("a", "now"), SeenKey("b", None), SeenKey("c", None), SeenKey("c", "twice"))
        await tx.record_poll(checked(feed_id, seen=seen))
    feed = await store.feed(feed_id)
    assert feed
    assert feed.memory is not None
    assert feed.memory.keys == {"a", "b", "c"}
    assert feed.memory.second_keys == {"now", "old", "twice"}


async def test_characters_that_databases_refuse_do_not_stop_a_feed(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    strange = article("k\0\ud800", title="A\0B\ud83d", text="\udfff", tags=("\0", "\ud800"))
    assert await town.publish(feed_id, strange, to={subscription: ANNA.id}) == {ANNA.id}
    (row,) = (await town.must_claim()).rows
    assert (row.article.key, row.article.title, row.article.text) == ("k?", "AB?", "?")


@pytest.mark.parametrize(
    ("of_chat", "own", "full"),
    [
        pytest.param(None, None, False, id="nobody said so"),
        pytest.param(Length.FULL, None, True, id="its chat does"),
        pytest.param(Length.FULL, Length.SHORT, False, id="it says otherwise"),
        pytest.param(None, Length.FULL, True, id="it alone does"),
    ],
)
async def test_a_reader_reads_in_full(
    store: SqlStore, town: Town, of_chat: Length | None, own: Length | None, full: bool
) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(replace(ANNA, wishes=Wishes(length=of_chat)), feed_id)
    async with store.transaction() as tx:
        await tx.set_wishes(Wishes(length=own), subscription)
    assert await store.readers(feed_id) == (Reader(subscription, ANNA.id, "", full=full),)


async def test_a_feed_with_thousands_of_articles_and_readers_is_written(store: SqlStore, town: Town) -> None:
    """More than one statement may name at once."""
    feed_id = await town.feed()
    async with store.transaction() as tx:
        for n in range(1, 702):
            await tx.save_chat(Chat(n, ANNA.kind, "", "en"))
        readers = {await tx.subscribe(n, None, feed_id, NOON): n for n in range(1, 702)}
    assert await store.readers(feed_id) == tuple(Reader(s, chat, "") for s, chat in readers.items())
    articles = tuple(article(f"k{n}") for n in range(601))
    first = next(iter(readers.items()))
    owed = [
        *(Delivery(one.key, *first) for one in articles),
        *(Delivery("k600", *one) for one in readers.items()),
    ]
    async with store.transaction() as tx:
        chats = await tx.record_poll(checked(feed_id, articles=articles, deliveries=tuple(owed)))
    assert len(chats) == 701
    assert await town.states() == {"waiting": 601 + 701 - 1}
    parcels = await town.claim_all(limit=999, backlog=999)
    assert [keys(parcel) for parcel in parcels] == ["k0"] + 700 * ["k600"]
