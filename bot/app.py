"""Builds every object, starts and stops the loops in order; decides nothing."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import i18n, pacing
from bot.clock import SystemClock
from bot.config import Settings
from bot.engine.memory import MemoryJobs
from bot.errors import SettingsError, StoreError, TokenRefused
from bot.fetch import Endpoint, Machine, WebReader, web_pages, web_pictures, web_reader
from bot.hosts import GAP
from bot.life import Life
from bot.model import Limit
from bot.ports import Clock
from bot.schedule import Rhythm
from bot.services.backups import Backups
from bot.services.broadcasts import Broadcasts, Crier
from bot.services.bulletins import Bulletins
from bot.services.changes import Changes
from bot.services.copies import Copies
from bot.services.counts import Counting
from bot.services.deadletters import DeadLetters
from bot.services.delivery import Delivery
from bot.services.extras import Extras
from bot.services.finding import Finder
from bot.services.follows import Follows
from bot.services.guests import Guests
from bot.services.health import Health
from bot.services.housekeeping import Housekeeping
from bot.services.lapses import Lapses
from bot.services.logins import Logins
from bot.services.moves import Moves
from bot.services.places import Places
from bot.services.polling import Polling
from bot.services.previews import Previews
from bot.services.quotas import Quotas
from bot.services.road import PacedRoad
from bot.services.sharing import Sharing
from bot.services.standings import Standings
from bot.services.starters import read_starters
from bot.services.stories import Stories
from bot.services.subscriptions import Subscriptions
from bot.services.trials import Trials
from bot.store import SqlStore
from bot.telegram.access import Access
from bot.telegram.desk import Services
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.places import TelegramRights
from bot.telegram.request import Account
from bot.telegram.updates import TelegramSide

Role = Literal["all", "chat", "worker", "web"]

# A due feed waits at most this long for its check, and a host with many is asked once each time; a look that finds
# nothing is one read.
TICK = GAP
# Alerts whose job was lost, or whose chat had to wait, are found again within this time.
RECONCILE = timedelta(seconds=2)
HOUSEKEEPING = timedelta(hours=1)
# That a feed fails since days can wait for seconds.
BULLETINS = timedelta(seconds=10)
LAPSES = timedelta(minutes=1)
BROADCASTS = timedelta(seconds=2)
# What is in flight may end; then the process goes. Leases of the rest run out by themselves.
SHUTDOWN = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything one process is made of."""

    store: SqlStore
    jobs: MemoryJobs
    polling: Polling
    delivery: Delivery
    bulletins: Bulletins
    lapses: Lapses
    crier: Crier
    housekeeping: Housekeeping
    subscriptions: Subscriptions
    telegram: TelegramSide
    life: Life


def rhythm(settings: Settings) -> Rhythm:
    """The settings' intervals, as the schedule needs them."""
    return Rhythm(*settings.intervals)


@asynccontextmanager
async def parts(settings: Settings) -> AsyncIterator[Parts]:
    """Build everything, the database migrated and open; close it in order.

    Raises:
        SettingsError: there is no token, or what is switched on is not installed.
        StoreError: the database cannot be opened.
    """
    token = _token(settings)
    # python-telegram-bot warns at every 429 until told that we read its waits as timedelta.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    async with AsyncExitStack() as stack:
        clock = SystemClock()
        store = await stack.enter_async_context(SqlStore(settings.database_url))
        web = (settings.allow_private, clock, settings.feed_proxy_url)
        reader = await stack.enter_async_context(web_reader(*web))
        pictures = await stack.enter_async_context(web_pictures(*web))
        jobs = MemoryJobs()
        limits = pacing.limits(settings.global_rate, settings.chat_rate, settings.group_rate)
        catalogue = i18n.load()
        polling = Polling(store, reader, jobs, clock, rhythm(settings), burst=settings.burst)
        road = PacedRoad(store, clock, limits)
        life = Life()
        services = _services(settings, _Ground(store, jobs, clock, life), reader, polling)
        await stack.enter_async_context(_extras(settings, services, polling, reader))
        telegram = TelegramSide(
            Account(token, settings.api_url, road, settings.send_timeout),
            services,
            pictures,
            catalogue,
            Access(frozenset(settings.owners), settings.access),
        )
        stack.push_async_callback(telegram.hang_up)
        messenger = TelegramMessenger(telegram.sending_bot, catalogue, pictures)
        delivery = Delivery(store, messenger, clock, limits, backlog=settings.backlog)
        life.watch(polling, delivery)
        yield Parts(
            store,
            jobs,
            polling,
            delivery,
            Bulletins(store, messenger, road, clock),
            Lapses(store, TelegramRights(telegram.sending_bot), messenger, road, clock),
            Crier(store, messenger, road, clock),
            Housekeeping(store, clock),
            services.subscriptions,
            telegram,
            life,
        )


