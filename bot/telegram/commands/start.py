"""/start: what the bot does, in three lines, and the first step: two taps to the first alert."""

from __future__ import annotations

from types import MappingProxyType

from bot.services.starters import number_of
from bot.telegram.command import Act, Command, always, never
from bot.telegram.commands.subscribe import report
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import cut

_SUBJECTS = MappingProxyType(
    {
        "news": "subject.news",
        "technology": "subject.technology",
        "science": "subject.science",
        "business": "subject.business",
        "culture": "subject.culture",
    }
)
_LONGEST_LABEL = 40
_MOST = 20


async def start(talk: Talk, _payload: str) -> None:
    """Greet. Whatever a deep link carries is not looked at."""
    await talk.say("start.private" if talk.in_private else "start.group", first_steps(talk))


def first_steps(talk: Talk) -> Buttons:
    """Buttons for somebody who is here for the first time."""
    subjects = talk.desk.services.starters.subjects(talk.words.language)[:_MOST]
    shown = [button(_named(talk, one), "begin", number_of(one)) for one in subjects]
    return [
        *(shown[at : at + 2] for at in range(0, len(shown), 2)),
        [button(talk.words.plain("button.how_to_add"), "help", "subscribe")],
        [button(talk.words.plain("button.how_to_import"), "help", "import")],
        [button(talk.words.plain("button.all_commands"), "help", "")],
    ]


async def choose(talk: Talk, argument: str) -> None:
    """Show the feeds of the pressed subject."""
    feeds = talk.desk.services.starters.about(int(argument), talk.words.language)[:_MOST]
    if not feeds:
        await talk.notice("press.stale")
        return
    rows = [[button(cut(one.name, _LONGEST_LABEL), "starter", one.id)] for one in feeds]
    await talk.say("start.feeds", rows, subject=_named(talk, feeds[0].subject))


async def follow(talk: Talk, argument: str) -> None:
    """Follow the pressed feed; its newest article comes at once."""
    starter = talk.desk.services.starters.one(int(argument))
    if starter is None:
        await talk.notice("press.stale")
        return
    await talk.notice("press.reading")
    await talk.typing()
    result = await talk.subscriptions.subscribe(talk.chat, talk.thread_id, starter.url)
    await report(talk, result, starter.url)


def _named(talk: Talk, subject: str) -> str:
    key = _SUBJECTS.get(subject)
    return talk.words.plain(key) if key else cut(subject, _LONGEST_LABEL)


COMMAND = Command(
    "start",
    start,
    never,
    for_channels=False,
    presses=(Act("begin", choose, never), Act("starter", follow, always)),
)
