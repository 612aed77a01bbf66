"""What is wrong with this installation, in words, and what to do about it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import urlopen

from bot.app import summarizer
from bot.clock import SystemClock
from bot.config import Settings
from bot.errors import FeedbellError, SettingsError
from bot.fetch import check_extra, parse_allowed, parse_proxy
from bot.store import SqlStore

# Beyond this, articles look as if they came from the future, and caches lie.
MOST_SKEW = 60.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    name: str
    well: bool
    sentence: str


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Look at the token, the clock, the database, the addresses and what is switched on, one after the other."""
    looks: tuple[Callable[[Settings], Awaitable[list[Finding]]], ...] = (
        _telegram,
        _database,
        _addresses,
        _pages,
        _summaries,
    )
    for look in looks:
        for finding in await look(settings):
            yield finding


async def _telegram(settings: Settings) -> list[Finding]:
    if settings.token is None:
        return [
            Finding("token", False, "FEEDBELL_TOKEN is not set: get one from @BotFather and put it into .env")
        ]
    try:
        status, date, body = await asyncio.to_thread(
            _get, f"{settings.api_url}/bot{settings.token.get_secret_value()}/getMe"
        )
        return [_token(status, json.loads(body)), _clock(date)]
    except (OSError, HTTPException, ValueError) as error:
        # The error's own text could hold the address, and with it the token.
        what = f"{settings.api_url} does not answer ({type(error).__name__}): is the network up, the address right?"
        return [Finding("token", False, what)]


def _get(address: str) -> tuple[int, str | None, bytes]:
    """Status, Date header, body; in a thread."""
    try:
        with urlopen(address, timeout=10) as answer:  # noqa: S310 - http or https: the setting's pattern says so
            return answer.status, answer.headers["Date"], answer.read()
    except HTTPError as error:
        return error.code, error.headers["Date"], error.read()


def _token(status: int, body: object) -> Finding:
    match body:
        case {"ok": True, "result": {"username": str(name)}}:
            return Finding("token", True, f"Telegram knows this bot as @{name}")
        case _:
            return Finding(
                "token",
                False,
                f"Telegram refuses the token (status {status}): ask @BotFather for /token again",
            )


def _clock(date: str | None) -> Finding:
    try:
        skew = abs(time.time() - parsedate_to_datetime(date or "").timestamp())
    except ValueError:
        return Finding("clock", True, "could not be compared: the server sends no date")
    if skew > MOST_SKEW:
        return Finding("clock", False, f"is {skew:.0f} s away from Telegram's: turn on time synchronisation")
    return Finding("clock", True, "agrees with Telegram's")


async def _database(settings: Settings) -> list[Finding]:
    try:
        async with SqlStore(settings.database_url) as store:
            depth = await store.depth()
    except FeedbellError as error:
        return [
            Finding("database", False, f"{error}: check FEEDBELL_DATABASE_URL, the disk and its permissions")
        ]
    return [Finding("database", True, ", ".join(f"{count} {what}" for what, count in depth.items()))]


async def _addresses(settings: Settings) -> list[Finding]:
    try:
        parse_allowed(settings.allow_private)
    except SettingsError as error:
        return [Finding("addresses", False, f"FEEDBELL_ALLOW_PRIVATE: {error}")]
    try:
        parse_proxy(settings.feed_proxy_url)
    except SettingsError as error:
        return [Finding("addresses", False, str(error))]
    allowed = ", ".join(settings.allow_private) or "none"
    return [Finding("addresses", True, f"private addresses that feeds may come from: {allowed}")]


async def _pages(settings: Settings) -> list[Finding]:
    if settings.full_pages == "off":
        return []
    try:
        check_extra()
    except SettingsError as error:
        return [Finding("full pages", False, str(error))]
    return [Finding("full pages", True, "are fetched for articles that their feed only begins")]


async def _summaries(settings: Settings) -> list[Finding]:
    endpoint = summarizer(settings, SystemClock())
    if endpoint is None:
        return []
    async with endpoint:
        problem = await endpoint.problem()
    if problem is not None:
        what = (
            f"{settings.summary_url} does not answer ({problem}): check FEEDBELL_SUMMARY_URL, _MODEL and _KEY"
        )
        return [Finding("summaries", False, f"{what}; until then articles tell their own first sentences")]
    return [Finding("summaries", True, f"{settings.summary_model} answers")]
