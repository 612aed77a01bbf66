"""What a feed holds, shown to somebody who does not follow it: nothing is kept but what stands behind buttons."""

from __future__ import annotations

from dataclasses import dataclass

from bot import feeds
from bot.model import Article, Beat, Chat, FeedLink, FeedRead, Problem
from bot.pipeline import articles
from bot.ports import Clock, Store
from bot.schedule import first_beat
from bot.services.extras import Extras
from bot.services.finding import Choice, FeedFound, Finder, NothingFound


@dataclass(frozen=True, slots=True)
class Previewed:
    """A feed as it stands now."""

    title: str
    url: str
    articles: tuple[Article, ...]
    """The newest few, oldest first, as they would have come."""
    beat: Beat | None
    """How often articles come; None if it is not known."""
    offer_id: int
    """What follows it."""


@dataclass(frozen=True, slots=True)
class Several:
    """The address is a site's that has these feeds."""

    url: str
    offers: tuple[tuple[int, FeedLink], ...]
    """Each with the id to look at it by."""


# From fewer nobody can say how often articles come.
_FEWEST_DATES = 2

PreviewResult = Previewed | Several | Problem


class Previews:
    """Looks at feeds."""

    def __init__(self, store: Store, finder: Finder, clock: Clock) -> None:
        self._extras: Extras | None = None
        self._store = store
        self._finder = finder
        self._clock = clock

    def switch_on(self, extras: Extras) -> None:
        """What alerts come with, and so samples."""
        self._extras = extras

    async def look(self, chat: Chat, address: str, most: int) -> PreviewResult:
        """Read the feed at this address or of this site; say what there is instead.

        Args:
            most: so many articles at most.
        """
        match await self._finder.find(address):
            case FeedFound() as found:
                return await self._shown(chat, found, most)
            case Choice(url, links):
                return Several(url, await self._keep(chat, links[:10]))
            case NothingFound(problem):
                return problem

    async def look_at_offer(self, chat: Chat, offer_id: int, most: int) -> PreviewResult:
        """Read the feed behind a button."""
        link = await self._store.offer(chat.id, offer_id)
        return Problem("offer.gone") if link is None else await self.look(chat, link.url, most)

    async def _shown(self, chat: Chat, found: FeedFound, most: int) -> Previewed:
        feed = found.reading.feed
        url = found.reading.moved_to or found.url
        dates = [entry.published for entry in feed.entries if entry.published]
        beat = first_beat(dates, self._clock.now()) if len(dates) >= _FEWEST_DATES else None
        newest = await self._newest(found.reading, most)
        ((offer_id, _),) = await self._keep(chat, (FeedLink(url, feed.title),))
        return Previewed(feed.title, url, newest, beat, offer_id)

    async def _newest(self, reading: FeedRead, most: int) -> tuple[Article, ...]:
        if self._extras is not None:
            reading = await self._extras.with_sample_pages(reading, most)
        newest = articles(feeds.past(reading.feed.entries, most), reading)
        return newest if self._extras is None else await self._extras.retell_samples(newest, most)

    async def _keep(self, chat: Chat, links: tuple[FeedLink, ...]) -> tuple[tuple[int, FeedLink], ...]:
        async with self._store.transaction() as tx:
            ids = await tx.keep_offers(chat.id, links, self._clock.now())
        return tuple(zip(ids, links, strict=True))
