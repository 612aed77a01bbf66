"""A list of feeds is brought in: what is followed, what is skipped, what is told, and what a stop costs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from bot.feeds import FeedList, Outline, read_opml
from bot.model import (
    Chat,
    ChatKind,
    FeedLink,
    FeedRead,
    FetchFailed,
    NotAFeed,
    ParsedFeed,
    Problem,
    SourceResult,
    Validators,
)
from bot.services.subscribing import AlreadySubscribed, NotSubscribed, Subscribed, SubscribeResult
from bot.services.subscriptions import AT_ONCE
from tests.fakes import NO_HEADERS, FakeReader
from tests.services.stage import ADA, URL, Stage, feed

BEA = Chat(1002, ChatKind.PRIVATE, "Bea", "en")
DEAD = Outline("https://dead.example/", "Dead")
SLOW = Outline("https://slow.example/", "Slow")


@dataclass
class Told:
    """What was told of each feed."""

    results: dict[str, SubscribeResult] = field(default_factory=dict)

    async def __call__(self, outline: Outline, result: SubscribeResult) -> None:
        self.results[outline.url] = result

    def kinds(self) -> Counter[str]:
        return Counter(type(one).__name__ for one in self.results.values())


def outlines(many: int) -> list[Outline]:
    return [Outline(f"https://site{n}.example/feed", f"Site {n}", "News/Sky") for n in range(many)]


async def bring_in(life: Stage, *listed: Outline, chat: Chat = ADA, thread_id: int | None = None) -> Told:
    await life.subscriptions.meet(chat)
    told = Told()
    await life.subscriptions.bring_in(chat, thread_id, listed, told)
    return told


async def test_every_feed_is_followed_in_its_folder_and_nothing_is_owed(life: Stage) -> None:
    """All that a feed holds when it is brought in counts as known: no flood."""
    life.reader.web |= {one.url: feed("old", "older") for one in outlines(20)}
    told = await bring_in(life, *outlines(20))
    assert told.kinds() == {"Subscribed": 20}
    followed = await life.subscriptions.of(ADA.id)
    assert {one.folder for one in followed} == {"News/Sky"}
    for one in followed:
        await life.round(one.feed_id)
    assert life.messenger.sent == []


async def test_the_same_list_again_asks_nobody_for_what_is_there(life: Stage) -> None:
    life.reader.web |= {one.url: feed("old") for one in outlines(5)}
    await bring_in(life, *outlines(5), DEAD)
    life.reader.asked.clear()
    life.reader.web[DEAD.url] = feed("risen")
    told = await bring_in(life, *outlines(5), DEAD)
    assert told.kinds() == {"AlreadySubscribed": 5, "Subscribed": 1}
    assert {url for url, _ in life.reader.asked} == {DEAD.url}


async def test_what_another_chat_follows_already_is_not_read_again(life: Stage) -> None:
    feed_id = await life.follow()
    life.reader.asked.clear()
    told = await bring_in(life, Outline(URL, "Coast", "Sea"), chat=BEA)
    assert life.reader.asked == []
    (result,) = told.results.values()
    assert isinstance(result, Subscribed)
    assert (result.subscription.feed_id, result.subscription.folder) == (feed_id, "Sea")


async def test_the_folder_of_what_is_followed_already_stays(life: Stage) -> None:
    await life.follow()
    await bring_in(life, Outline(URL, "Coast", "Sea"))
    assert [one.folder for one in await life.subscriptions.of(ADA.id)] == [""]


async def test_two_addresses_of_one_feed_are_one_subscription(life: Stage) -> None:
    old = Outline("https://old.example/rss", "Old")
    life.reader.web[old.url] = replace(feed("tides"), moved_to=URL)
    told = await bring_in(life, old, Outline(URL, "New"))
    assert len(await life.subscriptions.of(ADA.id)) == 1
    assert set(told.results) == {old.url, URL}


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        pytest.param(FetchFailed(Problem("fetch.not_found")), "fetch.not_found", id="no such page"),
        pytest.param(FetchFailed(Problem("fetch.no_such_host")), "fetch.no_such_host", id="no such site"),
        pytest.param(
            FetchFailed(Problem("fetch.private_address")), "fetch.private_address", id="a private address"
        ),
        pytest.param(NotAFeed(Problem("parse.broken")), "parse.broken", id="a broken feed"),
        pytest.param(
            NotAFeed(Problem("parse.web_page_with_feeds"), (FeedLink(URL, "A"), FeedLink(URL + "2", "B"))),
            "parse.web_page_with_feeds",
            id="a page of which nobody but the person can choose",
        ),
    ],
)
async def test_what_cannot_be_followed_is_told_with_its_reason(
    life: Stage, answer: SourceResult, problem: str
) -> None:
    life.reader.web[DEAD.url] = answer
    told = await bring_in(life, DEAD)
    (result,) = told.results.values()
    assert isinstance(result, NotSubscribed)
    assert result.problem.key == problem
    assert await life.subscriptions.of(ADA.id) == ()


async def test_a_feed_out_of_reach_is_followed_and_its_first_reading_floods_nobody(life: Stage) -> None:
    life.reader.web[SLOW.url] = FetchFailed(Problem("fetch.timeout", {"host": "slow.example"}))
    told = await bring_in(life, SLOW)
    (result,) = told.results.values()
    assert isinstance(result, Subscribed)
    assert result.subscription.problem == Problem("fetch.timeout", {"host": "slow.example"})
    assert result.subscription.feed_title == "Slow"

    feed_id = result.subscription.feed_id
    life.reader.web[SLOW.url] = feed("b", "a")
    await life.round(feed_id)
    assert life.messenger.sent == []
    life.reader.web[SLOW.url] = feed("c", "b", "a")
    await life.round(feed_id)
    assert life.messenger.sent == [(ADA.id, "c")]


async def test_a_feed_of_long_ago_that_is_out_of_reach_is_not_followed(life: Stage) -> None:
    """What it published since would all count as new."""
    await life.follow()
    (old,) = await life.subscriptions.of(ADA.id)
    await life.subscriptions.unsubscribe(old)
    life.reader.web[URL] = FetchFailed(Problem("fetch.timeout", {"host": "coast.example"}))
    told = await bring_in(life, Outline(URL, "Coast"))
    assert told.kinds() == {"NotSubscribed": 1}


async def test_a_feed_without_a_title_is_called_as_in_the_list(life: Stage) -> None:
    nameless = FeedRead(ParsedFeed("", None, "", ()), URL, Validators(), None)
    life.reader.web[URL] = nameless
    await bring_in(life, Outline(URL, "My coast"))
    (one,) = await life.subscriptions.of(ADA.id)
    assert one.feed_title == "My coast"


class Slow(FakeReader):
    """Answers the first few at once; of the others, none before the gate opens."""

    def __init__(self, life: Stage, many: int, quick: int) -> None:
        super().__init__({one.url: feed("old") for one in outlines(many)})
        self.quick = quick
        self.waiting = 0
        self.full = asyncio.Event()
        self.gate = asyncio.Event()
        life.subscriptions._finder._reader = self

    async def read(
        self, url: str, validators: Validators, headers: Mapping[str, str] = NO_HEADERS
    ) -> SourceResult:
        result = await super().read(url, validators)
        if len(self.asked) > self.quick:
            self.waiting += 1
            if self.waiting == AT_ONCE:
                self.full.set()
            await self.gate.wait()
        return result


async def test_only_a_few_are_read_at_the_same_time_and_one_that_hangs_holds_up_nobody(life: Stage) -> None:
    reader = Slow(life, 60, quick=0)
    bringing = asyncio.create_task(bring_in(life, *outlines(60)))
    await asyncio.wait_for(reader.full.wait(), 10)
    assert len(reader.asked) == AT_ONCE
    reader.gate.set()
    assert (await bringing).kinds() == {"Subscribed": 60}


async def test_a_stop_in_the_middle_loses_nothing_that_was_done(life: Stage) -> None:
    reader = Slow(life, 60, quick=40)
    bringing = asyncio.create_task(bring_in(life, *outlines(60)))
    await asyncio.wait_for(reader.full.wait(), 10)
    bringing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await bringing
    assert len(await life.subscriptions.of(ADA.id)) == 40

    reader.gate.set()
    reader.asked.clear()
    told = await bring_in(life, *outlines(60))
    assert told.kinds() == {"AlreadySubscribed": 40, "Subscribed": 20}
    assert len(reader.asked) == 20


async def test_what_is_taken_out_can_be_brought_in(life: Stage) -> None:
    life.reader.web |= {one.url: feed("old") for one in outlines(3)}
    await bring_in(life, *outlines(3))
    listed = read_opml(await life.subscriptions.take_out(ADA))
    assert isinstance(listed, FeedList)
    assert {(one.url, one.folder) for one in listed.feeds} == {(one.url, one.folder) for one in outlines(3)}
    told = await bring_in(life, *listed.feeds, chat=BEA)
    assert all(isinstance(one, Subscribed | AlreadySubscribed) for one in told.results.values())
