"""What each of Telegram's answers means for a message, asked of the simulated Telegram."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot import i18n
from bot.model import (
    Alert,
    Article,
    Chat,
    ChatGone,
    ChatKind,
    ChatMoved,
    Digest,
    Headline,
    Look,
    Notice,
    NotSent,
    PerhapsSent,
    Picture,
    Refused,
    SendResult,
    Sent,
    TooFast,
    TopicGone,
    Unauthorized,
)
from bot.sandbox.run import Sandbox, simulated_telegram
from bot.telegram.messenger import TelegramMessenger, answer
from bot.telegram.request import AiohttpRequest, Connections, LineBroke, NeverLeft
from tests.fakes import FakePictures

CATALOGUE = i18n.load()
ADA = Chat(1001, ChatKind.PRIVATE, "Ada", "en")
FORUM = Chat(-1001234567890, ChatKind.GROUP, "Newsroom", "en")
ALERT = Alert(
    Article("k", "Tides", "https://example.org/tides", "The sea rose.", "https://example.org/sea.jpg", None),
    "Coast News",
    "en",
    Look.CARD,
    ("https://example.org/sea.jpg",),
)


@dataclass
class Line:
    """A messenger on a simulated Telegram, and its control interface."""

    messenger: TelegramMessenger
    pictures: FakePictures
    sandbox: Sandbox
    http: aiohttp.ClientSession

    async def control(self, path: str, body: object) -> None:
        async with self.http.post(self.sandbox.url + path, json=body) as response:
            assert response.status == 200, await response.text()

    async def messages(self, chat: int) -> list[dict[str, Any]]:
        async with self.http.get(f"{self.sandbox.url}/sim/chats/{chat}/messages") as response:
            found: list[dict[str, Any]] = await response.json()
            return found


@asynccontextmanager
async def connected(token: str, url: str) -> AsyncIterator[Bot]:
    """A bot as alerts are sent by."""
    connections = Connections(url)
    request = AiohttpRequest(connections)
    try:
        yield Bot(token, f"{url}/bot", request=request, get_updates_request=request)
    finally:
        await connections.close()


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with (
        simulated_telegram(port=0) as sandbox,
        aiohttp.ClientSession() as http,
        connected(sandbox.token, sandbox.url) as bot,
    ):
        pictures = FakePictures()
        yield Line(TelegramMessenger(bot, CATALOGUE, pictures), pictures, sandbox, http)


async def test_an_alert_arrives_with_its_card(line: Line) -> None:
    result = await line.messenger.send(ADA, None, ALERT)
    (message,) = await line.messages(ADA.id)
    assert result == Sent((message["message_id"],))
    assert message["text"] == "Tides\n\nThe sea rose.\n\nCoast News"
    assert message["link_preview_options"]["url"] == "https://example.org/sea.jpg"
    assert message["link_preview_options"]["show_above_text"] is True


@pytest.mark.parametrize("silent", [True, False])
async def test_a_silent_alert_makes_no_sound(line: Line, silent: bool) -> None:
    await line.messenger.send(ADA, None, replace(ALERT, silent=silent))
    async with line.http.get(f"{line.sandbox.url}/sim/calls") as response:
        asked = [call["params"] for call in await response.json() if call["method"] == "sendMessage"]
    assert [bool(one.get("disable_notification")) for one in asked] == [silent]


async def test_a_full_text_comes_in_pages_the_first_with_headline_source_and_card(line: Line) -> None:
    paragraphs = "".join(f"<p>{letter * 3000} end of {letter}.</p>" for letter in "ab")
    whole = replace(ALERT, article=replace(ALERT.article, html=paragraphs), page=0)
    second = replace(whole, page=1, look=Look.TEXT, pictures=())
    results = [await line.messenger.send(ADA, None, post) for post in (whole, second)]
    first, last = await line.messages(ADA.id)
    assert results == [Sent((first["message_id"],), more=True), Sent((last["message_id"],))]
    assert first["text"].startswith("Tides\n\nCoast News\n\naaa")
    assert first["text"].endswith("end of a.")
    assert last["text"].startswith("bbb")
    assert first["link_preview_options"]["url"] == "https://example.org/sea.jpg"
    assert last["link_preview_options"] == {"is_disabled": True}


async def test_a_page_that_is_not_there_any_more_is_not_sent(line: Line) -> None:
    """The text became shorter by another version's rendering: what is to be read of it is out."""
    whole = replace(ALERT, article=replace(ALERT.article, html="<p>Rain.</p>"), page=1)
    assert await line.messenger.send(ADA, None, whole) == Sent(())
    assert await line.messages(ADA.id) == []


