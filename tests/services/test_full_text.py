"""Articles in full: several messages for one row, one a turn, each written down before the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import (
    Alert,
    Chat,
    ChatGone,
    ChatKind,
    ChatMoved,
    Entry,
    FeedRead,
    Length,
    Look,
    NotSent,
    ParsedFeed,
    PerhapsSent,
    Pictures,
    Refused,
    SendResult,
    Sent,
    TopicGone,
    Validators,
    Wishes,
)
from bot.pipeline import settle
from bot.services.housekeeping import Housekeeping
from bot.services.subscribing import Subscribed
from bot.store.tables import article_texts, outbox
from tests.fakes import NOW
from tests.services.stage import ADA, BACKLOG, URL, Stage, stage
from tests.store.town import rows

IN_FULL = Wishes(length=Length.FULL)
ANN = replace(ADA, wishes=IN_FULL)
TOPIC = 7
FORUM = Chat(-100, ChatKind.GROUP, "Newsroom", "en", wishes=IN_FULL)
SOON = timedelta(minutes=1)
THE_STORM = [(ANN.id, "storm/1"), (ANN.id, "storm/2"), (ANN.id, "storm/3")]


def entry(title: str, age: int = 0) -> Entry:
    text = f"<p>First of {title}.</p><p>Second of {title}.</p><p>Third of {title}.</p>"
    return Entry(
        guid=title,
        title=title,
        content=text,
        image="https://coast.example/sea.jpg",
        published=NOW - timedelta(hours=age),
    )


def publish(life: Stage, *entries: Entry) -> None:
    """Newest first."""
    parsed = ParsedFeed("Coast News", "https://coast.example/", "en", (*entries, entry("tides", 99)))
    names = "-".join(one.title for one in entries)
    life.reader.web[URL] = FeedRead(parsed, URL, Validators(etag=f'"{names}"'), fresh_for=None)


async def later(life: Stage) -> None:
    """Everything that waited for its time goes."""
    life.clock.advance(SOON)
    await life.delivery.deliver()


def stopping_after(sends: int, life: Stage) -> Stage:
    def count() -> None:
        if len(life.messenger.tried) == sends:
            life.delivery.stop()

    life.messenger.after_try = count
    return life


async def message_ids(life: Stage) -> list[list[int]]:
    async with life.store.transaction() as tx:
        return [row[0] for row in await rows(tx, sa.select(outbox.c.message_ids).order_by(outbox.c.id))]


async def kept_html(life: Stage) -> int:
    query = sa.select(sa.func.count()).select_from(article_texts).where(article_texts.c.html.is_not(None))
    async with life.store.transaction() as tx:
        return int((await rows(tx, query))[0][0])


@pytest.fixture
async def feed_id(life: Stage) -> int:
    publish(life)
    feed = await life.follow(ANN)
    publish(life, entry("storm"))
    return feed


async def test_a_text_comes_page_by_page_and_then_the_next_one(life: Stage, feed_id: int) -> None:
    publish(life, entry("frost"), entry("storm", 1))
    await life.round(feed_id)
    assert [words for _, words in life.messenger.sent] == [
        *("storm/1", "storm/2", "storm/3"),
        *("frost/1", "frost/2", "frost/3"),
    ]
    assert await message_ids(life) == [[1, 2, 3], [4, 5, 6]]


async def test_its_first_page_has_the_picture_as_a_card_and_the_others_none(
    life: Stage, feed_id: int
) -> None:
    (own,) = await life.subscriptions.of(ANN.id)
    await life.subscriptions.show(own, Wishes(Pictures.ALBUM))
    await life.round(feed_id)
    posts = [post for _, _, post in life.messenger.tried if isinstance(post, Alert)]
    assert [post.look for post in posts] == [Look.CARD, Look.TEXT, Look.TEXT]
    assert [len(post.pictures) for post in posts] == [1, 0, 0]


async def test_one_that_was_killed_between_two_pages_goes_on_with_the_next(life: Stage, feed_id: int) -> None:
    life.messenger.after_try = life.delivery.stop
    await life.round(feed_id)
    again = stage(life.store, life.clock)
    await later(again)
    assert life.messenger.sent + again.messenger.sent == THE_STORM


async def test_one_that_was_killed_in_a_page_doubles_that_page_alone(life: Stage, feed_id: int) -> None:
    """It is out, and nobody wrote it down."""
    life.messenger.after_try = life.delivery.stop
    await life.round(feed_id)
    life.clock.advance(SOON)
    now = life.clock.now()
    async with life.store.transaction() as tx:
        assert await tx.claim_parcels(now, until=now + SOON, limit=5, backlog=BACKLOG, most=30)
    async with life.store.transaction() as tx:
        await tx.release_leases()
    again = stage(life.store, life.clock)
    await later(again)
    assert [words for _, words in again.messenger.sent] == ["storm/2", "storm/3"]
    assert (await life.store.depth())["perhaps_double"] == 1


@pytest.mark.parametrize(
    ("answer", "looks"),
    [
        pytest.param(NotSent("no route"), [Look.TEXT] * 2, id="it did not go: it goes again"),
        pytest.param(PerhapsSent("no answer"), [Look.TEXT] * 2, id="nobody knows: it alone goes again"),
        pytest.param(
            Refused("can't parse entities", markup=True),
            [Look.PLAIN] * 2,
            id="its markup is refused: bare words from there on",
        ),
    ],
)
async def test_a_page_that_does_not_go_is_tried_again(
    life: Stage, feed_id: int, answer: SendResult, looks: list[Look]
) -> None:
    life.messenger.answers = [Sent((1,), more=True), answer]
    await life.round(feed_id)
    await later(life)
    await later(life)
    posts = [post for _, _, post in life.messenger.tried if isinstance(post, Alert)]
    assert [post.page for post in posts] == [0, 1, 1, 2]
    assert [post.look for post in posts[2:]] == looks


async def test_a_page_that_telegram_never_takes_ends_the_text_and_an_owner_lets_it_go_on(
    life: Stage, feed_id: int
) -> None:
    life.messenger.answers = [Sent((1,), more=True), *[Refused("no", markup=True)] * 2]
    await life.round(feed_id)
    (letter,) = await life.store.dead_letters(limit=9)
    async with life.store.transaction() as tx:
        assert await tx.retry(letter.row_id)
    await later(life)
    assert life.messenger.sent == THE_STORM
    assert await message_ids(life) == [[1, 4, 5]]


async def test_a_chat_that_left_between_two_pages_gets_the_rest_when_it_is_back(
    life: Stage, feed_id: int
) -> None:
    """The rest of what it began to read; what came meanwhile is a list, as ever."""
    life.messenger.answers = [Sent((1,), more=True), ChatGone("blocked")]
    await life.round(feed_id)
    await later(life)
    publish(life, entry("fog"), entry("frost", 1), entry("storm", 2))
    await life.round(feed_id)
    await life.subscriptions.meet(ADA)
    await later(life)
    assert life.messenger.sent == [*THE_STORM, (ANN.id, "frost | fog")]


async def test_a_topic_that_closed_between_two_pages_gets_the_rest_when_it_is_open(life: Stage) -> None:
    publish(life)
    await life.subscriptions.meet(FORUM)
    result = await life.subscriptions.subscribe(FORUM, TOPIC, URL)
    assert isinstance(result, Subscribed)
    publish(life, entry("storm"))
    life.messenger.answers = [Sent((1,), more=True), TopicGone("TOPIC_CLOSED")]
    await life.round(result.subscription.feed_id)
    await later(life)
    await life.subscriptions.resume(FORUM)
    await later(life)
    await later(life)
    assert [words for _, words in life.messenger.sent] == [
        *("storm/1", "notice.topic_gone", "storm/2", "storm/3")
    ]


async def test_a_group_that_moved_between_two_pages_gets_the_rest_under_its_new_id(life: Stage) -> None:
    group, moved = Chat(-40, ChatKind.GROUP, "Family", "en", wishes=IN_FULL), -100_40
    publish(life)
    feed_id = await life.follow(group)
    publish(life, entry("storm"))
    life.messenger.answers = [Sent((1,), more=True), ChatMoved(moved)]
    await life.round(feed_id)
    await later(life)
    await later(life)
    assert life.messenger.sent == [(-40, "storm/1"), (moved, "storm/2"), (moved, "storm/3")]


async def test_nothing_comes_between_two_pages(life: Stage, feed_id: int) -> None:
    """Neither an older article that is found only now, nor a list of all that waits."""
    life.messenger.answers = [Sent((1,), more=True), NotSent("no route")]
    await life.round(feed_id)
    crowd = [entry(f"news {number}", 50 + number) for number in range(BACKLOG + 1)]
    other = "https://hill.example/feed"
    known = ParsedFeed("Hill News", "https://hill.example/", "en", (entry("snow", 90),))
    life.reader.web[other] = FeedRead(known, other, Validators(etag='"1"'), fresh_for=None)
    result = await life.subscriptions.subscribe(ADA, None, other)
    assert isinstance(result, Subscribed)
    life.clock.advance(timedelta(days=1))
    found = replace(known, entries=(*crowd, *known.entries))
    life.reader.web[other] = FeedRead(found, other, Validators(etag='"2"'), fresh_for=None)
    await life.polling.check(result.subscription.feed_id)
    await later(life)
    await later(life)
    assert life.messenger.sent[:3] == THE_STORM
    assert life.messenger.sent[3][1].count(" | ") == BACKLOG


async def test_who_changes_their_mind_gets_the_rest_of_what_has_begun(life: Stage, feed_id: int) -> None:
    life.messenger.answers = [Sent((1,), more=True), NotSent("no route")]
    await life.round(feed_id)
    (own,) = await life.subscriptions.of(ANN.id)
    await life.subscriptions.show(own, Wishes(length=Length.HEADLINE))
    await later(life)
    assert life.messenger.sent == THE_STORM


async def test_late_news_of_an_earlier_page_turns_none_back(life: Stage, feed_id: int) -> None:
    """A sender whose lease ran out reports when another one has sent that page again, and the next."""
    await life.polling.check(feed_id)
    now = life.clock.now()
    async with life.store.transaction() as tx:
        (slow,) = await tx.claim_parcels(now, until=now, limit=5, backlog=BACKLOG, most=30)
    await later(stopping_after(2, life))
    async with life.store.transaction() as tx:
        await tx.record_sends([settle(slow, Sent((9,), more=True), now=life.clock.now())])
    again = stage(life.store, life.clock)
    await later(again)
    assert life.messenger.sent + again.messenger.sent == THE_STORM
    assert (await message_ids(life))[0][:2] == [1, 2]


async def test_html_is_kept_until_its_last_page_is_out(life: Stage, feed_id: int) -> None:
    life.messenger.after_try = life.delivery.stop
    await life.round(feed_id)
    assert await kept_html(life) == 1
    await Housekeeping(life.store, life.clock).forget()
    assert await kept_html(life) == 1
    await later(stage(life.store, life.clock))
    await Housekeeping(life.store, life.clock).forget()
    assert await kept_html(life) == 0


async def test_html_is_kept_for_nobody_who_does_not_read_in_full(life: Stage) -> None:
    publish(life)
    feed_id = await life.follow(ADA)
    publish(life, entry("storm"))
    await life.polling.check(feed_id)
    assert await kept_html(life) == 0
    (own,) = await life.subscriptions.of(ADA.id)
    await life.subscriptions.show(own, IN_FULL)
    await life.delivery.deliver()
    assert life.messenger.sent == [(ADA.id, "storm")]  # it was not kept: told at length
    publish(life, entry("frost"), entry("storm", 1))
    await life.polling.check(feed_id)
    assert await kept_html(life) == 1
