"""Follows whose matches go to a place of their own: nothing is lost, nothing doubles, rights that end are told once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.model import Chat, ChatGone, ChatKind, Follow, Limit, Problem, RowState, Story, TopicGone
from bot.services.changes import Changes
from bot.services.follows import Follows
from bot.services.lapses import EVERY, Lapses
from bot.services.quotas import Quotas
from bot.services.road import PacedRoad
from tests.fakes import FakeJobs
from tests.services.stage import ADA, LIMITS, Stage

CLUB = Chat(-100200, ChatKind.GROUP, "Club", "en")
WALL = Chat(-100300, ChatKind.CHANNEL, "Wall", "en")
TOPIC = 7


@dataclass
class FakeRights:
    """Says what stands in the table: the hindrance by person and chat; nothing else hinders."""

    hindrances: dict[tuple[int, int], str | None] = field(default_factory=dict)
    asked: list[tuple[int, int, bool]] = field(default_factory=list)

    async def hindrance(self, user_id: int, chat_id: int, *, to_read: bool) -> str | None:
        self.asked.append((user_id, chat_id, to_read))
        return self.hindrances.get((user_id, chat_id), "")


def follows(life: Stage) -> Follows:
    return Follows(life.store, FakeJobs(), life.clock, Quotas(life.store, life.clock, {Limit.FOLLOWS: 2}))


def lapses(life: Stage, rights: FakeRights) -> Lapses:
    road = PacedRoad(life.store, life.clock, LIMITS)
    return Lapses(life.store, rights, life.messenger, road, life.clock)


async def sent_on(
    life: Stage, chat: Chat, to: Chat, filter_: str = "storm", topic: int | None = None
) -> Follow:
    """That chat follows `filter_` over its feeds, for another place."""
    await life.subscriptions.meet(to)
    known = await life.store.chat(chat.id)
    assert known
    new = Follow(chat.id, "weather", filter_, chat.id, to.id, topic, ADA.id)
    await follows(life).send_on(known, new)
    (kept,) = await life.store.follows(chat.id)
    return kept


async def quiet(life: Stage) -> int:
    """ADA follows the feed, which brings nothing by itself."""
    feed_id = await life.follow()
    (subscription,) = await life.subscriptions.of(ADA.id)
    await life.subscriptions.filter(subscription, "* -*")
    return feed_id


async def mine(life: Stage, group: Chat) -> Follow:
    """ADA has the storms of a group's feeds."""
    known = await life.subscriptions.meet(ADA)
    await follows(life).send_on(known, Follow(ADA.id, "weather", "storm", group.id, ADA.id, None, ADA.id))
    (kept,) = await life.store.follows(ADA.id)
    return kept


async def test_matches_go_there_and_everything_else_stays(life: Stage) -> None:
    feed_id = await life.follow()
    await sent_on(life, ADA, WALL)
    life.publish("storm", "calm", "tides")
    await life.round(feed_id)
    assert sorted(life.messenger.sent) == [(WALL.id, "storm"), (ADA.id, "calm"), (ADA.id, "storm")]


async def test_what_its_feed_holds_back_goes_there_all_the_same(life: Stage) -> None:
    feed_id = await quiet(life)
    await sent_on(life, ADA, WALL)
    life.publish("storm", "calm", "tides")
    await life.round(feed_id)
    assert life.messenger.sent == [(WALL.id, "storm")]


async def test_what_a_chat_mutes_never_comes_there(life: Stage) -> None:
    feed_id = await life.follow()
    await sent_on(life, ADA, WALL)
    await life.subscriptions.change(replace(WALL, mute="storm"))
    life.publish("storm", "tides")
    await life.round(feed_id)
    assert life.messenger.sent == [(ADA.id, "storm")]


async def test_a_place_that_has_the_article_anyway_does_not_get_it_twice(life: Stage) -> None:
    feed_id = await life.follow(WALL)
    await life.follow(ADA)
    await sent_on(life, ADA, WALL)
    known = await life.store.chat(ADA.id)
    assert known
    await follows(life).send_on(known, Follow(ADA.id, "twin", "storm", ADA.id, WALL.id, None, ADA.id))
    life.publish("storm", "tides")
    await life.round(feed_id)
    assert sorted(life.messenger.sent) == [(WALL.id, "storm"), (ADA.id, "storm")]


