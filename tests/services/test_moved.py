"""A feed that has moved for good is one feed, by either address."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Chat, ChatKind, SourceResult, Unchanged, Validators
from bot.pipeline import conclude
from bot.services.subscribing import AlreadySubscribed, Subscribed
from tests.services.stage import ADA, RHYTHM, URL, Stage, feed

OLD = "https://old.example/rss"
BEA = Chat(1003, ChatKind.PRIVATE, "Bea", "en")
SECOND = timedelta(seconds=1)


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


async def two_feeds(life: Stage) -> tuple[int, int]:
    """ADA follows OLD, and URL; BEA follows URL alone. Both know the tides."""
    life.reader.web[OLD] = feed("tides")
    await life.subscriptions.meet(ADA)
    old = await life.subscriptions.subscribe(ADA, None, OLD)
    assert isinstance(old, Subscribed)
    await life.subscriptions.filter(old.subscription, "storm OR frost OR calm")
    life.clock.advance(SECOND)
    await life.follow(ADA)
    return old.subscription.feed_id, await life.follow(BEA)


async def titles(life: Stage, feed_id: int) -> list[tuple[int, str]]:
    before = len(life.messenger.sent)
    await life.round(feed_id)
    return life.messenger.sent[before:]


async def test_a_permanent_redirect_is_adopted_and_old_commands_still_work(life: Stage) -> None:
    life.reader.web[OLD] = feed("tides")
    await life.subscriptions.meet(ADA)
    old = await life.subscriptions.subscribe(ADA, None, OLD)
    assert isinstance(old, Subscribed)
    life.reader.web[OLD] = replace(feed("storm", "tides"), moved_to=URL)
    assert await titles(life, old.subscription.feed_id) == [(ADA.id, "storm")]
    life.reader.web[URL] = feed("frost", "storm", "tides")
    assert await titles(life, old.subscription.feed_id) == [(ADA.id, "frost")]
    assert life.reader.asked[-1][0] == URL
    (subscription,) = await life.subscriptions.of(ADA.id)
    assert subscription.feed_url == URL
    assert await life.subscriptions.named(ADA.id, OLD) == subscription


async def test_an_unchanged_answer_moves_it_too(life: Stage) -> None:
    feed_id = await life.follow()
    life.reader.web[URL] = Unchanged(Validators('"x"'), None, moved_to=OLD)
    await life.polling.check(feed_id)
    assert (await life.subscriptions.of(ADA.id))[0].feed_url == OLD


async def test_an_empty_document_at_a_new_address_moves_nothing(life: Stage) -> None:
    """A parking page may well be an empty feed."""
    feed_id = await life.follow()
    life.reader.web[URL] = replace(feed(), moved_to=OLD)
    await life.polling.check(feed_id)
    assert (await life.subscriptions.of(ADA.id))[0].feed_url == URL


async def test_a_feed_that_moves_back_and_forth_is_one_feed(life: Stage) -> None:
    feed_id = await life.follow()
    for here, there in [(URL, OLD), (OLD, URL), (URL, OLD)]:
        life.reader.web[here] = replace(feed("tides"), moved_to=there)
        life.reader.web[there] = feed("tides")
        await life.polling.check(feed_id)
        assert await life.store.feed_by_url(OLD) == feed_id == await life.store.feed_by_url(URL)
        assert (await life.subscriptions.of(ADA.id))[0].feed_url == there


async def test_two_feeds_that_became_one_double_and_lose_nothing(life: Stage) -> None:
    """ADA has both and keeps the older subscription with its filter; BEA gets what her feed had not seen yet."""
    old, new = await two_feeds(life)
    life.reader.web[OLD] = feed("storm", "tides")
    assert await titles(life, old) == [(ADA.id, "storm")]
    life.reader.web[OLD] = replace(feed("frost", "storm", "tides"), moved_to=URL)
    assert sorted(await titles(life, old)) == [(ADA.id, "frost"), (BEA.id, "frost"), (BEA.id, "storm")]
    assert await life.store.feed(old) is None
    (kept,) = await life.subscriptions.of(ADA.id)
    assert (kept.feed_id, kept.filter) == (new, "storm OR frost OR calm")
    assert await life.store.feed_by_url(OLD) == new

    life.reader.web[URL] = feed("calm", "frost", "storm", "tides")
    assert sorted(await titles(life, new)) == [(ADA.id, "calm"), (BEA.id, "calm")]


async def test_what_still_waits_goes_along_when_two_become_one(life: Stage) -> None:
    old, new = await two_feeds(life)
    life.reader.web[OLD] = feed("storm", "tides")
    await life.polling.check(old)  # owed, and not yet sent
    life.reader.web[URL] = feed("storm", "tides")
    await life.polling.check(new)
    life.reader.web[OLD] = replace(feed("storm", "tides"), moved_to=URL)
    await life.polling.check(old)
    await life.delivery.deliver()
    assert sorted(life.messenger.sent) == [(ADA.id, "storm"), (BEA.id, "storm")]


async def test_an_unchanged_feed_is_read_whole_before_two_become_one(life: Stage) -> None:
    """Only the document says what the other feed's readers have not had."""
    old, _ = await two_feeds(life)
    life.reader.web[OLD] = Unchanged(Validators('"x"'), None, moved_to=URL)
    await life.polling.check(old)
    assert await life.store.feed(old) is not None
    life.reader.web[OLD] = replace(feed("tides"), moved_to=URL)
    await life.polling.check(old)
    assert life.reader.asked[-1] == (OLD, Validators())
    assert await life.store.feed(old) is None


async def test_a_check_of_a_feed_that_has_become_another_ends_quietly(life: Stage) -> None:
    old, new = await two_feeds(life)
    stale = await life.store.feed(old)
    life.reader.web[OLD] = replace(feed("tides"), moved_to=URL)
    await life.polling.check(old)
    assert stale
    late = conclude(stale, feed("storm", "tides"), (), rhythm=RHYTHM, now=life.clock.now())
    async with life.store.transaction() as tx:
        assert await tx.record_poll(late) == frozenset()
        await tx.record_quiet_polls([late, replace(late, seen=())])
    life.publish("storm", "tides")
    assert len(await titles(life, new)) == 2


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Unchanged(Validators('"x"'), None), id="it has not changed"),
        pytest.param(feed("storm", "tides"), id="it has news"),
    ],
)
async def test_a_feed_that_became_another_after_its_claim_changes_nothing(
    life: Stage, answer: SourceResult
) -> None:
    old, new = await two_feeds(life)
    life.clock.advance(timedelta(hours=1))
    assert await life.polling.claim_due() == 2
    life.reader.web[OLD] = replace(feed("tides"), moved_to=URL)
    await life.polling.look(old)
    before = await life.store.feed(new)
    life.reader.web[OLD] = answer
    await life.polling.check(old)
    assert await life.store.feed(old) is None
    assert await life.store.feed(new) == before
    assert life.messenger.sent == []
