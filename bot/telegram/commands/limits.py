"""/limits, for those who run the bot: how much everybody may have, and exceptions for one person or chat."""

from __future__ import annotations

from bot.model import Limit
from bot.telegram.command import Command, never
from bot.telegram.commands.allow import named, whom
from bot.telegram.talk import Talk
from bot.telegram.words import Html, Words, cut

_MOST_DIGITS = 6
_OFF, _USUAL = "off", "default"


async def limits(talk: Talk, argument: str) -> None:
    """Show everybody's, or one's; set one's."""
    first, *rest = argument.split() or [""]
    if not first and talk.pointed_at is None:
        usual = (limit_line(talk.words, one, most) for one, most in talk.desk.services.quotas.usual.items())
        lines = (talk.words.html("limits.usual"), *usual, "", talk.words.html("help.limits"))
        await talk.show(Html("\n".join(lines)))
        return
    if first in set(Limit) and talk.pointed_at is not None:  # in answer to a message of theirs
        first, rest = "", [first, *rest]
    number = await whom(talk, first)
    if number is None:
        await talk.say("guests.who", name=cut(first, 100))
        return
    if rest and not await _set(talk, number, rest):
        await talk.say("help.limits")
        return
    await _show(talk, number)


async def _set(talk: Talk, number: int, rest: list[str]) -> bool:
    """Set what is written: a limit's name and a number, `off` or `default`. False if it cannot be read."""
    match rest:
        case [name, value] if name.lower() in set(Limit):
            limit, value = Limit(name.lower()), value.lower()
        case _:
            return False
    if value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS:
        most: int | None = int(value)
    elif value in {_OFF, _USUAL}:
        most = 0 if value == _OFF else None
    else:
        return False
    await talk.desk.services.guests.set_limit(number, limit, most)
    return True


async def _show(talk: Talk, number: int) -> None:
    own = (await talk.desk.services.guests.of(number))[number].limits
    lines = [
        limit_line(talk.words, one, own.get(one, most), own=one in own)
        for one, most in talk.desk.services.quotas.usual.items()
    ]
    await talk.show(Html("\n".join([talk.words.html("limits.of", who=await named(talk, number)), *lines])))


def limit_line(words: Words, limit: Limit, most: int, *, own: bool = False) -> Html:
    """A limit and what it is; one that is not everybody's is marked."""
    line = words.html(_LINES[limit], most=str(most) if most else words.plain("limits.none"))
    return Html(f"· <b>{line}</b>" if own else f"· {line}")


_LINES = {
    Limit.FEEDS: "limits.feeds",
    Limit.FOLLOWS: "limits.follows",
    Limit.CHANGES: "limits.changes",
}

COMMAND = Command("limits", limits, never, for_channels=False, for_owners=True)
