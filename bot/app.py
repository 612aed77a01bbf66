"""Builds every object, starts and stops the loops in order; decides nothing."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Literal

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import i18n
from bot.clock import SystemClock
from bot.config import Settings
from bot.engine.memory import MemoryJobs
from bot.errors import SettingsError, TokenRefused
from bot.fetch import web_reader
from bot.pacing import Limit, Limits
from bot.schedule import Rhythm
from bot.services.delivery import Delivery
from bot.services.housekeeping import Housekeeping
from bot.services.polling import BATCH, Polling
from bot.services.subscriptions import Subscriptions
from bot.store import SqlStore
from bot.telegram.access import Access
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.updates import TelegramSide

Role = Literal["all", "chat", "worker", "web"]

# A due feed waits at most this long for its check; a claim that finds nothing costs about a millisecond.
TICK = timedelta(seconds=2)
# Alerts whose job was lost, or whose chat had to wait, are found again within this time.
RECONCILE = timedelta(seconds=2)
HOUSEKEEPING = timedelta(hours=1)
# What is in flight may end; then the process goes. Leases of the rest run out by themselves.
SHUTDOWN = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything one process is made of."""

    store: SqlStore
    jobs: MemoryJobs
    polling: Polling
    delivery: Delivery
    housekeeping: Housekeeping
    subscriptions: Subscriptions
    telegram: TelegramSide


def rhythm(settings: Settings) -> Rhythm:
    """The settings' intervals, as the schedule needs them."""
    return Rhythm(*settings.intervals)


def limits(settings: Settings) -> Limits:
    """The settings' rates, as pacing needs them."""
    return Limits(
        everybody=Limit(timedelta(seconds=1 / settings.global_rate)),
        private=Limit(timedelta(seconds=1 / settings.chat_rate)),
        group=Limit(timedelta(minutes=1 / settings.group_rate)),
    )


@asynccontextmanager
async def parts(settings: Settings) -> AsyncIterator[Parts]:
    """Build everything, the database migrated and open; close it in order.

    Raises:
        SettingsError: there is no token.
        StoreError: the database cannot be opened.
    """
    if settings.token is None:
        raise SettingsError(("FEEDBELL_TOKEN is not set: get one from @BotFather, or try `sandbox`",))
    # python-telegram-bot warns at every 429 until told that we read its waits as timedelta.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    async with AsyncExitStack() as stack:
        clock = SystemClock()
        store = await stack.enter_async_context(SqlStore(settings.database_url))
        reader = await stack.enter_async_context(web_reader(settings.allow_private, clock))
        jobs = MemoryJobs()
        subscriptions = Subscriptions(store, reader, jobs, clock, rhythm(settings))
        telegram = TelegramSide(
            settings.token.get_secret_value(),
            settings.api_url,
            subscriptions,
            i18n.load(),
            Access(frozenset(settings.owners), settings.access),
        )
        messenger = TelegramMessenger(telegram.bot)
        yield Parts(
            store,
            jobs,
            Polling(store, reader, jobs, clock, rhythm(settings)),
            Delivery(store, messenger, jobs, clock, limits(settings)),
            Housekeeping(store, clock),
            subscriptions,
            telegram,
        )


async def run(settings: Settings, role: Role) -> None:
    """Run until SIGINT or SIGTERM, or until Telegram refuses the token.

    Raises:
        TokenRefused: Telegram refuses the token; no chat is to blame.
    """
    async with parts(settings) as bot, AsyncExitStack() as stack:
        halt = Halt()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, halt.now)
        if settings.http_listen:
            await stack.enter_async_context(_web(settings.http_listen, bot))
        if role in ("all", "worker"):
            if role == "all":  # the only process: whatever is leased was leased by one that is gone
                async with bot.store.transaction() as tx:
                    await tx.release_leases()
            await stack.enter_async_context(_work(bot, halt))
        if role in ("all", "chat"):
            await stack.enter_async_context(bot.telegram)
            await stack.enter_async_context(_watching(bot.telegram, halt))
        structlog.get_logger().info("feedbell.started", role=role)
        await halt.wait()
        structlog.get_logger().info("feedbell.stopping")
    if halt.reason is not None:
        raise halt.reason


