"""/unsubscribe: stop following, by number, address, title or button."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Subscription
from bot.telegram.command import NUMBER, Act, Command, always
from bot.telegram.commands.choosing import BUTTONS, LONGEST_LABEL, alerted_here, label, named
from bot.telegram.commands.list import page_of
from bot.telegram.commands.undo import undo_button
from bot.telegram.pager import pager
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, cut

_MOST_LINES = 20  # of those who go at once


async def unsubscribe(talk: Talk, argument: str) -> None:
    """Drop what is named, or the feed of the alert that this answers, or show buttons to choose from."""
    if not argument:
        await _drop_alerted(talk)
        return
    going = await named(talk, argument)
    if not going:
        await talk.say("unsubscribe.not_found", name=cut(argument, 100))
        return
    await _drop(talk, going)


async def _drop(talk: Talk, going: Sequence[Subscription]) -> None:
    change_id = await talk.subscriptions.unsubscribe(*going)
    lines = [talk.words.html("unsubscribe.done", title=talk.words.linked(one)) for one in going[:_MOST_LINES]]
    if len(going) > _MOST_LINES:
        lines.append(talk.words.count("unsubscribe.others", len(going) - _MOST_LINES))
    await talk.show(Html("\n".join(lines)), undo_button(talk, change_id))


async def _drop_alerted(talk: Talk) -> None:
    alerted = await alerted_here(talk)
    if len(alerted) == 1:
        await _drop(talk, alerted)
    elif alerted:
        rows = [[button(talk.words.title(one, LONGEST_LABEL), "undo", one.id)] for one in alerted[:BUTTONS]]
        await talk.say("unsubscribe.choose", rows)
    else:
        await _choose(talk)


async def _choose(talk: Talk) -> None:
    subscriptions = await talk.subscriptions.of(talk.chat.id)
    if not subscriptions:
        await talk.say("list.empty")
        return
    await talk.show(*_choice(talk, subscriptions, 0))


def _choice(
    talk: Talk, subscriptions: Sequence[Subscription], page: int, undo: Buttons = ()
) -> tuple[Html, Buttons]:
    page, pages, shown = page_of(subscriptions, page, BUTTONS)
    rows = [[button(label(talk, number, one), "drop", one.id, page)] for number, one in shown]
    return talk.words.html("unsubscribe.choose"), [*rows, *pager("drops", page, pages), *undo]


async def turn(talk: Talk, argument: str) -> None:
    """Show another page of buttons."""
    await _show_choice(talk, int(argument))


async def drop(talk: Talk, argument: str) -> None:
    """Drop what the button names, and show the buttons that are left."""
    subscription_id, page = map(int, argument.split(":"))
    subscription = await talk.subscriptions.one(talk.chat.id, subscription_id)
    if subscription is None:
        await talk.notice("press.gone")
        await _show_choice(talk, page)
        return
    change_id = await talk.subscriptions.unsubscribe(subscription)
    await talk.notice("press.unsubscribed", title=talk.words.title(subscription, 60))
    await _show_choice(talk, page, undo_button(talk, change_id))


async def leave(talk: Talk, argument: str) -> None:
    """Drop the one feed that the message with the button is about."""
    subscription = await talk.subscriptions.one(talk.chat.id, int(argument))
    if subscription is None:
        await talk.notice("press.gone")
        return
    change_id = await talk.subscriptions.unsubscribe(subscription)
    html = talk.words.html("unsubscribe.done", title=talk.words.linked(subscription))
    await talk.edit(html, undo_button(talk, change_id))


async def _show_choice(talk: Talk, page: int, undo: Buttons = ()) -> None:
    subscriptions = await talk.subscriptions.of(talk.chat.id)
    if subscriptions:
        await talk.edit(*_choice(talk, subscriptions, page, undo))
    else:
        await talk.edit(talk.words.html("list.empty"), undo)


COMMAND = Command(
    "unsubscribe",
    unsubscribe,
    always,
    aliases=("unsub", "remove"),
    presses=(
        Act("drops", turn, always),
        Act("drop", drop, always, takes=f"{NUMBER}:{NUMBER}"),
        Act("undo", leave, always),
    ),
)
