"""Inline mode: `@bot words` in any chat finds articles among one's own feeds to share."""

from __future__ import annotations

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode

from bot import looks
from bot.errors import FilterError
from bot.model import Article, Pictures
from bot.services.sharing import Sharing
from bot.telegram.render import alert_message
from bot.telegram.words import Words, cut

# Long enough for somebody who types on and deletes again, short enough for news.
_CACHE_SECONDS = 10
_LONGEST_LINE = 100
# Source: Bot API, InlineQueryResultsButton.start_parameter.
_PAYLOAD = "inline"


async def answer(query: InlineQuery, sharing: Sharing, words: Words) -> None:
    """Show what is found; where nothing is, a button to the private chat says why."""
    offset = int(query.offset) if query.offset.isdecimal() and len(query.offset) < 6 else 0
    found = await sharing.find(query.from_user.id, query.query, offset)
    if isinstance(found, FilterError):
        await _send(query, (), "inline.misread", words)
        return
    key = "" if found.articles or offset else "inline.nothing" if found.following else "inline.no_feeds"
    results = tuple(
        _result(number, article, feed, words)
        for number, (article, feed) in enumerate(found.articles, start=offset)
    )
    next_offset = str(offset + len(results)) if found.more else ""
    await _send(query, results, key, words, next_offset)


async def refuse(query: InlineQuery, words: Words) -> None:
    """Say that this person is not served."""
    await _send(query, (), "inline.closed", words)


async def _send(
    query: InlineQuery,
    results: tuple[InlineQueryResultArticle, ...],
    key: str,
    words: Words,
    next_offset: str = "",
) -> None:
    await query.answer(
        results,
        cache_time=_CACHE_SECONDS,
        is_personal=True,
        next_offset=next_offset,
        button=InlineQueryResultsButton(words.plain(key), start_parameter=_PAYLOAD) if key else None,
    )


def _result(number: int, article: Article, feed: str, words: Words) -> InlineQueryResultArticle:
    message = alert_message(looks.alert(article, feed, words.language, Pictures.CARD))
    preview = LinkPreviewOptions(
        is_disabled=message.preview is None,
        url=message.preview,
        show_above_text=True,
        prefer_large_media=True,
    )
    return InlineQueryResultArticle(
        str(number),
        cut(article.title, _LONGEST_LINE) or feed or "…",
        InputTextMessageContent(message.html, ParseMode.HTML, link_preview_options=preview),
        description=cut(f"{feed} · {article.summary}" if article.summary else feed, _LONGEST_LINE),
        thumbnail_url=article.image,
    )
