"""/health, for those who run the bot: how it fares, in words."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from telegram.error import TelegramError

from bot.model import RowState
from bot.services.health import Findings
from bot.telegram import times
from bot.telegram.command import Act, Command, never
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, Words, cut, escape

_MILLISECOND = timedelta(milliseconds=1)
_LONGEST_TROUBLE = 200
# Later than this something is wrong: alerts that may go wait for seconds, feeds for their host's turn.
_LATE_ALERTS, _LATE_FEEDS = timedelta(minutes=5), timedelta(minutes=10)
_LATE_LOOP = timedelta(milliseconds=500)


async def health(talk: Talk, _argument: str) -> None:
    """Show it."""
    await talk.show(*await _look(talk))


async def again(talk: Talk, _argument: str) -> None:
    """Look once more."""
    await talk.edit(*await _look(talk))


async def _look(talk: Talk) -> tuple[Html, Buttons]:
    found = await talk.desk.services.health.look()
    lines = [
        _mark(talk.words.html("health.database", ms=found.answered_in // _MILLISECOND), well=True),
        await _telegram(talk, found),
        _mark(talk.words.html("health.loop", ms=found.lag // _MILLISECOND), well=found.lag < _LATE_LOOP),
        _engine(talk.words, found),
        _alerts(talk.words, found),
        _feeds(talk.words, found),
        *_troubles(talk.words, found),
    ]
    return Html("\n".join(lines)), [[button("↻", "health")]]


async def _telegram(talk: Talk, found: Findings) -> Html:
    began = time.monotonic()
    try:
        await talk.desk.bot.get_me()
    except TelegramError as error:
        return _mark(talk.words.html("health.telegram_silent", reason=error.message), well=False)
    line = talk.words.html("health.telegram", ms=round(1000 * (time.monotonic() - began)))
    refused = found.vitals.refused_at
    if refused is None:
        return _mark(line, well=True)
    slower = talk.words.html("health.refused", ago=times.ago(talk.words, found.now - refused))
    return Html(f"{_mark(line, well=True)} {slower}")


def _engine(words: Words, found: Findings) -> Html:
    jobs = {state: found.jobs.get(state, 0) for state in ("queued", "running", "failed")}
    return _mark(words.html("health.engine", **jobs), well=not jobs["failed"])


def _alerts(words: Words, found: Findings) -> Html:
    depth, since = found.depth, found.vitals.waiting_since
    values = {state.value: depth[state] for state in (RowState.HELD, RowState.DROPPED)}
    line = words.html("health.alerts", waiting=depth[RowState.WAITING] + depth[RowState.SENDING], **values)
    return _late(words, line, since, found.now, _LATE_ALERTS)


def _feeds(words: Words, found: Findings) -> Html:
    vitals = found.vitals
    line = words.html(
        "health.feeds", feeds=found.depth["feeds"], due=vitals.due_feeds, failing=vitals.failing_feeds
    )
    return _late(words, line, vitals.due_since, found.now, _LATE_FEEDS)


def _late(words: Words, line: Html, since: datetime | None, now: datetime, late: timedelta) -> Html:
    """With how long the first one waits, if one does."""
    if since is None:
        return _mark(line, well=True)
    oldest = words.html("health.oldest", ago=times.ago(words, now - since))
    return _mark(Html(f"{line} {oldest}"), well=now - since < late)


def _troubles(words: Words, found: Findings) -> list[Html]:
    now = [_mark(escape(cut(one, _LONGEST_TROUBLE)), well=False) for one in found.troubles]
    past = [
        Html(f"· {times.ago(words, found.now - at)}: {escape(cut(why, _LONGEST_TROUBLE))}")
        for at, why in found.past
    ]
    return [*now, *([Html(""), words.html("health.past"), *past] if past else [])]


def _mark(line: Html, *, well: bool) -> Html:
    return Html(f"{'✅' if well else '⚠️'} {line}")


COMMAND = Command(
    "health",
    health,
    never,
    for_channels=False,
    for_owners=True,
    presses=(Act("health", again, never, takes=""),),
)
