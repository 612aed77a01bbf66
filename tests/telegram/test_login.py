"""/login: a secret goes to its feed, and to nobody else: not into an answer, a log, another chat or a file."""

from __future__ import annotations

import base64
import traceback
from collections.abc import AsyncIterator

import pytest
import structlog

from bot.model import FeedLink, NotAFeed, Problem
from bot.sandbox.faults import Fault
from bot.telegram.commands.login import headers_of
from tests.telegram.conversation import (
    ADA,
    CHANNEL,
    FAMILY,
    XIAOMING,
    Conversation,
    Message,
    conversation,
    feed,
    texts,
)

PAID, SITE, MIRROR = "https://paid.example/feed", "https://paid.example/", "https://mirror.example/feed"
PASSWORD = "hunter2-s3cret"
BASIC = "Basic " + base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
LOGIN = {"Authorization": BASIC}


@pytest.fixture
async def chat() -> AsyncIterator[Conversation]:
    """A feed that wants ADA's login stands beside the usual ones."""
    async with conversation() as running:
        running.reader.web[PAID] = feed("Paid Letters", "Behind the wall")
        running.reader.locked[PAID] = LOGIN
        yield running


async def is_there(chat: Conversation, message_id: int, where: int = ADA) -> bool:
    calls = await chat.calls("deleteMessage")
    gone = [one["params"] for one in calls if one["status"] == 200]
    return {"chat_id": where, "message_id": message_id} not in [
        {name: int(one[name]) for name in ("chat_id", "message_id")} for one in gone
    ]


async def headers(chat: Conversation, where: int = ADA, number: int = 0) -> dict[str, str]:
    """What is sent with a feed that the chat follows."""
    subscription = (await chat.store.subscriptions(where))[number]
    kept = await chat.store.feed(subscription.feed_id)
    assert kept
    return dict(kept.headers)


async def test_who_is_refused_is_told_how_to_log_in(chat: Conversation) -> None:
    assert texts(await chat.say(f"/subscribe {PAID}")) == [
        f"⚠️ {PAID}\npaid.example wants a login for this page: see /help login.\n"
        "If you have one, follow it like this; I delete that message at once:\n"
        f"/login {PAID} name password"
    ]


async def test_in_a_group_nobody_is_led_to_write_a_password(chat: Conversation) -> None:
    (refused,) = texts(await chat.say(f"/subscribe {PAID}", to=FAMILY))
    assert "name password" not in refused


async def test_a_feed_is_followed_with_the_login_it_wants(chat: Conversation) -> None:
    welcome, sample = texts(await chat.say(f"/login {PAID} ada {PASSWORD}"))
    assert welcome.startswith("✅ You follow 🔒 Paid Letters.")
    assert "Behind the wall" in sample
    assert await headers(chat) == LOGIN


async def test_the_message_with_the_secret_is_deleted(chat: Conversation) -> None:
    said = await chat.post("/sim/send", user=ADA, chat=ADA, text=f"/login {PAID} ada {PASSWORD}")
    await chat.quiet(said["update_id"])
    assert not await is_there(chat, said["message"]["message_id"])


@pytest.mark.parametrize("text", ["/login", "/login 1", "/login 1 off", f"/login {PAID}"])
async def test_a_message_without_a_secret_stays(chat: Conversation, text: str) -> None:
    await chat.say("/subscribe example.org/feed")
    await chat.say(text)
    assert await chat.calls("deleteMessage") == []


async def test_a_message_that_cannot_be_deleted_is_left_to_the_person(chat: Conversation) -> None:
    refusal = Fault(method="deletemessage", status=400, description="Bad Request: message can't be deleted")
    chat.sandbox.simulation.faults.waiting.append(refusal)
    first, *_ = texts(await chat.say(f"/login {PAID} ada {PASSWORD}"))
    assert first == "⚠️ I could not delete your message. Please delete it yourself: it holds a secret."