async def test_a_page_in_bare_words(line: Line) -> None:
    whole = replace(ALERT, article=replace(ALERT.article, html="<p>1 &lt; 2 <b>so</b></p>"), page=0)
    await line.messenger.send(ADA, None, replace(whole, look=Look.PLAIN))
    (message,) = await line.messages(ADA.id)
    assert message["text"] == "Tides\n\nCoast News\n\n1 < 2 so"


async def test_a_topic_gets_its_own(line: Line) -> None:
    await line.messenger.send(FORUM, 7, ALERT)
    assert (await line.messages(FORUM.id))[-1]["message_thread_id"] == 7


async def test_a_digest_arrives_in_the_readers_language(line: Line) -> None:
    headlines = (
        Headline("Tides", "https://example.org/1", "Coast News"),
        Headline("Ore", "https://example.org/2", "Hill News"),
    )
    result = await line.messenger.send(ADA, None, Digest(headlines, "zh_Hans", missed=3))
    (message,) = await line.messages(ADA.id)
    assert result == Sent((message["message_id"],))
    assert message["text"] == (
        "2 篇新文章\n\nCoast News\n• Tides\n\nHill News\n• Ore\n\n另有 3 篇更早的文章没有保留。"
    )
    assert message["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize(
    ("headlines", "missed", "lines"),
    [
        pytest.param(1, 0, ["1 new article", "• t"], id="one, none missed"),
        pytest.param(
            2, 1, ["2 new articles", "• t", "• t", "One older article was not kept."], id="one missed"
        ),
        pytest.param(1, 2, ["1 new article", "• t", "2 older articles were not kept."], id="two missed"),
    ],
)
async def test_a_digest_counts(line: Line, headlines: int, missed: int, lines: list[str]) -> None:
    await line.messenger.send(ADA, None, Digest((Headline("t", None, ""),) * headlines, "en", missed))
    (message,) = await line.messages(ADA.id)
    assert [one for one in message["text"].splitlines() if one] == lines


async def test_a_notice_arrives(line: Line) -> None:
    await line.messenger.send(FORUM, None, Notice("notice.topic_gone", "en"))
    assert (await line.messages(FORUM.id))[-1]["text"] == (
        "A topic of this group is closed or deleted. Articles for it wait; when it is open again, send /resume."
    )


SEA, ROCKS, LIGHT = (f"https://example.org/{name}.jpg" for name in ("sea", "rocks", "light"))
JPEG = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x40\x00\x60\x03" + bytes(20)
"""64 high, 96 wide."""


def looking(look: Look, *pictures: str) -> Alert:
    return replace(ALERT, look=look, pictures=pictures)


async def test_bare_words_have_their_address_written_out(line: Line) -> None:
    """What is left when Telegram refuses the markup."""
    await line.messenger.send(ADA, None, looking(Look.PLAIN))
    (message,) = await line.messages(ADA.id)
    assert message["text"] == "Tides\n\nThe sea rose.\n\nCoast News\n\nhttps://example.org/tides"
    assert "entities" not in message or message["entities"][0]["type"] == "url"


async def test_a_photo_has_the_words_as_its_caption(line: Line) -> None:
    result = await line.messenger.send(ADA, None, looking(Look.ADDRESSES, SEA))
    (message,) = await line.messages(ADA.id)
    assert result == Sent((message["message_id"],))
    assert message["caption"] == "Tides\n\nThe sea rose.\n\nCoast News"
    assert message["photo"]
    assert [entity["type"] for entity in message["caption_entities"]] == ["text_link", "bold"]


async def test_an_album_has_them_below_its_first_picture(line: Line) -> None:
    result = await line.messenger.send(FORUM, 7, looking(Look.ADDRESSES, SEA, ROCKS, LIGHT))
    album = (await line.messages(FORUM.id))[-3:]
    assert result == Sent(tuple(one["message_id"] for one in album))
    assert len({one["media_group_id"] for one in album}) == 1
    assert [one["message_thread_id"] for one in album] == [7, 7, 7]
    assert [one.get("caption", "")[:5] for one in album] == ["Tides", "", ""]


