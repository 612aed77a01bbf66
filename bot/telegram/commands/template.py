"""/template: alerts in a form of one's own, in the whole chat or of one feed.

Nothing is kept of a template that was shown and not saved yet: our message with the buttons hangs on the person's,
and is read from there when one is pressed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from zlib import crc32

from bot.errors import TemplateError
from bot.model import Article, Subscription, Wishes, shown
from bot.telegram.command import NUMBER, Act, Command, always
from bot.telegram.commands.sample import show_sample
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.template import LONGEST, MOST_FIELDS, Draft, accepted, typed
from bot.telegram.words import Html, code, cut, pointer

# What takes a template away; also as a person types it in Chinese.
_USUAL = frozenset({"default", "off", "none", "-", "默认", "关", "关闭"})
_AS_IN_CHAT = frozenset({"chat", "本聊天"})
_WHOLE_CHAT = "0"
_BRACES = re.compile("[{｛]")
# So many words may name a feed.
_LONGEST_NAME = 6


def _sets(argument: str) -> bool:
    """`2 {title}` changes something, or may; `2`, or nothing, only shows."""
    several = len(argument.split(maxsplit=1)) > 1
    return several or bool(_BRACES.search(argument)) or argument.casefold() in _USUAL


async def template(talk: Talk, argument: str) -> None:
    """Show the template of the chat or of a feed, or begin to give one."""
    subscription, text = await _aimed(talk, argument)
    said = text.casefold()
    if not text:
        await talk.show(*await _view(talk, subscription))
    elif said in _USUAL or (subscription and said in _AS_IN_CHAT):
        await talk.show(*await _take_away(talk, subscription, as_in_chat=said in _AS_IN_CHAT))
    elif subscription is None and (text.split()[0].isdecimal() or not _BRACES.search(text)):
        await talk.say("templates.which", name=cut(text, 60))
    else:
        await _offer(talk, subscription, text)


async def _aimed(talk: Talk, argument: str) -> tuple[Subscription | None, str]:
    """The feed that the first words name, and what stands behind them; None for the whole chat."""
    head = _BRACES.split(argument, maxsplit=1)[0]
    for word in list(re.finditer(r"\S+", head))[:_LONGEST_NAME]:
        subscription = await talk.subscriptions.named(talk.chat.id, argument[: word.end()])
        if subscription is not None:
            return subscription, argument[word.end() :].strip()
    return None, argument


async def _offer(talk: Talk, subscription: Subscription | None, text: str) -> None:
    """Show what it would make of an article, with a button that saves it; of one that is wrong, where."""
    start = len(talk.written[0].rstrip()) - len(text)
    try:
        html = _template_at(talk, start)
    except TemplateError as error:
        await talk.show(_refusal(talk, error, text))
        return
    shown_of, article = await _example(talk, subscription)
    title = talk.words.title(shown_of) if shown_of else talk.chat.title
    how = shown(talk.chat.wishes, shown_of.wishes if shown_of else Wishes())
    fits = await show_sample(talk, article, title, replace(how, template=html))
    whose = _whose(subscription)
    buttons = [
        button(talk.words.plain("button.save"), "template", whose, "save", start, _sum(html)),
        button(talk.words.plain("button.cancel"), "template", whose, "cancel"),
    ]
    key = "templates.preview" if fits else "templates.does_not_fit"
    question = talk.words.html(key, whose=_named(talk, subscription))
    await talk.show(question, [buttons], hang=True)


def _template_at(talk: Talk, start: int) -> str:
    """The template that begins there in the person's message, as we keep it.

    Raises:
        TemplateError: it does not parse.
    """
    draft = typed(*talk.written)
    return accepted(Draft(draft.text[start:], draft.dresses[start:]))


def _sum(html: str) -> str:
    """By it a button knows its template again: a message can be edited meanwhile."""
    return f"{crc32(html.encode()):08x}"


def _refusal(talk: Talk, error: TemplateError, text: str) -> Html:
    reason = talk.words.plain(error.reason, most=LONGEST, fields=MOST_FIELDS)
    lines = [talk.words.html("templates.refused", reason=reason), pointer(text, error.position)]
    if error.offered:
        lines.append(talk.words.html("templates.meant", meant=code(error.offered)))
    return Html("\n".join(lines))


async def _example(talk: Talk, subscription: Subscription | None) -> tuple[Subscription | None, Article]:
    """The newest article there is, and its feed; an invented one if there is none."""
    followed = (subscription,) if subscription else await talk.subscriptions.of(talk.chat.id)
    newest = await talk.subscriptions.newest(followed)
    if newest is not None:
        return newest
    title, summary = talk.words.plain("templates.title"), talk.words.plain("templates.summary")
    return subscription, Article("", title, "https://example.org/", summary, None, None)


async def _take_away(
    talk: Talk, subscription: Subscription | None, *, as_in_chat: bool = False
) -> tuple[Html, Buttons]:
    """Back to the usual form, or to the chat's."""
    usual = "" if subscription and talk.chat.wishes.template and not as_in_chat else None
    return await _change(talk, subscription, usual)


