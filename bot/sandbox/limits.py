"""Telegram's flood limits as arithmetic over sliding windows; the time comes in from above.

Source: the Bot API FAQ, "My bot is hitting limits": about 30 messages a second over all, one a second
in a private chat with short bursts allowed, 20 a minute in a group; a picture of an album counts as one.
"""

import math
from collections import deque
from dataclasses import dataclass, field, replace

from bot.sandbox.shapes import ChatType

LONGEST_MEMORY = 100_000  # chats remembered before the quiet ones are forgotten


@dataclass(frozen=True, slots=True)
class Rates:
    """Messages per window. `private_burst` messages may come at once, then `private_rate` a second."""

    enabled: bool = False
    global_rate: float = 30.0  # per second
    private_rate: float = 1.0  # per second
    private_burst: int = 3
    group_rate: int = 20  # per minute, also in channels


@dataclass(slots=True)
class Limits:
    """What was sent lately, for all chats and for each."""

    rates: Rates = field(default_factory=Rates)
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=dict)

    def change(self, **given: float) -> None:
        """Set some of the rates. Raises TypeError for an unknown name, ValueError for no number."""
        if not all(isinstance(value, int | float) for value in given.values()):
            raise ValueError("a rate is a number")
        if any(value <= 0 for name, value in given.items() if name != "enabled"):
            raise ValueError("a rate is more than nothing")
        self.rates = replace(self.rates, **given)  # type: ignore[arg-type]
        self.clear()

    def clear(self) -> None:
        """Forget what was sent."""
        self._all.clear()
        self._chats.clear()

    def take(self, now: float, chat: int, kind: ChatType, count: int = 1) -> int | None:
        """Count `count` messages to a chat, or say how many seconds to wait; None means they may go.

        Args:
            now: seconds of any clock that does not run backwards.
            count: pictures of an album, 1 otherwise.
        """
        if not self.rates.enabled:
            return None
        if len(self._chats) > LONGEST_MEMORY:
            self._chats.clear()
        recent = self._chats.setdefault(chat, deque())
        allowed, window = self._chat_window(kind)
        burst = max(1, round(self.rates.global_rate))
        waits = (
            _wait(self._all, now, burst, burst / self.rates.global_rate, count),
            _wait(recent, now, allowed, window, count),
        )
        if max(waits) > 0:
            return max(1, math.ceil(max(waits)))
        self._all.extend([now] * count)
        recent.extend([now] * count)
        return None

    def _chat_window(self, kind: ChatType) -> tuple[int, float]:
        if kind == "private":
            return self.rates.private_burst, self.rates.private_burst / self.rates.private_rate
        return self.rates.group_rate, 60.0


def _wait(sent: deque[float], now: float, allowed: int, window: float, count: int) -> float:
    """Seconds until `count` more fit into the window; more than it holds may go alone into an empty one."""
    while sent and sent[0] <= now - window:
        sent.popleft()
    excess = len(sent) + min(count, allowed) - allowed
    return 0.0 if excess <= 0 else sent[min(excess, len(sent)) - 1] + window - now
