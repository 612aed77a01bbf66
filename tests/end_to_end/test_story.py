"""A stranger subscribes, and the next article arrives, whatever happens to the bot meanwhile."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.living import ADA, XIAOMING, World, world


@pytest.fixture
async def life(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as running:
        yield running


async def test_subscribe_and_the_next_article_arrives(life: World) -> None:
    async with life.bot():
        await life.say("/subscribe " + life.feed("jianghai"), XIAOMING)
        await life.until("江海时报", XIAOMING)
        headline = life.newsroom.publish("jianghai").headline or ""
        alert = await life.until(headline, XIAOMING)
    for mess in ("分享", "RSS", "share", "http", "<", "&"):
        assert mess not in alert["text"]
    assert alert["entities"][0]["type"] in {"bold", "text_link"}
    assert alert["link_preview_options"]["url"].endswith(".png")


async def test_a_killed_bot_goes_on_where_it_was(life: World) -> None:
    """What is published while it is dead is delivered after its next start, once."""
    async with life.bot() as first:
        await life.say("/subscribe " + life.feed("harbour"))
        await life.until("The Harbour Light")
        first.send_signal(signal.SIGKILL)
        await first.wait()
    headlines = [life.newsroom.publish("harbour").headline or "" for _ in range(3)]
    async with life.bot():
        for headline in headlines:
            await life.until(headline)
        await asyncio.sleep(2.5)  # one more round: nothing may come twice
    texts = [message["text"] for message in await life.messages(ADA)]
    assert [sum(text.startswith(headline) for text in texts) for headline in headlines] == [1, 1, 1]


async def test_it_stops_when_asked(life: World) -> None:
    async with life.bot() as process:
        await life.say("/start")
        await life.until("🔔")
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_a_refused_token_is_said_in_one_line(life: World, capfd: pytest.CaptureFixture[str]) -> None:
    async with life.bot(FEEDBELL_TOKEN="1:wrong") as process:
        assert await asyncio.wait_for(process.wait(), 20) == 1
    last = capfd.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("feedbell: ")
    assert "token" in last
