"""The one HTTP server of the sandbox: the Bot API, the control interface, and the chat page."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot.sandbox.botapi import LARGEST_UPLOAD, SESSION, BotApi
from bot.sandbox.control import Control
from bot.sandbox.previews import card
from bot.sandbox.simulation import Simulation
from bot.sandbox.webhook import post_updates

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PAGE = Path(__file__).parent / "page"
# The page is ours alone: nothing of it comes from elsewhere, except pictures of previews.
PAGE_HEADERS = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}


def build_app(simulation: Simulation, *, previews_anywhere: bool) -> web.Application:
    """The aiohttp application.

    Args:
        simulation: what it serves.
        previews_anywhere: whether link previews may be fetched beyond loopback.
    """
    app = web.Application(client_max_size=LARGEST_UPLOAD + (1 << 20), middlewares=[_only_from_here])
    app.add_routes(BotApi(simulation).routes())
    app.add_routes(Control(simulation).routes())
    app.add_routes(_page_routes(previews_anywhere=previews_anywhere))

    async def outgoing(app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(auto_decompress=True) as session:
            app[SESSION] = session
            poster = asyncio.create_task(post_updates(simulation.world.updates, session))
            yield
            poster.cancel()
            await asyncio.gather(poster, return_exceptions=True)

    async def release(_: web.Application) -> None:
        # Long polls and event streams would hold the shutdown up until their ends.
        simulation.world.updates.clear()
        simulation.world.events.close()

    app.cleanup_ctx.append(outgoing)
    app.on_shutdown.append(release)
    return app


@web.middleware
async def _only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keep web pages of elsewhere, open in the same browser, from driving the sandbox.

    A page elsewhere shows its own Origin; one whose name was turned to this machine shows that name as Host.
    """
    host = urlsplit(f"//{request.host}").hostname or ""
    origin = request.headers.get("Origin")
    if not _is_this_machine(host) or (origin is not None and urlsplit(origin).netloc != request.host):
        raise web.HTTPForbidden(text="the simulated Telegram serves this machine only")
    return await handler(request)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _page_routes(*, previews_anywhere: bool) -> list[web.RouteDef]:
    async def index(_: web.Request) -> web.StreamResponse:
        return _page_file("index.html")

    async def part(request: web.Request) -> web.StreamResponse:
        return _page_file(request.match_info["name"])

    async def preview(request: web.Request) -> web.Response:
        url = request.query.get("url", "")
        found = await card(request.app[SESSION], url, anywhere=previews_anywhere)
        if found is None:
            raise web.HTTPNotFound(text="no preview")
        return web.json_response(found)

    return [
        web.get("/", index),
        web.get("/page/{name:[^/]+}", part),
        web.get("/sim/preview", preview),
        web.post("/sim/preview", preview),
    ]


def _page_file(name: str) -> web.FileResponse:
    """A file of the chat page's own folder, and of no other."""
    path = (PAGE / name).resolve()
    if path.parent != PAGE.resolve() or not path.is_file():
        raise web.HTTPNotFound(text="no such file")
    return web.FileResponse(path, headers=PAGE_HEADERS)
