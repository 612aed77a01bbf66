"""Whatever a person sends: one sentence that says what to do, in their language, and nothing changes.

The real bot, the real fetch, the real reading; the odd addresses are served on this machine.
"""

import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from tests.end_to_end.living import ADA, XIAOMING, World, world

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _odd(request: web.Request) -> web.Response:
    match request.match_info["name"]:
        case "page":
            return web.Response(
                text="<html><body><p>No feed here</p></body></html>", content_type="text/html"
            )
        case "empty":
            return web.Response(body=b"", content_type="application/rss+xml")
        case "zeros":
            return web.Response(body=bytes(20_000_000), content_type="application/rss+xml")
        case _:
            return web.Response(status=404)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def odd() -> AsyncIterator[int]:
    """The port of a server of odd documents."""
    app = web.Application()
    app.router.add_get("/{name}", _odd)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


@pytest.fixture(scope="module")
def silent() -> int:
    """A port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def life(tmp_path_factory: pytest.TempPathFactory, odd: int, silent: int) -> AsyncIterator[World]:
    """One bot for all rows; Ada already follows the Harbour Light."""
    async with world(tmp_path_factory.mktemp("bad")) as running:
        allowed = f"127.0.0.1:{running.newsroom.port},127.0.0.1:{odd},127.0.0.1:{silent}"
        async with running.bot(FEEDBELL_ALLOW_PRIVATE=allowed):
            for user in (ADA, XIAOMING):
                await running.say("/subscribe " + running.feed("harbour"), user)
                await running.until("The Harbour Light", user)
            yield running


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        pytest.param("/subscribe hello", "is not a web address", "不是网址", id="not a URL"),
        pytest.param(
            "/subscribe http://127.0.0.1:{silent}/",
            "does not accept connections just now",
            "现在不接受连接",
            id="a host that does not answer",
        ),
        pytest.param(
            "/subscribe http://127.0.0.1:{odd}/page",
            "it names no feed",
            "没有提供订阅源",
            id="a page without feeds",
        ),
        pytest.param(
            "/subscribe http://127.0.0.1:{odd}/empty",
            "There is nothing at this address",
            "这个地址没有任何内容",
            id="an empty file",
        ),
        pytest.param(
            "/subscribe http://127.0.0.1:{odd}/zeros", "larger than 10 MB", "超过 10 MB", id="20 MB of zeros"
        ),
        pytest.param(
            "/subscribe http://10.0.0.1/feed",
            "is inside a private network",
            "位于内部网络",
            id="a private address",
        ),
        pytest.param(
            "/subscribe http://127.0.0.1:1/feed",
            "is inside a private network",
            "位于内部网络",
            id="another port of this machine",
        ),
        pytest.param(
            "/subscribe http://127.0.0.1:{odd}/nothing",
            "it has no such page",
            "没有这个页面",
            id="nothing there",
        ),
        pytest.param(
            "/subscribe {harbour}",
            "You already follow The Harbour Light",
            "你已经订阅了 The Harbour Light",
            id="the same feed twice",
        ),
        pytest.param(
            "/subscrbe x", "Did you mean /subscribe?", "你是不是想用 /subscribe？", id="an unknown command"
        ),
        pytest.param(
            "{long}", "That is too long for me", "这段文字太长了", id="a message of 10,000 characters"
        ),
        pytest.param(
            '/filter 1 "machine learning',
            '👉"machine learning',
            "少了一个引号",
            id="a filter that does not parse",
        ),
        pytest.param(
            "/filter 1 (a OR", "A word is missing here", "这里少了一个词", id="a filter with an open bracket"
        ),
        pytest.param(
            "/filter 9 python",
            "I find no “9” among the feeds",
            "订阅里没有“9”",
            id="a number that is not in the list",
        ),
        pytest.param(
            "/unsubscribe 9",
            "I find no “9” among the feeds",
            "订阅里没有“9”",
            id="removing what is not there",
        ),
    ],
)
async def test_sentence(life: World, odd: int, silent: int, text: str, english: str, chinese: str) -> None:
    text = text.replace("{odd}", str(odd)).replace("{silent}", str(silent))
    text = text.replace("{harbour}", life.feed("harbour")).replace("{long}", "x" * 10_000)
    assert english in await life.reply(text, ADA)
    assert chinese in await life.reply(text, XIAOMING)


@pytest.mark.parametrize("user", [pytest.param(ADA, id="Ada"), pytest.param(XIAOMING, id="小明")])
async def test_nothing_has_changed(life: World, user: int) -> None:
    """After all of that."""
    assert (await life.reply("/list", user)).endswith("\n1. The Harbour Light")
