"""What reading a feed costs, and what the loop feels of it. Through the real children, against bare feedparser."""

import asyncio
import io
import os
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from types import MappingProxyType
from typing import Any

from bot.feeds import body_hash
from bot.fetch.children import Children
from bot.model import ParsedFeed
from tests.bench.processes import cpu_seconds

RUNS = 5
READINGS = 60
FEEDS = 200
SIZE = 60_000
WARM = 8
DEADLINE = timedelta(seconds=20)
URL = "https://coast.example/feed"
BEAT = 0.001

PARAGRAPH = (
    "<p>The ferry <a href='https://coast.example/boats/anna?deck=2'>Anna</a> sails again &amp; all are glad. "
    "<em>Nobody</em> had thought that her engine could be mended, said the captain – not in winter.</p>\n"
)
PICTURE = "<p><img src='/pictures/anna.jpg' width='600' alt='Anna'></p>\n"
DAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


def wordpress(edition: int) -> bytes:
    """RSS 2.0 as WordPress writes it: summary and content, categories, creator."""
    items = "".join(
        f"<item><title>Ferry {n} sails &#8211; again</title><link>https://coast.example/{n}/?utm_source=rss</link>"
        f"<comments>https://coast.example/{n}/#respond</comments><dc:creator><![CDATA[Mina Berg]]></dc:creator>"
        f"<pubDate>{format_datetime(DAY - timedelta(hours=n % 1000))}</pubDate>"
        f"<category><![CDATA[Sea]]></category><category><![CDATA[Travel]]></category>"
        f'<guid isPermaLink="false">https://coast.example/?p={n}</guid>'
        f"<description><![CDATA[{PARAGRAPH}]]></description>"
        f"<content:encoded><![CDATA[{PICTURE}{PARAGRAPH * 14}]]></content:encoded>"
        f"<wfw:commentRss>https://coast.example/{n}/feed/</wfw:commentRss><slash:comments>0</slash:comments></item>\n"
        for n in range(edition, edition - 15, -1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><title>Coast</title>'
        f"<link>https://coast.example/</link><language>en-GB</language>{items}</channel></rss>"
    ).encode()


def newspaper(edition: int) -> bytes:
    """RSS 2.0 of many short entries, each with a picture; its description is escaped."""
    items = "".join(
        f"<item><title>Ferry {n} sails again</title><link>https://coast.example/{n}</link>"
        f"<description>{escape(PARAGRAPH)}</description><guid>https://coast.example/{n}</guid>"
        f"<pubDate>{format_datetime(DAY - timedelta(hours=n % 1000), usegmt=True)}</pubDate>"
        f'<media:thumbnail width="240" height="135" url="https://pictures.coast.example/{n}.jpg"/></item>\n'
        for n in range(edition, edition - 105, -1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>Coast</title><link>https://coast.example/</link>{items}</channel></rss>"
    ).encode()


def blog(edition: int) -> bytes:
    """Atom of long entries, escaped."""
    entries = "".join(
        f"<entry><id>tag:coast.example,2026:{n}</id><title type='html'>Ferry {n} &amp;amp; crew</title>"
        f'<link rel="alternate" type="text/html" href="https://coast.example/{n}"/>'
        f"<published>{(DAY - timedelta(hours=n % 1000)).isoformat()}</published>"
        f"<updated>{(DAY - timedelta(hours=n % 1000)).isoformat()}</updated>"
        f"<author><name>Mina Berg</name><uri>https://coast.example/mina</uri></author><category term='Sea'/>"
        f'<content type="html">{escape(PICTURE + PARAGRAPH * 6)}</content></entry>\n'
        for n in range(edition, edition - 30, -1)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f'<title>Coast</title><id>tag:coast.example,2026:feed</id><link href="https://coast.example/"/>{entries}</feed>'
    ).encode()


FEED_KINDS: Mapping[str, Callable[[int], bytes]] = MappingProxyType(
    {"WordPress": wordpress, "newspaper": newspaper, "Atom": blog}
)


def bare(body: bytes) -> None:
    import feedparser

    feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)


async def ours(children: Children, body: bytes) -> None:
    """What a changed body costs between the GET and the news."""
    body_hash(body)
    result = await children.read(body, url=URL, content_type="text/xml", deadline=DEADLINE)
    assert isinstance(result, ParsedFeed)


async def reading() -> None:
    """CPU of a changed feed of 60 KB, parent and child together, against a bare feedparser call."""
    async with Children(most=1) as children:
        for name, feed in FEED_KINDS.items():
            pairs = [await _costs(children, feed, 1000 * (run + 1)) for run in range(RUNS)]
            cost, yardstick = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
            ratio = statistics.median(one / other for one, other in pairs)
            print(
                f"reading  {ratio:.2f}x bare feedparser: {cost:.1f} against {yardstick:.1f} ms; "
                f"{name}, {len(feed(1000)) / 1000:.0f} KB; median of {RUNS}"
            )


async def _costs(children: Children, feed: Callable[[int], bytes], first: int) -> tuple[float, float]:
    """CPU-seconds a reading: ours, bare. In turns, so that a busy machine is busy for both."""
    bodies = [feed(first + n) for n in range(READINGS)]
    for body in bodies[:WARM]:
        bare(body)
        await ours(children, body)
    here, start, bare_time = os.getpid(), cpu_seconds(os.getpid()), 0.0
    for body in bodies:
        await ours(children, body)
        begun = time.process_time()
        bare(body)
        bare_time += time.process_time() - begun
    return (cpu_seconds(here) - start - bare_time) / READINGS, bare_time / READINGS


async def lag() -> None:
    """How late the loop's timers ring while 200 feeds are parsed, and with nothing to do."""
    async with Children() as children:
        bodies = [feed(n) for n in range(FEEDS) for feed in [list(FEED_KINDS.values())[n % len(FEED_KINDS)]]]
        for body in bodies[:WARM]:
            await ours(children, body)
        busy, quiet = [], []
        for _ in range(RUNS):
            parsing = asyncio.gather(*(ours(children, body) for body in bodies))
            busy.append(await _lateness(parsing))
            await parsing
            quiet.append(await _lateness(asyncio.ensure_future(asyncio.sleep(2))))
        print(
            f"lag      {statistics.median(busy) * 1000:.1f} ms at p99 while {FEEDS} feeds are parsed, "
            f"{statistics.median(quiet) * 1000:.1f} ms at rest; median of {RUNS}"
        )


async def _lateness(until: asyncio.Future[Any]) -> float:
    """The 99th percentile, in seconds, of how much longer than asked a short sleep takes."""
    late = []
    while not until.done():
        start = time.perf_counter()
        await asyncio.sleep(BEAT)
        late.append(time.perf_counter() - start - BEAT)
    return statistics.quantiles(late, n=100)[98]
