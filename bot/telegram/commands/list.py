"""/list: what the chat follows, numbered, in pages."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Subscription
from bot.telegram.command import Act, Command, never
from bot.telegram.talk import Buttons, Talk, pager
from bot.telegram.words import Html, Words, code, cut, escape

PAGE = 20

# 20 lines of 4 + 50 + 20 + 30 + 80 and their signs stay below the 4,096 code points of a message.
_LONGEST_TITLE = 50
_LONGEST_FOLDER = 20
_LONGEST_FILTER = 30
_LONGEST_PROBLEM = 80


async def list_(talk: Talk, _argument: str) -> None:
    """Show the first page."""
    subscriptions = await talk.subscriptions.of(talk.chat.id)
    if not subscriptions:
        await talk.say("list.empty")
        return
    await talk.show(*listing(talk, subscriptions, 0))


async def turn(talk: Talk, argument: str) -> None:
    """Show another page in place of the one whose button was pressed."""
    subscriptions = await talk.subscriptions.of(talk.chat.id)
    if subscriptions:
        await talk.edit(*listing(talk, subscriptions, int(argument)))
    else:
        await talk.edit(talk.words.html("list.empty"))


def listing(talk: Talk, subscriptions: Sequence[Subscription], page: int) -> tuple[Html, Buttons]:
    """One page and its buttons; the last page if there are fewer by now."""
    page, pages, shown = page_of(subscriptions, page, PAGE)
    head = talk.words.count("list.head", len(subscriptions))
    if talk.chat.paused:
        head = Html(f"{head}\n{talk.words.html('list.paused')}")
    lines = [line(talk.words, number, subscription) for number, subscription in shown]
    return Html("\n".join([head, "", *lines])), pager("list", page, pages)


def page_of(
    subscriptions: Sequence[Subscription], page: int, size: int
) -> tuple[int, int, list[tuple[int, Subscription]]]:
    """The page that is there, of how many, and what is on it with its number (from 1)."""
    pages = max(1, -(-len(subscriptions) // size))
    page = max(0, min(page, pages - 1))
    first = page * size
    return page, pages, list(enumerate(subscriptions[first : first + size], first + 1))


def line(words: Words, number: int, subscription: Subscription) -> Html:
    """Number, title, folder, filter, and what is wrong."""
    text = f"{number}. {words.linked(subscription, _LONGEST_TITLE)}"
    if subscription.folder:
        text += f" 📁 {escape(cut(subscription.folder, _LONGEST_FOLDER))}"
    if subscription.filter:
        text += f" · {code(cut(subscription.filter, _LONGEST_FILTER))}"
    if subscription.problem is not None:
        problem = cut(words.problem(subscription.problem), _LONGEST_PROBLEM)
        text += "\n" + words.html("list.problem", problem=problem)
    return Html(text)


COMMAND = Command("list", list_, never, presses=(Act("list", turn, never),))