async def test_a_wrong_password_is_said_and_nothing_changes(chat: Conversation) -> None:
    wrong = f"⚠️ {PAID}\npaid.example does not accept this login. Please check the spelling, and try again."
    assert texts(await chat.say(f"/login {PAID} ada wrong")) == [wrong]
    assert await chat.store.subscriptions(ADA) == ()

    await chat.say(f"/login {PAID} ada {PASSWORD}")
    assert texts(await chat.say("/login 1 ada wrong")) == [
        "⚠️ paid.example does not accept this login. Please check the spelling, and try again.\n"
        "Nothing has changed."
    ]
    assert await headers(chat) == LOGIN


async def test_a_feed_that_is_followed_gets_a_login(chat: Conversation) -> None:
    await chat.say("/subscribe example.org/feed")
    (kept,) = texts(await chat.say("/login 1 Cookie: session=s3cret"))
    assert kept == (
        "✅ 🔒 Weather & Sons\n"
        "It is read with your login now (Cookie), and what it brings comes to this chat alone."
    )
    await chat.say("/login 1 User-Agent: Ada's reader")
    assert await headers(chat) == {"Cookie": "session=s3cret", "User-Agent": "Ada's reader"}
    await chat.say("/login 1 cookie: session=new")
    assert await headers(chat) == {"cookie": "session=new", "User-Agent": "Ada's reader"}


async def test_names_are_shown_and_values_never(chat: Conversation) -> None:
    await chat.say("/subscribe example.org/feed")
    (plain,) = texts(await chat.say("/login 1"))
    assert plain.startswith("Weather & Sons is read without a login.\n\nWrite it in one of these ways.")
    await chat.say(f"/login 1 ada {PASSWORD}")
    (shown,) = texts(await chat.say("/login 1"))
    assert shown.startswith("🔒 Weather & Sons\nSent with it: Authorization\n\n")
    assert "/login 1 Cookie: …" in shown


async def test_a_login_is_forgotten(chat: Conversation) -> None:
    await chat.say("/subscribe example.org/feed")
    await chat.say(f"/login 1 ada {PASSWORD}")
    assert texts(await chat.say("/login 1 off")) == [
        "Weather & Sons is read without a login again. I have forgotten yours."
    ]
    assert await headers(chat) == {}
    assert texts(await chat.say("/login 1 off")) == ["Weather & Sons is read without a login."]


async def test_private_feeds_are_marked(chat: Conversation) -> None:
    await chat.say("/subscribe example.org/feed")
    await chat.say(f"/login {PAID} ada {PASSWORD}")
    assert "\n1. Weather & Sons\n2. 🔒 Paid Letters" in texts(await chat.say("/list"))[0]
    assert "\n2. 🔒 Paid Letters" in texts(await chat.say("/status"))[0]


async def test_an_exported_list_holds_no_login(chat: Conversation) -> None:
    await chat.say(f"/login {PAID} ada {PASSWORD}")
    (sent,) = await chat.say("/export")
    assert sent["caption"].endswith("\nYour logins (🔒) are not in it.")
    document = await chat.file(sent["document"]["file_id"])
    assert PAID in document
    assert PASSWORD not in document
    assert BASIC not in document


async def test_another_chat_never_gets_what_was_read_with_a_login(chat: Conversation) -> None:
    """Both follow one address; each has what the server shows to it."""
    await chat.say("/subscribe example.org/feed")
    await chat.say("/subscribe example.org/feed", by=XIAOMING)
    await chat.say(f"/login 1 ada {PASSWORD}")
    (ada,), (xiaoming,) = await chat.store.subscriptions(ADA), await chat.store.subscriptions(XIAOMING)
    assert ada.feed_url == xiaoming.feed_url
    assert ada.feed_id != xiaoming.feed_id
    assert [one.chat_id for one in await chat.store.readers(ada.feed_id)] == [ADA]
    assert [one.chat_id for one in await chat.store.readers(xiaoming.feed_id)] == [XIAOMING]


