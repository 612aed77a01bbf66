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
