"""How one feed's alerts come, copied to others."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable

from bot.model import Change, ChangeKind, Subscription, Wishes
from bot.ports import Clock, Store


class Copies:
    """Copying can be taken back (`Changes`)."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def copy(self, source: Subscription, others: Iterable[Subscription]) -> tuple[int, int | None]:
        """Have these of the same chat come as that one does. Each keeps its own name, and its filter: that says what
        comes, not how.

        Returns:
            How many of them came another way before, and the id of the change; None if none did.
        """
        new: dict[Wishes, list[Subscription]] = defaultdict(list)
        for one in others:
            wishes = dataclasses.replace(source.wishes, title=one.wishes.title)
            if wishes != one.wishes:
                new[wishes].append(one)
        those = [one for alike in new.values() for one in alike]
        if not those:
            return 0, None
        what = those[0].title or those[0].feed_url
        change = Change(source.chat_id, ChangeKind.COPIED, self._clock.now(), what, len(those))
        async with self._store.transaction() as tx:
            change_id = await tx.remember(change, [one.id for one in those])
            for wishes, alike in new.items():
                await tx.set_wishes(wishes, *(one.id for one in alike))
        return len(those), change_id