async def _change(talk: Talk, subscription: Subscription | None, html: str | None) -> tuple[Html, Buttons]:
    """Set it, and show how it is then."""
    if subscription is None:
        talk.chat = replace(talk.chat, wishes=replace(talk.chat.wishes, template=html))
        await talk.subscriptions.change(talk.chat)
    else:
        wishes = replace(subscription.wishes, template=html)
        subscription = await talk.subscriptions.show(subscription, wishes)
    return await _view(talk, subscription)


async def _view(talk: Talk, subscription: Subscription | None) -> tuple[Html, Buttons]:
    """What alerts look like now, and how to change it."""
    whose, own = _whose(subscription), subscription.wishes if subscription else talk.chat.wishes
    now = shown(talk.chat.wishes, own).template
    form = talk.words.html("templates.own", template=Html(now)) if now else talk.words.html("templates.usual")
    lines = [talk.words.html("templates.head", whose=_named(talk, subscription)), form, ""]
    lines.append(talk.words.html("templates.how", number=await _number(talk, subscription)))
    rows = [[button(talk.words.plain("button.write_template"), "template", whose, "ask")]]
    if now:
        rows.append([button(talk.words.plain("button.usual_form"), "template", whose, "off")])
    if subscription and own.template is not None:
        rows.append([button(talk.words.plain("button.as_in_chat"), "template", whose, "chat")])
    return Html("\n".join(lines)), [*rows, [button(talk.words.plain("button.back"), "set", whose)]]


async def _number(talk: Talk, subscription: Subscription | None) -> str:
    """What to type behind the command to mean this one, with a blank before it; "" if nothing."""
    ids = [one.id for one in await talk.subscriptions.of(talk.chat.id)]
    number = str(ids.index(subscription.id) + 1) if subscription and subscription.id in ids else ""
    return f" {talk.typed(number)}".rstrip()


def _named(talk: Talk, subscription: Subscription | None) -> Html:
    return talk.words.linked(subscription) if subscription else talk.words.html("templates.chat")


def _whose(subscription: Subscription | None) -> str:
    return str(subscription.id) if subscription else _WHOLE_CHAT


async def press(talk: Talk, argument: str) -> None:
    """Do what a button says: show, ask, save, leave it, or take it away."""
    whose, _, what = argument.partition(":")
    subscription = None
    if whose != _WHOLE_CHAT:
        subscription = await talk.subscriptions.one(talk.chat.id, int(whose))
        if subscription is None:
            await talk.notice("press.gone")
            return
    match what.split(":"):
        case ["save", start, checksum]:
            await _save(talk, subscription, int(start), checksum)
        case ["cancel"]:
            await talk.edit(talk.words.html("templates.cancelled", whose=_named(talk, subscription)))
        case ["ask"]:
            await talk.notice()
            question = talk.words.html("templates.ask", whose=_named(talk, subscription))
            await talk.ask(question, "template", int(whose))
        case ["off" | "chat"]:
            await talk.edit(*await _take_away(talk, subscription, as_in_chat=what == "chat"))
        case _:
            await talk.edit(*await _view(talk, subscription))


async def _save(talk: Talk, subscription: Subscription | None, start: int, checksum: str) -> None:
    try:
        html = _template_at(talk, start)
    except TemplateError:  # edited since, or deleted
        html = ""
    if _sum(html) != checksum:
        await talk.notice("press.stale")
        return
    await talk.notice("press.saved")
    await talk.edit(*await _change(talk, subscription, html))


async def answer(talk: Talk, argument: str) -> None:
    """Take what was replied to the question as a template.

    Args:
        argument: the subscription's id, or 0 for the chat, a blank, the template.
    """
    whose, _, text = argument.partition(" ")
    subscription = await talk.subscriptions.one(talk.chat.id, int(whose))
    if subscription is None and whose != _WHOLE_CHAT:
        await talk.say("subscription.gone")
    else:
        await _offer(talk, subscription, text.strip())


COMMAND = Command(
    "template",
    template,
    _sets,
    presses=(
        Act(
            "template",
            press,
            always,
            takes=rf"{NUMBER}(?::(?:ask|off|chat|cancel|save:\d{{1,4}}:[0-9a-f]{{8}}))?",
        ),
    ),
    answers=(Act("template", answer, always),),
)
