"""From an address to a feed: one GET, and a reading in a child process if the bytes are new."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from types import TracebackType
from typing import Self, assert_never

from bot.feeds import body_hash
from bot.fetch.children import Children
from bot.fetch.get import NO_HEADERS, Fetcher
from bot.fetch.turns import Turns
from bot.model import (
    FeedRead,
    Fetched,
    FetchFailed,
    NotAFeed,
    ParsedFeed,
    SourceResult,
    Unchanged,
    Validators,
)

# A sound feed of 10 MB takes 4 s of an otherwise idle core here, and several times that on a small machine;
# what takes longer hangs.
DEADLINE = timedelta(seconds=20)
LONG = 1024 * 1024
"""Bytes whose hash (2 ms) is reckoned in a thread: 10 MB would hold up everything else for 24 ms."""


class WebReader:
    """Implements `ports.FeedReader`. Use it as an async context manager; it opens and closes its parts."""

    def __init__(self, fetcher: Fetcher, children: Children, *, deadline: timedelta = DEADLINE) -> None:
        self._fetcher = fetcher
        self._children = children
        self._deadline = deadline
        self._parts = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._parts.enter_async_context(self._fetcher)
        await self._parts.enter_async_context(self._children)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._parts.aclose()

    @property
    def turns(self) -> Turns:
        """Whose turn it is at which host, for others who ask the same ones."""
        return self._fetcher.turns

    async def read(
        self, url: str, validators: Validators, headers: Mapping[str, str] = NO_HEADERS
    ) -> SourceResult:
        """Get a feed and read it, if it changed. Never raises for what the web does.

        Args:
            url: http or https, absolute.
            validators: of the last reading that went well; those in the result take their place.
            headers: of this feed, for its own server alone.
        """
        result = await self._fetcher.get(url, validators, headers)
        match result:
            case Fetched():
                return await self._read(result, known=validators.body_hash)
            case Unchanged() | FetchFailed():
                return result
            case _:
                assert_never(result)

    async def _read(self, fetched: Fetched, *, known: str | None) -> SourceResult:
        name = await _hash(fetched.body)
        validators = replace(fetched.validators, body_hash=name)
        if validators.body_hash == known:
            return Unchanged(validators, fetched.fresh_for, fetched.moved_to)
        result = await self._children.read(
            fetched.body, url=fetched.final_url, content_type=fetched.content_type, deadline=self._deadline
        )
        match result:
            case ParsedFeed():
                if not result.whole:
                    # What was cut off is asked for again, even if the server says that nothing changed since.
                    validators = Validators(body_hash=validators.body_hash)
                return FeedRead(
                    result, fetched.final_url, validators, fetched.fresh_for, moved_to=fetched.moved_to
                )
            case NotAFeed() | FetchFailed():
                return result
            case _:
                assert_never(result)


async def _hash(body: bytes) -> str:
    return await asyncio.to_thread(body_hash, body) if len(body) > LONG else body_hash(body)
