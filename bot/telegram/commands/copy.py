"""/copy: have other feeds come as one does: length, pictures, sound, template…"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.model import Subscription
from bot.telegram.command import NUMBER, Act, Command, always
from bot.telegram.commands.choosing import alerted_here, choice, named, named_or_all
from bot.telegram.commands.undo import undo_button
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, cut

_TYPED = re.compile(r"(.+?)(?:\s+to\s+|\s*(?:->|=>|[>＞→])\s*)(.+)", re.DOTALL | re.IGNORECASE)
_EVERY = "0"
"""In place of a subscription's id: all the others."""


async def copy(talk: Talk, argument: str) -> None:
    """Copy, or let the feeds be chosen that were not named."""
    followed = await talk.subscriptions.of(talk.chat.id)
    argument = " ".join(argument.split())  # long blanks would be tried in every division
    typed = _TYPED.fullmatch(argument)
    from_ = typed[1] if typed else argument
    source = list(await named(talk, from_)) if from_ else await alerted_here(talk)
    others = await named_or_all(talk, typed[2].strip()) if typed else ()
    if len(followed) < 2:
        await talk.say("copy.too_few")
    elif from_ and len(source) != 1:
        await talk.say("unsubscribe.not_found", name=cut(from_, 100))
    elif typed and not others:
        await talk.say("unsubscribe.not_found", name=cut(typed[2], 100))
    elif others:
        await talk.show(*await _copy(talk, source[0], others))
    elif len(source) == 1:
        await talk.show(*_targets(talk, followed, source[0], 0))
    else:
        await talk.show(*_sources(talk, followed, 0))


def _sources(talk: Talk, followed: Sequence[Subscription], page: int) -> tuple[Html, Buttons]:
    return talk.words.html("copy.from"), choice(talk, followed, page, ("copies",), ("copyof", "0"))


def _targets(
    talk: Talk, followed: Sequence[Subscription], source: Subscription, page: int
) -> tuple[Html, Buttons]:
    own = str(source.id)
    every = [[button(talk.words.plain("button.copy_all"), "copyto", own, _EVERY)]]
    rows = choice(talk, followed, page, ("copyof", own), ("copyto", own))
    return talk.words.html("copy.to", title=talk.words.linked(source)), [*every, *rows]


async def _copy(talk: Talk, source: Subscription, others: Sequence[Subscription]) -> tuple[Html, Buttons]:
    count, change_id = await talk.desk.services.copies.copy(source, others)
    if change_id is None:
        return talk.words.html("copy.same", title=talk.words.linked(source)), ()
    said = talk.words.count("copy.done", count, title=talk.words.linked(source))
    return said, undo_button(talk, change_id)


async def turn_sources(talk: Talk, argument: str) -> None:
    """Show another page of those to copy from."""
    followed = await talk.subscriptions.of(talk.chat.id)
    await talk.edit(*_sources(talk, followed, int(argument)))


async def turn_targets(talk: Talk, argument: str) -> None:
    """Show a page of those to copy to."""
    page, _, own = argument.partition(":")
    source = await talk.subscriptions.one(talk.chat.id, int(own))
    if source is None:
        await talk.notice("press.gone")
        return
    followed = await talk.subscriptions.of(talk.chat.id)
    await talk.edit(*_targets(talk, followed, source, int(page)))


async def press(talk: Talk, argument: str) -> None:
    """Copy to the pressed feed, or to all others."""
    own, _, other = argument.partition(":")
    followed = await talk.subscriptions.of(talk.chat.id)
    source = next((one for one in followed if one.id == int(own)), None)
    others = [one for one in followed if other in (_EVERY, str(one.id))]
    if source is None or not others:
        await talk.notice("press.gone")
    else:
        await talk.edit(*await _copy(talk, source, others))


COMMAND = Command(
    "copy",
    copy,
    always,
    presses=(
        Act("copies", turn_sources, always),
        Act("copyof", turn_targets, always, takes=f"{NUMBER}:{NUMBER}"),
        Act("copyto", press, always, takes=f"{NUMBER}:{NUMBER}"),
    ),
)
