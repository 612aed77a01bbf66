"""How feeds fare, and looking now."""

from datetime import timedelta

from bot.model import FetchFailed, Problem
from bot.services.standings import Looked, NotYet, UnderWay
from tests.services.stage import ADA, URL, Stage, feed

MINUTES = timedelta(minutes=1)
SECONDS = timedelta(seconds=1)


async def test_how_a_feed_fares(life: Stage) -> None:
    feed_id = await life.follow()
    began = life.clock.now()
    life.clock.advance(30 * MINUTES)
    life.reader.web[URL] = FetchFailed(Problem("fetch.timeout", {"host": "coast.example"}))
    await life.polling.check(feed_id)
    (standing,) = await life.standings.of(ADA.id)
    assert (standing.succeeded_at, standing.failing_since) == (began, began + 30 * MINUTES)
    assert standing.gap
    assert 30 * MINUTES <= standing.gap <= 33 * MINUTES
    assert standing.next_check_at == began + 30 * MINUTES + standing.gap


async def test_looking_now_finds_what_is_new_and_it_comes_as_an_alert(life: Stage) -> None:
    await life.follow()
    life.publish("storm", "tides")
    life.clock.advance(2 * MINUTES)
    (subscription,) = await life.subscriptions.of(ADA.id)
    assert await life.standings.look(subscription) == Looked(1, None)
    await life.delivery.deliver()
    assert life.messenger.sent == [(ADA.id, "storm")]


async def test_once_a_minute(life: Stage) -> None:
    await life.follow()
    life.clock.advance(2 * MINUTES)
    (subscription,) = await life.subscriptions.of(ADA.id)
    await life.standings.look(subscription)
    looked = life.clock.now()
    life.clock.advance(59 * SECONDS)
    assert await life.standings.look(subscription) == NotYet(looked + MINUTES, None)
    life.clock.advance(1 * SECONDS)
    assert await life.standings.look(subscription) == Looked(0, None)


async def test_not_against_the_hosts_wish(life: Stage) -> None:
    feed_id = await life.follow()
    asked = len(life.reader.asked)
    busy = Problem("fetch.too_many_requests", {"host": "coast.example"})
    life.reader.web[URL] = FetchFailed(busy, retry_after=20 * MINUTES)
    await life.polling.check(feed_id)
    until = life.clock.now() + 20 * MINUTES
    life.clock.advance(5 * MINUTES)
    (subscription,) = await life.subscriptions.of(ADA.id)
    assert await life.standings.look(subscription) == NotYet(until, "coast.example")
    assert len(life.reader.asked) == asked + 1


async def test_a_host_that_is_down_asked_for_nothing(life: Stage) -> None:
    """Its probes are hours apart in the end; who knows that it is back need not wait for them."""
    await life.subscriptions.meet(ADA)
    pages = [f"https://coast.example/{number}" for number in range(3)]
    for page in pages:
        life.reader.web[page] = feed("tides")
        await life.subscriptions.subscribe(ADA, None, page)
    down = FetchFailed(Problem("fetch.not_found", {"host": "coast.example"}))
    life.reader.web |= dict.fromkeys(pages, down)
    followed = await life.subscriptions.of(ADA.id)
    for _ in range(4):
        life.clock.advance(5 * MINUTES)
        for one in followed:
            await life.polling.check(one.feed_id)
    life.clock.advance(1 * MINUTES)
    life.reader.web[pages[0]] = feed("storm", "tides")
    assert await life.standings.look(followed[0]) == Looked(1, None)


async def test_not_while_somebody_else_does(life: Stage) -> None:
    await life.follow()
    life.clock.advance(60 * MINUTES)
    await life.polling.claim_due()
    life.clock.advance(2 * SECONDS)
    (subscription,) = await life.subscriptions.of(ADA.id)
    assert await life.standings.look(subscription) == UnderWay()
