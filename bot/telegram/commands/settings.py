"""/settings: how alerts come, in the whole chat or of one feed.

`/settings [feed] [setting] [choice]`, each of them as typed; what a button says is the same, with ids.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from telegram import InlineKeyboardButton

from bot.model import Length, Pictures, Subscription, Wishes, shown
from bot.telegram.command import NUMBER, Act, Command, always
from bot.telegram.commands import template
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, cut

_Value = Pictures | Length | bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a setting may be set to."""

    typed: str
    value: _Value
    said: str
    """Key of its words."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One of the wishes, with what it may be."""

    name: str
    """As typed; the field's name in `Wishes`."""
    line: str
    """Key of the line that says how it is."""
    label: str
    choices: tuple[Choice, ...]

    def choice(self, typed: str) -> Choice | None:
        return next((one for one in self.choices if one.typed == typed), None)

    def said(self, value: object) -> str:
        return next(one.said for one in self.choices if one.value == value)


_SWITCH = (Choice("on", True, "settings.on"), Choice("off", False, "settings.off"))
SETTINGS = (
    Setting(
        "length",
        "settings.length",
        "button.length",
        (
            Choice("headline", Length.HEADLINE, "length.headline"),
            Choice("short", Length.SHORT, "length.short"),
            Choice("long", Length.LONG, "length.long"),
            Choice("full", Length.FULL, "length.full"),
        ),
    ),
    Setting(
        "pictures",
        "settings.pictures",
        "button.pictures",
        (
            Choice("card", Pictures.CARD, "pictures.card"),
            Choice("photo", Pictures.PHOTO, "pictures.photo"),
            Choice("album", Pictures.ALBUM, "pictures.album"),
            Choice("none", Pictures.NONE, "pictures.none"),
        ),
    ),
    Setting("silent", "settings.silent", "button.silent", _SWITCH),
    Setting("hashtags", "settings.hashtags", "button.hashtags", _SWITCH),
    Setting("marks", "settings.marks", "button.marks", _SWITCH),
)
_BY_NAME = {one.name: one for one in SETTINGS}
# A word that belongs to one setting needs no name before it.
_BARE = {one.typed: setting for setting in SETTINGS for one in setting.choices if setting.choices != _SWITCH}

_AS_IN_CHAT = "chat"
_TITLE = "title"
_TITLE_TYPED = re.compile(rf"(?:(?P<name>.*?\S)\s+)?{_TITLE}(?:\s+(?P<choice>.*\S))?\s*", re.I | re.S)
_TEMPLATE_TYPED = re.compile(r"(?:(?P<name>.*?\S)\s+)?template(?:\s+(?P<text>.*))?", re.I | re.S)
# What takes a title away; also as a person types it in Chinese.
_OFF = frozenset({"off", "none", "-", "关", "关闭"})
_LONGEST_TITLE = 100
_WHOLE_CHAT = "0"


@dataclass(frozen=True, slots=True)
class _Asked:
    feed: str
    """As typed; "" for the whole chat."""
    setting: str = ""
    """Its name; "" for all of them together."""
    choice: str | None = None
    """What to change it to; None: only to be shown."""
    strange: bool = False
    """No setting has such a choice."""


def _read(argument: str) -> _Asked:
    title = _TITLE_TYPED.fullmatch(argument)
    if title:
        return _Asked(title["name"] or "", _TITLE, title["choice"])
    *before, last = [word.lower() for word in argument.split()] or [""]
    named = _BY_NAME.get(before[-1]) if before else None
    if named is not None:
        strange = named.choice(last) is None and last != _AS_IN_CHAT
        return _Asked(_without(argument, 2), named.name, last, strange)
    if last in _BY_NAME:
        return _Asked(_without(argument, 1), last)
    if last in _BARE:
        return _Asked(_without(argument, 1), _BARE[last].name, last)
    return _Asked(_without(argument, 1), "", last) if last == _AS_IN_CHAT else _Asked(argument)


