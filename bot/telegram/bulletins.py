"""What a reader is told of a feed in trouble: the sentence, and buttons for what can be done about it."""

from __future__ import annotations

from urllib.parse import urlsplit

from telegram import InlineKeyboardButton

from bot.model import Follow, Notice, Problem, Subscription, Trouble
from bot.telegram.words import Words, cut

_LONGEST_TITLE = 100


def bulletin_text(words: Words, notice: Notice, about: Subscription) -> str:
    """What happened, in plain words."""
    # A feed that was not asked, since its whole host is silent, has no problem of its own.
    problem = about.problem or Problem("fetch.refused", {"host": urlsplit(about.feed_url).hostname or ""})
    title = words.title(about, _LONGEST_TITLE)
    return words.counted(notice.key, notice.days, title=title, problem=words.problem(problem))


def lapse_text(words: Words, key: str, follow: Follow) -> str:
    """That a follow brings nothing any more, and why."""
    place = cut(follow.other, _LONGEST_TITLE)
    return words.plain(key, name=follow.name, place=place, reason=words.plain(follow.lapsed, name=place))


def bulletin_buttons(words: Words, notice: Notice, about: Subscription) -> list[list[InlineKeyboardButton]]:
    """What can be done about it; none if it is over."""
    if notice.key == Trouble.OVER:
        return []
    return [
        [
            _button(words.plain("button.look"), "look", about.id),
            _button(words.plain("button.replace"), "replace", about.id),
        ],
        [_button(words.plain("button.unsubscribe"), "undo", about.id)],
    ]


def _button(label: str, verb: str, subscription_id: int) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=f"{verb}:{subscription_id}")