async def test_another_chat_is_asked_for_a_login_of_its_own(chat: Conversation) -> None:
    """That somebody can read it is no reason to show it to others."""
    await chat.say(f"/login {PAID} ada {PASSWORD}")
    await chat.say(f"/subscribe {PAID}", by=XIAOMING)
    assert await chat.store.subscriptions(XIAOMING) == ()
    await chat.say(f"/login {PAID} ada {PASSWORD}", by=XIAOMING)
    (ada,), (xiaoming,) = await chat.store.subscriptions(ADA), await chat.store.subscriptions(XIAOMING)
    assert ada.feed_id != xiaoming.feed_id


async def test_who_has_it_with_a_login_does_not_get_it_twice(chat: Conversation) -> None:
    await chat.say(f"/login {PAID} ada {PASSWORD}")
    (again, *_) = texts(await chat.say(f"/subscribe {PAID}"))
    assert again.startswith("You already follow 🔒 Paid Letters.")


async def test_a_channels_feed_gets_a_login_in_private(chat: Conversation) -> None:
    (offer,) = texts(await chat.say(f"/subscribe @feedbell_demo {PAID}"))
    assert offer.endswith(f"/login {CHANNEL} {PAID} name password")
    await chat.say(f"/login @feedbell_demo {PAID} ada {PASSWORD}")
    assert await headers(chat, CHANNEL) == LOGIN
    assert await chat.store.subscriptions(ADA) == ()


async def test_a_secret_for_somebody_elses_channel_is_deleted_too(chat: Conversation) -> None:
    said = await chat.post("/sim/send", user=XIAOMING, chat=XIAOMING, text="/login @feedbell_demo 1 a b")
    await chat.quiet(said["update_id"])
    assert not await is_there(chat, said["message"]["message_id"], XIAOMING)


async def test_in_a_group_a_login_is_turned_away(chat: Conversation) -> None:
    await chat.say("/subscribe example.org/feed", to=FAMILY)
    refused, warned = texts(await chat.say(f"/login 1 ada {PASSWORD}", to=FAMILY))
    assert refused.startswith("A login is secret, and everybody here can read along.")
    assert warned == "⚠️ I could not delete your message. Please delete it yourself: it holds a secret."
    assert await headers(chat, FAMILY) == {}
    (overview,) = texts(await chat.say("/help", to=FAMILY))
    assert "/login" not in overview
    (explained,) = texts(await chat.say("/help login", to=FAMILY))
    assert "Write it in our private chat only" in explained


async def test_a_site_is_asked_for_its_feed_with_the_login(chat: Conversation) -> None:
    chat.reader.web[SITE] = NotAFeed(Problem("parse.web_page_with_feeds"), (FeedLink(PAID, "Letters"),))
    await chat.say(f"/login paid.example ada {PASSWORD}")
    assert await headers(chat) == LOGIN
    assert {url for url, _ in chat.reader.sent} == {SITE, PAID}


async def test_a_login_is_shown_to_no_other_server(chat: Conversation) -> None:
    chat.reader.web[SITE] = NotAFeed(Problem("parse.web_page_with_feeds"), (FeedLink(MIRROR, "Letters"),))
    chat.reader.web[MIRROR] = feed("Open Letters", "For all")
    await chat.say(f"/login paid.example ada {PASSWORD}")
    assert {url for url, _ in chat.reader.sent} == {SITE}
    (followed,) = await chat.store.subscriptions(ADA)
    assert (followed.feed_url, followed.private) == (MIRROR, False)


async def test_of_several_feeds_the_person_names_one(chat: Conversation) -> None:
    links = (FeedLink(PAID, "Letters"), FeedLink(SITE + "notes", "Notes"))
    chat.reader.web[SITE] = NotAFeed(Problem("parse.web_page_with_feeds"), links)
    (answer,) = texts(await chat.say(f"/login paid.example ada {PASSWORD}"))
    assert answer.endswith(f"with the address of one of them: {PAID} {SITE}notes")


