"""What a list of subscriptions needs of each: thousands are looked through for the few that are shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """A subscription's place in its chat's list, and the words it is found by."""

    number: int
    """From 1."""
    id: int
    title: str
    """What it is called here; "" if it has no name."""
    url: str
    folder: str
    """"": in none."""
    filter: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of something, in the last day, week and month."""

    day: int = 0
    week: int = 0
    month: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """How much came to a chat."""

    sent: Tally
    held: Tally
    """Made then, and not sent yet: they wait, are held, or stand behind a burst."""
    dropped: Tally
    """Given up, or waited for too long."""
    active: tuple[tuple[int, int], ...]
    """Subscriptions that brought most in the month, by id, with how many articles."""
    quiet: tuple[int, ...]
    """Those whose feeds had nothing new in the month, the longest quiet first."""