async def test_a_topic_gets_what_its_group_follows_for_it(life: Stage) -> None:
    feed_id = await life.follow(CLUB)
    await sent_on(life, CLUB, CLUB, topic=TOPIC)
    life.publish("storm", "tides")
    await life.polling.check(feed_id)
    await life.delivery.deliver()
    life.clock.advance(timedelta(minutes=1))
    await life.delivery.deliver()
    assert sorted(thread or 0 for _, thread, _ in life.messenger.tried) == [0, TOPIC]


async def test_it_is_owed_in_the_commit_that_makes_the_article_known(life: Stage) -> None:
    feed_id = await life.follow()
    await sent_on(life, ADA, WALL)
    life.publish("storm", "tides")
    await life.polling.check(feed_id)
    assert (await life.store.depth())[RowState.WAITING] == 2
    await life.polling.check(feed_id)
    assert (await life.store.depth())[RowState.WAITING] == 2


async def test_a_member_gets_alone_what_a_group_has(life: Stage) -> None:
    feed_id = await life.follow(CLUB)
    (subscription,) = await life.subscriptions.of(CLUB.id)
    await life.subscriptions.filter(subscription, "calm")
    await mine(life, CLUB)
    life.publish("storm", "calm", "tides")
    await life.round(feed_id)
    assert sorted(life.messenger.sent) == [(CLUB.id, "calm"), (ADA.id, "storm")]


async def test_a_changed_follow_floods_nothing_old_and_loses_nothing_that_waits(life: Stage) -> None:
    feed_id = await life.follow()
    kept = await sent_on(life, ADA, WALL)
    life.publish("storm", "calm", "tides")
    await life.polling.check(feed_id)
    known = await life.store.chat(ADA.id)
    assert known
    await follows(life).send_on(known, replace(kept, filter="calm"))
    await life.round(feed_id)
    await follows(life).drop(known, "weather")
    await life.round(feed_id)
    assert sorted(life.messenger.sent) == [(WALL.id, "storm"), (ADA.id, "calm"), (ADA.id, "storm")]


async def test_a_follow_that_ends_and_comes_back_is_the_same(life: Stage) -> None:
    await life.follow()
    kept = await sent_on(life, ADA, WALL)
    known = await life.store.chat(ADA.id)
    assert known
    await follows(life).follow(known, "Weather", "calm")
    changes = Changes(life.store, FakeJobs(), life.clock)
    last = await changes.last(ADA.id)
    assert last
    assert await changes.take_back(last)
    assert await life.store.follows(ADA.id) == (kept,)
    known = await life.store.chat(ADA.id)
    assert known
    assert known.follows == ()


async def test_more_than_a_chat_may_have_are_refused_and_a_change_is_not(life: Stage) -> None:
    await life.follow()
    kept = await sent_on(life, ADA, WALL)
    for name, refused in (("tea", None), ("TEA", None), ("more", Problem("limit.follows", {"limit": "2"}))):
        known = await life.store.chat(ADA.id)
        assert known
        assert await follows(life).follow(known, name, "tea") == refused
    known = await life.store.chat(ADA.id)
    assert known
    assert known.follows == (("TEA", "tea"),)
    assert await follows(life).send_on(known, replace(kept, name="more", id=0)) is not None
    assert await follows(life).send_on(known, replace(kept, filter="calm")) is None


# --- rights that end ---


async def test_a_right_that_ends_is_told_once_and_what_is_found_waits(life: Stage) -> None:
    feed_id = await life.follow()
    kept = await sent_on(life, ADA, WALL)
    rights = FakeRights({(ADA.id, WALL.id): "channel.you_must_post"})
    life.publish("storm", "tides")
    await life.polling.check(feed_id)
    life.clock.advance(EVERY + timedelta(minutes=1))
    assert await lapses(life, rights).look() == 1
    assert await lapses(life, rights).look() == 0
    life.publish("storm two", "storm", "tides")
    await life.round(feed_id)
    told = [words for chat, words in life.messenger.sent if words.startswith("follow.")]
    assert told == ["follow.lapsed_there"]
    assert [chat for chat, _ in life.messenger.sent if chat == WALL.id] == []
    known = await life.store.chat(ADA.id)
    assert known
    await follows(life).send_on(known, kept)  # the right is back, and the follow was sent again
    await life.delivery.deliver()
    assert [words for chat, words in life.messenger.sent if chat == WALL.id] == ["storm", "storm two"]