async def test_a_site_that_names_what_is_followed_already_gives_it_the_login(chat: Conversation) -> None:
    chat.reader.locked.clear()
    chat.reader.web[SITE] = NotAFeed(Problem("parse.web_page_with_feeds"), (FeedLink(PAID, "Letters"),))
    await chat.say(f"/subscribe {PAID}")
    await chat.say(f"/login paid.example ada {PASSWORD}")
    assert len(await chat.store.subscriptions(ADA)) == 1
    assert await headers(chat) == LOGIN


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/login 9 ada x", "I find no “9” among the feeds of this chat."),
        ("/login ada x", "I find no “ada” among the feeds of this chat."),
        ("/login 1 x", "⚠️ I cannot read this as a login."),
        ("/login 1 Host: example.org", "⚠️ I cannot read this as a login."),
        (f"/login {PAID} Host: example.org", "⚠️ I cannot read this as a login."),
        (f"/login {PAID}", "Write it in one of these ways."),
        ("/login", "/login 2 name password"),
    ],
)
async def test_what_cannot_be_read_is_explained(chat: Conversation, text: str, answer: str) -> None:
    await chat.say("/subscribe example.org/feed")
    said = texts(await chat.say(text))
    assert [one.startswith(answer) for one in said] == [True]
    assert await headers(chat) == {}


@pytest.mark.parametrize(
    "text",
    [
        f"/login {PAID} ada {PASSWORD}",
        f"/login {PAID} Authorization: Bearer {PASSWORD}",
        f"/login 1 ada {PASSWORD}",
        f"/login 1 Cookie: {PASSWORD}",
        f"/login 1 {PASSWORD}",
        f"/login 1 Host: {PASSWORD}",
        f"/login 1 {PASSWORD}: x",
        f"/login nothing {PASSWORD}",
        f"/login @feedbell_demo {PAID} ada {PASSWORD}",
        f"/login @nowhere_at_all 1 ada {PASSWORD}",
    ],
)
@pytest.mark.parametrize("broken", [False, True], ids=["well", "the store breaks"])
async def test_no_answer_log_or_repr_shows_it(
    chat: Conversation, caplog: pytest.LogCaptureFixture, text: str, broken: bool
) -> None:
    await chat.say("/subscribe example.org/feed")
    if broken:
        async with chat.store.transaction() as tx:
            await tx._connection.run_sync(lambda connection: connection.exec_driver_sql("DROP TABLE keys"))
    with structlog.testing.capture_logs() as log:
        said: list[Message] = await chat.say(text)
        if not broken:
            said += await chat.say("/login 1") + await chat.say("/list") + await chat.say("/status")
    feeds = (
        [] if broken else [await chat.store.feed(one.feed_id) for one in await chat.store.subscriptions(ADA)]
    )
    errors = [line for one in log for line in traceback.format_exception(one.get("exc_info"))]
    for secret in (PASSWORD, BASIC.removeprefix("Basic ")):
        assert secret not in repr((said, log, errors, feeds)) + caplog.text


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        pytest.param(
            "ada pass word", {"Authorization": "Basic YWRhOnBhc3Mgd29yZA=="}, id="blanks in a password"
        ),
        pytest.param("ada:pass", {"Authorization": "Basic YWRhOnBhc3M="}, id="with a colon, as curl has it"),
        pytest.param("阿达 密码", {"Authorization": "Basic 6Zi/6L6+OuWvhueggQ=="}, id="in UTF-8"),
        pytest.param("Bearer abc", {"Authorization": "Bearer abc"}, id="a key without the header's name"),
        pytest.param("authorization: token abc", {"authorization": "token abc"}, id="names in any case"),
        pytest.param("Cookie:a=b; c=d", {"Cookie": "a=b; c=d"}, id="no blank behind the colon"),
        pytest.param("Cookie: a=b\nX-Key: 1", {"Cookie": "a=b", "X-Key": "1"}, id="several lines"),
        pytest.param("Cookie: a=b\nada pass", None, id="a mixture"),
        pytest.param("Content-Length: 5", None, id="what frames the request is ours to say"),
        pytest.param("ada", None, id="a name without a password"),
        pytest.param(":pass", None, id="a password without a name"),
        pytest.param("Cookie: " + "a" * 5000, None, id="too long to send"),
    ],
)
def test_what_people_write(written: str, sent: dict[str, str] | None) -> None:
    assert headers_of(written) == sent
