"""Zipped bodies: whole, broken, cut off, and bombs."""

from __future__ import annotations

import gzip
import sys
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable

import brotli
import pytest

from bot.fetch.get import Fetcher
from bot.fetch.unzip import ACCEPT_ENCODING, Unzipper
from bot.model import Fetched, FetchFailed, Problem, Validators
from tests.fetch.server import Web, fetcher, serving

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

NO_VALIDATORS = Validators()
HERE = {"host": "127.0.0.1"}
# Not the same line over and over: half of it must be half of the zipped stream as well.
FEED = b"<rss>" + b"".join(b"<item>%d</item>" % (number * number) for number in range(5000)) + b"</rss>"
Pack = Callable[[bytes], bytes]


def bare_deflate(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


CODINGS = [
    pytest.param("gzip", gzip.compress, id="gzip"),
    pytest.param("x-gzip", gzip.compress, id="gzip by its old name"),
    pytest.param("GZip", gzip.compress, id="gzip in capitals"),
    pytest.param("deflate", zlib.compress, id="deflate"),
    pytest.param("deflate", bare_deflate, id="deflate without its frame"),
    pytest.param("br", brotli.compress, id="brotli"),
    pytest.param("zstd", zstd.compress, id="zstd"),
]


@pytest.fixture
async def site() -> AsyncIterator[Web]:
    async with serving() as site:
        yield site


@pytest.fixture
async def client() -> AsyncIterator[Fetcher]:
    async with fetcher() as client:
        yield client


async def body_of(site: Web, client: Fetcher, coding: str, sent: bytes) -> bytes | str:
    """What arrives; or the key of the problem."""
    result = await client.get(site.says("/feed", sent, headers={"Content-Encoding": coding}), NO_VALIDATORS)
    if isinstance(result, FetchFailed):
        return result.problem.key
    assert isinstance(result, Fetched)
    return result.body


@pytest.mark.parametrize(("coding", "pack"), CODINGS)
async def test_bodies_are_unzipped(site: Web, client: Fetcher, coding: str, pack: Pack) -> None:
    assert await body_of(site, client, coding, pack(FEED)) == FEED


@pytest.mark.parametrize(("coding", "pack"), CODINGS)
def test_bodies_are_unzipped_byte_by_byte(coding: str, pack: Pack) -> None:
    """Networks cut where they like."""
    unzipper, zipped = Unzipper(coding), pack(FEED)
    pieces = [piece for at in range(len(zipped)) for piece in unzipper.pieces(zipped[at : at + 1])]
    unzipper.end()
    assert b"".join(pieces) == FEED


@pytest.mark.parametrize("coding", ["", "identity", "utf-8", "none"])
async def test_a_coding_that_is_none_changes_nothing(site: Web, client: Fetcher, coding: str) -> None:
    assert await body_of(site, client, coding, FEED) == FEED


def test_what_is_asked_for_can_be_read() -> None:
    for coding in ACCEPT_ENCODING.split(", "):
        assert Unzipper(coding)._start is not None


@pytest.mark.parametrize(("coding", "pack"), CODINGS)
@pytest.mark.parametrize(
    "cut",
    [
        pytest.param(lambda zipped: zipped[: len(zipped) // 2], id="half"),
        pytest.param(lambda zipped: zipped[:-1], id="all but the last byte"),
        pytest.param(lambda zipped: zipped[:3], id="three bytes"),
    ],
)
async def test_a_stream_that_stops_before_its_end_is_told(
    site: Web, client: Fetcher, coding: str, pack: Pack, cut: Pack
) -> None:
    """Half a feed must not pass for a feed, nor a cut text for an article."""
    assert await body_of(site, client, coding, cut(pack(FEED))) == "fetch.broken_answer"


@pytest.mark.parametrize(("coding", "pack"), CODINGS)
async def test_what_is_not_zipped_is_told(site: Web, client: Fetcher, coding: str, pack: Pack) -> None:
    assert await body_of(site, client, coding, FEED) == "fetch.broken_answer"


@pytest.mark.parametrize(("coding", "pack"), CODINGS)
async def test_nothing_at_all_is_an_empty_body(site: Web, client: Fetcher, coding: str, pack: Pack) -> None:
    assert await body_of(site, client, coding, b"") == b""


@pytest.mark.parametrize(
    ("coding", "pack"),
    [pytest.param("gzip", gzip.compress, id="gzip"), pytest.param("zstd", zstd.compress, id="zstd")],
)
async def test_several_streams_in_a_row_are_one_body(
    site: Web, client: Fetcher, coding: str, pack: Pack
) -> None:
    """RFC 1952 §2.2 and RFC 8878 §3: servers zip the parts of a page one by one."""
    assert await body_of(site, client, coding, pack(b"<rss>") + pack(b"</rss>")) == b"<rss></rss>"


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        pytest.param("gzip", gzip.compress, id="gzip"),
        pytest.param("deflate", zlib.compress, id="deflate"),
        pytest.param("zstd", zstd.compress, id="zstd"),
    ],
)
async def test_junk_behind_the_end_is_left_out(site: Web, client: Fetcher, coding: str, pack: Pack) -> None:
    """A line break behind the last line of a script is sent behind the zipped page."""
    assert await body_of(site, client, coding, pack(FEED) + b"\n\n") == FEED


@pytest.mark.parametrize(("coding", "pack"), CODINGS)
async def test_a_bomb_is_cut_at_the_limit_and_takes_little_memory(
    site: Web, client: Fetcher, coding: str, pack: Pack
) -> None:
    """On what comes out, not on what came: 30 KB become 30 MB."""
    url = site.says("/feed", pack(bytes(30 << 20)), headers={"Content-Encoding": coding})
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    result = await client.get(url, NO_VALIDATORS)
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert result == FetchFailed(Problem("fetch.too_large", {"host": "127.0.0.1", "limit": "10 MB"}))
    assert peak < 16 << 20
