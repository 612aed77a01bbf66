"""What became of an article in a chat, and why: what is kept of it, judged by the filters of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from bot import filters
from bot.model import Chat, Story
from bot.ports import Clock, Store

MOST = 5


@dataclass(frozen=True, slots=True)
class Explained:
    """A story with what filters say of its article today; what they said when it came is not kept."""

    story: Story
    muted: filters.Verdict | None
    """What the chat mutes; it holds back what it matches. None: it mutes nothing."""
    filtered: filters.Verdict | None
    """The feed's own filter; None: it has none."""
    followed: tuple[tuple[str, filters.Verdict], ...] = ()
    """The follows that let it through, by name."""

    @property
    def was_there_before(self) -> bool:
        """It stood in the feed when the chat began to follow it."""
        return self.story.state is None and self.story.known_at <= self.story.followed_since

    @property
    def is_held(self) -> bool:
        """Whether today's filters hold it back."""
        muted = self.muted is not None and self.muted.holds
        passes = self.filtered is None or self.filtered.holds or bool(self.followed)
        return muted or not passes


class Stories:
    """Answers to why."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    @property
    def now(self) -> datetime:
        """The time that everything here is told against."""
        return self._clock.now()

    async def of_message(self, chat: Chat, message_id: int) -> tuple[Explained, ...]:
        """Of what came with a message; empty if nothing is known of it."""
        return _explained(chat, await self._store.stories(chat.id, limit=MOST, message_id=message_id))

    async def of_link(self, chat: Chat, link: str) -> tuple[Explained, ...]:
        """Of the article at an address; empty if no feed of the chat had it within a month."""
        return _explained(chat, await self._store.stories(chat.id, limit=MOST, links=variants(link)))

    async def newest(self, chat: Chat) -> tuple[Explained, ...]:
        """Of the newest few that came since the chat follows their feeds."""
        return _explained(chat, await self._store.stories(chat.id, limit=MOST))


def variants(link: str) -> tuple[str, ...]:
    """The ways in which one address is written: with http or https, a slash at its end, a place in the page."""
    address = link.strip()
    bare = address.partition("#")[0].rstrip("/")
    place = bare.partition("://")[2] or bare
    ways = (f"{scheme}://{place}{end}" for scheme, end in product(("https", "http"), ("", "/")))
    return tuple(dict.fromkeys((address, *ways)))


def _explained(chat: Chat, stories: Sequence[Story]) -> tuple[Explained, ...]:
    return tuple(
        Explained(
            one,
            _verdict(chat.mute, one),
            # What is sent on is sent whatever the filter of the feed says.
            None if one.follow else _verdict(one.subscription.filter, one),
            tuple(_follows(one, (one.follow,) if one.follow else chat.follows)),
        )
        for one in stories
    )


def _follows(story: Story, follows: Sequence[tuple[str, str]]) -> Iterator[tuple[str, filters.Verdict]]:
    for name, text in follows:
        verdict = _verdict(text, story)
        if verdict is not None and verdict.holds:
            yield name, verdict


def _verdict(text: str, story: Story) -> filters.Verdict | None:
    """As of when it came; None if there is no filter, or one that cannot be read any more."""
    expression = filters.readable(text) if text else None
    if expression is None:
        return None
    feed = story.subscription.feed_title
    return filters.matches(expression, story.article, now=story.known_at, feed=feed)
