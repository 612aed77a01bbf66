"""The control interface: playing the people, reading what happened, breaking things. All of it under `/sim/`.

Bodies and answers are JSON. What makes no sense is answered 400 `{"ok": false, "error": "<sentence>"}`.
Times are epoch seconds with their fraction. Message objects are the Bot API's, with two more fields:
`sent_at`, and `sent_keyboard` where the message brought a reply keyboard or forced a reply.

- `POST /sim/send {"user", "chat", "text" | "document": {"name", "content" | "base64"}, "thread", "reply_to",
  "anonymous", "entities",
  "forward": {"chat", "message"}}`, or multipart with the same fields and a file part "document": a person writes;
  `entities` is how the client formatted it.
  `{"ok", "message", "update_id"}`; `update_id` null if the bot is not shown it (privacy mode).
- `POST /sim/edit {"user", "chat", "message", "text"}`: a person edits a message. The same answer.
- `POST /sim/press {"user", "chat", "message", "data", "force"}`: a person presses a button.
  `{"ok", "callback_query_id"}`. `force` lets a forged press through.
- `POST /sim/inline {"user", "query", "offset"}`: a person types behind the bot's name; `{"ok", "inline_query_id",
  "update_id"}`; what the bot answers is among the calls. With `{"user", "inline_query_id", "result", "chat"}` the
  person sends one of the results; `{"ok", "message"}`.
- `GET /sim/chats/<id>/messages[?thread=]`: the messages there, oldest first.
- `GET /sim/calls?since=`: Bot API calls that arrived later, in the order of their endings:
  `{"method", "chat", "status", "at", "params", "description"}`; `status` 0 where a fault dropped the connection.
- `POST /sim/faults [{"method", "chat", "times", "status", "description", "retry_after", "drop", "delay"}]`:
  method and chat null mean any; `times` counts down (1 if absent); `drop` "before" closes the connection
  undone, "after" does it first; `delay` in seconds. `GET` lists what is left, `DELETE` clears.
- `POST /sim/limits {"enabled", "global_rate", "private_rate", "private_burst", "group_rate"}`, `GET`.
- `POST /sim/chats` creates or changes one thing:
  `{"id", "type", "title", "username", "is_forum", "members": [{"user", "status", <rights>}], "topics":
  [{"thread", "name", "closed"}], "permissions": {}}` a chat;
  `{"user": {"id", "first_name", "last_name", "username", "language", "started", "deactivated"}}` a person with
  a private chat; `{"chat", "blocked"}`; `{"chat", "muted"}`; `{"chat", "deleted"}`; `{"chat", "migrate_to"}`;
  `{"chat", "topic", "closed" | "deleted"}`; `{"chat", "member": {"user" | "bot": true, "status", <rights>},
  "by"}`, which tells the bot as Telegram does.
- `POST /sim/reset`: the default world; calls and faults forgotten, long polls return.
- `GET /sim/state`: `{"bot", "users", "chats": [{"chat", "members", "topics", "last", "muted"}]}`.
- `GET /sim/commands?chat=&user=`: the command menu this person sees there.
- `GET /sim/files/<file_id>`: the bytes; 302 to the address for a file sent by address.
- `GET /sim/events`: server-sent events `message`, `edit`, `delete`, `chat`, `commands`, `answer`, `action`,
  `reset`; a comment each 15 seconds.
"""

import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox import acts, inline
from bot.sandbox.botapi import read_params
from bot.sandbox.changes import change
from bot.sandbox.content import given
from bot.sandbox.faults import Fault
from bot.sandbox.files import StoredFile
from bot.sandbox.params import Params
from bot.sandbox.refusals import Refused
from bot.sandbox.simulation import Simulation

