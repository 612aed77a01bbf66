"""/lang: the language of the bot's own words in this chat."""

from __future__ import annotations

from bot.telegram.command import Act, Command, always
from bot.telegram.talk import Talk, button


async def lang(talk: Talk, argument: str) -> None:
    """Speak the named language; offer each by its own name if none is named that we know."""
    catalogue = talk.desk.catalogue
    language = catalogue.named(argument)
    if language is not None:
        await _change(talk, language)
        await talk.say("lang.done")
        return
    buttons = [button(catalogue.text("language.name", one), "lang", one) for one in catalogue.languages()]
    await talk.say("lang.choose", [buttons[start : start + 2] for start in range(0, len(buttons), 2)])


async def choose(talk: Talk, argument: str) -> None:
    """Speak the pressed language from now on."""
    if argument not in talk.desk.catalogue.languages():
        await talk.notice("press.stale")
        return
    await _change(talk, argument)
    await talk.edit(talk.words.html("lang.done"))


async def _change(talk: Talk, language: str) -> None:
    talk.in_language(language)
    await talk.subscriptions.change(talk.chat)


COMMAND = Command("lang", lang, always, presses=(Act("lang", choose, always, takes="[A-Za-z_]{2,20}"),))
