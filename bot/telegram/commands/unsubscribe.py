"""/unsubscribe: stop following, by number, address, title or button."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Subscription
from bot.telegram.command import NUMBER, Act, Command, always
from bot.telegram.commands.list import page_of
from bot.telegram.talk import Buttons, Talk, button, pager
from bot.telegram.words import Html, cut

_BUTTONS = 8  # rows that a phone shows without scrolling
_LONGEST_LABEL = 50


async def unsubscribe(talk: Talk, argument: str) -> None:
    """Drop what is named, or show buttons to choose from."""
    if not argument:
        await _choose(talk)
        return
    named = [await talk.subscriptions.named(talk.chat.id, name) for name in _names(argument)]
    going = list({found.id: found for found in named if found}.values())
    if not going or None in named:  # half of a list that was half misread is nobody's wish
        await talk.say("unsubscribe.not_found", name=cut(argument, 100))
        return
    for subscription in going:
        await talk.subscriptions.unsubscribe(subscription)
        await talk.say("unsubscribe.done", title=talk.words.linked(subscription))


def _names(argument: str) -> list[str]:
    """Several numbers are several feeds; anything else is one name, blanks and all."""
    words = argument.replace(",", " ").split()
    return words if all(word.isdecimal() for word in words) else [argument]


async def _choose(talk: Talk) -> None:
    subscriptions = await talk.subscriptions.of(talk.chat.id)
    if not subscriptions:
        await talk.say("list.empty")
        return
    await talk.show(*_choice(talk, subscriptions, 0))


def _choice(talk: Talk, subscriptions: Sequence[Subscription], page: int) -> tuple[Html, Buttons]:
    page, pages, shown = page_of(subscriptions, page, _BUTTONS)
    rows = [
        [button(f"{number}. {talk.words.title(subscription, _LONGEST_LABEL)}", "drop", subscription.id, page)]
        for number, subscription in shown
    ]
    return talk.words.html("unsubscribe.choose"), rows + pager("drops", page, pages)


async def turn(talk: Talk, argument: str) -> None:
    """Show another page of buttons."""
    await _show_choice(talk, int(argument))


async def drop(talk: Talk, argument: str) -> None:
    """Drop what the button names, and show the buttons that are left."""
    subscription_id, page = map(int, argument.split(":"))
    subscription = await talk.subscriptions.one(talk.chat.id, subscription_id)
    if subscription is None:
        await talk.notice("press.gone")
    else:
        await talk.subscriptions.unsubscribe(subscription)
        await talk.notice("press.unsubscribed", title=talk.words.title(subscription, 60))
    await _show_choice(talk, page)


async def undo(talk: Talk, argument: str) -> None:
    """Take back a subscription by the button below its welcome."""
    subscription = await talk.subscriptions.one(talk.chat.id, int(argument))
    if subscription is None:
        await talk.notice("press.gone")
        return
    await talk.subscriptions.unsubscribe(subscription)
    await talk.edit(talk.words.html("unsubscribe.done", title=talk.words.linked(subscription)))


async def _show_choice(talk: Talk, page: int) -> None:
    subscriptions = await talk.subscriptions.of(talk.chat.id)
    if subscriptions:
        await talk.edit(*_choice(talk, subscriptions, page))
    else:
        await talk.edit(talk.words.html("list.empty"))


COMMAND = Command(
    "unsubscribe",
    unsubscribe,
    always,
    aliases=("unsub", "remove"),
    presses=(
        Act("drops", turn, always),
        Act("drop", drop, always, takes=f"{NUMBER}:{NUMBER}"),
        Act("undo", undo, always),
    ),
)
