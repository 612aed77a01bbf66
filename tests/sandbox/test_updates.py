"""How updates reach the bot, how fast it may answer, and what breaks when somebody asks for it."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from telegram import (
    Bot,
)
from telegram.error import Conflict, Forbidden, NetworkError, RetryAfter

from bot.sandbox.defaults import ADA
from bot.sandbox.run import Sandbox
from tests.sandbox.conftest import Control, served


async def test_rates_answer_retry_after_with_its_number(bot: Bot, control: Control) -> None:
    await control.post("limits", {"enabled": True, "private_burst": 1, "private_rate": 0.01})
    await bot.send_message(ADA, "x")
    with pytest.raises(RetryAfter) as wait:
        await bot.send_message(ADA, "y")
    assert wait.value._retry_after.total_seconds() in (99, 100)
    assert await control.texts(ADA) == ["x"]


async def test_updates_wait_until_confirmed(bot: Bot, control: Control) -> None:
    first = await control.say(ADA, ADA, "one")
    await control.say(ADA, ADA, "two")
    assert [update.message and update.message.text for update in await bot.get_updates()] == ["one", "two"]
    again = await bot.get_updates(offset=first["update_id"] + 1, limit=1)
    assert [update.message and update.message.text for update in again] == ["two"]
    assert await bot.get_updates(offset=again[0].update_id + 1) == ()


async def test_a_long_poll_returns_with_the_first_message(bot: Bot, control: Control) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0)
    await control.say(ADA, ADA, "here")
    (update,) = await polling
    assert update.message is not None
    assert update.message.text == "here"


async def test_a_second_poll_ends_the_first(bot: Bot, control: Control, telegram: Sandbox) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.world.updates.changed()
    other = Bot(telegram.token, f"{telegram.url}/bot")
    second = asyncio.create_task(other.get_updates(timeout=30))
    with pytest.raises(
        Conflict, match=r"(?i)terminated by other getUpdates request; make sure that only one bot"
    ):
        await first
    await control.say(ADA, ADA, "x")
    assert len(await second) == 1
    await other.shutdown()


async def test_unwanted_kinds_of_updates_do_not_come(bot: Bot, control: Control) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    assert (await control.say(ADA, ADA, "x"))["update_id"] is None


async def test_a_webhook_gets_the_updates_and_polling_conflicts(bot: Bot, control: Control) -> None:
    arrived: asyncio.Queue[tuple[str | None, Any]] = asyncio.Queue()
    answers = iter([500, 200, 200])

    async def hook(request: web.Request) -> web.Response:
        arrived.put_nowait((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), await request.json()))
        return web.Response(status=next(answers))

    async with served("/hook", hook) as url:
        await bot.set_webhook(url, secret_token="hush")
        with pytest.raises(Conflict, match=r"(?i)can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        said = await control.say(ADA, ADA, "x")
        tries = [await asyncio.wait_for(arrived.get(), 10) for _ in range(2)]
        assert [(secret, update["update_id"]) for secret, update in tries] == [
            ("hush", said["update_id"])
        ] * 2
        info = await bot.get_webhook_info()
        assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
        await bot.delete_webhook()
        assert (await bot.get_webhook_info()).url == ""


@pytest.mark.parametrize(
    ("drop", "texts"),
    [
        pytest.param(
            "before", ["x"], id="dropped before: nothing was done, so the second try is the only message"
        ),
        pytest.param("after", ["x", "x"], id="dropped after: it was done, so the second try doubles it"),
    ],
)
async def test_a_dropped_connection(bot: Bot, control: Control, drop: str, texts: list[str]) -> None:
    await control.post("faults", [{"method": "sendMessage", "chat": ADA, "drop": drop}])
    with pytest.raises(NetworkError):
        await bot.send_message(ADA, "x")
    await bot.send_message(ADA, "x")
    assert await control.texts(ADA) == texts
    calls = [one for one in await control.get("calls") if one["method"] == "sendMessage"]
    assert [(one["chat"], one["status"]) for one in calls] == [(ADA, 0), (ADA, 200)]


async def test_a_fault_answers_in_the_words_it_was_given(bot: Bot, control: Control) -> None:
    await control.post(
        "faults", [{"status": 403, "description": "Forbidden: user is deactivated"}, {"retry_after": 3}]
    )
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(ADA, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(ADA, "x")
    assert await control.get("faults") == []
    assert (await bot.send_message(ADA, "x")).text == "x"
