"""/import: follow every feed of an OPML file; a file sent in private is offered first."""

from __future__ import annotations

import asyncio
import codecs
from dataclasses import dataclass, field
from typing import assert_never

from telegram import Document

from bot import feeds
from bot.feeds import FeedList, Outline
from bot.feeds.opml import MOST_BYTES
from bot.model import Problem, Subscription
from bot.services.backup_file import Backup
from bot.services.subscribing import AlreadySubscribed, NotSubscribed, Offered, Subscribed, SubscribeResult
from bot.telegram.command import Act, Command, always
from bot.telegram.commands import restoring
from bot.telegram.commands.choosing import YES
from bot.telegram.forums import give_topics
from bot.telegram.talk import Talk, button
from bot.telegram.words import Html, code, cut

# Often enough to see that it goes on, and far below Telegram's 20 a minute in a group.
_GAP_SECONDS = 5.0
# So many failures are told in the message itself; more come as a file.
_MOST_LINES = 10
_LONGEST_ADDRESS = 150
_LONGEST_NAME = 60
_MAY_BE_A_LIST = (".opml", ".xml", ".json")


def may_be_a_list(document: Document) -> bool:
    """Whether a file sent without a word can be meant as a list of feeds."""
    named = (document.file_name or "").lower().endswith(_MAY_BE_A_LIST)
    kind = (document.mime_type or "").lower()
    return named or "opml" in kind or "json" in kind


async def offer(talk: Talk, document: Document) -> None:
    """Say what is in the file, and ask whether to follow it."""
    listed = await _read(talk, document)
    if isinstance(listed, Problem):
        await talk.say("subscribe.failed", problem=talk.words.problem(listed))
        return
    if isinstance(listed, Backup):
        await restoring.offer(talk, listed)
        return
    name = cut(document.file_name or "", _LONGEST_NAME)
    html = talk.words.count("import.offer", len(listed.feeds), name=name)
    await talk.show(html, [[button(talk.words.plain("button.import"), "import")]], hang=True)


async def import_(talk: Talk, argument: str) -> None:
    """Follow what the file lists that came with the command, or that it answers; ask for one if there is none. Of a
    backup only say what it would change, unless there is a yes behind it."""
    if talk.document is None:
        await talk.ask(talk.words.html("import.ask"), "import")
        return
    await talk.notice("press.reading")
    await talk.typing()
    listed = await _read(talk, talk.document)
    if isinstance(listed, Problem):
        await talk.say("subscribe.failed", problem=talk.words.problem(listed))
    elif isinstance(listed, Backup) and argument.strip().casefold() not in YES:
        await restoring.offer(talk, listed)
    else:
        await _bring_in(talk, listed)


async def press(talk: Talk, _argument: str) -> None:
    """Follow what the file lists that the offer answered."""
    if talk.document is None:  # somebody deleted it
        await talk.notice("press.stale")
    else:
        await import_(talk, "yes")


async def _read(talk: Talk, document: Document) -> FeedList | Backup | Problem:
    if (document.file_size or 0) > MOST_BYTES:
        return Problem("opml.too_large", {"limit": f"{MOST_BYTES >> 20} MB"})
    body = await talk.download(document)
    if body is None:
        return Problem("opml.lost")
    # In a thread: 5 MB take a second, and nobody else should wait for that.
    return await asyncio.to_thread(restoring.read if _is_json(body) else feeds.read_opml, body)


def _is_json(body: bytes) -> bool:
    return body.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")


@dataclass(slots=True)
class _Tally:
    """How far an import is."""

    new: int = 0
    there: int = 0
    late: int = 0
    failed: list[tuple[str, Problem]] = field(default_factory=list)
    followed: list[Subscription] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.new + self.there + self.late + len(self.failed)

    def count(self, url: str, result: SubscribeResult) -> None:
        if isinstance(result, Subscribed):
            self.followed.append(result.subscription)
        match result:
            case Subscribed(subscription) if subscription.problem:
                self.late += 1
            case Subscribed():
                self.new += 1
            case AlreadySubscribed():
                self.there += 1
            case NotSubscribed(problem):
                self.failed.append((url, problem))
            case Offered():
                self.failed.append((url, Problem("parse.web_page_with_feeds")))
            case _:
                assert_never(result)


async def _bring_in(talk: Talk, listed: FeedList | Backup) -> None:
    """Follow them all; one message says how far it is, and in the end what came of it."""
    unreadable = listed.unreadable if isinstance(listed, FeedList) else ()
    tally = _Tally(failed=[(address, Problem("url.not_a_url", {"url": address})) for address in unreadable])
    total = len(listed.feeds) + len(unreadable)
    begun = talk.words.html("import.progress", done=tally.done, total=total)
    message_id = talk.pressed_id
    if message_id is None or not await talk.rewrite(message_id, begun):
        message_id = await talk.show(begun)
    now = asyncio.get_running_loop().time
    shown_at = now()

    async def tell(outline: Outline, result: SubscribeResult) -> None:
        nonlocal shown_at
        tally.count(outline.url, result)
        if now() - shown_at >= _GAP_SECONDS:
            shown_at = now()
            await talk.rewrite(message_id, talk.words.html("import.progress", done=tally.done, total=total))

    beside: list[Html] = []
    if isinstance(listed, Backup):
        beside = await restoring.restore(talk, listed, tell)
    else:
        await talk.subscriptions.bring_in(talk.chat, talk.thread_id, listed.feeds, tell)
    await give_topics(talk, tally.followed)
    summary = Html("\n".join([*_summary(talk, tally), *beside]))
    if not await talk.rewrite(message_id, summary):
        await talk.show(summary)
    if len(tally.failed) > _MOST_LINES:
        await talk.send_file("problems.txt", _as_file(talk, tally), talk.words.html("import.problems"))


def _summary(talk: Talk, tally: _Tally) -> list[Html]:
    """How many came to what end; a few failures with their reasons."""
    ends = {
        "import.new": tally.new,
        "import.there": tally.there,
        "import.late": tally.late,
        "import.failed": len(tally.failed),
    }
    lines = [talk.words.count(key, n) for key, n in ends.items() if n]
    if len(tally.failed) <= _MOST_LINES:
        lines += [
            talk.words.html(
                "import.line",
                url=code(cut(url, _LONGEST_ADDRESS)),
                problem=talk.words.problem(problem),
            )
            for url, problem in tally.failed
        ]
    return lines


def _as_file(talk: Talk, tally: _Tally) -> bytes:
    """Each address and what is wrong with it; a plain list of addresses once the other lines are cut."""
    return "\n".join(f"{url}\n    {talk.words.problem(problem)}\n" for url, problem in tally.failed).encode()


COMMAND = Command(
    "import",
    import_,
    always,
    presses=(Act("import", press, always, takes=""),),
    answers=(Act("import", import_, always, takes="", takes_file=True),),
)
