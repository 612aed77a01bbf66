"""A backup is brought in: what it would change is said first, what it leads to elsewhere is looked at."""

from __future__ import annotations

import dataclasses
import re

from bot.errors import TemplateError
from bot.model import Follow, Problem
from bot.services.backup_file import Backup, read_backup
from bot.services.subscriptions import Tell
from bot.telegram import template
from bot.telegram.aiming import met
from bot.telegram.fulltext.links import taken
from bot.telegram.marks import words_of
from bot.telegram.places import hindrance, place_named
from bot.telegram.talk import Talk, button
from bot.telegram.template.drafts import stored
from bot.telegram.words import Html

# Any tag but those that a template is kept with.
_STRANGE = re.compile(
    r"""<(?!/?(?:b|i|u|s|tg-spoiler|code|pre|blockquote|a)>|blockquote\ expandable>
    |a\ href="[^"<>]*">|code\ class="language-[\w+#.-]{1,20}">)""",
    re.VERBOSE,
)


async def offer(talk: Talk, backup: Backup) -> None:
    """Say what it would change, and ask whether it shall."""
    plan = await talk.desk.services.backups.plan(talk.chat, talk.thread_id, backup)
    counts = {
        "restore.new": plan.new,
        "restore.changed": plan.changed,
        "restore.same": plan.same,
        "restore.sent_on": len(plan.sent_on),
    }
    lines = [talk.words.html("restore.head"), *(talk.words.count(key, n) for key, n in counts.items() if n)]
    if plan.chat:
        lines.append(talk.words.html("restore.chat"))
    if plan.is_empty:
        await talk.show(Html("\n".join([*lines, talk.words.html("restore.nothing")])))
        return
    lines.append(talk.words.html("restore.how"))
    # Below any other reply the button would not find the file again; the words do.
    yes = [[button(talk.words.plain("button.import"), "import")]] if talk.brings_file else ()
    await talk.show(Html("\n".join(lines)), yes, hang=True)


async def restore(talk: Talk, backup: Backup, tell: Tell) -> list[Html]:
    """Bring it in; what there is to say beside the feeds."""
    backups = talk.desk.services.backups
    sent_on = (await backups.plan(talk.chat, talk.thread_id, backup)).sent_on
    changed, problem = await backups.restore(talk.chat, talk.thread_id, backup, tell)
    lines = [talk.words.count("restore.done_changed", changed)] if changed else []
    known = await talk.desk.services.places.known(talk.chat.id)
    talk.chat = dataclasses.replace(known, language=talk.chat.language) if known else talk.chat
    refused = 0
    for one in sent_on:
        trouble = None if await _may(talk, one) else "place.unknown"
        refused += bool(trouble or await talk.desk.services.follows.send_on(talk.chat, _mine(talk, one)))
    if problem:
        lines.append(Html(talk.words.problem(problem)))
    if refused:
        lines.append(talk.words.count("restore.refused", refused))
    return lines


def _mine(talk: Talk, one: Follow) -> Follow:
    return dataclasses.replace(one, user_id=talk.user_id)


async def _may(talk: Talk, one: Follow) -> bool:
    """Whether this person and the bot have the right to the other chat, which is known from then on."""
    if one.over_id == one.to_id:
        return True
    if one.is_personal and not talk.in_private:
        return False
    place = await place_named(talk.desk.bot, one.over_id if one.is_personal else one.to_id)
    if place is None or await hindrance(talk.desk.bot, talk.user_id, place, to_read=one.is_personal):
        return False
    await met(talk, place)
    return True


def read(body: bytes) -> Backup | Problem:
    """As `read_backup`; its templates are what we would have kept, and nothing else."""
    backup = read_backup(body)
    if isinstance(backup, Problem):
        return backup
    wished = {one.wishes.template for one in backup.feeds} | {backup.wishes.template}
    return backup if all(_is_ours(html) for html in wished if html) else Problem("backup.broken")


def _is_ours(html: str) -> bool:
    links = re.findall(r'<a href="([^"<>]*)">', html)
    if _STRANGE.search(html) or not all(taken(words_of(one)) for one in links):
        return False
    try:
        return template.accepted(stored(html)) == html
    except (TemplateError, ValueError, LookupError):
        return False
