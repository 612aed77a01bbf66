"""The running bot and what goes wrong around it: tokens, networks, databases, updates nobody can read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import structlog

from bot import i18n
from bot.errors import TokenRefused
from bot.model import SourceResult, Validators
from bot.sandbox.faults import Fault
from bot.sandbox.run import simulated_telegram
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
from bot.services.starters import Starters
from bot.services.stories import Stories
from bot.services.subscriptions import Subscriptions
from bot.services.trials import Trials
from bot.store import SqlStore
from bot.telegram import polling, talk, updates
from bot.telegram.access import Access
from bot.telegram.desk import Services
from bot.telegram.request import Account
from bot.telegram.updates import TelegramSide
from tests.fakes import NO_HEADERS, FakeClock, FakeDiary, FakeJobs, FakePictures, FakeReader
from tests.telegram.conversation import ADA, BEA, READERS, XIAOMING, Conversation, conversation, data, texts

WRONG_TOKEN = "42:" + "WRONG" * 7


def side_of(token: str, url: str) -> TelegramSide:
    """A bot that gets no further than its token."""
    rhythm = Rhythm(timedelta(minutes=1), timedelta(minutes=10), timedelta(days=1))
    store, jobs = SqlStore("sqlite://"), FakeJobs()
    subscriptions = Subscriptions(store, Finder(FakeReader()), jobs, FakeClock(), rhythm)
    standings = Standings(store, FakeClock(), Polling(store, FakeReader(), jobs, FakeClock(), rhythm).look)
    logins = Logins(store, FakeReader(), subscriptions, FakeClock())
    previews = Previews(store, Finder(FakeReader()), FakeClock())
    services = Services(
        subscriptions,
        DeadLetters(store, jobs),
        standings,
        logins,
        Changes(store, jobs, FakeClock()),
        previews,
        Trials(store, FakeClock()),
        Stories(store, FakeClock()),
        Follows(store, jobs, FakeClock(), Quotas(store, FakeClock(), {})),
        Guests(store, jobs),
        Quotas(store, FakeClock(), {}),
        Broadcasts(store, FakeClock()),
        Health(store, jobs, FakeClock(), FakeDiary()),
        Places(store),
        Starters(),
        Sharing(store, FakeClock()),
        Copies(store, FakeClock()),
        Moves(store, FakeJobs(), FakeClock(), Quotas(store, FakeClock(), {})),
        Backups(store, subscriptions, FakeClock(), Quotas(store, FakeClock(), {})),
        Counting(store, FakeClock()),
    )
    return TelegramSide(Account(token, url), services, FakePictures(), i18n.load(), Access())


@asynccontextmanager
async def started(token: str, url: str) -> AsyncIterator[TelegramSide]:
    """It listens inside, and hangs up at the end."""
    side = side_of(token, url)
    try:
        async with side:
            yield side
    finally:
        await side.hang_up()


async def test_a_refused_token_ends_the_start_and_is_not_shown() -> None:
    """PTB's own error carries the whole token; a log would keep it."""
    async with simulated_telegram(port=0) as sandbox:
        with pytest.raises(TokenRefused) as refused:
            async with started(WRONG_TOKEN, sandbox.url):
                pass
    assert str(refused.value) == "Telegram refuses the token"
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


async def test_a_token_revoked_while_the_bot_runs_is_told(chat: Conversation) -> None:
    faults = [{"method": "getUpdates", "times": 1, "status": 401, "description": "Unauthorized"}]
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{chat.sandbox.url}/sim/faults", json=faults) as answer,
    ):
        assert answer.status == 200
    await chat.post("/sim/send", user=ADA, chat=ADA, text="/help")  # ends the long poll under way
    assert isinstance(await chat.side.refused(), TokenRefused)


async def test_a_start_without_network_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "_RETRY_SECONDS", 0.01)
    async with simulated_telegram(port=0) as sandbox:
        sandbox.simulation.faults.waiting.extend(dropped("getMe", 2))
        async with started(sandbox.token, sandbox.url) as side:
            await side._tasks[1]  # the menu is set once the bot knows who it is
            assert side.bot.username == "feedbell_sandbox_bot"


async def test_a_bot_without_network_can_be_stopped() -> None:
    """An operator who pulls the wrong plug must not have to kill it."""
    async with simulated_telegram(port=0) as sandbox:
        sandbox.simulation.faults.waiting.extend(dropped("getMe", 1000))
        async with started(sandbox.token, sandbox.url):
            pass


