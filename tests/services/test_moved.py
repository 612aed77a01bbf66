"""A feed that has moved for good is one feed, by either address."""

from dataclasses import replace

from bot.services.subscriptions import AlreadySubscribed, Subscribed
from tests.services.stage import ADA, URL, Stage, feed

OLD = "https://old.example/rss"


async def test_the_old_address_finds_the_feed_without_asking_again(life: Stage) -> None:
    life.reader.web[OLD] = replace(feed("tides"), moved_to=URL)
    await life.subscriptions.meet(ADA)
    first = await life.subscriptions.subscribe(ADA, None, OLD)
    assert isinstance(first, Subscribed)
    assert first.subscription.feed_url == URL

    asked = len(life.reader.asked)
    for address in (OLD, URL):
        assert isinstance(await life.subscriptions.subscribe(ADA, None, address), AlreadySubscribed)
    assert len(life.reader.asked) == asked


async def test_an_old_address_of_a_feed_that_is_followed_already_is_no_second_feed(life: Stage) -> None:
    await life.follow()
    life.reader.web[OLD] = replace(feed("tides"), moved_to=URL)
    assert isinstance(await life.subscriptions.subscribe(ADA, None, OLD), AlreadySubscribed)
