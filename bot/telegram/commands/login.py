"""/login: have a feed read with a password, a cookie or a name of one's own; in private only.

What is written here is secret: dispatch has deleted the message before we run, and no answer repeats a value.
"""

from __future__ import annotations

import base64
import dataclasses
import re

from bot.feeds import may_send
from bot.feeds.address import normal_url
from bot.model import Subscription
from bot.services.logins import LoggedIn, NotLoggedIn
from bot.telegram.command import Command, never
from bot.telegram.commands.subscribe import report
from bot.telegram.talk import Talk
from bot.telegram.words import Html, cut

_HEADER = re.compile(r"([A-Za-z0-9-]{1,64}):\s*(\S.*)")
# Written without the name of their header, as sites show them to be copied.
_SCHEMES = frozenset({"bearer", "basic", "token"})
_OFF = "off"


async def login(talk: Talk, argument: str) -> None:
    """Show, set or take away what goes with a feed; follow one that wants it from the start."""
    if not talk.in_private:
        await talk.say("login.in_private", bot=talk.desk.bot.username)
        if is_secret(argument):
            await talk.say("login.still_there" if talk.still_there else "login.seen")
        return
    if talk.still_there:
        await talk.say("login.still_there")
    which, written = _parts(argument)
    if not which:
        await talk.say("help.login")
        return
    subscription = await talk.subscriptions.named(talk.chat.id, which)
    if subscription is not None:
        await _of(talk, subscription, which, written)
    elif normal_url(which) is None or written.lower() == _OFF:
        await talk.say("login.which", name=cut(which, 100))
    elif written:
        await _start(talk, which, written)
    else:
        await talk.say("login.how", which=talk.typed(which))


async def _of(talk: Talk, subscription: Subscription, which: str, written: str) -> None:
    title = talk.words.linked(subscription)
    if written and written.lower() != _OFF:
        await _set(talk, subscription, written)
    elif written and subscription.private:
        await talk.desk.services.logins.log_out(subscription)
        await talk.say("login.off", title=talk.words.linked(dataclasses.replace(subscription, private=False)))
    elif written:
        await talk.say("login.none", title=title)
    else:
        names = ", ".join(await talk.desk.services.logins.names(subscription))
        now = talk.words.html("login.set" if names else "login.none", title=title, names=names)
        how = talk.words.html("login.how", which=talk.typed(which))
        await talk.show(Html(f"{now}\n\n{how}"))


async def _set(talk: Talk, subscription: Subscription, written: str) -> None:
    headers = headers_of(written)
    if headers is None:
        await talk.say("login.failed", problem=talk.words.plain("login.not_sent"))
        return
    await talk.typing()
    result = await talk.desk.services.logins.log_in(subscription, headers)
    if isinstance(result, NotLoggedIn):
        await talk.say("login.failed", problem=talk.words.problem(result.problem))
    else:
        await _kept(talk, result)


async def _start(talk: Talk, address: str, written: str) -> None:
    headers = headers_of(written)
    if headers is None:
        await talk.say("login.failed", problem=talk.words.plain("login.not_sent"))
        return
    await talk.typing()
    result = await talk.desk.services.logins.subscribe(talk.chat, talk.thread_id, address, headers)
    if isinstance(result, LoggedIn):
        await _kept(talk, result)
    else:
        await report(talk, result, address)


async def _kept(talk: Talk, result: LoggedIn) -> None:
    title = talk.words.linked(result.subscription)
    await talk.say("login.kept", title=title, names=", ".join(result.names))


def headers_of(written: str) -> dict[str, str] | None:
    """Read a login as people write it: `Name: value`, one a line; or a name and a password; None if it is neither.

    Source: RFC 7617 §2 (Basic: UTF-8, no colon in the name).
    """
    lines = [line.strip() for line in written.splitlines() if line.strip()]
    found = [_HEADER.fullmatch(line) for line in lines]
    headers = {one[1]: one[2] for one in found if one and may_send(one[1], one[2])}
    if len(headers) == len(lines):
        return headers
    if len(lines) != 1:
        return None
    name, blank, password = lines[0].partition(" ")
    if name.lower() in _SCHEMES and blank:
        return {"Authorization": lines[0]}
    if not blank:
        name, _, password = lines[0].partition(":")
    if not name or not password.strip() or ":" in name:
        return None
    secret = base64.b64encode(f"{name}:{password.strip()}".encode()).decode()
    return {"Authorization": f"Basic {secret}"}


def is_secret(argument: str) -> bool:
    """Whether more than a feed is named."""
    written = _parts(argument)[1]
    return bool(written) and written.lower() != _OFF


def _parts(argument: str) -> tuple[str, str]:
    which, _, written = re.sub(r"\s", " ", argument, count=1).partition(" ")
    return which, written.strip()


COMMAND = Command("login", login, never, for_private=True, is_secret=is_secret)
