"""/why: what became of an article here, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType

from bot.filters import Verdict
from bot.model import RowState
from bot.services.stories import Explained
from bot.telegram import times
from bot.telegram.command import Command, never
from bot.telegram.commands.trying import because
from bot.telegram.talk import Talk
from bot.telegram.words import Html, code, cut, escape, link

# Five articles of six lines stay below the 4,096 code points of a message.
_LONGEST_TITLE = 80
_LONGEST_FILTER = 60
_LONGEST_REASON = 150


async def why(talk: Talk, argument: str) -> None:
    """Explain what the replied message brought, or the article at an address, or the newest few."""
    stories = talk.desk.services.stories
    if argument:
        found = await stories.of_link(talk.chat, argument.split()[0])
    elif talk.answered_id is not None:
        found = await stories.of_message(talk.chat, talk.answered_id)
    else:
        found = await stories.newest(talk.chat)
    if found:
        await talk.show(Html("\n\n".join(_story(talk, one, stories.now) for one in found)))
    else:
        await talk.say("why.unknown" if argument or talk.answered_id else "why.nothing")


def _story(talk: Talk, told: Explained, now: datetime) -> str:
    article = told.story.article
    title = cut(article.title or article.url or "…", _LONGEST_TITLE)
    named = link(title, article.url) if article.url else Html(f"<b>{escape(title)}</b>")
    return "\n".join([named, *(f"• {line}" for line in _stages(talk, told, now))])


def _stages(talk: Talk, told: Explained, now: datetime) -> Iterator[Html]:
    words, story = talk.words, told.story
    # Where a feed of another chat is, is that chat's business: its address may hold a secret.
    title = cut(story.subscription.title, _LONGEST_FILTER) or "…"
    feed = (
        Html(f"<b>{escape(title)}</b>") if story.follow else words.linked(story.subscription, _LONGEST_FILTER)
    )
    yield words.html("why.known", feed=feed, ago=times.ago(words, now - story.known_at))
    if told.was_there_before:
        yield words.html("why.before", ago=times.ago(words, now - story.followed_since))
        return
    if told.muted is not None and told.muted.holds:
        yield _judged(talk, "why.muted", talk.chat.mute, told.muted)
    if told.filtered is not None:
        key = "why.passes" if told.filtered.holds else "why.fails"
        yield _judged(talk, key, story.subscription.filter, told.filtered)
    if told.filtered is not None or story.follow:
        for name, verdict in told.followed:
            yield words.html("why.follows", name=name, because=because(words, verdict))
    elif not story.subscription.filter:
        yield words.html("why.no_filter")
    yield _ending(talk, told, now)


def _judged(talk: Talk, key: str, text: str, verdict: Verdict) -> Html:
    return talk.words.html(key, filter=code(cut(text, _LONGEST_FILTER)), because=because(talk.words, verdict))


def _ending(talk: Talk, told: Explained, now: datetime) -> Html:
    words, story = talk.words, told.story
    if story.state is None:
        return words.html("why.held_back" if told.is_held else "why.held_then")
    reason = cut(story.reason or "", _LONGEST_REASON)
    if story.state is not RowState.WAITING:
        ago = times.ago(words, now - (story.closed_at or now))
        return words.html(_ENDINGS[story.state], ago=ago, reason=reason)
    if talk.chat.paused:
        return words.html("why.paused")
    return words.count("why.tried", story.attempts, reason=reason) if reason else words.html("why.waiting")


_ENDINGS = MappingProxyType(
    {
        RowState.SENDING: "why.sending",
        RowState.SENT: "why.sent",
        RowState.HELD: "why.topic",
        RowState.BEHIND: "why.behind",
        RowState.DROPPED: "why.dropped",
        RowState.EXPIRED: "why.expired",
    }
)


COMMAND = Command("why", why, never)
