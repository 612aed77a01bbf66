"""/subscribe: follow what stands at one or several addresses."""

from __future__ import annotations

from collections import Counter
from typing import assert_never

from bot import filters
from bot.errors import FilterError
from bot.feeds.address import normal_url
from bot.feeds.webpage import is_of_comments
from bot.model import FeedLink, Problem, Subscription, shown
from bot.services.subscribing import AlreadySubscribed, NotSubscribed, Offered, Subscribed, SubscribeResult
from bot.telegram.command import Act, Command, always
from bot.telegram.commands.sample import show_sample
from bot.telegram.forums import give_topics
from bot.telegram.meaning import meaning
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, code, cut

# One message may name this many; each is fetched, one after the other, while the person waits.
_MOST_ADDRESSES = 20

# What people put around addresses in a row.
_AROUND = ",;，；、"

# What a site answers that wants to know who asks.
_WANT_LOGIN = frozenset({"fetch.login", "fetch.forbidden"})

_LONGEST_ADDRESS = 200
_LONGEST_LABEL = 60
_LONGEST_FILTER = 200
_LONGEST_END = 25


async def subscribe(talk: Talk, argument: str) -> None:
    """Follow every address named, each with its own answer, through the filter behind them; ask for one if none is."""
    addresses, expression = _addresses_and_filter(argument)
    if not addresses:
        await talk.ask(talk.words.html("subscribe.ask"), "subscribe")
        return
    if len(addresses) > _MOST_ADDRESSES:
        await talk.say("subscribe.too_many", most=_MOST_ADDRESSES)
        return
    mistake = _mistake_in(expression)
    if mistake:
        await talk.show(talk.words.filter_error(mistake, expression))
        return
    for address in addresses:
        await talk.typing()
        result = await talk.subscriptions.subscribe(talk.chat, talk.thread_id, address)
        await report(talk, result, address)
        if expression:
            await _narrow(talk, result, expression)


def _addresses_and_filter(argument: str) -> tuple[list[str], str]:
    """What stands before the first word that is no address, and the rest as it was typed."""
    addresses: dict[str, None] = {}
    rest = argument.strip()
    while rest:
        word, *more = rest.split(maxsplit=1)
        address = word.strip(_AROUND)
        if address and addresses and normal_url(address) is None:
            break
        if address:
            addresses[address] = None
        rest = more[0] if more else ""
    return list(addresses), rest


def _mistake_in(expression: str) -> FilterError | None:
    """What is wrong with a filter; None if nothing is, or there is none."""
    try:
        if expression:
            filters.parse(expression)
    except FilterError as error:
        return error
    return None


async def _narrow(talk: Talk, result: SubscribeResult, expression: str) -> None:
    """Set the filter that came with the address, if there is a new subscription to set it for."""
    if isinstance(result, Offered):
        await talk.say("subscribe.filter_later", filter=code(cut(expression, _LONGEST_FILTER)))
    if not isinstance(result, Subscribed):
        return
    kept = await talk.subscriptions.filter(result.subscription, expression)
    if isinstance(kept, Subscription):
        title, said = talk.words.linked(kept), meaning(talk.words, kept.filter)
        await talk.say("filters.set", title=title, filter=code(kept.filter), meaning=said)


async def accept(talk: Talk, argument: str) -> None:
    """Follow what the pressed button offered."""
    # Telegram forgets a press within seconds, and reading a feed may take longer.
    await talk.notice("press.reading")
    await talk.typing()
    result = await talk.subscriptions.accept(talk.chat, talk.thread_id, int(argument))
    await report(talk, result, None)


async def report(talk: Talk, result: SubscribeResult, address: str | None) -> None:
    """Say what came of it.

    Args:
        address: as typed; None if a button was pressed.
    """
    match result:
        case Subscribed():
            await _welcome(talk, result)
        case AlreadySubscribed(subscription):
            title = talk.words.linked(subscription)
            await talk.say("subscribe.already", _card(talk, subscription, "button.unsubscribe"), title=title)
        case Offered():
            await let_choose(talk, result, "offer")
        case NotSubscribed(problem):
            await say_problem(talk, problem, address)
        case _:
            assert_never(result)


async def say_problem(talk: Talk, problem: Problem, address: str | None) -> None:
    """Say why nothing is followed, and what can be done."""
    sentence = talk.words.problem(problem)
    if address is None:
        await talk.say("subscribe.failed", problem=sentence)
        return
    url = cut(address, _LONGEST_ADDRESS)
    lines = [talk.words.html("subscribe.failed_at", url=url, problem=sentence)]
    if problem.key in _WANT_LOGIN and talk.in_private:
        lines.append(talk.words.html("login.offer", which=talk.typed(url)))
    await talk.show(Html("\n".join(lines)))


async def _welcome(talk: Talk, result: Subscribed) -> None:
    await give_topics(talk, [result.subscription])
    title = talk.words.linked(result.subscription)
    buttons = _card(talk, result.subscription, "button.undo")
    if result.sample is None:
        await talk.say("subscribe.done_empty", buttons, title=title)
        return
    await talk.say("subscribe.done", buttons, title=title)
    how = shown(talk.chat.wishes, result.subscription.wishes)
    await show_sample(talk, result.sample, talk.words.title(result.subscription), how)


def _card(talk: Talk, subscription: Subscription, leave: str) -> Buttons:
    return [
        [
            button(talk.words.plain(leave), "undo", subscription.id),
            button(talk.words.plain("button.filter"), "filter", subscription.id),
        ]
    ]


async def let_choose(talk: Talk, offered: Offered, verb: str) -> None:
    """Show the feeds of a site as buttons of that verb."""
    titles = Counter(found.title for _, found in offered.offers)
    rows = [
        [button(_label(found, alone=titles[found.title] == 1), verb, offer_id)]
        for offer_id, found in offered.offers
    ]
    await talk.show(
        talk.words.count("subscribe.offered", len(rows), url=cut(offered.url, _LONGEST_ADDRESS)), rows
    )


def _label(found: FeedLink, *, alone: bool) -> str:
    """The feed's title; with the end of its address where others have the same; feeds of comments marked."""
    mark = "💬 " if is_of_comments(found) else ""
    if not found.title:
        return mark + cut(found.url, _LONGEST_LABEL)
    if alone:
        return mark + cut(found.title, _LONGEST_LABEL)
    end = found.url.partition("://")[2]
    end = end if len(end) <= _LONGEST_END else "…" + end[-_LONGEST_END:]
    return f"{mark}{cut(found.title, _LONGEST_LABEL - _LONGEST_END)} ({end})"


COMMAND = Command(
    "subscribe",
    subscribe,
    always,
    aliases=("sub", "add"),
    presses=(Act("offer", accept, always),),
    answers=(Act("subscribe", subscribe, always, takes=""),),
)
