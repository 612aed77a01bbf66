"""/allow, for those who run the bot: let a person or chat in. What /deny shares with it stands here."""

from __future__ import annotations

import re

from telegram.error import BadRequest, Forbidden

from bot.model import Guest
from bot.telegram.access import ANONYMOUS_ADMINISTRATOR
from bot.telegram.command import Act, Command, never
from bot.telegram.talk import Talk
from bot.telegram.words import Html, Words, code, cut, escape

# Of Telegram's numbers: groups and channels have negative ones.
ID = r"-?[1-9]\d{0,15}"
_NAME = re.compile(r"@[A-Za-z]\w{3,31}")
_MOST_LISTED = 50
_LONGEST_NAME = 40


async def allow(talk: Talk, argument: str) -> None:
    """Let in whom the argument or the answered message names; ask if nobody is named."""
    await decide(talk, argument, admitted=True)


async def decide(talk: Talk, argument: str, *, admitted: bool) -> None:
    """Let somebody in, or turn them away, and say so."""
    if not argument and talk.pointed_at is None:
        await _ask(talk, admitted=admitted)
        return
    number = await whom(talk, argument)
    if number is None or number == ANONYMOUS_ADMINISTRATOR:
        await talk.say("guests.who", name=cut(argument, 100))
    elif number in talk.desk.access.owners:
        await talk.say("guests.owner", who=await named(talk, number))
    else:
        await talk.desk.services.guests.admit(number, admitted=admitted)
        await talk.say("allow.done" if admitted else "deny.done", who=await named(talk, number))


async def whom(talk: Talk, argument: str) -> int | None:
    """The person or chat meant: a number, a chat's @name, or the sender of the answered message; None if none is."""
    if not argument:
        return talk.pointed_at
    if re.fullmatch(ID, argument):
        return int(argument)
    if not _NAME.fullmatch(argument):
        return None
    try:
        return (await talk.desk.bot.get_chat(argument)).id
    except (BadRequest, Forbidden):  # Telegram finds no people by their names for bots
        return None


async def named(talk: Talk, number: int) -> Html:
    """Its name, if the bot knows it, and its number."""
    one = await talk.desk.services.guests.one(number)
    return in_words(one.chat.title if one else "", number)


def in_words(title: str, number: int) -> Html:
    """A name, if there is one, and a number to be tapped and copied."""
    return Html(f"{escape(cut(title, _LONGEST_NAME))} ({code(str(number))})" if title else code(str(number)))


async def _ask(talk: Talk, *, admitted: bool) -> None:
    known = await talk.desk.services.guests.spoken_of(_MOST_LISTED)
    lists = [_listed(talk.words, known, admitted=one) for one in (True, False)]
    question = talk.words.html("allow.ask" if admitted else "deny.ask")
    html = Html("\n\n".join(filter(None, (*lists, question))))
    await talk.ask(html, "allow" if admitted else "deny")


def _listed(words: Words, known: tuple[tuple[Guest, str], ...], *, admitted: bool) -> Html:
    lines = [f"· {in_words(title, guest.id)}" for guest, title in known if guest.admitted is admitted]
    head = words.html("guests.admitted" if admitted else "guests.denied")
    return Html("\n".join([head, *lines]) if lines else "")


COMMAND = Command(
    "allow",
    allow,
    never,
    for_channels=False,
    for_owners=True,
    answers=(Act("allow", allow, never, takes=""),),
)
