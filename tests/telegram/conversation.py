"""People talking with the real bot through the simulated Telegram, the store real, the web a table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import aiohttp

from bot import i18n
from bot.model import (
    Entry,
    FeedLink,
    FeedRead,
    FetchFailed,
    Limit,
    NotAFeed,
    ParsedFeed,
    Problem,
    SourceResult,
    Validators,
)
from bot.sandbox.run import Sandbox, simulated_telegram
from bot.schedule import Rhythm
from bot.services.backups import Backups
from bot.services.broadcasts import Broadcasts
from bot.services.changes import Changes
from bot.services.copies import Copies
from bot.services.counts import Counting
from bot.services.deadletters import DeadLetters
from bot.services.finding import Finder
from bot.services.follows import Follows
from bot.services.guests import Guests
from bot.services.health import Health
from bot.services.logins import Logins
from bot.services.moves import Moves
from bot.services.places import Places
from bot.services.polling import Polling
from bot.services.previews import Previews
from bot.services.quotas import Quotas
from bot.services.sharing import Sharing
from bot.services.standings import Standings
from bot.services.starters import Starter, Starters
from bot.services.stories import Stories
from bot.services.subscriptions import Subscriptions
from bot.services.trials import Trials
from bot.store import SqlStore
from bot.telegram.access import Access
from bot.telegram.desk import Services
from bot.telegram.request import Account, Road
from bot.telegram.updates import TelegramSide
from tests.fakes import FakeClock, FakeDiary, FakeJobs, FakePictures, FakeReader

# The people and chats of a fresh sandbox.
ADA, XIAOMING, BEA = 1001, 1002, 1003
"""ADA owns the groups, BEA is an administrator there, XIAOMING a member who reads Chinese."""
NEWSROOM, NEWS_TOPIC = -1001234567890, 7
"""A supergroup with topics."""
READERS = -1001234567891
FAMILY = -4001
CHANNEL = -1009876543210
"""FAMILY is a basic group. ADA owns the channel @feedbell_demo, the bot posts there."""

Message = dict[str, Any]
NO_LIMITS: Mapping[Limit, int] = MappingProxyType({})


def feed(title: str, *titles: str) -> FeedRead:
    """A feed that was read, with one entry for each title, newest first."""
    entries = tuple(
        Entry(guid=name, link=f"https://example.org/{number}", title=name)
        for number, name in enumerate(titles)
    )
    document = ParsedFeed(title, "https://example.org/", "en", entries)
    return FeedRead(document, "https://example.org/feed", Validators(), None)


WEB: dict[str, SourceResult] = {
    "https://example.org/feed": feed("Weather & Sons", "Rain on Monday"),
    "https://example.org/empty": feed("Nothing Yet"),
    "https://example.org/": NotAFeed(
        Problem("parse.web_page_with_feeds"),
        (FeedLink("https://example.org/feed", "News"), FeedLink("https://example.org/empty", "")),
    ),
    "https://plain.example/": NotAFeed(Problem("parse.web_page")),
    "https://slow.example/": FetchFailed(Problem("fetch.timeout", {"host": "slow.example"})),
    "https://empty.example/": NotAFeed(Problem("parse.empty")),
    "https://zeros.example/": FetchFailed(
        Problem("fetch.too_large", {"host": "zeros.example", "limit": "10 MB"})
    ),
    "https://10.0.0.1/": FetchFailed(Problem("fetch.private_address", {"host": "10.0.0.1"})),
}

STARTERS = Starters(
    (
        Starter("news", "Weather & Sons", "https://example.org/feed", "en"),
        Starter("Seafaring", "Nothing Yet", "https://example.org/empty", "en"),
        Starter("news", "天气", "https://example.org/feed", "zh_Hans"),
    )
)


@dataclass
class Conversation:
    """Plays people; waits until the bot has done all it does about it."""

    sandbox: Sandbox
    side: TelegramSide
    store: SqlStore
    reader: FakeReader
    clock: FakeClock
    _http: aiohttp.ClientSession

    async def say(self, text: str, *, by: int = ADA, to: int | None = None, **more: object) -> list[Message]:
        """Write something, in private unless `to` names a chat.

        Returns:
            What the bot wrote there since.
        """
        chat = to or by
        said = await self.post("/sim/send", user=by, chat=chat, text=text, **more)
        await self.quiet(said["update_id"])
        return await self.since(chat, said["message"]["message_id"])

    async def save_filter(self, said: str) -> Message:
        """Try a filter in private, and save it; the message that says so."""
        (tried,) = await self.say(said)
        await self.press(tried, next(one for one in data(tried) if one.startswith("save:")))
        return await self.now(tried)

    async def press(self, message: Message, data: str, *, by: int = ADA, force: bool = False) -> str | None:
        """Press the button of that data below a message; what the bot says over the chat, None if nothing."""
        where, which = message["chat"]["id"], message["message_id"]
        before = len(await self.calls("answerCallbackQuery"))
        await self.post("/sim/press", user=by, chat=where, message=which, data=data, force=force)
        await self.quiet(self.sandbox.world.updates.next_id - 1)
        answers = (await self.calls("answerCallbackQuery"))[before:]
        assert [answer["status"] for answer in answers] == [200], "a press is answered once"
        text: str | None = answers[0]["params"].get("text")
        return text

    async def now(self, message: Message) -> Message:
        """The message as it stands now."""
        messages = await self.since(message["chat"]["id"], message["message_id"] - 1)
        return messages[0]

    async def since(self, chat: int, message_id: int) -> list[Message]:
        """What the bot wrote in the chat after a message."""
        async with self._http.get(f"{self.sandbox.url}/sim/chats/{chat}/messages") as response:
            messages: list[Message] = await response.json()
        return [one for one in messages if one["message_id"] > message_id and one["from"]["is_bot"]]

    async def until(self, chat: int, message_id: int, count: int) -> None:
        """Wait until the bot has written so many messages after one, whatever else it is busy with."""
        async with asyncio.timeout(10):
            while len(await self.since(chat, message_id)) < count:  # noqa: ASYNC110 - seen only by asking
                await asyncio.sleep(0.005)

    async def calls(self, method: str) -> list[dict[str, Any]]:
        """Every call of a method so far."""
        async with self._http.get(f"{self.sandbox.url}/sim/calls") as response:
            return [one for one in await response.json() if one["method"] == method]

    async def file(self, file_id: str) -> str:
        """What is in a file that somebody sent."""
        async with self._http.get(f"{self.sandbox.url}/sim/files/{file_id}") as response:
            return await response.text()

    async def post(self, path: str, **body: object) -> dict[str, Any]:
        """Use the control interface."""
        async with self._http.post(self.sandbox.url + path, json=body) as response:
            answer: dict[str, Any] = await response.json()
        assert answer["ok"], answer
        return answer

    async def quiet(self, update_id: int | None) -> None:
        """Wait until the bot has taken an update and every handler has ended; None: it will never see it."""
        if update_id is None:
            return
        polling, queue = self.side._polling, self.side._application.update_queue
        async with asyncio.timeout(10):
            while polling._offset <= update_id:  # noqa: ASYNC110 - polling tells nobody but Telegram
                await asyncio.sleep(0.002)
            await queue.join()


@asynccontextmanager
async def conversation(
    access: Access | None = None,
    reader: FakeReader | None = None,
    road: Road | None = None,
    bridge: str | None = None,
    limits: Mapping[Limit, int] = NO_LIMITS,
) -> AsyncIterator[Conversation]:
    """A fresh Telegram, a fresh database, the bot running on both."""
    async with (
        simulated_telegram(port=0) as sandbox,
        SqlStore("sqlite://") as store,
        aiohttp.ClientSession() as http,
    ):
        reader = reader or FakeReader(dict(WEB))
        rhythm = Rhythm(timedelta(minutes=1), timedelta(minutes=10), timedelta(days=1))
        clock = FakeClock()
        quotas = Quotas(store, clock, limits)
        subscriptions = Subscriptions(store, Finder(reader, bridge), FakeJobs(), clock, rhythm, quotas=quotas)
        polling = Polling(store, reader, FakeJobs(), clock, rhythm)
        side = TelegramSide(
            Account(sandbox.token, sandbox.url, road),
            Services(
                subscriptions,
                DeadLetters(store, FakeJobs()),
                Standings(store, clock, polling.look),
                Logins(store, reader, subscriptions, clock),
                Changes(store, FakeJobs(), clock),
                Previews(store, Finder(reader, bridge), clock),
                Trials(store, clock),
                Stories(store, clock),
                Follows(store, FakeJobs(), clock, quotas),
                Guests(store, FakeJobs()),
                quotas,
                Broadcasts(store, clock),
                Health(store, FakeJobs(), clock, FakeDiary()),
                Places(store),
                STARTERS,
                Sharing(store, clock),
                Copies(store, clock),
                Moves(store, FakeJobs(), clock, quotas),
                Backups(store, subscriptions, clock, quotas),
                Counting(store, clock),
            ),
            FakePictures(),
            i18n.load(),
            access or Access(),
        )
        try:
            async with side:
                yield Conversation(sandbox, side, store, reader, clock, http)
        finally:
            await side.hang_up()


def texts(messages: list[Message]) -> list[str]:
    """What they say."""
    return [message["text"] for message in messages]


def labels(message: Message) -> list[list[str]]:
    """Its buttons, row by row."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[one["text"] for one in row] for row in rows]


def data(message: Message) -> list[str]:
    """What its buttons carry."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [one["callback_data"] for row in rows for one in row]
