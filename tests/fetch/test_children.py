"""Reading in child processes: whatever a body does to its reader, the bot goes on."""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.fetch.children import Children, _unpickle
from bot.model import Entry, FetchFailed, NotAFeed, ParsedFeed, Problem, ReadResult
from tests.fetch.server import until

ODD = (sys.executable, "-m", "tests.fetch.odd_child")
URL = "https://me:secret@feeds.example/rss"
HOST = {"host": "feeds.example"}
PATIENT = timedelta(seconds=20)


@pytest.fixture
async def odd() -> AsyncIterator[Children]:
    async with Children(command=ODD) as children:
        yield children


async def read(children: Children, body: bytes, deadline: timedelta = PATIENT) -> ReadResult | FetchFailed:
    return await children.read(body, url=URL, content_type="text/xml", deadline=deadline)


async def process_id(children: Children) -> int:
    result = await read(children, b"well")
    assert isinstance(result, ParsedFeed)
    return int(result.title.split()[0])


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_feed_comes_back_as_it_was_read() -> None:
    body = (
        b"<rss version='2.0'><channel><title>News</title><item><title>One</title><guid>1</guid>"
        b"<pubDate>Wed, 01 May 2024 12:00:00 +0200</pubDate></item></channel></rss>"
    )
    async with Children() as children:
        result = await children.read(body, url="https://n.example/", content_type="", deadline=PATIENT)
    assert isinstance(result, ParsedFeed)
    assert result.title == "News"
    assert [(entry.guid, entry.title, entry.published) for entry in result.entries] == [
        ("1", "One", datetime(2024, 5, 1, 10, 0, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00" * 1000, id="zeros"),
        pytest.param(b"<html><body>Hello</body></html>", id="a web page"),
    ],
)
async def test_what_is_no_feed_comes_back_as_that(body: bytes) -> None:
    async with Children() as children:
        result = await children.read(body, url="https://n.example/", content_type="", deadline=PATIENT)
    assert isinstance(result, NotAFeed)


async def test_a_child_is_used_again(odd: Children) -> None:
    """Starting one takes a third of a second."""
    assert await process_id(odd) == await process_id(odd)


async def test_a_reader_that_hangs_is_killed_at_the_deadline_and_the_next_body_is_read(odd: Children) -> None:
    process = await process_id(odd)
    result = await read(odd, b"hang", timedelta(seconds=0.3))
    assert result == FetchFailed(Problem("parse.timeout", HOST))
    assert await process_id(odd) != process
    await until(lambda: not lives(process))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"die", id="the child dies"),
        pytest.param(b"raise", id="the reader raises"),
        pytest.param(b"recurse", id="the reader recurses without end"),
        pytest.param(b"eat", id="the reader wants 4 GB"),
        pytest.param(b"foreign", id="the answer holds a foreign object"),
        pytest.param(b"counter", id="the answer holds another foreign object"),
        pytest.param(b"none", id="the answer is none"),
    ],
)
async def test_a_reader_that_fails_is_told_and_the_next_body_is_read(odd: Children, body: bytes) -> None:
    assert await read(odd, body) == FetchFailed(Problem("parse.crashed", HOST))
    assert isinstance(await read(odd, b"well"), ParsedFeed)


async def test_what_a_reader_prints_does_not_tear_the_frames(odd: Children) -> None:
    assert isinstance(await read(odd, b"print"), ParsedFeed)
    assert isinstance(await read(odd, b"well"), ParsedFeed)


async def test_a_child_that_died_while_idle_is_replaced(odd: Children) -> None:
    process = await process_id(odd)
    os.kill(process, 9)
    await until(lambda: not lives(process))
    # The loop learns of it a moment later than we do.
    await asyncio.sleep(0.05)
    assert isinstance(await read(odd, b"well"), ParsedFeed)


async def test_a_body_of_10_mb_reaches_its_reader_whole(odd: Children) -> None:
    result = await read(odd, bytes(10 << 20))
    assert isinstance(result, ParsedFeed)
    assert result.title.split()[1:] == ["text/xml", "10485760"]


async def test_a_child_that_read_a_large_body_is_not_kept(odd: Children) -> None:
    """feedparser stretches the heap to a hundred megabytes, and it stays so."""
    process = await process_id(odd)
    await read(odd, bytes(2 << 20))
    assert await process_id(odd) != process


async def test_no_more_children_than_allowed() -> None:
    async with Children(most=2, command=ODD) as children:
        pids = await asyncio.gather(*(process_id(children) for _ in range(8)))
    assert len(set(pids)) <= 2


async def test_an_idle_child_ends() -> None:
    async with Children(idle=timedelta(seconds=0.05), command=ODD) as children:
        process = await process_id(children)
        await until(lambda: not lives(process))


async def test_a_reading_nobody_waits_for_is_killed(odd: Children) -> None:
    process = await process_id(odd)
    task = asyncio.create_task(read(odd, b"hang"))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not lives(process))


async def test_no_child_outlives_the_bot() -> None:
    async with Children(command=ODD) as children:
        process = await process_id(children)
    assert not lives(process)


async def test_a_child_knows_no_secrets(odd: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDBELL_TOKEN", "1:secret")
    monkeypatch.setenv("PGPASSWORD", "secret")
    result = await read(odd, b"env")
    assert isinstance(result, ParsedFeed)
    assert "PYTHONPATH" in result.title
    assert not {"FEEDBELL_TOKEN", "PGPASSWORD"} & set(result.title.split())


def test_the_words_of_an_answer_suffice_for_every_zone() -> None:
    """A published date keeps no zone of its own, as all moments are UTC; one that does must still come back."""
    entry = Entry(published=datetime(2024, 5, 1, tzinfo=timezone(timedelta(hours=2))))
    feed = ParsedFeed(title="", site=None, language="", entries=(entry,), fresh_for=timedelta(hours=1))
    assert _unpickle(pickle.dumps(feed)) == feed