async def once(settings: Settings) -> None:
    """Check what is due, deliver what is waiting, end."""
    async with parts(settings) as bot, AsyncExitStack() as stack:
        await stack.enter_async_context(bot.telegram.only_sending())
        halt = Halt()
        async with bot.store.transaction() as tx:
            await tx.release_leases()
        await stack.enter_async_context(_jobs(bot, halt))
        while await bot.polling.claim_due() == BATCH:
            await _idle(bot, halt)
        await _idle(bot, halt)
        while await bot.delivery.reconcile():
            await _idle(bot, halt)
    if halt.reason is not None:
        raise halt.reason


class Halt:
    """Says that the process is to end, and why."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.reason: TokenRefused | None = None

    def now(self, reason: TokenRefused | None = None) -> None:
        """End in order."""
        self.reason = self.reason or reason
        self._event.set()

    async def wait(self) -> None:
        """Until somebody asks."""
        await self._event.wait()

    @property
    def asked(self) -> bool:
        """True once somebody asked."""
        return self._event.is_set()


async def _idle(bot: Parts, halt: Halt) -> None:
    # The engine tells figures, not events; this runs only in `once`.
    while not halt.asked and any(bot.jobs.health()[state] for state in ("queued", "running")):  # noqa: ASYNC110
        await asyncio.sleep(0.05)


@asynccontextmanager
async def _watching(telegram: TelegramSide, halt: Halt) -> AsyncIterator[None]:
    """Ask to halt if Telegram refuses the token of the running bot."""

    async def watch() -> None:
        halt.now(await telegram.refused())

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


@asynccontextmanager
async def _jobs(bot: Parts, halt: Halt) -> AsyncIterator[None]:
    """The jobs run inside; at the end, what has begun is finished."""

    async def drain(chat_id: int) -> None:
        try:
            await bot.delivery.drain(chat_id)
        except TokenRefused as refused:
            halt.now(refused)

    bot.jobs.register(check=bot.polling.check, drain=drain)
    working = asyncio.create_task(bot.jobs.run())
    try:
        yield
    finally:
        bot.jobs.stop()
        _, unfinished = await asyncio.wait([working], timeout=SHUTDOWN.total_seconds())
        for task in unfinished:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


@asynccontextmanager
async def _work(bot: Parts, halt: Halt) -> AsyncIterator[None]:
    """The ticks and the jobs run inside."""
    timer = AsyncIOScheduler(timezone=UTC)
    ticks: list[tuple[Callable[[], Awaitable[object]], timedelta]] = [
        (bot.polling.claim_due, TICK),
        (bot.delivery.reconcile, RECONCILE),
        (bot.housekeeping.forget, HOUSEKEEPING),
    ]
    for tick, gap in ticks:
        # No grace time: a tick that comes late is still wanted, several that pile up are one.
        timer.add_job(
            functools.partial(_guarded, tick),
            "interval",
            seconds=gap.total_seconds(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
    async with _jobs(bot, halt):
        timer.start()
        try:
            yield
        finally:
            timer.shutdown(wait=False)


async def _guarded(tick: Callable[[], Awaitable[object]]) -> None:
    """The edge of a loop: one failed tick is logged, the next one comes."""
    try:
        await tick()
    except Exception:  # noqa: BLE001 - whatever it was, the loop goes on
        structlog.get_logger().exception("tick.failed", tick=getattr(tick, "__qualname__", repr(tick)))


@asynccontextmanager
async def _web(listen: str, bot: Parts) -> AsyncIterator[None]:
    from bot.web.server import serving  # the extra `web` may be missing, and is needed only here

    host, _, port = listen.rpartition(":")
    async with serving(host, int(port), depth=bot.store.depth, jobs=bot.jobs.health):
        yield
