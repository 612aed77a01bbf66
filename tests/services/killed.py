"""A process that is killed in the middle of its work: `python -m tests.services.killed FILE POINT`.

POINT is where SIGKILL strikes, as a power cut would: nothing is closed, nothing is rolled back by hand.

    before-commit   a feed was read, what it brought is written but not committed
    after-commit    it is committed; no job runs any more
    after-send      Telegram has accepted the message; nobody wrote that down

Before, the chat has followed the feed; its newest article comes while this process lives.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.store import SqlStore
from bot.store.transaction import SqlTransaction
from tests.services.stage import stage


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class MortalStore(SqlStore):
    """Dies around a commit once told to."""

    point = ""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqlTransaction]:
        async with super().transaction() as tx:
            yield tx
            if self.point == "before-commit":
                die()
        if self.point == "after-commit":
            die()


async def live(file: str, point: str) -> None:
    async with MortalStore(f"sqlite:///{file}") as store:
        life = stage(store)
        feed_id = await life.follow()
        life.publish("storm", "tides")
        store.point = point
        life.messenger.after_send = die
        await life.round(feed_id)


if __name__ == "__main__":
    asyncio.run(live(*sys.argv[1:]))
