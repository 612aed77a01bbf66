"""/move: have feeds come in another chat, or in another topic, with filters, settings and what waits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton

from bot.model import Chat, ChatKind, Problem, Subscription
from bot.services.moves import Moved
from bot.telegram.aiming import CHAT_NAME, LONGEST_PLACE, allowed, met
from bot.telegram.command import NUMBER, Act, Command, always
from bot.telegram.commands.choosing import alerted_here, choice, named_or_all
from bot.telegram.commands.undo import undo_button
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, cut, escape

# Also as people type it in our other languages.
_HERE = "here|hier|hierher|aquí|aqui|ici|сюда|здесь|اینجا|ここ|这里|這裡"
_TYPED = re.compile(
    rf"(?:(.+?)\s+to\s+|(.*?)\s*(?:->|=>|[>＞→])\s*|(.+?)\s+|)({CHAT_NAME}|{_HERE})",
    re.DOTALL | re.IGNORECASE,
)
_EVERY = "0"
"""In place of a subscription's id: all of them."""
_THIS = "0"
"""In place of a chat's id: where we speak."""
_MOST_PLACES = 8
_MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class _Place:
    """Where they go."""

    chat: Chat
    thread_id: int | None
    is_here: bool


async def move(talk: Talk, argument: str) -> None:
    """Move, or let be chosen what was not said."""
    argument = " ".join(argument.split())  # long blanks would be tried in every division
    typed = _TYPED.fullmatch(argument)
    which = (typed[1] or typed[2] or typed[3] or "").strip() if typed else argument
    those = await (named_or_all(talk, which) if which else alerted_here(talk))
    followed = await talk.subscriptions.of(talk.chat.id)
    if not followed:
        await talk.say("list.empty")
    elif which and not those:
        await talk.say("unsubscribe.not_found", name=cut(which, 100))
    elif not those:
        await talk.show(*_feeds(talk, followed, 0))
    elif typed:
        place = await _place(talk, typed[4])
        if place:
            await talk.show(*await _move(talk, those, place))
    else:
        await talk.show(*await _places(talk, those, len(followed)))


async def _place(talk: Talk, to: str) -> _Place | None:
    """Where that is; None if nobody may go there, which is said."""
    if re.fullmatch(_HERE, to, re.IGNORECASE):
        return _here(talk)
    found = await allowed(talk, to)
    return _Place(await met(talk, found), None, is_here=False) if found else None


def _here(talk: Talk) -> _Place:
    return _Place(talk.home, talk.home_thread_id, is_here=True)


def _feeds(talk: Talk, followed: Sequence[Subscription], page: int) -> tuple[Html, Buttons]:
    every = [button(talk.words.plain("button.all_feeds"), "moveof", _EVERY)]
    return talk.words.html("move.which"), [every, *choice(talk, followed, page, ("moves",), ("moveof",))]


async def _places(talk: Talk, those: Sequence[Subscription], count: int) -> tuple[Html, Buttons]:
    """Buttons for one feed or for all; several have no room in a button. Which chats a person rules is shown to that
    person alone."""
    if 1 < len(those) < count:
        return talk.words.html("move.how"), ()
    what = _EVERY if len(those) > 1 else str(those[0].id)
    rows = []
    if talk.about_channel or any(one.thread_id != talk.home_thread_id for one in those):
        rows.append([button(talk.words.plain("button.move_here"), "moveto", what, _THIS)])
    if talk.in_private:
        ruled = await talk.desk.services.places.ruled_by(talk.user_id, _MOST_PLACES)
        rows += [[_button(what, chat)] for chat in ruled if chat.id != talk.chat.id]
    where = "move.where_all" if len(those) > 1 else "move.where"
    head = talk.words.html(where, title=talk.words.linked(those[0]))
    return Html(f"{head}\n{talk.words.html('move.how')}"), rows


def _button(what: str, chat: Chat) -> InlineKeyboardButton:
    mark = "📢" if chat.kind is ChatKind.CHANNEL else "👥"
    return button(f"{mark} {cut(chat.title, LONGEST_PLACE)}", "moveto", what, -chat.id)


async def _move(talk: Talk, those: Sequence[Subscription], place: _Place) -> tuple[Html, Buttons]:
    result = await talk.desk.services.moves.move(those, place.chat, place.thread_id)
    title = Html(f"<b>{escape(cut(place.chat.title, LONGEST_PLACE))}</b>")
    if isinstance(result, Problem):
        return talk.words.html("move.full", place=title, **result.values), ()
    undo = undo_button(talk, result.change_id) if result.change_id is not None else ()
    return Html("\n".join(_said(talk, result, place, title))), undo


def _said(talk: Talk, result: Moved, place: _Place, title: Html) -> list[Html]:
    done = "move.done_here" if place.is_here else "move.done"
    lines = [talk.words.count(done, result.count, place=title)] if result.count else []
    for key, stay in (("move.there", result.there), ("move.private", result.private)):
        if stay:
            lines.append(talk.words.count(key, len(stay), place=title))
            lines += [Html(f"• {talk.words.linked(one)}") for one in stay[:_MOST_LINES]]
    return lines


async def turn(talk: Talk, argument: str) -> None:
    """Show another page of feeds."""
    await talk.edit(*_feeds(talk, await talk.subscriptions.of(talk.chat.id), int(argument)))


async def choose(talk: Talk, argument: str) -> None:
    """Ask where the pressed feed, or all of them, shall go."""
    followed = await talk.subscriptions.of(talk.chat.id)
    those = _pressed(followed, argument)
    if those:
        await talk.edit(*await _places(talk, those, len(followed)))
    else:
        await talk.notice("press.gone")


async def press(talk: Talk, argument: str) -> None:
    """Move the feed, or all of them, to the pressed place."""
    what, _, to = argument.partition(":")
    those = _pressed(await talk.subscriptions.of(talk.chat.id), what)
    if not those:
        await talk.notice("press.gone")
        return
    place = _here(talk) if to == _THIS else await _place(talk, f"-{to}")
    if place:
        await talk.edit(*await _move(talk, those, place))


def _pressed(followed: Sequence[Subscription], what: str) -> Sequence[Subscription]:
    return [one for one in followed if what in (_EVERY, str(one.id))]


COMMAND = Command(
    "move",
    move,
    always,
    presses=(
        Act("moves", turn, always),
        Act("moveof", choose, always),
        Act("moveto", press, always, takes=f"{NUMBER}:{NUMBER}"),
    ),
)
