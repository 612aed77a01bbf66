"""`/healthz` (the loop turns), `/readyz` (the database answers), `/metrics` (Prometheus)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import SettingsError, StoreError

Depth = Callable[[], Awaitable[Mapping[str, int]]]
Jobs = Callable[[], Mapping[str, int]]
Trouble = Callable[[], str | None]


def application(*, depth: Depth, jobs: Jobs, trouble: Trouble) -> Starlette:
    """The pages, fed by the store's and the engine's own figures."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        try:
            await depth()
        except StoreError as error:
            return PlainTextResponse(f"the database does not answer: {error}\n", status_code=503)
        # Reading may work where writing does not: a full disk, a file made read-only.
        what = trouble()
        return PlainTextResponse(f"{what}\n", status_code=503) if what else PlainTextResponse("ok\n")

    async def metrics(_: Request) -> Response:
        registry = CollectorRegistry()
        stored = Gauge("feedbell_stored", "Rows by kind and state", ["what"], registry=registry)
        for what, count in (await depth()).items():
            stored.labels(what).set(count)
        running = Gauge("feedbell_jobs", "Jobs of this process by state", ["state"], registry=registry)
        for state, count in jobs().items():
            running.labels(state).set(count)
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")

    pages = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}
    return Starlette(routes=[Route(path, page) for path, page in pages.items()])


class _Guest(uvicorn.Server):
    """Lives in somebody else's loop: signals are not its business."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(host: str, port: int, *, depth: Depth, jobs: Jobs, trouble: Trouble) -> AsyncIterator[None]:
    """Serve the pages inside.

    Raises:
        SettingsError: somebody else listens there, or it is no place of this machine.
    """
    try:
        # Ours, so that it listens from the first moment, and a port that is taken is no end of the process.
        place = socket.create_server((host, port))
    except OSError as error:
        raise SettingsError((f"FEEDBELL_HTTP_LISTEN={host}:{port}: {error.strerror}",)) from error
    pages = application(depth=depth, jobs=jobs, trouble=trouble)
    server = _Guest(uvicorn.Config(pages, log_config=None, lifespan="off", ws="none"))
    task = asyncio.create_task(server.serve(sockets=[place]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