async def test_who_left_a_group_gets_nothing_more_of_it(life: Stage) -> None:
    feed_id = await life.follow(CLUB)
    await mine(life, CLUB)
    rights = FakeRights({(ADA.id, CLUB.id): "group.you_must_belong"})
    life.publish("storm", "tides")
    await life.polling.check(feed_id)  # was found while she belonged to it
    life.clock.advance(EVERY + timedelta(minutes=1))
    assert await lapses(life, rights).look() == 1
    assert rights.asked == [(ADA.id, CLUB.id, True)]
    life.publish("storm two", "storm", "tides")
    await life.round(feed_id)
    assert [words for chat, words in life.messenger.sent if chat == ADA.id] == ["follow.lapsed_mine", "storm"]


async def test_a_chat_that_refuses_us_is_told_of_at_once(life: Stage) -> None:
    feed_id = await quiet(life)
    await sent_on(life, ADA, WALL)
    life.messenger.answers = [ChatGone("bot was kicked from the channel chat")]
    life.publish("storm", "tides")
    await life.round(feed_id)
    rights = FakeRights()
    assert await lapses(life, rights).look() == 1
    assert rights.asked == []
    assert life.messenger.sent[-1] == (ADA.id, "follow.lapsed_there")
    assert (await life.store.depth())[RowState.HELD] == 1, "nothing is lost"


@pytest.mark.parametrize(
    ("after", "hindrance", "asked"),
    [
        pytest.param(timedelta(hours=23), "", 0, id="not yet"),
        pytest.param(timedelta(hours=25), "", 1, id="a day later, then not again"),
        pytest.param(timedelta(hours=25), None, 2, id="nobody could say: again with the next round"),
    ],
)
async def test_rights_are_looked_at_daily(
    life: Stage, after: timedelta, hindrance: str | None, asked: int
) -> None:
    await life.follow()
    await sent_on(life, ADA, WALL)
    rights = FakeRights({(ADA.id, WALL.id): hindrance})
    life.clock.advance(after)
    for _ in range(2):
        assert await lapses(life, rights).look() == 0
    assert len(rights.asked) == asked
    assert life.messenger.sent == []


async def test_of_a_channels_follow_its_maker_is_told_and_not_its_readers(life: Stage) -> None:
    await life.follow(ADA)
    await life.follow(WALL)
    await sent_on(life, WALL, CLUB)
    life.clock.advance(EVERY + timedelta(minutes=1))
    await lapses(life, FakeRights({(ADA.id, CLUB.id): "group.you_must_rule"})).look()
    assert life.messenger.sent == [(ADA.id, "follow.lapsed_there")]


async def test_a_topic_that_is_gone_holds_what_is_found_for_it(life: Stage) -> None:
    feed_id = await quiet(life)
    await sent_on(life, ADA, CLUB, topic=TOPIC)
    life.messenger.answers = [TopicGone("TOPIC_CLOSED")]
    life.publish("storm", "tides")
    await life.round(feed_id)
    life.publish("storm two", "storm", "tides")
    await life.round(feed_id)
    assert (CLUB.id, "notice.topic_gone") in life.messenger.sent
    assert (await life.store.depth())[RowState.HELD] == 2
    await life.subscriptions.resume(CLUB)
    await life.delivery.deliver()
    assert [words for chat, words in life.messenger.sent if chat == CLUB.id][-2:] == ["storm", "storm two"]


async def test_why_knows_what_a_follow_brought(life: Stage) -> None:
    feed_id = await life.follow(CLUB)
    await mine(life, CLUB)
    life.publish("storm", "calm", "tides")
    await life.round(feed_id)
    (story,) = await life.store.stories(ADA.id, limit=5)
    assert isinstance(story, Story)
    assert (story.article.title, story.follow, story.state) == ("storm", ("weather", "storm"), RowState.SENT)
