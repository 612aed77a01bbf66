"""/stats: how much came here, from which feeds most, and which are quiet."""

from __future__ import annotations

from bot.model import Tally
from bot.telegram.command import Command, never
from bot.telegram.talk import Talk
from bot.telegram.words import Html

_MOST = 5


async def stats(talk: Talk, _argument: str) -> None:
    """Show it."""
    counts = await talk.desk.services.counting.of(talk.chat.id, _MOST)
    figures = counts.figures
    if not figures.sent.month and not await talk.subscriptions.of(talk.chat.id):
        await talk.say("list.empty")
        return
    lines = [talk.words.html("stats.head"), _line(talk, "stats.sent", figures.sent)]
    lines += [_line(talk, "stats.held", figures.held)] if figures.held.month else []
    lines += [_line(talk, "stats.dropped", figures.dropped)] if figures.dropped.month else []
    if counts.active:
        lines += [Html(""), talk.words.html("stats.active")]
        lines += [
            talk.words.count("stats.active_line", count, title=talk.words.linked(one))
            for one, count in counts.active
        ]
    if figures.quiet:
        lines += [Html(""), talk.words.count("stats.quiet", len(figures.quiet))]
        lines += [Html(f"• {talk.words.linked(one)}") for one in counts.quiet]
        lines += [Html("…")] if len(figures.quiet) > len(counts.quiet) else []
    await talk.show(Html("\n".join(lines)))


def _line(talk: Talk, key: str, tally: Tally) -> Html:
    day, week = (talk.words.count("stats.number", n) for n in (tally.day, tally.week))
    return talk.words.count(key, tally.month, day=day, week=week)


COMMAND = Command("stats", stats, never)
