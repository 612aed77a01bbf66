"""Readers hear of a feed in trouble once, also through pauses and crashes, and that it is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import (
    Chat,
    ChatGone,
    ChatKind,
    ChatMoved,
    FetchFailed,
    Notice,
    NotSent,
    Problem,
    Refused,
    SendResult,
    TooFast,
)
from bot.services.subscribing import Subscribed
from tests.services.stage import ADA, URL, Stage, feed

MINUTES = timedelta(minutes=1)
HOURS = timedelta(hours=1)
DAYS = timedelta(days=1)
BEA = Chat(1003, ChatKind.PRIVATE, "Bea", "en")
CHANNEL = Chat(-100200, ChatKind.CHANNEL, "The Coast", "en")

TIMEOUT = FetchFailed(Problem("fetch.timeout", {"host": "coast.example"}))
GONE = FetchFailed(Problem("fetch.gone", {"host": "coast.example"}))
CRASHED = FetchFailed(Problem("parse.crashed", {"host": "coast.example"}))


async def pass_time(life: Stage, duration: timedelta, *, step: timedelta = 6 * HOURS) -> None:
    """Everything that the ticks do, every few hours."""
    end = life.clock.now() + duration
    while life.clock.now() < end:
        life.clock.advance(step)
        await life.polling.claim_due()
        for job in life.jobs.asked:
            if hasattr(job, "feed_id"):
                await life.polling.check(job.feed_id)
        life.jobs.asked.clear()
        await life.bulletins.tell()
        await life.bulletins.send()


def told(life: Stage, chat: Chat = ADA) -> list[str]:
    return [words for chat_id, words in life.messenger.sent if chat_id == chat.id]


async def test_after_three_days_after_a_month_and_when_it_is_over(life: Stage) -> None:
    await life.follow()
    well = life.reader.web[URL]
    life.reader.web[URL] = TIMEOUT
    await pass_time(life, 2 * DAYS)
    assert told(life) == []
    await pass_time(life, 2 * DAYS)
    assert told(life) == ["trouble.days"]
    await pass_time(life, 20 * DAYS)
    assert told(life) == ["trouble.days"]
    await pass_time(life, 30 * DAYS)
    assert told(life) == ["trouble.days", "trouble.month"]
    life.reader.web[URL] = well
    await pass_time(life, 5 * DAYS)
    assert told(life) == ["trouble.days", "trouble.month", "trouble.over"]


async def test_what_was_never_told_needs_no_end(life: Stage) -> None:
    await life.follow()
    well = life.reader.web[URL]
    life.reader.web[URL] = TIMEOUT
    await pass_time(life, 2 * DAYS)
    life.reader.web[URL] = well
    await pass_time(life, 2 * DAYS)
    assert told(life) == []


async def test_the_next_streak_is_told_anew(life: Stage) -> None:
    await life.follow()
    well = life.reader.web[URL]
    for _ in range(2):
        life.reader.web[URL] = TIMEOUT
        await pass_time(life, 5 * DAYS)
        life.reader.web[URL] = well
        await pass_time(life, 5 * DAYS)
    assert told(life) == ["trouble.days", "trouble.over"] * 2


async def test_the_sentence_says_how_long_and_why(life: Stage) -> None:
    await life.follow()
    life.reader.web[URL] = TIMEOUT
    await pass_time(life, 5 * DAYS)
    ((_, _, notice),) = life.messenger.tried
    assert isinstance(notice, Notice)
    assert notice.about
    assert (notice.days, notice.about.problem) == (3, TIMEOUT.problem)


async def test_a_paused_chat_is_told_when_it_resumes(life: Stage) -> None:
    await life.follow()
    await life.follow(BEA)
    await life.subscriptions.pause(ADA)
    life.reader.web[URL] = TIMEOUT
    await pass_time(life, 5 * DAYS)
    assert (told(life), told(life, BEA)) == ([], ["trouble.days"])
    await life.subscriptions.resume(replace(ADA, paused=True))
    await life.bulletins.send()
    assert told(life) == ["trouble.days"]


async def test_what_a_paused_chat_never_heard_of_is_not_told_as_over(life: Stage) -> None:
    await life.follow()
    await life.follow(BEA)
    await life.subscriptions.pause(ADA)
    well = life.reader.web[URL]
    life.reader.web[URL] = TIMEOUT
    await pass_time(life, 5 * DAYS)
    life.reader.web[URL] = well
    await pass_time(life, 5 * DAYS)
    await life.subscriptions.resume(replace(ADA, paused=True))
    await life.bulletins.send()
    assert (told(life), told(life, BEA)) == ([], ["trouble.days", "trouble.over"])


async def test_the_readers_of_a_channel_are_not_told(life: Stage) -> None:
    """They can do nothing about it; whoever manages it sees it in /status."""
    await life.follow(CHANNEL)
    life.reader.web[URL] = TIMEOUT
    await pass_time(life, 5 * DAYS)
    assert told(life, CHANNEL) == []


async def test_gone_on_two_days_puts_it_aside_and_asking_brings_it_back(life: Stage) -> None:
    await life.follow()
    well = life.reader.web[URL]
    life.reader.web[URL] = GONE
    await pass_time(life, 3 * DAYS)
    assert told(life) == ["trouble.gone"]
    asked = len(life.reader.asked)
    await pass_time(life, 40 * DAYS)
    assert len(life.reader.asked) == asked
    assert told(life) == ["trouble.gone"]
    life.reader.web[URL] = well
    (subscription,) = await life.subscriptions.of(ADA.id)
    await life.standings.look(subscription)
    await pass_time(life, 1 * DAYS)
    assert told(life) == ["trouble.gone", "trouble.over"]
    assert len(life.reader.asked) > asked + 1


async def test_three_killed_readers_in_a_row_put_it_aside_and_nothing_is_deleted(life: Stage) -> None:
    await life.follow()
    life.reader.web[URL] = CRASHED
    await pass_time(life, 3 * DAYS)
    assert told(life) == ["trouble.unreadable"]
    assert len(life.reader.asked) == 4  # the subscription, and three
    (standing,) = await life.standings.of(ADA.id)
    assert standing.next_check_at is None


async def test_asking_for_what_is_still_gone_says_nothing_twice(life: Stage) -> None:
    await life.follow()
    life.reader.web[URL] = GONE
    await pass_time(life, 3 * DAYS)
    (subscription,) = await life.subscriptions.of(ADA.id)
    await life.standings.look(subscription)
    await life.bulletins.send()
    assert told(life) == ["trouble.gone"]
    (standing,) = await life.standings.of(ADA.id)
    assert standing.next_check_at is None


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        pytest.param(NotSent("no route"), True, id="not sent: tried again"),
        pytest.param(TooFast(30 * MINUTES), True, id="too fast: tried again"),
        pytest.param(ChatMoved(-100300), True, id="moved: told at its new place"),
        pytest.param(ChatGone("blocked"), False, id="blocked: the chat rests"),
        pytest.param(Refused("no"), False, id="refused for good"),
    ],
)
async def test_whatever_telegram_answers(life: Stage, answer: SendResult, again: bool) -> None:
    await life.follow()
    life.reader.web[URL] = TIMEOUT
    life.messenger.answers = [answer]
    await pass_time(life, 5 * DAYS)
    assert len(life.messenger.tried) == 1 + again
    assert [words for _, words in life.messenger.sent] == ["trouble.days"] * again


async def test_a_crash_before_the_answer_is_recorded_doubles_and_loses_nothing(life: Stage) -> None:
    await life.follow()
    life.reader.web[URL] = TIMEOUT

    def crash() -> None:
        life.messenger.after_send = lambda: None
        raise RuntimeError("killed")

    life.messenger.after_send = crash
    with pytest.raises(RuntimeError):
        await pass_time(life, 5 * DAYS)
    await pass_time(life, 1 * DAYS)
    assert told(life) == ["trouble.days"] * 2


async def test_all_feeds_of_a_silent_host_are_told_though_few_were_asked(life: Stage) -> None:
    await life.follow()
    for number in range(6):
        url = f"https://coast.example/{number}"
        life.reader.web[url] = feed("tides")
        assert isinstance(await life.subscriptions.subscribe(ADA, None, url), Subscribed)
    for url in list(life.reader.web):
        life.reader.web[url] = TIMEOUT
    asked = len(life.reader.asked)
    await pass_time(life, 4 * DAYS, step=20 * MINUTES)
    assert told(life) == ["trouble.days"] * 7
    probes = len(life.reader.asked) - asked
    assert probes < 4 * 24 + 20  # one an hour for all of them, not each by itself