def _without(argument: str, last_words: int) -> str:
    return " ".join(argument.split()[:-last_words])


def _of_template(argument: str) -> str | None:
    """What stands behind /template to say the same; None if it is about another setting."""
    typed = None if _TITLE_TYPED.fullmatch(argument) else _TEMPLATE_TYPED.fullmatch(argument)
    return " ".join(filter(None, typed.groups())) if typed else None


def _sets(argument: str) -> bool:
    of_template = _of_template(argument)
    if of_template is not None:
        return template.COMMAND.changes(of_template)
    return _read(argument).choice is not None


async def settings(talk: Talk, argument: str) -> None:
    """Show how alerts come, or change it."""
    of_template = _of_template(argument)
    if of_template is not None:
        await template.COMMAND.run(talk, of_template)
        return
    asked = _read(argument)
    subscription = await talk.subscriptions.named(talk.chat.id, asked.feed) if asked.feed else None
    if asked.strange:
        whole = await talk.subscriptions.named(talk.chat.id, argument)
        if whole is None:
            await _say_choices(talk, _BY_NAME[asked.setting], asked.choice or "")
            return
        asked, subscription = _Asked(argument), whole
    if asked.feed and subscription is None:
        await talk.say("settings.which", name=cut(asked.feed, 60))
    elif subscription is None and _TITLE in (asked.setting, asked.choice):
        await talk.say("settings.title_of_feed")
    elif subscription is None and asked.choice == _AS_IN_CHAT:
        await talk.say("settings.which", name=_AS_IN_CHAT)
    else:
        if asked.choice is not None:
            subscription = await _change(talk, subscription, asked.setting, asked.choice)
        await talk.show(*_view(talk, subscription, None if asked.choice else _BY_NAME.get(asked.setting)))


async def _say_choices(talk: Talk, setting: Setting, typed: str) -> None:
    name = talk.words.plain(setting.label)
    choices = ", ".join(one.typed for one in setting.choices)
    await talk.say("settings.choices", typed=cut(typed, 60), setting=name, choices=choices)


async def _change(
    talk: Talk, subscription: Subscription | None, setting: str, typed: str
) -> Subscription | None:
    """Set it, of the feed or of the whole chat; the feed as it is then."""
    if subscription is None:
        wishes = _changed(talk.chat.wishes, setting, typed)
        talk.chat = replace(talk.chat, wishes=wishes)
        await talk.subscriptions.change(talk.chat)
        return None
    return await talk.subscriptions.show(subscription, _changed(subscription.wishes, setting, typed))


def _changed(wishes: Wishes, setting: str, typed: str) -> Wishes:
    if setting == _TITLE:
        return replace(wishes, title=None if typed.casefold() in _OFF else cut(typed, _LONGEST_TITLE))
    if not setting:
        return Wishes(title=wishes.title)
    choice = _BY_NAME[setting].choice(typed)
    changed: dict[str, _Value | None] = {setting: choice.value if choice else None}
    return replace(wishes, **changed)  # type: ignore[arg-type]


def _view(talk: Talk, subscription: Subscription | None, setting: Setting | None) -> tuple[Html, Buttons]:
    """How alerts come; with a button for each setting, or for each choice of one."""
    own = subscription.wishes if subscription else Wishes()
    now = shown(talk.chat.wishes, own)
    lines = [talk.words.linked(subscription) if subscription else talk.words.html("settings.chat")]
    for one in SETTINGS:
        lines.append(talk.words.html(one.line, now=talk.words.plain(one.said(getattr(now, one.name)))))
    if now.template:
        lines.append(talk.words.html("settings.template"))
    if subscription is None:
        lines.append(talk.words.html("settings.for_feed"))
    rows = _choices(talk, subscription, setting) if setting else _menu(talk, subscription)
    return Html("\n".join(lines)), rows


