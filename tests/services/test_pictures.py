"""Alerts with pictures: what is tried in which turn, and what an album counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import (
    Alert,
    Chat,
    ChatKind,
    Entry,
    FeedRead,
    Look,
    ParsedFeed,
    Pictures,
    Refused,
    Validators,
    Wishes,
)
from bot.services.subscribing import Subscribed
from tests.services.stage import ADA, URL, Stage, stage

TOWN = Chat(-100, ChatKind.GROUP, "Town", "en", wishes=Wishes(Pictures.ALBUM))
MINUTE = timedelta(minutes=1)


def shots(place: int, many: int) -> tuple[str, ...]:
    return tuple(f"https://coast.example/{place}/{name}-harbour.jpg" for name in "abcdefghij"[:many])


def feed(*galleries: int) -> FeedRead:
    """One entry for each number, with so many pictures; the newest last in the row."""
    entries = tuple(
        Entry(
            guid=f"g{place}",
            title=f"Harbour {place}",
            image=shots(place, many)[0] if many else None,
            images=shots(place, many),
        )
        for place, many in reversed(list(enumerate(galleries)))
    )
    parsed = ParsedFeed("Coast News", "https://coast.example/", "en", entries)
    return FeedRead(parsed, URL, Validators(etag=f'"{galleries}"'), fresh_for=None)


@pytest.fixture
async def feed_id(life: Stage) -> int:
    life.reader.web[URL] = feed(0)
    await life.subscriptions.meet(TOWN)
    result = await life.subscriptions.subscribe(TOWN, None, URL)
    assert isinstance(result, Subscribed)
    return result.subscription.feed_id


def looks(life: Stage) -> list[tuple[Look, int]]:
    """What was tried, and with how many pictures."""
    return [(post.look, len(post.pictures)) for _, _, post in life.messenger.tried if isinstance(post, Alert)]


async def test_an_article_whose_pictures_are_refused_arrives_in_a_plainer_look(
    life: Stage, feed_id: int
) -> None:
    life.reader.web[URL] = feed(0, 3)
    life.messenger.answers = [
        Refused('failed to send message #2 with the error message "WEBPAGE_CURL_FAILED"'),
        Refused("no picture of it could be fetched"),
    ]
    await life.round(feed_id)
    assert looks(life) == [(Look.ADDRESSES, 3), (Look.UPLOADS, 3), (Look.CARD, 1)]
    assert life.messenger.sent == [(TOWN.id, "Harbour 1")]


async def test_what_was_refused_is_not_tried_again_after_a_restart(life: Stage, feed_id: int) -> None:
    life.reader.web[URL] = feed(0, 3)
    life.messenger.answers = [Refused("failed to get HTTP URL content")]
    life.messenger.after_try = life.delivery.stop
    await life.round(feed_id)
    again = stage(life.store, life.clock)
    await again.delivery.deliver()
    assert looks(life) == [(Look.ADDRESSES, 3)]
    assert looks(again) == [(Look.UPLOADS, 3)]


async def test_an_album_waits_until_the_group_has_room_for_all_of_it(life: Stage, feed_id: int) -> None:
    """Twenty a minute, one of them kept for answers: after ten pictures there is room for nine."""
    life.reader.web[URL] = feed(0, 10, 10, 1)
    began = life.clock.now()
    await life.round(feed_id)
    assert [title for _, title in life.messenger.sent] == ["Harbour 1"]
    while len(life.messenger.sent) < 3 and life.clock.now() < began + 3 * MINUTE:
        life.clock.advance(timedelta(seconds=1))
        await life.delivery.deliver()
    assert [title for _, title in life.messenger.sent] == ["Harbour 1", "Harbour 2", "Harbour 3"]
    assert began + MINUTE < life.clock.now() < began + 2 * MINUTE


async def test_the_reader_may_change_their_mind_while_it_waits(life: Stage, feed_id: int) -> None:
    life.reader.web[URL] = feed(0, 10, 10)
    await life.round(feed_id)
    (own,) = await life.subscriptions.of(TOWN.id)
    await life.subscriptions.show(own, Wishes(Pictures.NONE))
    life.clock.advance(2 * MINUTE)
    await life.delivery.deliver()
    assert looks(life) == [(Look.ADDRESSES, 10), (Look.TEXT, 0)]


async def test_a_card_is_what_is_shown_unasked(life: Stage) -> None:
    life.reader.web[URL] = feed(0)
    feed_id = await life.follow(ADA)
    life.reader.web[URL] = feed(0, 3)
    await life.round(feed_id)
    assert looks(life) == [(Look.CARD, 1)]
