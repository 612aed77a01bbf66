"""/follow: what comes from any feed of the chat, whatever that feed's own filter says."""

from __future__ import annotations

import dataclasses
import re

from bot import filters
from bot.errors import FilterError
from bot.telegram.command import Command
from bot.telegram.commands.filter import OFF
from bot.telegram.meaning import meaning
from bot.telegram.talk import Talk
from bot.telegram.words import Html, code, cut

MOST = 20

# Twenty lines of these stay below the 4,096 code points of a message.
_LONGEST_NAME = 30
_LONGEST_FILTER = 100

_NAMED = re.compile(r"([^:：\n]+)[:：](.+)", re.DOTALL)


def _sets(argument: str) -> bool:
    """`rust: compiler` changes something; nothing only shows."""
    return bool(argument)


async def follow(talk: Talk, argument: str) -> None:
    """List the follows, add or change one, or take one away."""
    named = _NAMED.fullmatch(argument)
    name, _, last = argument.rpartition(" ")
    if not argument:
        await _list(talk)
    elif named:
        await _set(talk, cut(named[1], _LONGEST_NAME), named[2].strip())
    elif last.casefold() in OFF and name:
        await _drop(talk, cut(name, _LONGEST_NAME))
    else:
        await talk.say("follow.how")


async def _list(talk: Talk) -> None:
    lines = [
        talk.words.html("follow.line", name=name, filter=code(cut(text, _LONGEST_FILTER)))
        for name, text in talk.chat.follows
    ]
    await talk.show(
        Html("\n".join([*(lines or [talk.words.html("follow.none")]), "", talk.words.html("follow.how")]))
    )


async def _set(talk: Talk, name: str, typed: str) -> None:
    others = _others(talk, name)
    try:
        expression = filters.parse(typed)
    except FilterError as error:
        await talk.show(talk.words.filter_error(error, typed))
        return
    if isinstance(expression, filters.Everything) or len(others) >= MOST:
        await talk.say("follow.too_much", most=MOST)
        return
    text = filters.canonical(expression)
    await talk.subscriptions.change(dataclasses.replace(talk.chat, follows=(*others, (name, text))))
    await talk.say("follow.done", name=name, filter=code(text), meaning=meaning(talk.words, text))


async def _drop(talk: Talk, name: str) -> None:
    others = _others(talk, name)
    if len(others) == len(talk.chat.follows):
        await talk.say("follow.unknown", name=name)
        return
    await talk.subscriptions.change(dataclasses.replace(talk.chat, follows=others))
    await talk.say("follow.dropped", name=name)


def _others(talk: Talk, name: str) -> tuple[tuple[str, str], ...]:
    return tuple(one for one in talk.chat.follows if one[0].casefold() != name.casefold())


COMMAND = Command("follow", follow, _sets, aliases=("topic",))
