"""/feed: all about one feed on one card, with buttons for what can be done with it."""

from __future__ import annotations

from bot.model import Article, Standing, Subscription
from bot.schedule import weekly
from bot.telegram import times
from bot.telegram.command import NUMBER, Act, Command, never
from bot.telegram.commands.choosing import alerted_here
from bot.telegram.commands.list import WORDS, page_at
from bot.telegram.commands.settings import SETTINGS
from bot.telegram.meaning import meaning
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, code, cut, escape, link

_MOST_ARTICLES = 5
_LONGEST_TITLE = 100
_LONGEST_FILTER = 500


async def feed(talk: Talk, argument: str) -> None:
    """Show the feed that is named, or of the alert that this answers, or the only one; else let choose."""
    if argument:
        found = await talk.subscriptions.named(talk.chat.id, argument)
        if found is None:
            await talk.say("feed.which", name=cut(argument, 100))
            return
    else:
        alerted = await alerted_here(talk) or list(await talk.subscriptions.of(talk.chat.id))
        if len(alerted) != 1:
            await talk.show(*await page_at(talk, 0, ""))
            return
        found = alerted[0]
    shown = await _card(talk, found.id, None)
    if shown is None:
        await talk.say("subscription.gone")
    else:
        await talk.show(*shown)


async def press(talk: Talk, argument: str) -> None:
    """Show the card in place of the list whose button was pressed."""
    number, _, place = argument.partition(":")
    shown = await _card(talk, int(number), place or None)
    if shown is None:
        await talk.notice("press.gone")
    else:
        await talk.edit(*shown)


async def _card(talk: Talk, subscription_id: int, place: str | None) -> tuple[Html, Buttons] | None:
    """The card and its buttons; None if the chat no longer follows that feed.

    Args:
        place: of the list's page to go back to, as its buttons say it; None if the card stands alone.
    """
    standings = await talk.desk.services.standings.of(talk.chat.id, [subscription_id])
    if not standings:
        return None
    subscription = standings[0].subscription
    articles = await talk.desk.services.standings.recent(subscription, _MOST_ARTICLES)
    parts = [_head(talk, standings[0]), _wishes(talk, subscription), _articles(talk, articles)]
    return Html("\n\n".join(filter(None, parts))), _buttons(talk, subscription, place)


def _head(talk: Talk, standing: Standing) -> str:
    """What it is, when it is read, and what is wrong with it."""
    subscription, now = standing.subscription, talk.desk.services.standings.now
    lines = [f"<b>{talk.words.linked(subscription, _LONGEST_TITLE)}</b>"]
    if subscription.folder:
        lines.append(f"📁 {escape(cut(subscription.folder, _LONGEST_TITLE))}")
    lines.append(f"🕘 {times.reading(talk.words, standing, now)}")
    if standing.beat is not None and standing.gap is not None:
        rhythm = times.rhythm(talk.words, weekly(standing.beat, now))
        lines.append(
            talk.words.html("feed.rhythm", rhythm=rhythm, every=times.every(talk.words, standing.gap))
        )
    if subscription.problem is not None:
        lines.append(talk.words.html("feed.problem", problem=talk.words.problem(subscription.problem)))
    return "\n".join(lines)


def _wishes(talk: Talk, subscription: Subscription) -> str:
    """What of it comes, and how, as far as that is its own."""
    if subscription.filter:
        shown = code(cut(subscription.filter, _LONGEST_FILTER))
        said = meaning(talk.words, subscription.filter)
        lines = [talk.words.html("feed.filter", filter=shown, meaning=said)]
    else:
        lines = [talk.words.html("feed.no_filter")]
    for one in SETTINGS:
        wish = getattr(subscription.wishes, one.name)
        if wish is not None:
            lines.append(talk.words.html(one.line, now=talk.words.plain(one.said(wish))))
    return "\n".join(lines)


def _articles(talk: Talk, articles: tuple[Article, ...]) -> str:
    if not articles:
        return ""
    now = talk.desk.services.standings.now
    lines = [talk.words.html("feed.articles")]
    for article in articles:
        title = cut(article.title or article.summary, _LONGEST_TITLE)
        line = f"• {link(title, article.url) if article.url else escape(title)}"
        if article.published:
            line += f" · {times.ago(talk.words, now - article.published)}"
        lines.append(Html(line))
    return "\n".join(lines)


def _buttons(talk: Talk, subscription: Subscription, place: str | None) -> Buttons:
    words, number = talk.words, subscription.id
    rows = [
        [
            button(words.plain("button.filter"), "filter", number),
            button(words.plain("button.settings"), "set", number),
        ],
        [button(words.plain("button.check"), "look", number)],
        [button(words.plain("button.unsubscribe"), "undo", number)],
    ]
    if place is not None:
        rows[-1].append(button(words.plain("button.whole_list"), "list", place))
    return rows


COMMAND = Command(
    "feed", feed, never, presses=(Act("card", press, never, takes=rf"{NUMBER}(?::{NUMBER}(?::{WORDS})?)?"),)
)