class _Ground(NamedTuple):
    """What every service stands on."""

    store: SqlStore
    jobs: MemoryJobs
    clock: Clock
    life: Life


def _services(settings: Settings, ground: _Ground, reader: WebReader, polling: Polling) -> Services:
    """What stands behind the commands."""
    store, jobs, clock, life = ground
    quotas = Quotas(store, clock, usual_limits(settings))
    finder = Finder(reader, settings.bridge)
    subscriptions = Subscriptions(store, finder, jobs, clock, rhythm(settings), quotas=quotas)
    return Services(
        subscriptions,
        DeadLetters(store, jobs),
        Standings(store, clock, polling.look),
        Logins(store, reader, subscriptions, clock),
        Changes(store, jobs, clock),
        Previews(store, finder, clock),
        Trials(store, clock),
        Stories(store, clock),
        Follows(store, jobs, clock, quotas),
        Guests(store, jobs),
        quotas,
        Broadcasts(store, clock),
        Health(store, jobs, clock, life),
        Places(store),
        read_starters(settings.starters),
        Sharing(store, clock),
        Copies(store, clock),
        Moves(store, jobs, clock, quotas),
        Backups(store, subscriptions, clock, quotas),
        Counting(store, clock),
    )


def usual_limits(settings: Settings) -> Mapping[Limit, int]:
    """What everybody may have, unless an owner says otherwise."""
    return {
        Limit.FEEDS: settings.max_feeds,
        Limit.FOLLOWS: settings.max_follows,
        Limit.CHANGES: settings.max_changes,
    }


def _token(settings: Settings) -> str:
    if settings.token is None:
        raise SettingsError(("FEEDBELL_TOKEN is not set: get one from @BotFather, or try `sandbox`",))
    return settings.token.get_secret_value()


def summarizer(settings: Settings, clock: Clock) -> Endpoint | None:
    """Who writes summaries; None for nobody."""
    if settings.summary_url is None or settings.summary_model is None:
        return None
    key = settings.summary_key.get_secret_value() if settings.summary_key else None
    machine = Machine(settings.summary_url, settings.summary_model, key, settings.summary_tokens)
    return Endpoint(machine, clock)


@asynccontextmanager
async def _extras(
    settings: Settings, services: Services, polling: Polling, reader: WebReader
) -> AsyncIterator[None]:
    """What the settings switch on is on inside, for checks and for samples."""
    async with AsyncExitStack() as stack:
        pages, clock = None, SystemClock()
        if settings.full_pages != "off":
            web = (settings.allow_private, clock, settings.feed_proxy_url)
            pages = await stack.enter_async_context(web_pages(*web, beside=reader))
        endpoint = summarizer(settings, clock)
        if endpoint is not None:
            await stack.enter_async_context(endpoint)
        if pages or endpoint:
            for one in (polling, services.subscriptions, services.previews):
                one.switch_on(Extras(pages, endpoint))
        yield


async def run(settings: Settings, role: Role) -> None:
    """Run until SIGINT or SIGTERM, or until Telegram refuses the token.

    Raises:
        TokenRefused: Telegram refuses the token; no chat is to blame.
    """
    async with parts(settings) as bot, AsyncExitStack() as stack:
        life = bot.life
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, life.now)
        if settings.http_listen:
            await stack.enter_async_context(_web(settings.http_listen, bot, life))
        if role in ("all", "worker"):
            if role == "all":  # the only process: whatever is leased was leased by one that is gone
                async with bot.store.transaction() as tx:
                    await tx.release_leases()
            await stack.enter_async_context(_work(bot, life))
        if role in ("all", "chat"):
            await stack.enter_async_context(bot.telegram)
            await stack.enter_async_context(_watching(bot.telegram, life))
        # What stands now stands until the end; looking through it for garbage again and again is a tenth of a check.
        gc.collect()
        gc.freeze()
        structlog.get_logger().info("feedbell.started", role=role)
        await life.wait()
        structlog.get_logger().info("feedbell.stopping")
    if life.reason is not None:
        raise life.reason


