"""Services on a store, with fakes around them: one chat that follows one feed of one entry."""

from dataclasses import dataclass
from datetime import timedelta

from bot.model import Chat, ChatKind, Entry, FeedRead, ParsedFeed, Validators
from bot.pacing import limits
from bot.schedule import Rhythm
from bot.services.bulletins import Bulletins
from bot.services.delivery import Delivery
from bot.services.finding import Finder
from bot.services.polling import Polling
from bot.services.road import PacedRoad
from bot.services.standings import Standings
from bot.services.subscribing import Subscribed
from bot.services.subscriptions import Subscriptions
from bot.store import SqlStore
from tests.fakes import FakeClock, FakeJobs, FakeMessenger, FakeReader

URL = "https://coast.example/feed"
ADA = Chat(1001, ChatKind.PRIVATE, "Ada", "en")
RHYTHM = Rhythm(timedelta(minutes=1), timedelta(minutes=10), timedelta(days=1))
LIMITS = limits(global_rate=28, chat_rate=1, group_rate=20)
BACKLOG = 10


@dataclass
class Stage:
    """Everything that a story needs."""

    store: SqlStore
    clock: FakeClock
    reader: FakeReader
    messenger: FakeMessenger
    jobs: FakeJobs
    polling: Polling
    delivery: Delivery
    subscriptions: Subscriptions
    standings: Standings
    bulletins: Bulletins

    def publish(self, *titles: str) -> None:
        """The feed now holds these, newest first."""
        self.reader.web[URL] = feed(*titles)

    async def follow(self, chat: Chat = ADA) -> int:
        """Subscribe and give the feed's id."""
        await self.subscriptions.meet(chat)
        result = await self.subscriptions.subscribe(chat, None, URL)
        assert isinstance(result, Subscribed), result
        return result.subscription.feed_id

    async def round(self, feed_id: int) -> None:
        """One check, and everything it owes delivered."""
        await self.polling.check(feed_id)
        await self.delivery.deliver()


def feed(*titles: str) -> FeedRead:
    entries = tuple(
        Entry(
            guid=title,
            link=f"https://coast.example/{title}",
            title=title,
            summary=f"About {title}. And more.",
        )
        for title in titles
    )
    parsed = ParsedFeed("Coast News", "https://coast.example/", "en", entries)
    return FeedRead(parsed, URL, Validators(etag=f'"{"-".join(titles)}"'), fresh_for=None)


def stage(store: SqlStore, clock: FakeClock | None = None) -> Stage:
    clock = clock or FakeClock()
    road = PacedRoad(store, clock, LIMITS)
    reader, messenger, jobs = FakeReader({URL: feed("tides")}), FakeMessenger(), FakeJobs()
    polling = Polling(store, reader, jobs, clock, RHYTHM)
    return Stage(
        store,
        clock,
        reader,
        messenger,
        jobs,
        polling,
        Delivery(store, messenger, clock, LIMITS, backlog=BACKLOG),
        Subscriptions(store, Finder(reader), jobs, clock, RHYTHM),
        Standings(store, clock, polling.look),
        Bulletins(store, messenger, road, clock),
    )
