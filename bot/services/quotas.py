"""How much one person or chat may have, and how often change it.

What a chat has is counted in the transaction that adds to it: two that come at once cannot both be the last. Changes
are counted in memory: one process talks with people, since Telegram gives its updates to one, and a minute is short.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.backstage import BackstageStore
from bot.model import Limit, Problem
from bot.ports import Clock, Transaction

MINUTE = timedelta(minutes=1)
# So many people and chats are remembered before those are forgotten who were quiet for a minute.
_MOST_REMEMBERED = 1000


class Quotas:
    """Limits, and who has reached them.

    Args:
        usual: everybody's; 0 for none. Of what is not named there is no limit.
    """

    def __init__(self, store: BackstageStore, clock: Clock, usual: Mapping[Limit, int]) -> None:
        self.usual = {limit: usual.get(limit, 0) for limit in Limit}
        self._store = store
        self._clock = clock
        self._changes: dict[int, deque[datetime]] = {}

    async def full(self, tx: Transaction, chat_id: int, limit: Limit, *, more: int = 1) -> Problem | None:
        """Why this chat may not have so many more; None if it may. To be asked first in the transaction that adds."""
        most = await tx.full(chat_id, limit, self.usual[limit], more)
        return None if most is None else Problem(f"limit.{limit}", {"limit": str(most)})

    async def change(self, numbers: Iterable[int]) -> int | None:
        """Count a change, unless it is one too many for somebody.

        Args:
            numbers: who makes it, and the chat that is changed.

        Returns:
            The limit that was reached; None if it may be made.
        """
        own = await self._store.guests(sorted(set(numbers)))
        now = self._clock.now()
        # From here on nothing is waited for: two changes at once cannot both be the last.
        self._forget(now)
        counted = []
        for number, guest in own.items():
            most = guest.limits.get(Limit.CHANGES, self.usual[Limit.CHANGES])
            made = self._changes.setdefault(number, deque())
            while made and now - made[0] >= MINUTE:
                made.popleft()
            if most and len(made) >= most:
                return most
            counted.append(made)
        for made in counted:
            made.append(now)
        return None

    def _forget(self, now: datetime) -> None:
        if len(self._changes) > _MOST_REMEMBERED:
            recent = {
                number: made for number, made in self._changes.items() if made and now - made[-1] < MINUTE
            }
            self._changes = recent
