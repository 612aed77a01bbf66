"""What those who run the bot can do in the chat: whom it serves, how much, what everybody is told, how it fares."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot import i18n, pacing
from bot.model import Chat, ChatKind, Limit, RowState
from bot.services.broadcasts import Crier
from bot.services.road import PacedRoad
from bot.telegram.access import Access
from bot.telegram.messenger import TelegramMessenger
from tests.fakes import FakePictures
from tests.store.town import NOON, Town, article
from tests.telegram.conversation import (
    ADA,
    BEA,
    CHANNEL,
    FAMILY,
    READERS,
    XIAOMING,
    Conversation,
    Message,
    conversation,
    data,
    labels,
    texts,
)

OWNED = Access(owners=frozenset({ADA}))
DENIED = "The operator of this bot has decided that I do not serve you here."
TURNED_AWAY = "🚫 I serve Bea (1003) no more. What they follow rests and is kept; /allow brings it back."


@pytest.fixture
async def owned() -> AsyncIterator[Conversation]:
    """ADA runs the bot; everybody may use it."""
    async with conversation(OWNED) as running:
        yield running


@pytest.fixture
async def closed() -> AsyncIterator[Conversation]:
    """ADA runs the bot, and nobody else may use it."""
    async with conversation(Access(owners=frozenset({ADA}), mode="allowlist")) as running:
        yield running


async def is_served(chat: Conversation, who: int, where: int | None = None) -> bool:
    """Whether the bot answers a command with what it asks for."""
    (answer,) = await chat.say("/help@feedbell_sandbox_bot", by=who, to=where)
    return "/list" in str(answer["text"])


async def forwarded(chat: Conversation, origin: dict[str, Any], said: str) -> list[str]:
    """ADA answers a message that she forwarded; what the bot says."""
    before = await chat.since(ADA, 0)
    person = {"id": ADA, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    where = {"id": ADA, "type": "private", "first_name": "Ada"}
    answered = {"message_id": 800_000, "date": 1, "chat": where, "from": person, "text": "x", **origin}
    message = {**answered, "message_id": 800_001, "text": said, "reply_to_message": answered}
    await chat.quiet(chat.sandbox.world.updates.add("message", message))
    return texts((await chat.since(ADA, 0))[len(before) :])


# --- who is served ---


async def test_who_is_let_in_is_served_at_once(closed: Conversation) -> None:
    assert not await is_served(closed, BEA)
    assert texts(await closed.say("/allow 1003")) == [
        "✅ I serve 1003 from now on. What they follow goes on where it rested."
    ]
    assert await is_served(closed, BEA)
    assert not await is_served(closed, XIAOMING)


async def test_a_group_that_is_let_in_is_served_whoever_speaks_there(closed: Conversation) -> None:
    (refusal,) = await closed.say("/list", by=BEA, to=READERS)
    assert refusal["text"].endswith(f"send them the number of this group: {READERS}")
    await closed.say(f"/allow {READERS}")
    assert await is_served(closed, BEA, READERS)
    assert not await is_served(closed, BEA)


async def test_a_public_chat_is_let_in_by_its_name(closed: Conversation) -> None:
    assert texts(await closed.say("/allow @feedbell_demo")) == [
        f"✅ I serve {CHANNEL} from now on. What they follow goes on where it rested."
    ]


async def test_who_is_turned_away_is_served_no_more_and_what_they_follow_rests(owned: Conversation) -> None:
    await owned.say("/sub example.org/feed", by=BEA)
    assert texts(await owned.say("/deny 1003")) == [TURNED_AWAY]
    assert texts(await owned.say("/list", by=BEA)) == [DENIED]
    chat = await owned.store.chat(BEA)
    assert chat is not None
    assert chat.resting
    assert len(await owned.store.subscriptions(BEA)) == 1


async def test_a_button_of_who_is_turned_away_does_nothing(owned: Conversation) -> None:
    welcome, _sample = await owned.say("/sub example.org/feed", by=BEA)
    await owned.say("/deny 1003")
    assert await owned.press(welcome, data(welcome)[0], by=BEA) is not None
    assert len(await owned.store.subscriptions(BEA)) == 1


async def test_who_is_let_in_again_gets_what_waited(owned: Conversation) -> None:
    town = Town(owned.store)
    feed_id = await town.feed()
    subscription = await town.follow(Chat(BEA, ChatKind.PRIVATE, "Bea", "en"), feed_id)
    await owned.say("/deny 1003")
    await town.publish(feed_id, article("a"), to={subscription: BEA})
    assert await town.claim() is None
    await owned.say("/allow 1003")
    assert (await town.must_claim()).chat.catching_up


async def test_whoever_speaks_nothing_wakes_a_chat_that_was_turned_away(owned: Conversation) -> None:
    await owned.say("/list", by=BEA, to=READERS)
    await owned.say(f"/deny {READERS}")
    assert texts(await owned.say("/list", to=READERS)) == [DENIED], "not even the owner of the bot"
    for status in ("left", "member"):
        await owned.post("/sim/chats", chat=READERS, member={"bot": True, "status": status}, by=ADA)
    await owned.quiet(owned.sandbox.world.updates.next_id - 1)
    chat = await owned.store.chat(READERS)
    assert chat is not None
    assert chat.resting


async def test_a_group_that_was_turned_away_stays_so_when_it_becomes_a_supergroup(
    owned: Conversation,
) -> None:
    await owned.say("/sub example.org/feed", to=FAMILY)
    await owned.say(f"/deny {FAMILY}")
    await owned.post("/sim/chats", chat=FAMILY, migrate_to=-1009000000001)
    await owned.quiet(owned.sandbox.world.updates.next_id - 1)
    moved = await owned.store.chat(-1009000000001)
    assert moved is not None
    assert moved.resting
    assert texts(await owned.say("/list", to=-1009000000001)) == [DENIED]


@pytest.mark.parametrize(
    ("origin", "answer"),
    [
        pytest.param(
            {
                "forward_origin": {
                    "type": "user",
                    "date": 1,
                    "sender_user": {"id": BEA, "is_bot": False, "first_name": "Bea"},
                }
            },
            "🚫 I serve 1003 no more.",
            id="of a person",
        ),
        pytest.param(
            {
                "forward_origin": {
                    "type": "channel",
                    "date": 1,
                    "message_id": 1,
                    "chat": {"id": CHANNEL, "type": "channel", "title": "Demo"},
                }
            },
            f"🚫 I serve {CHANNEL} no more.",
            id="of a channel",
        ),
        pytest.param(
            {"contact": {"phone_number": "1", "first_name": "Bea", "user_id": BEA}},
            "🚫 I serve 1003 no more.",
            id="a contact",
        ),
        pytest.param(
            {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Bea"}},
            "✏️ Whom shall I serve no more?",
            id="of a person who hides behind a name",
        ),
        pytest.param({}, "✏️ Whom shall I serve no more?", id="of nobody else"),
    ],
)
async def test_a_forwarded_message_names_whom(
    owned: Conversation, origin: dict[str, Any], answer: str
) -> None:
    (said,) = await forwarded(owned, origin, "/deny")
    assert said.startswith(answer)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        pytest.param("/deny 1001", "Ada (1001) runs this bot", id="an owner"),
        pytest.param("/deny everybody", "I do not know whom you mean", id="no number"),
        pytest.param("/deny 0", "I do not know whom you mean", id="nobody's number"),
        pytest.param("/deny " + "9" * 4000, "I do not know whom you mean", id="4,000 digits"),
        pytest.param("/deny 1 2", "I do not know whom you mean", id="two numbers"),
        pytest.param("/allow @nobody_here", "I do not know whom you mean", id="a name that nobody has"),
        pytest.param("/allow 1087968824", "I do not know whom you mean", id="all hidden administrators"),
    ],
)
async def test_who_cannot_be_meant_is_said_to_be_so(owned: Conversation, said: str, answer: str) -> None:
    assert texts(await owned.say(said))[0].startswith(answer)
    assert await is_served(owned, BEA)


async def test_without_a_name_it_lists_and_asks(owned: Conversation) -> None:
    await owned.say("/start", by=BEA)
    await owned.say("/deny 1003")
    await owned.say("/allow 77")
    (question,) = await owned.say("/allow")
    assert question["text"] == (
        "✏️ Let in\n· 77\n\nTurned away\n· Bea (1003)\n\n"
        "Whom do you want to let in? Send a number, or the @name of a public group or channel."
    )
    await owned.say("1003", reply_to=question["message_id"])
    assert await is_served(owned, BEA)


async def test_what_was_said_holds_after_a_restart(closed: Conversation) -> None:
    """It is read from the database at every update: there is nothing else that could know it."""
    await closed.say("/allow 1003")
    assert (await closed.store.guests([BEA]))[BEA].admitted


# --- whom it knows ---


async def test_owners_see_whom_the_bot_serves_and_no_addresses(owned: Conversation) -> None:
    await owned.say("/sub example.org/feed", by=BEA)
    await owned.say("/pause", by=BEA)
    (shown,) = await owned.say("/users")
    assert shown["text"] == (
        "I know 2 chats; 0 at rest\n\n"
        "1. 👤 Ada (1001)\n0 feeds · spoke just now\n\n"
        "2. 👤 Bea (1003)\none feed · spoke just now · ⏸ paused"
    )
    await owned.press(shown, "user:1003:0")
    card = await owned.now(shown)
    assert labels(card) == [["🚫 Serve no more"], ["◀ All chats"]]
    await owned.press(card, "admit:1003:0:0")
    assert "🚫 turned away" in (await owned.now(card))["text"]
    assert not await is_served(owned, BEA)
    await owned.press(card, "admit:1003:0:1")
    assert await is_served(owned, BEA)


async def test_users_come_in_pages_those_that_spoke_last_first(owned: Conversation) -> None:
    async with owned.store.transaction() as tx:
        for number in range(1, 25):
            seen = NOON + timedelta(hours=number)
            await tx.save_chat(Chat(number, ChatKind.PRIVATE, f"P{number}", "en", seen_at=seen))
    (shown,) = await owned.say("/users")
    assert labels(shown)[-1] == ["◀", "1/3", "▶"]
    await owned.press(shown, "users:1")
    second = await owned.now(shown)
    assert "11. 👤 P15 (15)" in second["text"]
    assert await owned.press(shown, "users:900", force=True) is None, "the last page"
    assert "25. 👤 P1 (1)" in (await owned.now(shown))["text"]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/users 1001", "👤 Ada (1001)\n0 feeds · spoke just now"),
        ("/users 77", "I have not met “77”. /users shows whom I know."),
    ],
)
async def test_one_of_them_is_asked_for_by_number(owned: Conversation, said: str, answer: str) -> None:
    assert texts(await owned.say(said)) == [answer]


# --- how much ---

USUAL = "\n· follows over all feeds of a chat: no limit\n· changes in a minute: no limit"


async def test_an_exception_holds_for_one_chat_alone(owned: Conversation) -> None:
    assert texts(await owned.say("/limits 1003 feeds 1")) == [
        "1003 may have (bold: different from everybody)\n· feeds in a chat: 1" + USUAL
    ]
    for who, titles in ((BEA, 1), (ADA, 2)):
        await owned.say("/sub example.org/feed", by=who)
        await owned.say("/sub example.org/empty", by=who)
        assert len(await owned.store.subscriptions(who)) == titles
    await owned.say("/limits 1003 feeds default")
    await owned.say("/sub example.org/empty", by=BEA)
    assert len(await owned.store.subscriptions(BEA)) == 2


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("/limits 1003 feeds 0", {Limit.FEEDS: 0}),
        ("/limits 1003 follows OFF", {Limit.FOLLOWS: 0}),
        ("/limits 1003 CHANGES 5", {Limit.CHANGES: 5}),
        ("/limits 1003 feeds -1", {}),
        ("/limits 1003 feeds 9999999", {}),
        ("/limits 1003 feeds ٣", {}),
        ("/limits 1003 cows 3", {}),
        ("/limits 1003 feeds", {}),
        ("/limits 1003 feeds 3 4", {}),
        ("/limits", {}),
        ("/limits nobody feeds 3", {}),
    ],
)
async def test_what_a_limit_may_be(owned: Conversation, said: str, kept: dict[Limit, int]) -> None:
    assert len(await owned.say(said)) == 1
    assert (await owned.store.guests([BEA]))[BEA].limits == kept


async def test_a_full_chat_is_told_what_to_do() -> None:
    async with conversation(OWNED, limits={Limit.FEEDS: 1}) as chat:
        await chat.say("/sub example.org/feed")
        assert texts(await chat.say("/sub example.org/empty"))[0].endswith(
            "This chat has reached its limit of feeds (1). /unsubscribe makes room."
        )
        assert len(await chat.store.subscriptions(ADA)) == 1


async def test_too_many_changes_wait_a_minute_and_reading_never_does() -> None:
    async with conversation(OWNED, limits={Limit.CHANGES: 2}) as chat:
        for _ in range(2):
            assert "a lot at once" not in texts(await chat.say("/pause"))[0]
        assert texts(await chat.say("/resume")) == [
            "That was a lot at once; the limit of changes in a minute is 2. Try again a little later."
        ]
        assert "a lot at once" not in texts(await chat.say("/list"))[0]
        assert "a lot at once" not in texts(await chat.say("/pause", by=BEA))[0], "others are not held up"
        chat.clock.advance(timedelta(minutes=1))
        assert "a lot at once" not in texts(await chat.say("/resume"))[0]


async def test_a_press_counts_as_a_change_and_a_chat_counts_everybodys() -> None:
    async with conversation(OWNED, limits={Limit.CHANGES: 1}) as chat:
        welcome, _sample = await chat.say("/sub example.org/feed", to=READERS)
        said = await chat.press(welcome, data(welcome)[0], by=BEA)
        assert (
            said == "That was a lot at once; the limit of changes in a minute is 1. Try again a little later."
        )
        assert len(await chat.store.subscriptions(READERS)) == 1


# --- what everybody is told ---


def crier(chat: Conversation) -> Crier:
    """Sends what is under way."""
    road = PacedRoad(chat.store, chat.clock, pacing.limits(1000, 30, 1800))
    return Crier(
        chat.store, TelegramMessenger(chat.side.sending_bot, i18n.load(), FakePictures()), road, chat.clock
    )


async def drafted(chat: Conversation, said: str = "/broadcast Hello") -> Message:
    """The message with the buttons."""
    return (await chat.say(said))[-1]


async def test_a_broadcast_is_shown_confirmed_sent_once_and_reported(owned: Conversation) -> None:
    await owned.say("/start", by=BEA)
    await owned.say("/start", by=XIAOMING)
    await owned.say("/deny 1002")
    sample, preview = await owned.say("/broadcast Hello <b>you</b>\nall")
    assert sample["text"] == "Hello <b>you</b>\nall"
    assert labels(preview) == [["📣 Send to 2 chats"], ["✕ Cancel"]]
    assert await crier(owned).cry() == 0, "nothing goes before it is confirmed"
    await owned.press(preview, data(preview)[0])
    began = await owned.now(preview)
    assert began["text"] == "📣 On its way to 2 chats. I tell you when all have it."
    assert (
        await owned.press(began, data(preview)[0], force=True) == "This message has gone out, or was stopped."
    )
    assert await crier(owned).cry() == 2
    assert await crier(owned).cry() == 0
    assert texts(await owned.since(BEA, 0))[-1] == "Hello <b>you</b>\nall"
    assert texts(await owned.since(XIAOMING, 0))[-1:] != ["Hello <b>you</b>\nall"]
    assert texts(await owned.since(ADA, preview["message_id"])) == [
        "Hello <b>you</b>\nall",
        "📣 Your message has gone out. Arrived: 2. Not arrived: 0. Not certain: 0.",
    ]
    assert await owned.store.broadcasts_under_way() == ()


async def test_its_formatting_is_kept(owned: Conversation) -> None:
    """Offsets count UTF-16 units: what stands before, the command and an emoji, must be taken off rightly."""
    before = await owned.since(ADA, 0)
    message = {
        "message_id": 800_000,
        "date": 1,
        "chat": {"id": ADA, "type": "private", "first_name": "Ada"},
        "from": {"id": ADA, "is_bot": False, "first_name": "Ada", "language_code": "en"},
        "text": "/broadcast 🎉 bold and linked",
        "entities": [
            {"type": "bot_command", "offset": 0, "length": 10},
            {"type": "italic", "offset": 0, "length": 13},
            {"type": "bold", "offset": 14, "length": 4},
            {"type": "text_link", "offset": 23, "length": 6, "url": "https://example.org/"},
        ],
    }
    await owned.quiet(owned.sandbox.world.updates.add("message", message))
    (sample, _preview) = (await owned.since(ADA, 0))[len(before) :]
    assert sample["text"] == "🎉 bold and linked"
    assert [(one["type"], one["offset"], one["length"]) for one in sample["entities"]] == [
        ("italic", 0, 2),
        ("bold", 3, 4),
        ("text_link", 12, 6),
    ]


async def test_a_broadcast_can_be_stopped_and_looked_at(owned: Conversation) -> None:
    await owned.say("/start", by=BEA)
    preview = await drafted(owned)
    await owned.press(preview, data(preview)[0])
    assert texts(await owned.say("/broadcast")) == ["📣 On its way: 0 of 2 chats"]
    began = await owned.now(preview)
    await owned.press(began, data(began)[0])
    assert (await owned.now(began))["text"] == "📣 On its way: 0 of 2 chats"
    await owned.press(began, data(began)[1])
    assert (await owned.now(began))["text"] == "⏹ Stopped. It went to 0 of 2 chats."
    assert await crier(owned).cry() == 0


async def test_a_draft_can_be_cancelled(owned: Conversation) -> None:
    preview = await drafted(owned)
    await owned.press(preview, data(preview)[1])
    assert (await owned.now(preview))["text"] == "Nothing was sent."
    assert (
        await owned.press(preview, data(preview)[0], force=True)
        == "This message has gone out, or was stopped."
    )


async def test_without_a_text_it_asks_and_takes_an_answer(owned: Conversation) -> None:
    (question,) = await owned.say("/broadcast")
    sample, _preview = await owned.say("Hello", reply_to=question["message_id"])
    assert sample["text"] == "Hello"


async def test_in_answer_to_a_message_it_tells_that(owned: Conversation) -> None:
    said = await owned.post("/sim/send", user=ADA, chat=ADA, text="hello there")
    await owned.quiet(said["update_id"])
    sample, _preview = await owned.say("/broadcast", reply_to=said["message"]["message_id"])
    assert sample["text"] == "hello there"


# --- how it fares ---


async def test_health_is_told_in_words(owned: Conversation) -> None:
    town = Town(owned.store)
    feed_id = await town.feed()
    subscription = await town.follow(Chat(BEA, ChatKind.PRIVATE, "Bea", "en"), feed_id)
    await town.publish(feed_id, article("a"), to={subscription: BEA}, at=NOON)
    assert (await owned.store.depth())[RowState.WAITING] == 1
    (shown,) = await owned.say("/health")
    database, telegram, *rest = shown["text"].splitlines()
    assert database == "✅ The database answers in 0 ms."
    assert telegram.startswith("✅ Telegram answers in ")
    assert rest == [
        "✅ I am 0 ms behind with what I do.",
        "✅ Jobs: 0 under way, 0 waiting, 0 failed",
        "⚠️ Alerts: 1 waiting, 0 held for closed topics, 0 given up (/failed) (the oldest: 267 days ago)",
        "⚠️ Feeds: 1, 1 to be read now, 0 in trouble (the oldest: 267 days ago)",
    ]
    assert await owned.press(shown, "health") is None