HEARTBEAT = 15.0  # seconds
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    """The control interface of one simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._world = simulation.world

    def routes(self) -> list[web.RouteDef]:
        """What the server routes here."""
        table: dict[tuple[str, str], Handler] = {
            ("POST", "/sim/send"): self._send,
            ("POST", "/sim/edit"): self._edit,
            ("POST", "/sim/press"): self._press,
            ("POST", "/sim/inline"): self._inline,
            ("GET", r"/sim/chats/{chat:-?\d+}/messages"): self._messages,
            ("GET", "/sim/calls"): self._calls,
            ("POST", "/sim/faults"): self._add_faults,
            ("GET", "/sim/faults"): self._faults,
            ("DELETE", "/sim/faults"): self._clear_faults,
            ("POST", "/sim/limits"): self._change_limits,
            ("GET", "/sim/limits"): self._limits,
            ("POST", "/sim/chats"): self._change,
            ("POST", "/sim/reset"): self._reset,
            ("GET", "/sim/state"): self._state,
            ("GET", "/sim/commands"): self._commands,
            ("GET", "/sim/files/{file_id}"): self._file,
            ("GET", "/sim/events"): self._events,
        }
        return [web.route(verb, path, _sensible(handler)) for (verb, path), handler in table.items()]

    async def _send(self, request: web.Request) -> web.Response:
        params = await read_params(request)
        saying = acts.Saying(
            user=_required(params, "user"),
            chat=_required(params, "chat"),
            text=params.text("text"),
            entities=given(params, "entities"),
            file=self._dropped(params),
            thread=params.integer("thread") or None,
            reply_to=params.integer("reply_to") or None,
            anonymous=params.flag("anonymous"),
            forward=_forward(params),
        )
        message, update_id = acts.say(self._world, saying)
        return web.json_response({"ok": True, "message": message, "update_id": update_id})

    def _dropped(self, params: Params) -> StoredFile | None:
        """The file of a message: a multipart part, or described in the JSON."""
        files = self._world.files
        upload = params.uploads.get("document")
        if upload is not None:
            return files.add_document(upload.name, upload.content, upload.mime)
        described = params.mapping("document")
        if described is None:
            return None
        if "base64" in described:
            content = base64.b64decode(described["base64"], validate=True)
        else:
            content = str(described.get("content", "")).encode()
        return files.add_document(str(described.get("name", "file")), content, described.get("mime"))

    async def _edit(self, request: web.Request) -> web.Response:
        params = await read_params(request)
        who, where, which = (_required(params, name) for name in ("user", "chat", "message"))
        message, update_id = acts.edit(self._world, who, where, which, params.text("text"))
        return web.json_response({"ok": True, "message": message, "update_id": update_id})

    async def _press(self, request: web.Request) -> web.Response:
        params = await read_params(request)
        who, where, which = (_required(params, name) for name in ("user", "chat", "message"))
        query_id = acts.press(self._world, who, where, which, params.text("data"), force=params.flag("force"))
        return web.json_response({"ok": True, "callback_query_id": query_id})

    async def _inline(self, request: web.Request) -> web.Response:
        params = await read_params(request)
        who, query_id = _required(params, "user"), params.text("inline_query_id")
        if query_id:
            where = _required(params, "chat")
            message = inline.choose(self._world, query_id, params.text("result"), who, where)
            return web.json_response({"ok": True, "message": message})
        query_id, update_id = inline.ask(self._world, who, params.text("query"), params.text("offset"))
        return web.json_response({"ok": True, "inline_query_id": query_id, "update_id": update_id})

    async def _messages(self, request: web.Request) -> web.Response:
        chat = acts.known_chat(self._world, int(request.match_info["chat"]))
        thread = int(request.query["thread"]) if request.query.get("thread") else None
        return web.json_response([kept.shape() for kept in self._world.in_chat(chat, thread)])

    async def _calls(self, request: web.Request) -> web.Response:
        since = float(request.query.get("since") or 0)
        return web.json_response([one for one in self._simulation.calls if one["at"] > since])

    async def _add_faults(self, request: web.Request) -> web.Response:
        raw = await request.json()
        faults = [Fault.read(one) for one in (raw if isinstance(raw, list) else [raw])]
        self._simulation.faults.waiting.extend(faults)
        return await self._faults(request)

    async def _faults(self, _: web.Request) -> web.Response:
        return web.json_response([fault.shape() for fault in self._simulation.faults.waiting])

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self._simulation.faults.waiting.clear()
        return await self._faults(request)

    async def _change_limits(self, request: web.Request) -> web.Response:
        self._world.limits.change(**await request.json())
        return await self._limits(request)

    async def _limits(self, _: web.Request) -> web.Response:
        rates = self._world.limits.rates
        return web.json_response({name: getattr(rates, name) for name in rates.__slots__})

    async def _change(self, request: web.Request) -> web.Response:
        chat = change(self._world, await request.json())
        return web.json_response({"ok": True, **self._world.entry(chat)})

    async def _reset(self, _: web.Request) -> web.Response:
        self._simulation.reset()
        return web.json_response({"ok": True})

    async def _state(self, _: web.Request) -> web.Response:
        world = self._world
        people = [user.shape() for user in world.users.values() if not user.is_bot]
        chats = [world.entry(chat) for chat in world.chats.values()]
        return web.json_response({"bot": world.bot.shape(), "users": people, "chats": chats})

    async def _commands(self, request: web.Request) -> web.Response:
        chat = acts.known_chat(self._world, int(request.query["chat"]))
        user = acts.person(self._world, int(request.query["user"]))
        return web.json_response(self._world.menu.seen_by(user, chat))

    async def _file(self, request: web.Request) -> web.Response:
        stored = self._world.files.by_id(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound(text="no such file")
        if stored.url is not None:
            raise web.HTTPFound(stored.url)
        # Never shown as a page of this origin, whatever a person dropped in.
        kind = (
            stored.mime
            if stored.mime.startswith("image/") and "svg" not in stored.mime
            else "application/octet-stream"
        )
        return web.Response(
            body=stored.content, content_type=kind, headers={"X-Content-Type-Options": "nosniff"}
        )

    async def _events(self, request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        with self._world.events.listen() as listener:
            await response.prepare(request)
            await response.write(b": hello\n\n")
            try:
                while (lines := await listener.next(HEARTBEAT)) != b"":
                    await response.write(lines or b": still here\n\n")
            except ConnectionResetError:
                pass  # the page was closed
        return response


def _sensible(handler: Handler) -> Handler:
    """Answer 400 with a sentence where a handler says that the request makes no sense."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except KeyError as missing:
            sentence = f"{missing} is missing"
        except json.JSONDecodeError:
            sentence = "the body is no JSON"
        except binascii.Error:
            sentence = '"base64" is no base64'
        except Refused as refusal:
            sentence = refusal.description
        except (ValueError, TypeError) as wrong:
            sentence = str(wrong)
        return web.json_response({"ok": False, "error": sentence}, status=400)

    return answer


def _forward(params: Params) -> tuple[int, int] | None:
    which = params.mapping("forward")
    return (int(which["chat"]), int(which["message"])) if which else None


def _required(params: Params, name: str) -> int:
    value: Any = params.values.get(name)
    if value is None or value == "":
        raise ValueError(f'"{name}" is missing')
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ValueError(f'"{name}" must be a number') from None
