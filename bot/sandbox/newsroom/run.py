"""Opens the demo newsroom on a port and closes it again."""

import asyncio
import contextlib
import math
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import cycle

from aiohttp import web

from bot.sandbox.newsroom.desk import Newsroom
from bot.sandbox.newsroom.shelf import Press, sources


@asynccontextmanager
async def demo_newsroom(
    *, port: int = 8082, host: str = "127.0.0.1", every: float | None = 6.0
) -> AsyncIterator[Newsroom]:
    """Serve the newsroom while the context is open.

    Args:
        port: 0 takes a free one; `Newsroom.port` tells which.
        host: a loopback address.
        every: seconds from one article to the next, the sources taking turns; None or infinity
            publishes only on `Newsroom.publish` and `POST /publish/<name>`.

    Raises:
        OSError: the port is taken.
    """
    # The address stands in every feed, so the port must be known before the first post is made.
    door = socket.create_server((host, port))
    newsroom = _newsroom(host, door.getsockname()[1])
    application = web.Application()
    application.add_routes(newsroom.routes())
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.SockSite(runner, door).start()
    timer = asyncio.create_task(_publish_in_turn(newsroom, every)) if every and math.isfinite(every) else None
    try:
        yield newsroom
    finally:
        if timer:
            timer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await timer
        await runner.cleanup()


def _newsroom(host: str, port: int) -> Newsroom:
    opened = datetime.now(UTC)
    return Newsroom(
        sources(),
        Press(base=f"http://{host}:{port}", stamp=f"{int(opened.timestamp()):x}"),
        clock=lambda: datetime.now(UTC),
    )


async def _publish_in_turn(newsroom: Newsroom, every: float) -> None:
    for feed in cycle(newsroom.feeds):
        await asyncio.sleep(every)
        newsroom.publish(feed.name)
