"""What is remembered of a feed between readings, as the store keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.feeds import News, news
from bot.model import Entry, Memory


@dataclass
class Keeper:
    """One row for each key: the second key seen last with it, or the one before if that entry had none."""

    policy: str | None = None
    rows: dict[str, str | None] = field(default_factory=dict)

    def memory(self) -> Memory:
        seconds = frozenset(second for second in self.rows.values() if second is not None)
        return Memory(self.policy, frozenset(self.rows), seconds)

    def read(self, entries: tuple[Entry, ...]) -> News:
        found = news(entries, self.memory())
        self.policy = found.policy
        for seen in found.seen:
            self.rows[seen.key] = seen.second or self.rows.get(seen.key)
        return found
