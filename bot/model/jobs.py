"""What is to be done now."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """A job: check this feed."""

    feed_id: int


@dataclass(frozen=True, slots=True)
class Drain:
    """A job: send what waits for this chat."""

    chat_id: int


Job = Check | Drain
