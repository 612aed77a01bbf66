"""A running simulated Telegram, a python-telegram-bot Bot on it, and a hand on the control interface."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto

from bot.sandbox.run import Sandbox, simulated_telegram

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def button(text: str, **action: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, **action)]])


def album(count: int) -> list[InputMediaPhoto]:
    return [InputMediaPhoto(f"https://example.org/{number}.png") for number in range(count)]


@asynccontextmanager
async def served(path: str, handler: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    """A server on this machine with one path; its address."""
    app = web.Application()
    app.router.add_route("*", path, handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{path}"
    finally:
        await runner.cleanup()


@dataclass(frozen=True)
class Control:
    """The control interface as a test uses it."""

    session: aiohttp.ClientSession
    url: str

    async def post(self, path: str, body: Any, *, status: int = 200) -> Any:
        async with self.session.post(f"{self.url}/sim/{path}", json=body) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()

    async def get(self, path: str) -> Any:
        async with self.session.get(f"{self.url}/sim/{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def say(self, user: int, chat: int, text: str, **more: Any) -> Any:
        return await self.post("send", {"user": user, "chat": chat, "text": text, **more})

    async def texts(self, chat: int) -> list[str]:
        return [message.get("text", "") for message in await self.get(f"chats/{chat}/messages")]


@pytest.fixture
async def telegram() -> AsyncIterator[Sandbox]:
    async with simulated_telegram(port=0) as sandbox:
        yield sandbox


@pytest.fixture
async def bot(telegram: Sandbox) -> AsyncIterator[Bot]:
    async with Bot(telegram.token, f"{telegram.url}/bot", f"{telegram.url}/file/bot") as bot:
        yield bot


@pytest.fixture
async def control(telegram: Sandbox) -> AsyncIterator[Control]:
    async with aiohttp.ClientSession() as session:
        yield Control(session, telegram.url)
