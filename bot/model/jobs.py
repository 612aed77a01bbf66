"""What is to be done now."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """A job: check this feed."""

    feed_id: int


@dataclass(frozen=True, slots=True)
class Deliver:
    """A job: send what may be sent now. One for all chats: they share one limit."""


Job = Check | Deliver
