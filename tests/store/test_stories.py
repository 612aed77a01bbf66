"""What is kept of an article's way to a chat."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import RowState, Story
from bot.store import SqlStore
from tests.store.town import ANNA, CLUB, DAY, HOUR, NOON, Town, article, tried


@pytest.fixture
def town(store: SqlStore) -> Town:
    return Town(store)


async def test_articles_are_found_by_message_by_link_and_by_being_new(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed(articles=(article("past", url="https://herald.example/past"),))
    subscription = await town.follow(ANNA, feed_id)
    await town.follow(CLUB, feed_id)
    news = (article("one", url="https://herald.example/1"), article("two"), article("three"))
    await town.publish(feed_id, *news, to={subscription: ANNA.id}, at=NOON + HOUR)
    for number in (41, 42):
        sent = tried(await town.must_claim(NOON + DAY), RowState.SENT, NOON + DAY, message_ids=(number, 99))
        await town.record(sent)

    def keys(stories: tuple[Story, ...]) -> list[str]:
        return [one.article.key for one in stories]

    assert keys(await store.stories(ANNA.id, limit=9)) == ["three", "two", "one"]
    assert keys(await store.stories(ANNA.id, limit=9, message_id=41)) == ["one"]
    assert keys(await store.stories(ANNA.id, limit=9, message_id=99)) == ["two", "one"]
    assert keys(await store.stories(CLUB.id, limit=9, message_id=41)) == [], "another chat's messages"
    past = await store.stories(ANNA.id, limit=9, links=("https://herald.example/past", "https://no.example"))
    assert keys(past) == ["past"]
    (one,) = await store.stories(ANNA.id, limit=9, links=("https://herald.example/1",))
    assert (one.state, one.owed_at, one.closed_at, one.attempts) == (
        RowState.SENT,
        NOON + HOUR,
        NOON + DAY,
        1,
    )
    (same,) = await store.stories(CLUB.id, limit=9, links=("https://herald.example/1",))
    assert (same.state, same.known_at, same.followed_since) == (None, NOON + HOUR, NOON)


async def test_readers_come_with_what_their_chat_mutes_and_follows(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    await town.follow(replace(ANNA, mute="golf", follows=(("tea", "tea"), ("rust", "crate"))), feed_id)
    await town.follow(CLUB, feed_id)
    assert [(one.mute, one.follows) for one in await store.readers(feed_id)] == [
        ("golf", ("tea", "crate")),
        ("", ()),
    ]
