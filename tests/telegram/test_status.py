"""/status and /check, and the buttons below what readers are told of feeds in trouble."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import i18n
from bot.model import Beat, Chat, ChatKind, FetchFailed, Notice, PollOutcome, Problem, Streak, Validators
from bot.telegram import times
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.words import Words
from tests.fakes import NOW, FakePictures
from tests.telegram.conversation import (
    ADA,
    CHANNEL,
    FAMILY,
    XIAOMING,
    Conversation,
    Message,
    data,
    feed,
    labels,
    texts,
)

MINUTES = timedelta(minutes=1)
HOURS = timedelta(hours=1)
DAYS = timedelta(days=1)
NOT_FOUND = Problem("fetch.not_found", {"host": "example.org"})


async def record(chat: Conversation, who: int = ADA, **facts: object) -> None:
    """A check of the only feed that somebody follows."""
    (kept,) = await chat.store.subscriptions(who)
    plain = {"failures": 0, "problem": None, "next_check_at": NOW + 5 * MINUTES, "checked_at": NOW}
    outcome = PollOutcome(**{"feed_id": kept.feed_id, "validators": Validators(), **plain, **facts})  # type: ignore[arg-type]
    async with chat.store.transaction() as tx:
        await tx.record_poll(outcome)


async def test_status_says_when_how_often_and_what_is_wrong(chat: Conversation) -> None:
    await chat.say("/sub example.org/empty")
    beat = Beat(21, NOW)
    await record(chat, beat=beat)
    streak = Streak(since=NOW)
    at = NOW + 12 * MINUTES
    await record(
        chat, checked_at=at, next_check_at=at + 40 * MINUTES, failures=1, problem=NOT_FOUND, streak=streak
    )
    chat.clock.advance(12 * MINUTES)
    assert texts(await chat.say("/status")) == [
        "How your feed fares\n\n"
        "1. Nothing Yet\n"
        "    read 12 min ago, again in 40 min\n"
        "    about 3 articles a day, checked every 40 min\n"
        "    ⚠️ example.org is there, but it has no such page. Please check the address."
    ]


async def test_status_in_chinese(chat: Conversation) -> None:
    await chat.say("/sub example.org/empty", by=XIAOMING)
    await record(chat, XIAOMING, beat=Beat(2, NOW), next_check_at=NOW + 3 * HOURS)
    assert texts(await chat.say("/status", by=XIAOMING)) == [
        "1 个订阅源的近况\n\n1. Nothing Yet\n    刚刚读过，3 小时后再读\n    每周约 2 篇，每 3 小时查看一次"
    ]


async def test_what_was_put_aside_says_how_to_bring_it_back(chat: Conversation) -> None:
    await chat.say("/sub example.org/empty")
    gone = Problem("fetch.gone", {"host": "example.org"})
    await record(chat, checked_at=NOW + DAYS, next_check_at=None, failures=2, problem=gone)
    chat.clock.advance(3 * DAYS)
    (shown,) = await chat.say("/status")
    assert "read 3 days ago; put aside until you ask with ↻" in shown["text"]


async def test_status_without_feeds(chat: Conversation) -> None:
    (shown,) = await chat.say("/status")
    assert shown["text"].startswith("This chat follows nothing yet.")


async def test_a_long_status_is_turned_in_place_and_fits_into_messages(chat: Conversation) -> None:
    for number in range(11):
        url = f"https://f{number}.example/" + "x" * 250
        chat.reader.web[url] = feed("T" * 300)
        await chat.say(f"/sub {url}")
    for kept in await chat.store.subscriptions(ADA):
        problem = Problem("fetch.tls", {"host": "h" * 60, "reason": "r" * 300})
        async with chat.store.transaction() as tx:
            await tx.record_poll(
                PollOutcome(kept.feed_id, NOW, NOW, Validators(), 1, problem, beat=Beat(200, NOW))
            )
    (first,) = await chat.say("/status")
    assert len(first["text"]) <= 4096
    assert labels(first) == [
        ["↻ 1", "↻ 2", "↻ 3", "↻ 4", "↻ 5"],
        ["↻ 6", "↻ 7", "↻ 8", "↻ 9", "↻ 10"],
        ["◀", "1/2", "▶"],
    ]
    await chat.press(first, "status:1")
    last = await chat.now(first)
    assert last["text"].splitlines()[2].startswith("11. TTT")
    assert labels(last)[0] == ["↻ 11"]


async def test_status_of_a_channel_from_the_private_chat(chat: Conversation) -> None:
    await chat.say("/sub @feedbell_demo example.org/empty")
    (shown,) = await chat.say("/status @feedbell_demo")
    assert "1. Nothing Yet" in shown["text"]
    assert data(shown)[0].endswith(f"@{CHANNEL}")


# --- looking now ---


@pytest.mark.parametrize(
    ("then", "said"),
    [
        pytest.param(
            feed("Weather & Sons", "Rain on Monday"), "works; there is nothing new.", id="nothing new"
        ),
        pytest.param(
            feed("Weather & Sons", "Hail", "Rain on Monday"), "works, and has one new article.", id="news"
        ),
        pytest.param(
            FetchFailed(Problem("fetch.timeout", {"host": "example.org"})),
            "⚠️ Weather & Sons: example.org takes too long to answer. Please try again later.",
            id="trouble",
        ),
    ],
)
async def test_check_looks_at_once_and_says_what_came_of_it(
    chat: Conversation, then: FetchFailed, said: str
) -> None:
    await chat.say("/sub example.org/feed")
    chat.clock.advance(2 * MINUTES)
    chat.reader.web["https://example.org/feed"] = then
    (answer,) = await chat.say("/check 1")
    assert answer["text"].endswith(said)


async def test_check_needs_no_number_where_there_is_one_feed(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    assert texts(await chat.say("/check")) == [
        "I looked at Weather & Sons less than a minute ago. You can ask again in 1 min."
    ]


async def test_check_of_what_is_not_there(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    (answer,) = await chat.say("/check 7")
    assert answer["text"].startswith("I find no “7” among the feeds of this chat.")


async def test_check_says_when_the_site_wants_to_be_left_alone(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    busy = Problem("fetch.too_many_requests", {"host": "example.org"})
    chat.reader.web["https://example.org/feed"] = FetchFailed(busy, 30 * MINUTES)
    chat.clock.advance(2 * MINUTES)
    await chat.say("/check 1")
    chat.clock.advance(2 * MINUTES)
    assert texts(await chat.say("/check 1")) == [
        "The site of Weather & Sons cannot be asked just now; I look again in 28 min by myself."
    ]


async def test_the_button_of_status_looks_too(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    chat.clock.advance(2 * MINUTES)
    (shown,) = await chat.say("/status")
    assert await chat.press(shown, data(shown)[0]) == "One moment, I am reading it…"
    assert texts(await chat.since(ADA, shown["message_id"])) == [
        "Weather & Sons works; there is nothing new."
    ]


# --- told of trouble ---


async def bulletin(chat: Conversation, trouble: str = "trouble.days", where: int = ADA) -> Message:
    (kept,) = await chat.store.subscriptions(where)
    messenger = TelegramMessenger(chat.side.sending_bot, i18n.load(), FakePictures())
    home = Chat(where, ChatKind.PRIVATE, "", "en")
    before = (await chat.since(where, 0))[-1]["message_id"]
    await messenger.send(home, None, Notice(trouble, "en", kept, days=3))
    (message,) = await chat.since(where, before)
    return message


async def test_trouble_is_told_in_words_with_what_can_be_done(chat: Conversation) -> None:
    await chat.say("/sub example.org/empty")
    await record(chat, failures=1, problem=NOT_FOUND)
    message = await bulletin(chat)
    assert message["text"] == (
        "⚠️ I could not read Nothing Yet for 3 days. example.org is there, but it has no such page. Please check "
        "the address. I keep trying; nothing is lost as long as the site keeps it."
    )
    assert labels(message) == [["Try now", "Replace the address"], ["Stop following"]]


async def test_that_it_is_over_needs_no_buttons(chat: Conversation) -> None:
    await chat.say("/sub example.org/empty")
    message = await bulletin(chat, "trouble.over")
    assert (message["text"], labels(message)) == ("✅ Nothing Yet works again.", [])


async def test_try_now(chat: Conversation) -> None:
    await chat.say("/sub example.org/empty")
    message = await bulletin(chat)
    chat.clock.advance(HOURS)
    await chat.press(message, data(message)[0])
    assert texts(await chat.since(ADA, message["message_id"])) == ["Nothing Yet works; there is nothing new."]


async def test_the_address_is_replaced_by_the_reply_and_the_filter_stays(chat: Conversation) -> None:
    await chat.say("/sub example.org/empty")
    await chat.save_filter("/filter 1 rain")
    message = await bulletin(chat)
    await chat.press(message, data(message)[1])
    (question,) = await chat.since(ADA, message["message_id"])
    assert "Which address shall take the place of Nothing Yet?" in question["text"]
    answers = texts(await chat.say("example.org/feed", reply_to=question["message_id"]))
    assert answers[0].startswith("✅ You follow Weather & Sons.")
    assert answers[-1] == "You no longer follow Nothing Yet."
    (kept,) = await chat.store.subscriptions(ADA)
    assert (kept.feed_title, kept.filter) == ("Weather & Sons", "rain")


async def test_a_replacement_that_is_no_feed_changes_nothing(chat: Conversation) -> None:
    await chat.say("/sub example.org/empty")
    message = await bulletin(chat)
    await chat.press(message, data(message)[1])
    (question,) = await chat.since(ADA, message["message_id"])
    (answer,) = await chat.say("slow.example", reply_to=question["message_id"])
    assert answer["text"].startswith("⚠️")
    assert [kept.feed_title for kept in await chat.store.subscriptions(ADA)] == ["Nothing Yet"]


async def test_stop_following(chat: Conversation) -> None:
    await chat.say("/sub example.org/empty")
    message = await bulletin(chat)
    await chat.press(message, data(message)[2])
    assert await chat.store.subscriptions(ADA) == ()
    assert await chat.press(message, data(message)[0], force=True) == "This chat no longer follows that feed."


async def test_in_a_group_only_administrators_replace_and_anybody_looks(chat: Conversation) -> None:
    await chat.say("/sub example.org/empty", to=FAMILY)
    message = await bulletin(chat, where=FAMILY)
    refused = "Only administrators of this group can do that."
    assert await chat.press(message, data(message)[1], by=XIAOMING) == refused
    assert await chat.press(message, data(message)[0], by=XIAOMING) != refused


# --- times in words ---


@pytest.mark.parametrize(
    ("duration", "past", "coming", "repeated"),
    [
        pytest.param(timedelta(seconds=-9), "just now", "in a moment", "every minute", id="none"),
        pytest.param(1 * MINUTES, "1 min ago", "in 1 min", "every minute", id="a minute"),
        pytest.param(90 * MINUTES, "90 min ago", "in 90 min", "every 90 min", id="minutes"),
        pytest.param(3 * HOURS, "3 hours ago", "in 3 hours", "every 3 hours", id="hours"),
        pytest.param(9 * DAYS, "9 days ago", "in 9 days", "every 9 days", id="days"),
    ],
)
def test_times_in_words(duration: timedelta, past: str, coming: str, repeated: str) -> None:
    words = Words(i18n.load(), "en")
    assert times.ago(words, duration) == past
    assert times.ahead(words, duration) == coming
    assert times.every(words, duration) == repeated


@pytest.mark.parametrize(
    ("weekly", "said"),
    [
        (1680, "about 10 articles an hour"),
        (170, "about 24 articles a day"),
        (7, "about one article a day"),
        (6, "about 6 articles a week"),
        (0.5, "about 2 articles a month"),
        (0.1, "less than one article a month"),
    ],
)
def test_rhythms_in_words(weekly: float, said: str) -> None:
    assert times.rhythm(Words(i18n.load(), "en"), weekly) == said