def _menu(talk: Talk, subscription: Subscription | None) -> Buttons:
    whose = _whose(subscription)
    buttons = [button(talk.words.plain(one.label), "set", whose, one.name) for one in SETTINGS]
    buttons.append(button(talk.words.plain("button.template"), "template", whose))
    if subscription is not None:
        buttons.append(button(talk.words.plain("button.title"), "set", whose, _TITLE))
    rows = [buttons[place : place + 2] for place in range(0, len(buttons), 2)]
    if subscription is not None and subscription.wishes.title:
        rows.append([button(talk.words.plain("button.title_off"), "set", whose, _TITLE, "off")])
    if subscription is not None and subscription.wishes != Wishes(title=subscription.wishes.title):
        rows.append([button(talk.words.plain("button.as_in_chat"), "set", whose, _AS_IN_CHAT)])
    return rows


def _choices(talk: Talk, subscription: Subscription | None, setting: Setting) -> Buttons:
    whose = _whose(subscription)
    chosen = getattr(subscription.wishes if subscription else shown(talk.chat.wishes, Wishes()), setting.name)
    rows = [
        [_pick(talk, whose, setting, one, "✓ " if one.value == chosen else "")] for one in setting.choices
    ]
    if subscription is not None:
        mark = "✓ " if chosen is None else ""
        label = mark + talk.words.plain("button.as_in_chat")
        rows.append([button(label, "set", whose, setting.name, _AS_IN_CHAT)])
    return [*rows, [button(talk.words.plain("button.back"), "set", whose)]]


def _pick(talk: Talk, whose: str, setting: Setting, choice: Choice, mark: str) -> InlineKeyboardButton:
    return button(mark + talk.words.plain(choice.said), "set", whose, setting.name, choice.typed)


def _whose(subscription: Subscription | None) -> str:
    return str(subscription.id) if subscription else _WHOLE_CHAT


async def press(talk: Talk, argument: str) -> None:
    """Do what a button says: show the choices of a setting, take one, or go back."""
    whose, setting, typed = (*argument.split(":"), "", "")[:3]
    subscription = None
    if whose != _WHOLE_CHAT:
        subscription = await talk.subscriptions.one(talk.chat.id, int(whose))
        if subscription is None:
            await talk.notice("press.gone")
            return
    if not _is_offered(subscription, setting, typed):
        await talk.notice("press.stale")
    elif setting == _TITLE and not typed and subscription is not None:
        await talk.notice()
        question = talk.words.html("settings.ask_title", title=talk.words.linked(subscription))
        await talk.ask(question, "title", subscription.id)
    else:
        if setting == _AS_IN_CHAT:
            setting, typed = "", _AS_IN_CHAT
        if typed:
            subscription = await _change(talk, subscription, setting, typed)
        await talk.edit(*_view(talk, subscription, None if typed else _BY_NAME.get(setting)))


def _is_offered(subscription: Subscription | None, setting: str, typed: str) -> bool:
    """Whether we make such buttons: a changed client can send any."""
    if setting in _BY_NAME:
        known = not typed or _BY_NAME[setting].choice(typed) is not None
        return known or (typed == _AS_IN_CHAT and subscription is not None)
    if setting == _TITLE:
        return typed in ("", "off") and subscription is not None
    return not setting or (setting == _AS_IN_CHAT and subscription is not None)


async def answer(talk: Talk, argument: str) -> None:
    """Call the feed what was replied to the question.

    Args:
        argument: the subscription's id, a blank, the title.
    """
    subscription_id, _, title = argument.partition(" ")
    subscription = await talk.subscriptions.one(talk.chat.id, int(subscription_id))
    if subscription is None:
        await talk.say("subscription.gone")
        return
    if title.strip():
        subscription = await _change(talk, subscription, _TITLE, title.strip())
    await talk.show(*_view(talk, subscription, None))


COMMAND = Command(
    "settings",
    settings,
    _sets,
    presses=(Act("set", press, always, takes=rf"{NUMBER}(?::[a-z]+){{0,2}}"),),
    answers=(Act("title", answer, always),),
)
