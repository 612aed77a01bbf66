"""/preview: what the alerts of a feed would look like, following nothing."""

from __future__ import annotations

from typing import assert_never

from bot.model import Problem, Wishes, shown
from bot.schedule import weekly
from bot.services.previews import Previewed, PreviewResult, Several
from bot.services.subscribing import Offered
from bot.telegram import times
from bot.telegram.command import Act, Command, never
from bot.telegram.commands.sample import show_sample
from bot.telegram.commands.subscribe import let_choose, say_problem
from bot.telegram.talk import Talk, button
from bot.telegram.words import cut, link

_MOST_ARTICLES = 3
_LONGEST_TITLE = 100


async def preview(talk: Talk, argument: str) -> None:
    """Show the newest articles at this address; ask for one if none is named."""
    address = argument.strip()
    if not address:
        await talk.ask(talk.words.html("preview.ask"), "preview")
        return
    if len(address.split()) > 1:
        await talk.say("preview.one")
        return
    await talk.typing()
    result = await talk.desk.services.previews.look(talk.chat, address, _MOST_ARTICLES)
    await _report(talk, result, address)


async def press(talk: Talk, argument: str) -> None:
    """Show what the pressed button offered."""
    # Telegram forgets a press within seconds, and reading a feed may take longer.
    await talk.notice("press.reading")
    await talk.typing()
    result = await talk.desk.services.previews.look_at_offer(talk.chat, int(argument), _MOST_ARTICLES)
    await _report(talk, result, None)


async def _report(talk: Talk, result: PreviewResult, address: str | None) -> None:
    match result:
        case Previewed():
            await _show(talk, result)
        case Several(url, offers):
            await let_choose(talk, Offered(url, offers), "preview")
        case Problem():
            await say_problem(talk, result, address)
        case _:
            assert_never(result)


async def _show(talk: Talk, seen: Previewed) -> None:
    """The articles as their alerts, and below them what follows the feed."""
    how = shown(talk.chat.wishes, Wishes())
    title = cut(seen.title or seen.url, _LONGEST_TITLE)
    for article in seen.articles:
        await show_sample(talk, article, title, how)
    linked = link(title, seen.url)
    if seen.beat is None or not seen.articles:
        html = talk.words.html("preview.done", title=linked)
    else:
        rhythm = times.rhythm(talk.words, weekly(seen.beat, talk.desk.services.standings.now))
        html = talk.words.html("preview.done_rhythm", title=linked, rhythm=rhythm)
    await talk.show(html, [[button(talk.words.plain("button.follow"), "offer", seen.offer_id)]])


COMMAND = Command(
    "preview",
    preview,
    never,
    presses=(Act("preview", press, never),),
    answers=(Act("preview", preview, never, takes=""),),
)