async def test_polling_outlives_a_broken_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "_FIRST_WAIT", 0.01)
    async with conversation() as chat:
        chat.sandbox.simulation.faults.waiting.extend(dropped("getUpdates", 3))
        assert len(await chat.say("/start")) == 1
        assert len(await chat.say("/start")) == 1


def dropped(method: str, times: int) -> list[Any]:
    """The line breaks that many times before the method is done."""
    return [Fault.read({"method": method, "times": times, "drop": "before"})]


async def test_an_update_nobody_can_read_is_skipped(chat: Conversation) -> None:
    """PTB's Updater would stop for good, in silence, at the first one; 22.8 does at a poll of an older server."""
    chat.sandbox.world.updates.add("message", {"nothing": "that a message must have"})
    with structlog.testing.capture_logs() as log:
        assert len(await chat.say("/start")) == 1
    assert [line["kinds"] for line in log if line["event"] == "telegram.update_unreadable"] == [
        ["message", "update_id"]
    ]


async def test_what_was_taken_is_not_taken_again_after_a_restart(chat: Conversation) -> None:
    await chat.say("/start")
    await chat.side.stop()
    assert list(chat.sandbox.world.updates.waiting) == []


async def test_alerts_can_still_be_sent_when_nobody_listens_any_more() -> None:
    """What was in flight at SIGTERM is finished, not broken off: broken off it may double."""
    async with simulated_telegram(port=0) as sandbox:
        side = side_of(sandbox.token, sandbox.url)
        async with side:
            pass
        await side.sending_bot.send_message(ADA, "late")
        await side.hang_up()
        assert sandbox.simulation.calls[-1]["method"] == "sendMessage"


async def test_the_bot_only_sends_where_nobody_is_to_listen() -> None:
    async with simulated_telegram(port=0) as sandbox:
        side = side_of(sandbox.token, sandbox.url)
        async with side.only_sending():
            await side.bot.send_message(ADA, "hello")
        await side.hang_up()
        assert [call["method"] for call in sandbox.simulation.calls] == ["getMe", "sendMessage"]


# --- errors in handlers ---


async def test_without_the_database_there_is_a_sentence(chat: Conversation) -> None:
    await chat.say("/start", by=XIAOMING)
    await chat.store.close()
    assert texts(await chat.say("/list", by=XIAOMING)) == [
        "我暂时读不到自己的记录，什么也没有改变。请一分钟后再试。"
    ]


async def test_without_the_database_a_press_is_answered_too(chat: Conversation) -> None:
    (greeting,) = await chat.say("/start")
    await chat.store.close()
    assert await chat.press(greeting, data(greeting)[0]) is None


class Crashing(dict[str, SourceResult]):
    """A web that is our own mistake."""

    def get(self, *_args: object) -> Any:
        raise RuntimeError("a bug")


async def test_our_own_mistake_is_one_kind_sentence_and_a_line_in_the_log(chat: Conversation) -> None:
    chat.reader.web = Crashing()
    with structlog.testing.capture_logs() as log:
        answers = texts(await chat.say("/sub example.org/feed"))
    assert answers == [
        "Something went wrong on my side. Please try again; if it stays so, tell the operator of this bot."
    ]
    (line,) = [line for line in log if line["event"] == "telegram.handler_failed"]
    assert (line["chat"], line["user"]) == (ADA, ADA)


async def test_the_next_command_works_after_a_mistake(chat: Conversation) -> None:
    web, chat.reader.web = chat.reader.web, Crashing()
    await chat.say("/sub example.org/feed")
    chat.reader.web = web
    assert len(await chat.say("/sub example.org/feed")) == 2


async def test_a_chat_that_refuses_our_answer_rests(chat: Conversation) -> None:
    await chat.say("/start")
    await fail(chat, "sendMessage", status=403, description="Forbidden: bot was blocked by the user")
    await chat.say("/list")
    known = await chat.store.chat(ADA)
    assert known is not None
    assert known.resting


async def test_an_answer_that_comes_too_fast_is_sent_when_telegram_allows(
    chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "_GRACE_SECONDS", -1.0)
    await fail(chat, "sendMessage", status=429, retry_after=1, description="Too Many Requests: retry after 1")
    assert len(await chat.say("/start")) == 1