async def once(settings: Settings) -> None:
    """Check what is due, deliver what is waiting, end."""
    async with parts(settings) as bot, AsyncExitStack() as stack:
        await stack.enter_async_context(bot.telegram.only_sending())
        life = bot.life
        async with bot.store.transaction() as tx:
            await tx.release_leases()
        await stack.enter_async_context(_jobs(bot, life))
        await _check_all(bot, life)
        await bot.bulletins.tell()
        await bot.lapses.look()
        while await bot.bulletins.send() and not life.asked:
            pass
        while await bot.crier.cry() and not life.asked:
            pass
        while await bot.delivery.reconcile(bot.jobs):
            await _idle(bot, life)
    if life.reason is not None:
        raise life.reason


async def _check_all(bot: Parts, life: Life) -> None:
    """Check what is due by now, host by host; a host that wants to be left alone is left to the next time."""
    began = datetime.now(UTC)
    while not life.asked and await bot.polling.owes(began):
        if not await bot.polling.claim_due():
            await asyncio.sleep(GAP.total_seconds())
        await _idle(bot, life)


async def _idle(bot: Parts, life: Life) -> None:
    # The engine tells figures, not events; this runs only in `once`.
    while not life.asked and any(bot.jobs.health()[state] for state in ("queued", "running")):  # noqa: ASYNC110
        await asyncio.sleep(0.05)


@asynccontextmanager
async def _watching(telegram: TelegramSide, life: Life) -> AsyncIterator[None]:
    """Ask to end if Telegram refuses the token of the running bot."""

    async def watch() -> None:
        life.now(await telegram.refused())

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


@asynccontextmanager
async def _jobs(bot: Parts, life: Life) -> AsyncIterator[None]:
    """The jobs run inside; at the end, what has begun is finished."""

    async def deliver() -> None:
        try:
            await bot.delivery.deliver()
        except TokenRefused as refused:
            life.now(refused)

    bot.jobs.register(check=bot.polling.check, deliver=deliver)
    working = asyncio.create_task(bot.jobs.run())
    try:
        yield
    finally:
        bot.delivery.stop()
        bot.jobs.stop()
        _, unfinished = await asyncio.wait([working], timeout=SHUTDOWN.total_seconds())
        for task in unfinished:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


@asynccontextmanager
async def _work(bot: Parts, life: Life) -> AsyncIterator[None]:
    """The ticks and the jobs run inside."""
    timer = AsyncIOScheduler(timezone=UTC)
    ticks: list[tuple[Callable[[], Awaitable[object]], timedelta]] = [
        (bot.polling.claim_due, TICK),
        (functools.partial(bot.delivery.reconcile, bot.jobs), RECONCILE),
        (bot.bulletins.send, BULLETINS),
        (bot.crier.cry, BROADCASTS),
        (bot.bulletins.tell, HOUSEKEEPING),
        (bot.lapses.look, LAPSES),
        (bot.housekeeping.forget, HOUSEKEEPING),
    ]
    for tick, gap in ticks:
        # No grace time: a tick that comes late is still wanted, several that pile up are one.
        timer.add_job(
            functools.partial(_guarded, tick, life),
            "interval",
            seconds=gap.total_seconds(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
    async with _jobs(bot, life):
        timer.start()
        try:
            yield
        finally:
            timer.shutdown(wait=False)


async def _guarded(tick: Callable[[], Awaitable[object]], life: Life) -> None:
    """The edge of a loop: one failed tick is logged, the next one comes."""
    try:
        await tick()
        life.went_well(repr(tick))
    except StoreError as error:
        # The database is away, locked or full: nothing is lost, and the next tick tries again.
        life.failed(repr(tick), str(error))
        structlog.get_logger().error("store.unavailable", error=str(error))
    except Exception as error:  # noqa: BLE001 - whatever it was, the loop goes on
        life.failed(repr(tick), repr(error))
        structlog.get_logger().exception("tick.failed", tick=repr(tick))


@asynccontextmanager
async def _web(listen: str, bot: Parts, life: Life) -> AsyncIterator[None]:
    from bot.web.server import serving  # the extra `web` may be missing, and is needed only here

    def trouble() -> str | None:
        return next(iter(life.troubles()), None)

    host, _, port = listen.rpartition(":")
    async with serving(host, int(port), depth=bot.store.depth, jobs=bot.jobs.health, trouble=trouble):
        yield
