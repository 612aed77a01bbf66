"""/broadcast, for those who run the bot: tell something to everybody it serves."""

from __future__ import annotations

from bot.model import Broadcast, Hearing, Letter, Refused
from bot.telegram.command import NUMBER, Act, Command, never
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html


async def broadcast(talk: Talk, argument: str) -> None:
    """Show how it will look and to how many it goes; without a text, what is under way."""
    letter = talk.letter(argument)
    if letter is not None:
        await _preview(talk, letter)
        return
    under_way = await talk.desk.services.broadcasts.under_way()
    if under_way:
        await talk.show(*_progress(talk, under_way[0]))
    else:
        await talk.ask(talk.words.html("broadcast.ask"), "broadcast")


async def _preview(talk: Talk, letter: Letter) -> None:
    sent = await talk.desk.messenger.send(talk.home, None, letter)
    if isinstance(sent, Refused):  # better here than from everybody
        await talk.say("broadcast.refused", reason=sent.reason)
        return
    draft = await talk.desk.services.broadcasts.draft(talk.user_id, letter)
    rows = [
        [button(talk.words.counted("button.broadcast", draft.hearers), "broadcast", draft.id)],
        [button(talk.words.plain("button.cancel"), "hush", draft.id)],
    ]
    await talk.show(talk.words.count("broadcast.preview", draft.hearers), rows)


async def begin(talk: Talk, argument: str) -> None:
    """Let it go out."""
    count = await talk.desk.services.broadcasts.begin(int(argument))
    if count is None:
        await _over(talk)
    else:
        await talk.edit(talk.words.count("broadcast.begun", count), _stop(talk, int(argument)))


async def stop(talk: Talk, argument: str) -> None:
    """It goes to nobody any more."""
    tally = await talk.desk.services.broadcasts.stop(int(argument))
    if tally is None:
        await _over(talk)
    elif any(tally.values()):
        count = sum(tally.values())
        await talk.edit(
            talk.words.html("broadcast.stopped", sent=count - tally[Hearing.WAITING], count=count)
        )
    else:
        await talk.edit(talk.words.html("broadcast.cancelled"))


async def look(talk: Talk, argument: str) -> None:
    """Show how far it is by now."""
    under_way = await talk.desk.services.broadcasts.under_way()
    this = next((one for one in under_way if one.id == int(argument)), None)
    if this is None:
        await _over(talk)
    else:
        await talk.edit(*_progress(talk, this))


async def _over(talk: Talk) -> None:
    await talk.notice("press.broadcast_over")
    await talk.bare()


def _progress(talk: Talk, this: Broadcast) -> tuple[Html, Buttons]:
    count = sum(this.tally.values())
    done = count - this.tally[Hearing.WAITING]
    return talk.words.html("broadcast.progress", done=done, count=count), _stop(talk, this.id)


def _stop(talk: Talk, broadcast_id: int) -> Buttons:
    return [
        [
            button("↻", "heard", broadcast_id),
            button(talk.words.plain("button.stop"), "hush", broadcast_id),
        ]
    ]


COMMAND = Command(
    "broadcast",
    broadcast,
    never,
    for_channels=False,
    for_owners=True,
    presses=(
        Act("broadcast", begin, never, takes=NUMBER),
        Act("hush", stop, never, takes=NUMBER),
        Act("heard", look, never, takes=NUMBER),
    ),
    answers=(Act("broadcast", broadcast, never, takes=""),),
)
