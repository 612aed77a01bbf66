"""One feed, many readers: it is fetched once for all of them, and each begins with what is there now."""

from datetime import timedelta

from bot.model import Chat, ChatKind
from bot.services.subscribing import Subscribed
from tests.services.stage import ADA, URL, Stage

BEA = Chat(1002, ChatKind.PRIVATE, "Bea", "en")


async def test_who_follows_a_known_feed_sees_its_newest_article_and_gets_nothing_old(life: Stage) -> None:
    feed_id = await life.follow()
    life.publish("storm", "tides")
    life.clock.advance(timedelta(hours=1))
    await life.round(feed_id)
    asked = len(life.reader.asked)
    await life.subscriptions.meet(BEA)
    result = await life.subscriptions.subscribe(BEA, None, URL)
    assert isinstance(result, Subscribed)
    assert result.sample
    assert result.sample.title == "storm"
    assert len(life.reader.asked) == asked
    await life.round(feed_id)
    assert life.messenger.sent == [(ADA.id, "storm")]


async def test_a_feed_is_fetched_once_for_all_its_readers(life: Stage) -> None:
    feed_id = await life.follow()
    assert await life.follow(BEA) == feed_id
    life.publish("storm", "tides")
    life.clock.advance(timedelta(hours=1))
    asked = len(life.reader.asked)
    await life.round(feed_id)
    assert len(life.reader.asked) == asked + 1
    assert sorted(life.messenger.sent) == [(ADA.id, "storm"), (BEA.id, "storm")]
