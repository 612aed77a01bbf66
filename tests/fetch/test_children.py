"""Reading in child processes: whatever a body does to its reader, the bot goes on."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from structlog.testing import capture_logs

from bot.fetch.child import HEADER, ORPHAN_SECONDS, _pickled
from bot.fetch.children import Children, _unpickle
from bot.model import (
    Enclosure,
    Entry,
    FeedLink,
    FetchFailed,
    NotAFeed,
    ParsedFeed,
    Problem,
    ReadResult,
    Terms,
)
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


def rss(channel: str) -> bytes:
    return f"<rss version='2.0'><channel><title>T</title>{channel}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("body", "entries"),
    [
        pytest.param(
            rss(f"<item><description>{'word ' * 600_000}</description></item>"), 1, id="an item of 3 MB"
        ),
        pytest.param(rss(f"<item><author>{'a.' * 40_000}</author></item>"), 1, id="an author of 80 KB"),
        pytest.param(rss("<item><title>t</title></item>" * 100_000), 5_000, id="100,000 items"),
        pytest.param(
            rss(f"<item>{'<b>' * 20_000}{'</b>' * 20_000}</item>"), 1, id="20,000 nested tags in an item"
        ),
        pytest.param(
            rss(f"<item><title>{'&lt;b&gt;' * 200_000}</title></item>"), 1, id="200,000 tags as text"
        ),
        pytest.param(rss("<item><title>t</title></item><item><tit")[:-16], 1, id="cut short"),
        pytest.param(
            b"<!DOCTYPE z [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>" + rss("<item><title>&b;</title></item>"),
            1,
            id="a bomb of entities",
        ),
    ],
)
async def test_a_hazard_is_read_well(body: bytes, entries: int) -> None:
    async with Children() as children:
        result = await children.read(body, url="https://n.example/", content_type="", deadline=PATIENT)
    assert isinstance(result, ParsedFeed)
    assert len(result.entries) == entries


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
        pytest.param(b"foreign", id="the answer holds a foreign object"),
        pytest.param(b"counter", id="the answer holds another foreign object"),
        pytest.param(b"none", id="the answer is none"),
    ],
)
async def test_a_reader_that_fails_is_told_and_the_next_body_is_read(odd: Children, body: bytes) -> None:
    assert await read(odd, body) == FetchFailed(Problem("parse.crashed", HOST))
    assert isinstance(await read(odd, b"well"), ParsedFeed)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"eat", id="the reader wants 4 GB"),
        pytest.param(b"killed", id="the machine has no more, and the kernel takes it"),
        pytest.param(b"watched", id="where the system does not count, it does so itself"),
    ],
)
async def test_a_reader_that_needs_too_much_memory_ends_and_is_told_as_that(
    odd: Children, body: bytes
) -> None:
    process = await process_id(odd)
    assert await read(odd, body) == FetchFailed(Problem("parse.memory", HOST))
    await until(lambda: not lives(process))
    assert isinstance(await read(odd, b"well"), ParsedFeed)


async def test_a_failure_is_logged_by_its_place_without_a_word_of_the_feed(odd: Children) -> None:
    """An address may carry a private token, and messages of errors quote addresses."""
    with capture_logs() as logs:
        await read(odd, b"raise")
    (log,) = logs
    assert (log["event"], log["host"], log["size"]) == ("parse.crashed", "feeds.example", 5)
    assert log["reason"].startswith("ValueError in odd_child.py:")
    assert "secret" not in str(log)


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


@pytest.mark.skipif(sys.platform == "win32", reason="there is no alarm")
async def test_a_child_that_hangs_while_the_bot_dies_ends_itself() -> None:
    """Nobody is left to kill it. Its own alarm rings five seconds after the deadline: here, in 0.2 s."""
    process = await asyncio.create_subprocess_exec(*ODD, stdin=asyncio.subprocess.PIPE)
    assert process.stdin is not None
    request = pickle.dumps((b"hang", URL, "", 0.2 - ORPHAN_SECONDS))
    process.stdin.write(HEADER.pack(len(request)) + request)
    async with asyncio.timeout(10):
        assert await process.wait() == -signal.SIGALRM


async def test_a_child_knows_no_secrets(odd: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDBELL_TOKEN", "1:secret")
    monkeypatch.setenv("PGPASSWORD", "secret")
    result = await read(odd, b"env")
    assert isinstance(result, ParsedFeed)
    assert "PYTHONPATH" in result.title
    assert not {"FEEDBELL_TOKEN", "PGPASSWORD"} & set(result.title.split())


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            ParsedFeed(
                title="News",
                site="https://n.example/",
                language="en",
                entries=(
                    Entry(
                        guid="1",
                        published=datetime(2024, 5, 1, tzinfo=UTC),
                        enclosures=(Enclosure(url="https://n.example/a.mp3", type="audio/mpeg", length=1),),
                    ),
                    Entry(published=datetime(2024, 5, 1, tzinfo=timezone(timedelta(hours=2)))),
                ),
                terms=Terms(timedelta(hours=1), frozenset({0, 23}), frozenset({6})),
            ),
            id="a feed with everything in it",
        ),
        pytest.param(
            NotAFeed(
                Problem("feed.web_page", {"host": "n.example"}), (FeedLink("https://n.example/rss", "News"),)
            ),
            id="a page that names feeds",
        ),
        pytest.param(NotAFeed(Problem("feed.empty")), id="a problem without values"),
    ],
)
def test_every_word_of_an_answer_comes_back(answer: ReadResult) -> None:
    assert _unpickle(_pickled(answer)) == answer


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<rss>", id="no pickle"),
        pytest.param(pickle.dumps(os.getpid), id="a function"),
        pytest.param(pickle.dumps(Entry), id="a word, but no answer"),
        pytest.param(
            b"\x80\x04\x8c\x09bot.model\x8c\x15dataclass.__globals__\x93.", id="a way through a word"
        ),
    ],
)
def test_an_answer_in_other_words_is_refused(answer: bytes) -> None:
    """A child that strangers took over must not take over the bot."""
    with pytest.raises(pickle.UnpicklingError):
        _unpickle(answer)
