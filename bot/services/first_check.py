"""What is known of a feed that nobody followed until now."""

from __future__ import annotations

import asyncio
import dataclasses
from dataclasses import dataclass
from datetime import datetime

from bot.feeds import Outline
from bot.hosts import host_of
from bot.model import DueFeed, FeedRead, FetchFailed, Host, Login, Memory, PollOutcome, Validators
from bot.pipeline import conclude, first_reading
from bot.schedule import Rhythm
from bot.services.extras import Extras
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


async def first_outcome(
    reading: FeedRead, extras: Extras | None, *, rhythm: Rhythm, now: datetime
) -> PollOutcome:
    """What a feed's first reading brings.

    Args:
        extras: what the newest article, which is shown as a sample, comes with; None for nothing.
    """
    if extras is not None:
        reading = await extras.with_sample_pages(reading, 1)
    # In a thread: sixty articles to condense take from a tenth of a second to a few, and others talk meanwhile.
    outcome = await asyncio.to_thread(first_reading, reading, rhythm=rhythm, now=now)
    if extras is None:
        return outcome
    return dataclasses.replace(outcome, articles=await extras.retell_samples(outcome.articles, 1))
