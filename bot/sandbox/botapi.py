"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.faults import Fault
from bot.sandbox.methods import Method, known_methods
from bot.sandbox.methods_bot import get_updates
from bot.sandbox.params import Params, Upload
from bot.sandbox.pictures import fetch_pictures
from bot.sandbox.refusals import Refused, bad_request
from bot.sandbox.rights import Call
from bot.sandbox.shapes import Json
from bot.sandbox.simulation import Simulation

LARGEST_UPLOAD = 50 << 20  # bytes, as Telegram's
# What any well-formed token looks like; another is "not found" instead of "unauthorized".
TOKEN_FORM = re.compile(r"\d+:[A-Za-z0-9_-]+")
WITH_PICTURES = ("sendphoto", "sendmediagroup")
SESSION = web.AppKey("session", aiohttp.ClientSession)
DROPPED = 0  # the status in the log of calls where the connection was closed without an answer


class BotApi:
    """Telegram's side of the Bot API for one simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._methods: dict[str, Method] = known_methods()

    def routes(self) -> list[web.RouteDef]:
        """What the server routes here."""
        call = r"/bot{token:[^/]+}/{method:[^/]+}"
        return [
            web.get(call, self._answer),
            web.post(call, self._answer),
            web.get(r"/file/bot{token:[^/]+}/{path:.+}", self._download),
        ]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        """One call: read, log, break or do as the faults say, answer."""
        arrived = time.time()
        method = request.match_info["method"]
        try:
            self._check_token(request)
            params = await read_params(request)
        except Refused as refusal:
            return self._finish(method, Params(), arrived, refusal.code, refusal.answer())
        fault = self._simulation.faults.strike(method.lower(), self._chat(params))
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault is not None and fault.drop == "before":
            return self._drop(request, method, params, arrived, fault)
        if fault is not None and fault.refuses():
            status, body = fault.answer()
        else:
            status, body = await self._do(method, params, request.app[SESSION])
        if fault is not None and fault.drop == "after":
            return self._drop(request, method, params, arrived, fault)
        return self._finish(method, params, arrived, status, body)

    async def _do(self, method: str, params: Params, session: aiohttp.ClientSession) -> tuple[int, Json]:
        try:
            fetched = await fetch_pictures(session, params) if method.lower() in WITH_PICTURES else {}
            call = Call(self._simulation.world, params, fetched)
            if method.lower() == "getupdates":
                return 200, {"ok": True, "result": await get_updates(call)}
            known = self._methods.get(method.lower())
            if known is None:
                unknown = Refused(404, "Not Found: method not found")
                return unknown.code, unknown.answer()
            return 200, {"ok": True, "result": known(call)}
        except Refused as refusal:
            return refusal.code, refusal.answer()

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if not TOKEN_FORM.fullmatch(token):
            raise Refused(404, "Not Found")
        if token != self._simulation.token:
            raise Refused(401, "Unauthorized")

    def _finish(self, method: str, params: Params, arrived: float, status: int, body: Json) -> web.Response:
        self._log(method, params, arrived, status, body.get("description"))
        wait = body.get("parameters", {}).get("retry_after")
        headers = {} if wait is None else {"Retry-After": str(wait)}
        return web.json_response(body, status=status, headers=headers)

    def _drop(
        self, request: web.Request, method: str, params: Params, arrived: float, fault: Fault
    ) -> web.Response:
        """Close the connection; the returned response goes nowhere."""
        self._log(method, params, arrived, DROPPED, f"connection dropped {fault.drop} the call was done")
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _log(self, method: str, params: Params, arrived: float, status: int, description: str | None) -> None:
        entry: Json = {"method": method, "chat": self._chat(params), "status": status, "at": arrived}
        entry |= {"params": params.summary(), "description": description}
        self._simulation.calls.append(entry)

    def _chat(self, params: Params) -> int | None:
        """The chat id of a call, also of a chat nobody knows; None without one."""
        name = params.text("chat_id").strip()
        chat = self._simulation.world.chat_named(name)
        return chat.id if chat else params.integer("chat_id") or None

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request)
        except Refused as refusal:
            return web.json_response(refusal.answer(), status=refusal.code)
        stored = self._simulation.world.files.by_path(request.match_info["path"])
        if stored is None:
            missing = Refused(404, "Not Found: file not found")
            return web.json_response(missing.answer(), status=404)
        return web.Response(body=stored.content, content_type="application/octet-stream")


async def read_params(request: web.Request) -> Params:
    """The parameters of a call from its address and its body in any of the forms Telegram takes."""
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    try:
        if request.content_type == "application/json":
            values |= await _json_body(request)
        else:
            async for name, value in _form(request):
                if isinstance(value, Upload):
                    uploads[name] = value
                else:
                    values[name] = value
    except web.HTTPRequestEntityTooLarge as wrong:
        raise Refused(413, "Request Entity Too Large") from wrong
    return Params(values, uploads)


async def _json_body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError as wrong:
        raise bad_request("can't parse request body as JSON") from wrong
    if not isinstance(body, dict):
        raise bad_request("can't parse request body as JSON: expected an Object")
    return body


async def _form(request: web.Request) -> AsyncIterator[tuple[str, str | Upload]]:
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            yield name, Upload(value.filename, value.file.read(), value.content_type)
        else:
            yield name, value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
