"""What is known of a feed that nobody followed until now."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from bot.feeds import Outline
from bot.hosts import host_of
from bot.model import DueFeed, FetchFailed, Host, Login, Memory, PollOutcome, Validators
from bot.pipeline import conclude
from bot.schedule import Rhythm
from bot.services.finding import NothingFound


@dataclass(frozen=True, slots=True)
class FirstCheck:
    """What its first reading brought."""

    url: str
    outcome: PollOutcome
    login: Login | None = None

    def titled(self, title: str) -> FirstCheck:
        """Called so until the feed gives a title of its own."""
        named = dataclasses.replace(self.outcome, title=self.outcome.title or title)
        return dataclasses.replace(self, outcome=named)


def out_of_reach(outline: Outline, nothing: NothingFound, *, rhythm: Rhythm, now: datetime) -> FirstCheck:
    """A feed of which nothing is known but that it could not be read now."""
    host = Host(host_of(outline.url))
    unread = DueFeed(0, outline.url, outline.title, Validators(), 0, Memory(policy=None), host)
    failed = FetchFailed(nothing.problem, nothing.retry_after)
    return FirstCheck(outline.url, conclude(unread, failed, (), rhythm=rhythm, now=now))
