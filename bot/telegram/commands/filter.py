"""/filter: which articles of a feed are worth an alert."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Subscription
from bot.telegram.command import Act, Command, always, never
from bot.telegram.commands.list import PAGE, page_of
from bot.telegram.commands.trying import ACTS, trial_of
from bot.telegram.meaning import meaning
from bot.telegram.pager import pager
from bot.telegram.talk import Buttons, Talk
from bot.telegram.words import Html, code, cut

# What takes a filter away; also as a person types it in Chinese.
OFF = frozenset({"off", "none", "-", "关", "关闭"})

_LONGEST_TITLE = 50
_LONGEST_FILTER = 60


def _sets(argument: str) -> bool:
    """`2 python` changes something; `2`, or nothing, only shows."""
    return len(argument.split(maxsplit=1)) > 1


async def filter_(talk: Talk, argument: str) -> None:
    """Show all filters, show one, or try one."""
    if not argument:
        await _all(talk)
        return
    name, _, text = argument.partition(" ")
    subscription = await talk.subscriptions.named(talk.chat.id, name)
    if subscription is None:
        await talk.say("filters.which", name=cut(name, 60))
    elif not text.strip():
        await _one(talk, subscription)
    else:
        await _try(talk, subscription, text.strip())


async def _all(talk: Talk) -> None:
    subscriptions = await talk.subscriptions.of(talk.chat.id)
    if subscriptions:
        await talk.show(*_listing(talk, subscriptions, 0))
    else:
        await talk.say("list.empty")


def _listing(talk: Talk, subscriptions: Sequence[Subscription], page: int) -> tuple[Html, Buttons]:
    page, pages, shown = page_of(subscriptions, page, PAGE)
    lines = [_line(talk, number, subscription) for number, subscription in shown]
    parts = [talk.words.html("filters.head"), "", *lines, "", talk.words.html("filters.how")]
    return Html("\n".join(parts)), pager("filters", page, pages)


def _line(talk: Talk, number: int, subscription: Subscription) -> str:
    everything = talk.words.html("filters.everything")
    shown = code(cut(subscription.filter, _LONGEST_FILTER)) if subscription.filter else everything
    return f"{number}. {talk.words.linked(subscription, _LONGEST_TITLE)} · {shown}"


async def turn(talk: Talk, argument: str) -> None:
    """Show another page."""
    subscriptions = await talk.subscriptions.of(talk.chat.id)
    if subscriptions:
        await talk.edit(*_listing(talk, subscriptions, int(argument)))
    else:
        await talk.edit(talk.words.html("list.empty"))


async def _one(talk: Talk, subscription: Subscription) -> None:
    title = talk.words.linked(subscription)
    if subscription.filter:
        said = meaning(talk.words, subscription.filter)
        await talk.say("filters.shown", title=title, filter=code(subscription.filter), meaning=said)
    else:
        await talk.say("filters.shown_none", title=title)
    await talk.say("filters.how")


async def _try(talk: Talk, subscription: Subscription, text: str) -> None:
    if text.casefold() in OFF:
        await talk.subscriptions.filter(subscription, "")
        await talk.say("filters.cleared", title=talk.words.linked(subscription))
    else:
        result = await talk.desk.services.trials.of(subscription, text)
        await talk.show(*trial_of(talk, result, text))


async def ask(talk: Talk, argument: str) -> None:
    """Ask for the filter of the feed whose button was pressed."""
    subscription = await talk.subscriptions.one(talk.chat.id, int(argument))
    if subscription is None:
        await talk.notice("press.gone")
        return
    await talk.notice()
    question = talk.words.html("filters.ask", title=talk.words.linked(subscription))
    await talk.ask(question, "filter", subscription.id)


async def answer(talk: Talk, argument: str) -> None:
    """Try what was replied to the question.

    Args:
        argument: the subscription's id, a blank, the filter.
    """
    subscription_id, _, text = argument.partition(" ")
    subscription = await talk.subscriptions.one(talk.chat.id, int(subscription_id))
    if subscription is None:
        await talk.say("subscription.gone")
    else:
        await _try(talk, subscription, text.strip())


COMMAND = Command(
    "filter",
    filter_,
    _sets,
    presses=(
        Act("filter", ask, always),
        Act("filters", turn, never),
        *ACTS,
    ),
    answers=(Act("filter", answer, always),),
)
