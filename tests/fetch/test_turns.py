"""Politeness to a host. Lower bounds alone: a slow machine only waits longer."""

from __future__ import annotations

import asyncio
import gc
from datetime import timedelta

import pytest

from bot.fetch.get import Limits
from bot.fetch.guard import parse_allowed
from bot.fetch.turns import Turns
from bot.fetch.ways import Ways
from bot.model import Fetched, Validators
from tests.fetch.server import fetcher, serving

GAP = timedelta(seconds=0.05)


async def beginnings(turns: Turns, *hosts: str, gap: timedelta = GAP) -> list[float]:
    """When each request began, by the loop's clock; in the order they asked."""
    loop = asyncio.get_running_loop()

    async def request(name: str) -> float:
        host = turns.at(name)
        async with host.free:
            await host.spare(gap)
            return loop.time()

    return await asyncio.gather(*(request(host) for host in hosts))


async def test_requests_to_a_host_keep_a_gap() -> None:
    begun = await beginnings(Turns(2), "a", "a", "a", "a")
    assert begun == sorted(begun)
    assert begun[3] - begun[0] >= 2.9 * GAP.total_seconds()


async def test_other_hosts_need_not_wait() -> None:
    """With gaps of an hour, this would not end."""
    await beginnings(Turns(2), "a", "b", "c", gap=timedelta(hours=1))


async def test_the_gap_outlives_the_requests() -> None:
    """Feeds of one host are often checked one after the other."""
    turns = Turns(2)
    (first,) = await beginnings(turns, "a")
    gc.collect()
    (second,) = await beginnings(turns, "a")
    assert second - first >= 0.9 * GAP.total_seconds()


async def test_a_host_is_forgotten_after_its_gap() -> None:
    turns = Turns(2)
    await beginnings(turns, "a", "b")
    await asyncio.sleep(3 * GAP.total_seconds())
    gc.collect()
    assert dict(turns._hosts) == {}


async def test_a_turn_nobody_waits_for_any_more_is_given_on() -> None:
    turns = Turns(1)
    host = turns.at("a")
    async with host.free:
        waiting = asyncio.create_task(beginnings(turns, "a"))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await beginnings(turns, "a")


async def test_requests_of_one_fetcher_keep_the_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """To a host that is not the operator's own; here, one that the guard takes for public."""
    monkeypatch.setattr(Ways, "is_own", lambda *_: False)
    limits = Limits(time=timedelta(seconds=10), gap=GAP)
    async with serving() as site, fetcher(limits=limits) as client:
        start = asyncio.get_running_loop().time()
        url = site.says("/feed", b"<rss/>")
        await asyncio.gather(*(client.get(url, Validators()) for _ in range(4)))
        assert asyncio.get_running_loop().time() - start >= 2.9 * GAP.total_seconds()


@pytest.mark.parametrize(
    ("allowed", "own"),
    [
        pytest.param("127.0.0.1", True, id="its address"),
        pytest.param("127.0.0.0/8", True, id="its network"),
        pytest.param("10.0.0.0/8", False, id="another network"),
    ],
)
def test_whose_places_need_not_be_spared(allowed: str, own: bool) -> None:
    ways = Ways(parse_allowed([allowed]), None, timedelta(seconds=1), "*/*")
    assert ways.is_own("127.0.0.1", 8080) == own


async def test_an_operators_own_server_is_asked_without_gaps() -> None:
    limits = Limits(time=timedelta(seconds=10), gap=timedelta(hours=1))
    async with serving() as site, fetcher(limits=limits) as client:
        url = site.says("/feed", b"<rss/>")
        for _ in range(3):
            assert isinstance(await client.get(url, Validators()), Fetched)
