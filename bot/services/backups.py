"""All that a chat has, taken out as one file, and brought in again. What is there stays; nothing is taken away."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.feeds import Outline
from bot.model import Change, ChangeKind, Chat, Follow, Limit, Problem, Subscription
from bot.ports import Clock, Store
from bot.services.backup_file import Backup, Kept, write_backup
from bot.services.quotas import Quotas
from bot.services.subscribing import AlreadySubscribed, Subscribed, SubscribeResult
from bot.services.subscriptions import Subscriptions, Tell


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing a backup in would do."""

    new: int
    """So many feeds would be followed anew."""
    changed: int
    """So many would get another filter, or come another way."""
    same: int
    chat: bool
    """The chat's own settings, muted words or follows would change."""
    sent_on: tuple[Follow, ...]
    """Follows with a place of their own that are not there as the file has them."""

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.chat or self.sent_on)


class Backups:
    """What is brought in can be taken back, step by step (`Changes`)."""

    def __init__(self, store: Store, subscriptions: Subscriptions, clock: Clock, quotas: Quotas) -> None:
        self._store = store
        self._subscriptions = subscriptions
        self._clock = clock
        self._quotas = quotas

    async def take_out(self, chat: Chat) -> bytes:
        """The file."""
        followed = await self._store.subscriptions(chat.id)
        return write_backup(chat, followed, await self._store.follows(chat.id))

    async def plan(self, chat: Chat, thread_id: int | None, backup: Backup) -> Plan:
        """What bringing it in would change; asks nobody but the store.

        Args:
            thread_id: where feeds go that come from another chat.
        """
        there = {(one.feed_url, one.thread_id): one for one in await self._store.subscriptions(chat.id)}
        known = [(one, there.get((one.url, _thread(chat, thread_id, backup, one)))) for one in backup.feeds]
        changed = sum(1 for kept, one in known if one and _differs(kept, one))
        new = sum(1 for _, one in known if one is None)
        sent_on = await self._new_sent_on(chat, thread_id, backup)
        return Plan(new, changed, len(known) - new - changed, _restored(chat, backup) != chat, sent_on)

    async def restore(
        self, chat: Chat, thread_id: int | None, backup: Backup, tell: Tell
    ) -> tuple[int, Problem | None]:
        """Bring it in, all but the follows with a place of their own, whose rights are to be looked at first.

        Returns:
            How many feeds that were followed already have another filter or settings now; and why the chat's own
            follows could not be added, None if they were.
        """
        restored, problem = await self._within_limits(chat, _restored(chat, backup))
        if restored != chat:
            await self._subscriptions.change(restored)
        found: list[tuple[Kept, Subscription]] = []
        for thread, those in _by_thread(chat, thread_id, backup).items():

            async def told(outline: Outline, result: SubscribeResult, those: dict[str, Kept] = those) -> None:
                kept = those[outline.url]
                if isinstance(result, Subscribed):
                    await self._set([(kept, result.subscription)])
                elif isinstance(result, AlreadySubscribed):
                    found.append((kept, result.subscription))
                await tell(outline, result)

            outlines = [Outline(one.url, one.title, one.folder) for one in those.values()]
            await self._subscriptions.bring_in(chat, thread, outlines, told)
        return await self._change(chat, [pair for pair in found if _differs(*pair)]), problem

    async def _within_limits(self, chat: Chat, restored: Chat) -> tuple[Chat, Problem | None]:
        more = len(restored.follows) - len(chat.follows)
        async with self._store.transaction() as tx:
            problem = await self._quotas.full(tx, chat.id, Limit.FOLLOWS, more=more) if more else None
        return (dataclasses.replace(restored, follows=chat.follows) if problem else restored), problem

    async def _change(self, chat: Chat, those: list[tuple[Kept, Subscription]]) -> int:
        if those:
            first = those[0][1]
            what = first.title or first.feed_url
            change = Change(chat.id, ChangeKind.COPIED, self._clock.now(), what, len(those))
            await self._set(those, change)
        return len(those)

    async def _set(self, those: Iterable[tuple[Kept, Subscription]], change: Change | None = None) -> None:
        """Filter and settings as the file has them."""
        async with self._store.transaction() as tx:
            if change:
                await tx.remember(change, [one.id for _, one in those])
            for kept, one in those:
                await tx.set_filter(one.id, kept.filter)
                await tx.set_wishes(kept.wishes, one.id)

    async def _new_sent_on(self, chat: Chat, thread_id: int | None, backup: Backup) -> tuple[Follow, ...]:
        there = {one.name.casefold(): _facts(one) for one in await self._store.follows(chat.id)}
        own = [_at_home(chat, thread_id, backup, one) for one in backup.sent_on]
        return tuple(one for one in own if there.get(one.name.casefold()) != _facts(one))


def _thread(chat: Chat, thread_id: int | None, backup: Backup, one: Kept | Follow) -> int | None:
    return one.thread_id if backup.chat_id == chat.id else thread_id


def _by_thread(chat: Chat, thread_id: int | None, backup: Backup) -> dict[int | None, dict[str, Kept]]:
    """By topic and address."""
    found: dict[int | None, dict[str, Kept]] = defaultdict(dict)
    for one in backup.feeds:
        found[_thread(chat, thread_id, backup, one)].setdefault(one.url, one)
    return found


def _at_home(chat: Chat, thread_id: int | None, backup: Backup, one: Follow) -> Follow:
    """As if it had been made in this chat."""
    over, to = (chat.id if end == backup.chat_id else end for end in (one.over_id, one.to_id))
    thread = _thread(chat, thread_id, backup, one) if to == chat.id else one.thread_id
    return dataclasses.replace(one, chat_id=chat.id, over_id=over, to_id=to, thread_id=thread)


def _facts(one: Follow) -> tuple[str, int, int, int | None]:
    return one.filter, one.over_id, one.to_id, one.thread_id


def _differs(kept: Kept, one: Subscription) -> bool:
    return (kept.filter, kept.wishes) != (one.filter, one.wishes)


def _restored(chat: Chat, backup: Backup) -> Chat:
    """The chat as the file has it; follows of other names stay."""
    named = {name.casefold() for name, _ in backup.follows}
    kept = tuple(one for one in chat.follows if one[0].casefold() not in named)
    same = set(backup.follows) <= set(chat.follows)
    return dataclasses.replace(
        chat,
        wishes=backup.wishes,
        mute=backup.mute,
        follows=chat.follows if same else (*kept, *backup.follows),
        topic_per=backup.topic_per if backup.chat_id == chat.id else chat.topic_per,
    )