async def fail(chat: Conversation, method: str, **fault: object) -> None:
    """The next call of the method fails so."""
    chat.sandbox.simulation.faults.waiting.append(Fault.read({"method": method, "times": 1, **fault}))


class Waiting(FakeReader):
    """A web that does not answer until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = asyncio.Event()

    async def read(
        self, url: str, validators: Validators, headers: Mapping[str, str] = NO_HEADERS
    ) -> SourceResult:
        await self.may_answer.wait()
        return await super().read(url, validators)


async def test_a_slow_feed_delays_nobody() -> None:
    """Not the same person either: PTB's default is one update after the other."""
    slow = Waiting()
    async with conversation(reader=slow) as chat:
        await chat.post("/sim/send", user=ADA, chat=ADA, text="/sub slow.example")
        for who in (ADA, BEA):
            said = await chat.post("/sim/send", user=who, chat=who, text="/pause")
            await chat.until(who, said["message"]["message_id"], 1)
        assert slow.asked == []
        slow.may_answer.set()
        await chat.quiet(said["update_id"])
        assert len(slow.asked) == 1


# --- the menu ---


async def menu_of(chat: Conversation, user: int, where: int) -> list[dict[str, str]]:
    """What this person sees there when typing "/"."""
    await chat.side._tasks[1]
    url = f"{chat.sandbox.url}/sim/commands?chat={where}&user={user}"
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        lines: list[dict[str, str]] = await answer.json()
    return lines


IN_PRIVATE = ["login", "manage"]
EVERYTHING = [
    "subscribe",
    "preview",
    "list",
    "feed",
    "filter",
    "follow",
    "mute",
    "why",
    "settings",
    "template",
    "copy",
    "move",
    "unsubscribe",
    "unsubscribe_all",
    "undo",
    "status",
    "stats",
    "check",
    "pause",
    "resume",
    "more",
    "import",
    "export",
    "login",
    "manage",
    "topics",
    "lang",
    "help",
    "start",
]
TOGETHER = [name for name in EVERYTHING if name not in IN_PRIVATE]


@pytest.mark.parametrize(
    ("user", "where", "names"),
    [
        pytest.param(ADA, ADA, EVERYTHING, id="in private: everything"),
        pytest.param(BEA, READERS, TOGETHER, id="administrators: all but what is secret"),
        pytest.param(
            XIAOMING,
            READERS,
            [
                "preview",
                "list",
                "feed",
                "filter",
                "follow",
                "mute",
                "why",
                "settings",
                "template",
                "status",
                "stats",
                "check",
                "export",
                "topics",
                "help",
                "start",
            ],
            id="members: what they may do",
        ),
    ],
)
async def test_the_menu_shows_what_a_person_may_do(
    chat: Conversation, user: int, where: int, names: list[str]
) -> None:
    assert [line["command"] for line in await menu_of(chat, user, where)] == names


async def test_the_menu_speaks_the_persons_language(chat: Conversation) -> None:
    assert (await menu_of(chat, XIAOMING, XIAOMING))[2] == {"command": "list", "description": "查看全部订阅"}


async def test_a_menu_that_is_there_is_not_set_again(chat: Conversation) -> None:
    await menu_of(chat, ADA, ADA)
    before = len(await chat.calls("setMyCommands"))
    await chat.side.stop()
    async with started(chat.sandbox.token, chat.sandbox.url) as again:
        await again._tasks[1]
    assert (before, len(await chat.calls("setMyCommands"))) == (24, 24)


async def test_owners_have_their_own_command_in_the_menu() -> None:
    async with conversation(Access(owners=frozenset({ADA, 4711}))) as chat:  # 4711 never talked with the bot
        menus = {who: await menu_of(chat, who, who) for who in (ADA, BEA)}
    assert [line["command"] for line in menus[ADA]] == [
        *EVERYTHING,
        "users",
        "allow",
        "deny",
        "limits",
        "broadcast",
        "health",
        "failed",
    ]
    assert [line["command"] for line in menus[BEA]] == EVERYTHING


async def test_a_menu_that_cannot_be_set_hinders_nobody() -> None:
    async with simulated_telegram(port=0) as sandbox:
        sandbox.simulation.faults.waiting.extend(dropped("getMyCommands", 1))
        async with started(sandbox.token, sandbox.url) as side:
            await side._tasks[1]
            assert (await side.bot.get_me()).id == 42
