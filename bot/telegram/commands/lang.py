"""/lang: the language of the bot's own words in this chat."""

from __future__ import annotations

from bot.telegram.command import Act, Command, always
from bot.telegram.talk import Talk, button


async def lang(talk: Talk, _argument: str) -> None:
    """Offer every language by its own name."""
    catalogue = talk.desk.catalogue
    rows = [[button(catalogue.text("language.name", name), "lang", name)] for name in catalogue.languages()]
    await talk.say("lang.choose", rows)


async def choose(talk: Talk, argument: str) -> None:
    """Speak the pressed language from now on."""
    if argument not in talk.desk.catalogue.languages():
        await talk.notice("press.stale")
        return
    talk.in_language(argument)
    await talk.subscriptions.change(talk.chat)
    await talk.edit(talk.words.html("lang.done"))


COMMAND = Command("lang", lang, always, presses=(Act("lang", choose, always, takes="[A-Za-z_]{2,20}"),))