@pytest.mark.parametrize(
    ("had", "sizes"),
    [
        pytest.param([SEA], [[(96, 64)]], id="one: a photo"),
        pytest.param([SEA, LIGHT], [[(96, 64)], [(96, 64)]], id="two of three: an album of those"),
    ],
)
async def test_uploads_are_those_that_can_be_had(
    line: Line, had: list[str], sizes: list[list[tuple[int, int]]]
) -> None:
    line.pictures.web = {url: Picture(JPEG, "picture.jpg", "image/jpeg") for url in had}
    assert isinstance(await line.messenger.send(ADA, None, looking(Look.UPLOADS, SEA, ROCKS, LIGHT)), Sent)
    messages = await line.messages(ADA.id)
    assert [[(one["width"], one["height"]) for one in message["photo"]] for message in messages] == sizes
    assert messages[0]["caption"].startswith("Tides")


async def test_without_any_upload_nothing_is_sent(line: Line) -> None:
    result = await line.messenger.send(ADA, None, looking(Look.UPLOADS, SEA))
    assert result == Refused("no picture of it could be fetched")
    assert await line.messages(ADA.id) == []


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        pytest.param(
            {"status": 403, "description": "Forbidden: bot was blocked by the user"},
            ChatGone,
            id="blocked: the chat rests",
        ),
        pytest.param(
            {"status": 429, "description": "Too Many Requests: retry after 7", "retry_after": 7},
            TooFast,
            id="too fast",
        ),
        pytest.param({"status": 401, "description": "Unauthorized"}, Unauthorized, id="the token is refused"),
        pytest.param({"status": 502, "description": "Bad Gateway"}, PerhapsSent, id="5xx: nobody knows"),
        pytest.param({"drop": "before"}, PerhapsSent, id="the line broke before: nobody knows"),
        pytest.param({"drop": "after"}, PerhapsSent, id="the line broke after: nobody knows"),
    ],
)
async def test_an_answer(line: Line, fault: dict[str, object], result: type[SendResult]) -> None:
    await line.control("/sim/faults", [{"method": "sendMessage", "times": 1, **fault}])
    assert isinstance(await line.messenger.send(ADA, None, ALERT), result)


async def test_nobody_listens() -> None:
    """Certainly not sent: it is tried again without a doubt about doubles."""
    async with simulated_telegram(port=0) as sandbox:
        token, url = sandbox.token, sandbox.url
    async with connected(token, url) as bot:
        assert isinstance(
            await TelegramMessenger(bot, CATALOGUE, FakePictures()).send(ADA, None, ALERT), NotSent
        )


def _caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "result"),
    [
        pytest.param(RetryAfter(5), TooFast(timedelta(seconds=6)), id="429: with a second of grace"),
        pytest.param(ChatMigrated(-1002), ChatMoved(-1002), id="a group became a supergroup"),
        pytest.param(InvalidToken(), Unauthorized("Invalid token"), id="401"),
        pytest.param(Forbidden("x"), ChatGone("x"), id="any 403 rests the chat"),
        pytest.param(BadRequest("Chat not found"), ChatGone("Chat not found"), id="a chat that is gone"),
        pytest.param(
            BadRequest("TOPIC_CLOSED"), TopicGone("TOPIC_CLOSED"), id="a closed topic holds what is for it"
        ),
        pytest.param(
            BadRequest("Message thread not found"),
            TopicGone("Message thread not found"),
            id="a deleted topic",
        ),
        pytest.param(
            BadRequest("Message is too long"), Refused("Message is too long"), id="our mistake: given up"
        ),
        pytest.param(_caused(NetworkError("x"), NeverLeft("x")), NotSent("x"), id="never left"),
        pytest.param(_caused(TimedOut("x"), LineBroke("x")), PerhapsSent("x"), id="no answer in time"),
        pytest.param(TelegramError("x"), PerhapsSent("x"), id="an answer nobody knows"),
    ],
)
def test_an_error(error: TelegramError, result: SendResult) -> None:
    assert answer(error) == result
