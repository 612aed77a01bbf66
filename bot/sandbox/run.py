"""Starts and stops the simulated Telegram; the one public entry of this room."""

import errno
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.server import build_app
from bot.sandbox.simulation import Simulation, fresh_simulation
from bot.sandbox.world import World

LAST_WORDS = 1.0  # seconds for open requests to end at shutdown


class SandboxPortTaken(Exception):
    """Somebody else listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken")
        self.port = port


class SandboxNotLoopback(ValueError):
    """The simulated Telegram has no protection and is only for this machine."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running simulated Telegram. `url` is what a bot takes as its API address; `port` the real one."""

    host: str
    port: int
    simulation: Simulation

    @property
    def url(self) -> str:
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def token(self) -> str:
        return self.simulation.token

    @property
    def world(self) -> World:
        return self.simulation.world


@asynccontextmanager
async def simulated_telegram(
    *, port: int = 8081, host: str = "127.0.0.1", previews_anywhere: bool = False
) -> AsyncIterator[Sandbox]:
    """Serve a fresh simulated Telegram as long as the block runs.

    Args:
        port: 0 for any free one.
        host: a loopback address.
        previews_anywhere: whether the chat page's link previews may be fetched beyond loopback.

    Raises:
        SandboxNotLoopback: for any other address.
        SandboxPortTaken: if the port is in use.
    """
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise SandboxNotLoopback(f"{host} is not a loopback address")
    simulation = fresh_simulation()
    app = build_app(simulation, previews_anywhere=previews_anywhere)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LAST_WORDS)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as taken:
            if taken.errno == errno.EADDRINUSE:
                raise SandboxPortTaken(port) from taken
            raise
        yield Sandbox(host, runner.addresses[0][1], simulation)
    finally:
        await runner.cleanup()
