"""/deny, for those who run the bot: serve a person or chat no more. Nothing of theirs is deleted."""

from __future__ import annotations

from bot.telegram.command import Act, Command, never
from bot.telegram.commands.allow import decide
from bot.telegram.talk import Talk


async def deny(talk: Talk, argument: str) -> None:
    """Turn away whom the argument or the answered message names; ask if nobody is named."""
    await decide(talk, argument, admitted=False)


COMMAND = Command(
    "deny",
    deny,
    never,
    for_channels=False,
    for_owners=True,
    answers=(Act("deny", deny, never, takes=""),),
)
