"""Calls on aiohttp: what is known of a call that failed, and how each message waits for its turn."""

from __future__ import annotations

import asyncio
import contextlib
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.sandbox.faults import Fault
from bot.sandbox.run import Sandbox, simulated_telegram
from bot.telegram.request import (
    CONNECTIONS,
    Account,
    AiohttpRequest,
    Connections,
    LineBroke,
    NeverLeft,
    PacedRequest,
    proxy_for,
)
from tests.telegram.conversation import ADA, READERS, conversation

TOKEN = "42:" + "T0KEN" * 7
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


@dataclass
class FakeRoad:
    """Lets everything pass at once, and remembers it."""

    turns: list[tuple[int, int]] = field(default_factory=list)
    refusals: list[tuple[int, timedelta]] = field(default_factory=list)

    async def turn(self, chat_id: int, count: int) -> None:
        self.turns.append((chat_id, count))

    async def refused(self, chat_id: int, retry_after: timedelta) -> None:
        self.refusals.append((chat_id, retry_after))


@asynccontextmanager
async def calling(url: str, token: str = TOKEN, road: FakeRoad | None = None) -> AsyncIterator[Bot]:
    """A bot on connections of its own."""
    connections = Connections(url)
    plain = AiohttpRequest(connections)
    request = PacedRequest(plain, road) if road else plain
    try:
        yield Bot(token, f"{url}/bot", request=request, get_updates_request=request)
    finally:
        await connections.close()


