"""/follow: what comes from any feed of the chat, whatever that feed's own filter says; there, or at another place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot import filters
from bot.errors import FilterError
from bot.model import ChatKind, Follow
from bot.services.follows import is_named
from bot.telegram.aiming import CHAT_NAME, LONGEST_PLACE, allowed, met
from bot.telegram.command import Act, Command, never
from bot.telegram.commands.filter import OFF
from bot.telegram.commands.list import PAGE, page_of
from bot.telegram.meaning import meaning
from bot.telegram.pager import pager
from bot.telegram.places import Place
from bot.telegram.talk import Buttons, Talk
from bot.telegram.words import Html, code, cut, escape, link

# A page of these stays below the 4,096 code points of a message.
_LONGEST_NAME = 30
_LONGEST_FILTER = 100

_NAMED = re.compile(r"([^:：\n]+)[:：](.+)", re.DOTALL)
_OVER = re.compile(rf"({CHAT_NAME})(?:\s+(.*))?", re.DOTALL)
_TO = re.compile(rf"(.+?)\s*(?:->|=>|[>＞→])\s*({CHAT_NAME})", re.DOTALL)


def _sets(argument: str) -> bool:
    """`rust: compiler` changes something; nothing only shows."""
    return bool(argument)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What somebody wants to follow."""

    name: str
    filter: str
    to: str
    """The chat that it goes to, as typed; "" if none was."""


async def follow(talk: Talk, argument: str) -> None:
    """List the follows, add or change one, or take one away."""
    group = None
    found = _OVER.fullmatch(argument) if talk.in_private else None
    if found:
        group, argument = await _over(talk, found[1]), (found[2] or "").strip()
        if group is None:
            return
    typed = _typed(argument)
    dropped = argument.rpartition(" ")[0] if argument.rpartition(" ")[2].casefold() in OFF else ""
    if not argument and not _is_group(group):
        await _list(talk)
    elif not (typed or dropped):
        await _explain(talk, group)
    elif typed:
        await _set(talk, typed, group)
    else:
        await _drop(talk, cut(dropped, _LONGEST_NAME))


def _typed(argument: str) -> _Typed | None:
    named = _NAMED.fullmatch(argument)
    if named is None:
        return None
    sent_on = _TO.fullmatch(named[2].strip())
    text, to = (sent_on[1], sent_on[2]) if sent_on else (named[2].strip(), "")
    return _Typed(cut(named[1], _LONGEST_NAME), text.strip(), to)


def _is_group(place: Place | None) -> bool:
    return place is not None and place.kind is ChatKind.GROUP


async def _over(talk: Talk, name: str) -> Place | None:
    """The chat whose feeds are meant; a channel is spoken about from now on. None if it cannot be, which is said."""
    place = await allowed(talk, name, to_read=True)
    if place and place.kind is ChatKind.CHANNEL:
        talk.about(await met(talk, place))
    return place


async def _explain(talk: Talk, group: Place | None) -> None:
    if group is not None and _is_group(group):
        typed = code(f"/follow {group.id} rust: compiler OR cargo")
        await talk.say("follow.how_mine", place=group.title, typed=typed)
    else:
        await talk.say("follow.how")


async def refuse(talk: Talk, argument: str) -> None:
    """Who may not change what a group follows may follow it alone."""
    await talk.say("follow.for_yourself", typed=code(f"/follow {talk.home.id} {argument}"))


async def _list(talk: Talk) -> None:
    await talk.show(*await _listing(talk, 0))


async def turn(talk: Talk, argument: str) -> None:
    """Show another page."""
    await talk.edit(*await _listing(talk, int(argument)))


async def _listing(talk: Talk, page: int) -> tuple[Html, Buttons]:
    sent_on = await talk.desk.services.follows.sent_on(talk.chat.id)
    lines = [
        talk.words.html("follow.line", name=name, filter=code(cut(text, _LONGEST_FILTER)))
        for name, text in talk.chat.follows
    ]
    lines += [_line(talk, one) for one in sent_on]
    warning = ["", talk.words.html("follow.lapsed")] if any(one.lapsed for one in sent_on) else []
    page, pages, shown = page_of(lines or [talk.words.html("follow.none")], page, PAGE)
    parts = [*(line for _, line in shown), *warning, "", talk.words.html("follow.how")]
    return Html("\n".join(parts)), pager("follows", page, pages)


def _line(talk: Talk, one: Follow) -> Html:
    key = "follow.line_mine" if one.is_personal else "follow.line_to"
    line = talk.words.html(
        key, name=one.name, place=_place(talk, one), filter=code(cut(one.filter, _LONGEST_FILTER))
    )
    return Html(f"⚠️ {line}") if one.lapsed else line


def _place(talk: Talk, one: Follow) -> Html:
    """The other chat; or the topic, as a link to it."""
    if one.to_id != one.over_id:
        return Html(f"<b>{escape(cut(one.other, LONGEST_PLACE))}</b>")
    address = f"https://t.me/c/{str(one.to_id).removeprefix('-100')}/{one.thread_id}"
    return link(talk.words.plain("follow.topic"), address)


async def _set(talk: Talk, typed: _Typed, group: Place | None) -> None:
    try:
        expression = filters.parse(typed.filter)
    except FilterError as error:
        await talk.show(talk.words.filter_error(error, typed.filter))
        return
    if isinstance(expression, filters.Everything):
        await talk.say("follow.too_much")
        return
    text = filters.canonical(expression)
    if typed.to or talk.thread_id or _is_group(group):
        new = await _sent_on(talk, typed, text, group)
        if new is None:
            return
        problem = await talk.desk.services.follows.send_on(talk.chat, new)
        key, place = "follow.done_mine" if new.is_personal else "follow.done_to", _place(talk, new)
    else:
        problem = await talk.desk.services.follows.follow(talk.chat, typed.name, text)
        key, place = "follow.done", Html("")
    if problem:
        await talk.say(problem.key, **problem.values)
    else:
        said = {"name": typed.name, "place": place, "filter": code(text)}
        await talk.say(key, **said, meaning=meaning(talk.words, text))


async def _sent_on(talk: Talk, typed: _Typed, text: str, group: Place | None) -> Follow | None:
    """The follow, with where it goes; None if it may not go there, which is said."""
    new = Follow(talk.chat.id, typed.name, text, talk.chat.id, talk.chat.id, talk.thread_id, talk.user_id)
    if group is not None and _is_group(group):
        if typed.to:
            await talk.say("follow.only_here")
            return None
        return replace(new, over_id=(await met(talk, group)).id, other=group.title)
    if not typed.to:
        return new
    place = await allowed(talk, typed.to)
    if place is None:
        return None
    return replace(new, to_id=(await met(talk, place)).id, thread_id=None, other=place.title)


async def _drop(talk: Talk, name: str) -> None:
    sent_on = await talk.desk.services.follows.sent_on(talk.chat.id)
    names = [*(one for one, _ in talk.chat.follows), *(one.name for one in sent_on)]
    if any(is_named(one, name) for one in names):
        await talk.desk.services.follows.drop(talk.chat, name)
        await talk.say("follow.dropped", name=name)
    else:
        await talk.say("follow.unknown", name=name)


# A channel or group that stands first is told apart here.
COMMAND = Command(
    "follow",
    follow,
    _sets,
    refuse,
    aliases=("topic",),
    for_channels=False,
    presses=(Act("follows", turn, never),),
)
