"""One feed, many readers: it is fetched once for all of them, and each begins with what is there now."""

from datetime import timedelta
from threading import current_thread, main_thread
from typing import Any

import pytest

from bot.model import Chat, ChatKind, PollOutcome
from bot.pipeline import conclude
from bot.services import polling
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


@pytest.mark.parametrize(("most", "aside"), [(300, False), (0, True)], ids=["few readers", "very many"])
async def test_the_filters_of_very_many_are_asked_while_others_talk(
    life: Stage, monkeypatch: pytest.MonkeyPatch, most: int, aside: bool
) -> None:
    """Reading a hundred thousand filters takes seconds, in which no button would be answered."""
    threads = []

    def watched(*args: Any, **options: Any) -> PollOutcome:
        threads.append(current_thread())
        return conclude(*args, **options)

    monkeypatch.setattr(polling, "conclude", watched)
    monkeypatch.setattr(polling, "MANY_READERS", most)
    feed_id = await life.follow()
    life.publish("storm", "tides")
    await life.round(feed_id)
    assert [one is not main_thread() for one in threads] == [aside]
    assert life.messenger.sent == [(ADA.id, "storm")]