@asynccontextmanager
async def server(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """Something on a port that takes connections and does this with each; its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await answer(reader, writer)
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


async def breaks_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.transport.abort()


async def stays_silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read(-1)


async def stops_in_the_middle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()


async def speaks_no_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"220 mail.example ESMTP\r\n")
    await writer.drain()


async def failure(url: str) -> TelegramError:
    """How a send ends there."""
    async with calling(url) as bot:
        with pytest.raises(NetworkError) as failed:
            await bot.send_message(ADA, "hello", read_timeout=0.2)
    return failed.value


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(breaks_off, NetworkError, id="the line breaks"),
        pytest.param(stays_silent, TimedOut, id="no answer in time"),
        pytest.param(stops_in_the_middle, NetworkError, id="half an answer"),
        pytest.param(speaks_no_http, NetworkError, id="an answer that is no HTTP"),
    ],
)
async def test_after_the_call_went_out_nobody_knows(
    answer: Callable[..., Awaitable[None]], error: type[TelegramError]
) -> None:
    async with server(answer) as url:
        failed = await failure(url)
    assert type(failed) is error
    assert isinstance(failed.__cause__, LineBroke)


async def test_without_a_connection_it_never_left() -> None:
    async with server(stays_silent) as url:
        pass
    assert isinstance((await failure(url)).__cause__, NeverLeft)


async def test_a_connection_that_does_not_come_about_never_left() -> None:
    """The pool is full and nobody gives a place back in time."""
    async with server(stays_silent) as url, calling(url) as bot:
        held = [asyncio.create_task(bot.send_message(ADA, "held")) for _ in range(CONNECTIONS)]
        await asyncio.sleep(0.1)
        with pytest.raises(NetworkError) as failed:
            await bot.send_message(ADA, "no place", pool_timeout=0.05, connect_timeout=0.05)
        for task in held:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)
    assert isinstance(failed.value.__cause__, NeverLeft)


async def test_after_hanging_up_it_never_left() -> None:
    async with calling("http://127.0.0.1:1") as bot:
        pass
    with pytest.raises(NetworkError) as failed:
        await bot.send_message(ADA, "late")
    assert isinstance(failed.value.__cause__, NeverLeft)


@pytest.mark.parametrize("answer", [breaks_off, stays_silent, speaks_no_http])
async def test_no_error_shows_the_token(answer: Callable[..., Awaitable[None]]) -> None:
    """aiohttp's own texts name the whole address; a traceback would print them, cause and all."""
    async with server(answer) as url:
        failed = await failure(url)
    refused = await failure(url)
    for error in (failed, refused):
        assert "T0KEN" not in "".join(traceback.format_exception(error)) + repr(error.__cause__)


def test_the_account_does_not_show_the_token() -> None:
    assert repr(Account(TOKEN, "http://127.0.0.1:8081")) == "Account('http://127.0.0.1:8081')"


async def test_a_redirect_is_not_followed() -> None:
    """Whoever redirects the bot would be handed its token."""
    asked = []

    async def redirects(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with server(redirects) as url:
        await failure(url)
    assert len(asked) == 1


async def test_a_file_is_uploaded() -> None:
    async with simulated_telegram(port=0) as sandbox, calling(sandbox.url, sandbox.token) as bot:
        sent = await bot.send_document(ADA, GIF, filename="日 a.gif", caption="Grüße")
    assert sent.document is not None
    assert (sent.document.file_name, sent.caption) == ("日 a.gif", "Grüße")


@pytest.mark.parametrize(
    ("environment", "url", "proxy"),
    [
        pytest.param({}, "https://api.telegram.org", None, id="none is named"),
        pytest.param(
            {"https_proxy": "http://p.example:3128"},
            "https://api.telegram.org",
            "http://p.example:3128",
            id="one for https",
        ),
        pytest.param(
            {"all_proxy": "p.example:3128"}, "https://api.telegram.org", "http://p.example:3128", id="for all"
        ),
        pytest.param(
            {"http_proxy": "http://p.example:3128", "no_proxy": "127.0.0.1"},
            "http://127.0.0.1:8081",
            None,
            id="not for this host",
        ),
        pytest.param(
            {"https_proxy": "socks5://p.example:1080"},
            "https://api.telegram.org",
            None,
            id="not of a kind we speak",
        ),
    ],
)
def test_the_proxy(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, proxy: str | None
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy


# --- the one road ---


@asynccontextmanager
async def on_the_road() -> AsyncIterator[tuple[Bot, FakeRoad, Sandbox]]:
    road = FakeRoad()
    async with simulated_telegram(port=0) as sandbox, calling(sandbox.url, sandbox.token, road) as bot:
        yield bot, road, sandbox


async def send_album(bot: Bot, message_id: int) -> object:
    return await bot.send_media_group(ADA, [InputMediaPhoto(GIF), InputMediaPhoto(GIF)])


@pytest.mark.parametrize(
    ("call", "turns"),
    [
        pytest.param(lambda bot, _: bot.send_message(ADA, "a"), [(ADA, 1)], id="a text"),
        pytest.param(lambda bot, _: bot.send_document(ADA, GIF), [(ADA, 1)], id="a file"),
        pytest.param(send_album, [(ADA, 2)], id="an album counts as its pictures"),
        pytest.param(lambda bot, one: bot.copy_message(ADA, ADA, one), [(ADA, 1)], id="a copy"),
        pytest.param(lambda bot, one: bot.forward_message(READERS, ADA, one), [(READERS, 1)], id="a forward"),
        pytest.param(
            lambda bot, one: bot.edit_message_text("b", ADA, one), [], id="an edit puts nothing there"
        ),
        pytest.param(lambda bot, one: bot.delete_message(ADA, one), [], id="nor does a deletion"),
        pytest.param(lambda bot, _: bot.send_chat_action(ADA, "typing"), [], id="nor does an action"),
        pytest.param(lambda bot, _: bot.get_chat(ADA), [], id="nor does a question"),
        pytest.param(lambda bot, _: bot.get_me(), [], id="nor does what names no chat"),
    ],
)
async def test_what_puts_messages_into_a_chat_waits_for_its_turn(
    call: Callable[[Bot, int], Awaitable[object]], turns: list[tuple[int, int]]
) -> None:
    async with on_the_road() as (bot, road, _):
        message = await bot.send_message(ADA, "a")
        road.turns.clear()
        with contextlib.suppress(BadRequest):  # the simulated Telegram may dislike the picture; it was asked
            await call(bot, message.message_id)
        assert road.turns == turns


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        pytest.param({"status": 429, "retry_after": 7}, timedelta(seconds=7), id="Telegram says how long"),
        pytest.param({"status": 429}, timedelta(seconds=1), id="something in between does not"),
    ],
)
async def test_the_road_is_told_when_telegram_finds_us_too_fast(
    fault: dict[str, int], wait: timedelta
) -> None:
    async with on_the_road() as (bot, road, sandbox):
        sandbox.simulation.faults.waiting.append(Fault.read({"method": "editMessageText", **fault}))
        message = await bot.send_message(ADA, "a")
        with pytest.raises((RetryAfter, NetworkError)):
            await bot.edit_message_text("b", ADA, message.message_id)
        assert road.refusals == [(ADA, wait)]


async def test_a_call_waits_until_it_is_its_turn() -> None:
    open_ = asyncio.Event()

    class ClosedRoad(FakeRoad):
        async def turn(self, chat_id: int, count: int) -> None:
            await open_.wait()

    async with (
        simulated_telegram(port=0) as sandbox,
        calling(sandbox.url, sandbox.token, ClosedRoad()) as bot,
    ):
        sending = asyncio.create_task(bot.send_message(ADA, "a"))
        await bot.get_me()
        assert [call["method"] for call in sandbox.simulation.calls] == ["getMe"]
        open_.set()
        await sending
        assert [call["method"] for call in sandbox.simulation.calls] == ["getMe", "sendMessage"]


async def test_answers_to_people_take_the_road_and_alerts_have_had_their_turn() -> None:
    road = FakeRoad()
    async with conversation(road=road) as chat:
        await chat.say("/help")
        assert road.turns == [(ADA, 1)]
        await chat.side.sending_bot.send_message(ADA, "an alert")
        assert road.turns == [(ADA, 1)]
