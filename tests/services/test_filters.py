"""Filters, and what was there before they were changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.filters import Verdict
from bot.model import Article
from bot.services.stories import variants
from bot.services.trials import Judged, Misread, Trial, Trials, passing_weekly
from tests.fakes import NOW
from tests.services.stage import ADA, Stage


async def test_a_changed_filter_floods_nothing_old_and_loses_nothing_that_waits(life: Stage) -> None:
    feed_id = await life.follow()
    (subscription,) = await life.subscriptions.of(ADA.id)
    await life.subscriptions.filter(subscription, "storm")
    life.publish("storm", "calm", "tides")
    await life.polling.check(feed_id)  # storm waits, calm was held back
    for changed in ("calm", "", "calm -storm"):
        await life.subscriptions.filter(subscription, changed)
        await life.polling.check(feed_id)
    await life.delivery.deliver()
    assert life.messenger.sent == [(ADA.id, "storm")]


async def test_what_is_muted_is_known_and_does_not_come_when_the_mute_ends(life: Stage) -> None:
    feed_id = await life.follow()
    chat = await life.store.chat(ADA.id)
    assert chat
    await life.subscriptions.change(replace(chat, mute="storm"))
    life.publish("storm", "calm", "tides")
    await life.round(feed_id)
    await life.subscriptions.change(replace(chat, mute=""))
    await life.round(feed_id)
    assert life.messenger.sent == [(ADA.id, "calm")]


async def test_a_follow_brings_what_the_feeds_own_filter_holds_back(life: Stage) -> None:
    feed_id = await life.follow()
    (subscription,) = await life.subscriptions.of(ADA.id)
    await life.subscriptions.filter(subscription, "* -*")
    chat = await life.store.chat(ADA.id)
    assert chat
    await life.subscriptions.change(replace(chat, follows=(("weather", "storm"),)))
    life.publish("storm", "calm", "tides")
    await life.round(feed_id)
    assert life.messenger.sent == [(ADA.id, "storm")]


async def test_what_stood_in_the_first_document_is_tried_on_and_never_sent(life: Stage) -> None:
    life.publish("storm", "calm", "tides")
    feed_id = await life.follow()
    (subscription,) = await life.subscriptions.of(ADA.id)
    tried = await Trials(life.store, life.clock).of(subscription, "calm OR tides")
    assert isinstance(tried, Trial)
    assert [(one.article.title, one.verdict.holds) for one in tried.judged] == [
        ("storm", False),
        ("calm", True),
        ("tides", True),
    ]
    await life.round(feed_id)
    assert life.messenger.sent == []


async def test_a_trial_survives_a_restart(life: Stage) -> None:
    await life.follow()
    (subscription,) = await life.subscriptions.of(ADA.id)
    tried = await Trials(life.store, life.clock).of(subscription, "tides")
    assert isinstance(tried, Trial)
    again = await Trials(life.store, life.clock).again(ADA.id, tried.id)
    assert isinstance(again, Trial)
    assert (again.filter, again.through) == ("tides", 1)


@pytest.mark.parametrize(("text", "offers"), [("tides (", True), ("x" * 600, False)])
async def test_a_mistake_offers_a_trial_only_if_something_is_near(
    life: Stage, text: str, offers: bool
) -> None:
    await life.follow()
    (subscription,) = await life.subscriptions.of(ADA.id)
    result = await Trials(life.store, life.clock).of(subscription, text)
    assert isinstance(result, Misread)
    assert (result.id is not None) is offers


def judged(*days: float, through: int) -> list[Judged]:
    """Articles so many days old, the first few of which come through."""
    return [
        Judged(Article(str(n), "t", None, "", None, NOW - timedelta(days=age)), Verdict(n < through, ()))
        for n, age in enumerate(days)
    ]


@pytest.mark.parametrize(
    ("articles", "weekly"),
    [
        pytest.param(judged(*range(1, 8), through=7), 7.0, id="one a day"),
        pytest.param(judged(*range(1, 15), through=7), 3.5, id="half of one a day"),
        pytest.param(judged(*range(1, 15), 3000, through=15), 7.0, id="one that was pinned for years"),
        pytest.param(judged(1, through=1), None, id="too few to tell"),
        pytest.param(judged(-1, -2, through=2), None, id="dates ahead say nothing"),
        pytest.param([], None, id="none"),
    ],
)
def test_how_many_come_a_week(articles: list[Judged], weekly: float | None) -> None:
    assert passing_weekly(articles, NOW) == (None if weekly is None else pytest.approx(weekly))


@pytest.mark.parametrize(
    "link", ["https://a.example/x", "http://a.example/x/", "https://a.example/x#top", " a.example/x "]
)
def test_one_address_is_found_however_it_is_written(link: str) -> None:
    assert {"https://a.example/x", "http://a.example/x", "https://a.example/x/"} <= set(variants(link))
