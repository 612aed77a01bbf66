"""/failed, for those who run the bot: what was given up, why, and a second chance for it."""

from __future__ import annotations

from telegram import InlineKeyboardButton

from bot.model import DeadLetter
from bot.telegram.command import NUMBER, Act, Command, never
from bot.telegram.foot import moment
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, Words, cut, escape, link

PAGE = 5

# Five of them, each with a link, stay below the 4,096 code points of a message.
_LONGEST_TITLE = 150
_LONGEST_NAME = 60
_LONGEST_REASON = 200


async def failed(talk: Talk, _argument: str) -> None:
    """Show the newest."""
    await talk.show(*await _page(talk, 0))


async def turn(talk: Talk, argument: str) -> None:
    """Show another page in place of the one whose button was pressed."""
    await talk.edit(*await _page(talk, int(argument)))


async def retry(talk: Talk, argument: str) -> None:
    """Let one wait for its turn again, and show what is left."""
    row_id, page = map(int, argument.split(":"))
    found = await talk.desk.services.dead_letters.retry(row_id)
    await talk.notice("press.retried" if found else "press.not_failed")
    await talk.edit(*await _page(talk, page))


async def discard(talk: Talk, argument: str) -> None:
    """Forget one, and show what is left."""
    row_id, page = map(int, argument.split(":"))
    found = await talk.desk.services.dead_letters.discard(row_id)
    await talk.notice("press.dropped" if found else "press.not_failed")
    await talk.edit(*await _page(talk, page))


async def _page(talk: Talk, page: int) -> tuple[Html, Buttons]:
    """The page, from 0; the first one if there is nothing so far back any more."""
    # One more than is shown tells whether there is another page.
    found = await talk.desk.services.dead_letters.newest(PAGE + 1, page * PAGE)
    if not found and page:
        return await _page(talk, 0)
    if not found:
        return talk.words.html("failed.empty"), ()
    shown = list(enumerate(found[:PAGE], page * PAGE + 1))
    texts = [_item(talk.words, number, one) for number, one in shown]
    buttons = [_choices(talk.words, number, one, page) for number, one in shown]
    html = Html("\n\n".join([talk.words.html("failed.head"), *texts]))
    return html, [*buttons, *_around(page, more=len(found) > PAGE)]


def _item(words: Words, number: int, one: DeadLetter) -> Html:
    """Headline, where it was to go, why it did not."""
    title = cut(one.title or one.url or one.feed_title, _LONGEST_TITLE)
    where = words.html(
        "failed.where",
        chat=cut(one.chat_title or str(one.chat_id), _LONGEST_NAME),
        feed=cut(one.feed_title, _LONGEST_NAME),
        time=Html(moment(one.at)),
    )
    why = words.count("failed.why", one.attempts, reason=cut(one.reason, _LONGEST_REASON))
    headline = link(title, one.url) if one.url else Html(f"<b>{escape(title)}</b>")
    return Html(f"{number}. {headline}\n{where}\n{why}")


def _choices(words: Words, number: int, one: DeadLetter, page: int) -> list[InlineKeyboardButton]:
    return [
        button(words.plain("button.retry", n=number), "retry", one.row_id, page),
        button(words.plain("button.discard", n=number), "discard", one.row_id, page),
    ]


def _around(page: int, *, more: bool) -> list[list[InlineKeyboardButton]]:
    """How many there are is not counted, so there is no last page to go round to."""
    row = [button("◀", "failed", page - 1)] if page else []
    row += [button("▶", "failed", page + 1)] if more else []
    return [row] if row else []


COMMAND = Command(
    "failed",
    failed,
    never,
    for_channels=False,
    for_owners=True,
    presses=(
        Act("failed", turn, never),
        Act("retry", retry, never, takes=f"{NUMBER}:{NUMBER}"),
        Act("discard", discard, never, takes=f"{NUMBER}:{NUMBER}"),
    ),
)
