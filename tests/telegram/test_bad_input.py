"""Each mistake gets its own sentence in the person's language, and nothing changes."""

from __future__ import annotations

import pytest

from bot import i18n
from tests.telegram.conversation import ADA, XIAOMING, Conversation, data, texts

CATALOGUE = i18n.load()

MISTAKES = [
    pytest.param(
        "/subscribe nonsense", "subscribe.failed_at", {"url": "nonsense"}, "url.not_a_url", id="no URL"
    ),
    pytest.param(
        "/subscribe ftp://example.org",
        "subscribe.failed_at",
        {"url": "ftp://example.org"},
        "url.not_a_url",
        id="an address of another kind",
    ),
    pytest.param(
        "/sub unknown.example",
        "subscribe.failed_at",
        {"url": "unknown.example", "host": "https://unknown.example/"},
        "fetch.no_such_host",
        id="a host that is not there",
    ),
    pytest.param(
        "/sub slow.example",
        "subscribe.failed_at",
        {"url": "slow.example", "host": "slow.example"},
        "fetch.timeout",
        id="a host that does not answer",
    ),
    pytest.param(
        "/sub plain.example",
        "subscribe.failed_at",
        {"url": "plain.example"},
        "parse.web_page",
        id="a page without feeds",
    ),
    pytest.param(
        "/sub empty.example",
        "subscribe.failed_at",
        {"url": "empty.example"},
        "parse.empty",
        id="an empty file",
    ),
    pytest.param(
        "/sub zeros.example",
        "subscribe.failed_at",
        {"url": "zeros.example", "host": "zeros.example", "limit": "10 MB"},
        "fetch.too_large",
        id="20 MB of zeros",
    ),
    pytest.param(
        "/sub 10.0.0.1",
        "subscribe.failed_at",
        {"url": "10.0.0.1", "host": "10.0.0.1"},
        "fetch.private_address",
        id="a private address",
    ),
    pytest.param(
        "/sub " + " ".join(f"a{n}.example" for n in range(21)),
        "subscribe.too_many",
        {"most": "20"},
        None,
        id="more addresses than a person waits for",
    ),
    pytest.param(
        "/unsubscribe 7", "unsubscribe.not_found", {"name": "7"}, None, id="a number not in the list"
    ),
    pytest.param(
        "/unsubscribe 1 7", "unsubscribe.not_found", {"name": "1 7"}, None, id="half a list of numbers"
    ),
    pytest.param(
        "/unsubscribe " + "9" * 4000,
        "unsubscribe.not_found",
        {"name": "9" * 99 + "…"},
        None,
        id="a number of 4,000 digits",
    ),
    pytest.param("/filter 7 rain", "filters.which", {"name": "7"}, None, id="a filter for no feed"),
    pytest.param(
        "/filter rain -snow", "filters.which", {"name": "rain"}, None, id="a filter without a number"
    ),
    pytest.param("/resume", "resume.already", {}, None, id="resume without a pause"),
    pytest.param(
        "/help nonsense", "command.unknown", {"name": "nonsense"}, None, id="help for nothing we know"
    ),
    pytest.param("/frobnicate", "command.unknown", {"name": "frobnicate"}, None, id="an unknown command"),
    pytest.param(
        "/subscrbe x", "command.nearest", {"name": "subscrbe", "nearest": "subscribe"}, None, id="a typo"
    ),
    pytest.param("hello", "talk.what", {}, None, id="small talk"),
    pytest.param("/你好", "talk.what", {}, None, id="a command that no bot can have"),
    pytest.param(
        " ".join(["https://a.example"] + ["x"] * 2000), None, {}, None, id="an address in a long text"
    ),
    pytest.param("https://nowhere", "talk.what", {}, None, id="an address without a dot"),
]


@pytest.mark.parametrize("who", [pytest.param(ADA, id="English"), pytest.param(XIAOMING, id="Chinese")])
@pytest.mark.parametrize(("said", "key", "values", "problem"), MISTAKES)
async def test_a_mistake_gets_its_sentence(
    chat: Conversation, said: str, key: str | None, values: dict[str, str], problem: str | None, who: int
) -> None:
    await chat.say("/sub example.org/feed", by=who)
    before = await chat.store.subscriptions(who)
    language = {ADA: "en", XIAOMING: "zh_Hans"}[who]
    if problem:
        values = {**values, "problem": CATALOGUE.text(problem, language, **values)}
    (answer,) = await chat.say(said, by=who)
    if key:
        assert answer["text"] == plain(CATALOGUE.text(key, language, **values))
    assert await chat.store.subscriptions(who) == before


def plain(text: str) -> str:
    """Without the tags that our own texts carry."""
    for tag in ("b", "i", "code"):
        text = text.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    return text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        pytest.param("rain (snow", "A bracket is missing", id="a bracket left open"),
        pytest.param("rain OR", "A word is missing here", id="an operator at the end"),
        pytest.param("()", "There is nothing between these brackets.", id="empty brackets"),
        pytest.param("-", "from now on you get all articles", id="a lone minus takes the filter away"),
        pytest.param("colour:red", "I do not know what stands before this colon.", id="an unknown field"),
        pytest.param("w" * 600, "The filter is too long.", id="600 characters"),
        pytest.param("<b>&lt;", "An article must have", id="markup is only a word to look for"),
    ],
)
async def test_a_filter_that_does_not_parse_says_why(chat: Conversation, said: str, sentence: str) -> None:
    await chat.say("/sub example.org/feed")
    (answer,) = await chat.say(f"/filter 1 {said}")
    assert sentence in answer["text"]


async def test_the_same_feed_twice_changes_nothing(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    assert texts(await chat.say("/sub https://EXAMPLE.org/feed#top")) == [
        "You already follow Weather & Sons. Nothing has changed."
    ]
    assert len(await chat.store.subscriptions(ADA)) == 1


async def test_a_message_of_10_000_characters_gets_a_kind_sentence(chat: Conversation) -> None:
    """Telegram's own apps split at 4,096; the update may hold more all the same."""
    (answer,) = await chat.say("x" * 10_000)
    assert answer["text"].startswith("That is too long for me.")


async def test_a_file_gets_a_kind_sentence(chat: Conversation) -> None:
    said = await chat.post("/sim/send", user=ADA, chat=ADA, document={"name": "a.bin", "content": "x"})
    await chat.quiet(said["update_id"])
    (answer,) = await chat.since(ADA, said["message"]["message_id"])
    assert answer["text"].startswith("I can read only text and OPML files.")


async def test_an_edited_message_is_no_command(chat: Conversation) -> None:
    said = await chat.post("/sim/send", user=ADA, chat=ADA, text="hello")
    await chat.quiet(said["update_id"])
    which = said["message"]["message_id"]
    edited = await chat.post("/sim/edit", user=ADA, chat=ADA, message=which, text="/sub example.org/feed")
    await chat.quiet((await chat.post("/sim/send", user=ADA, chat=ADA, text="/help"))["update_id"])
    assert edited["update_id"] is None
    assert await chat.store.subscriptions(ADA) == ()


# --- buttons ---


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param("nonsense", id="no verb of ours"),
        pytest.param("list:x", id="no number"),
        pytest.param("list:-1", id="a negative page"),
        pytest.param("drop:1", id="a part missing"),
        pytest.param("undo:99999999999999999999", id="a number beyond the database's"),
        pytest.param("lang:xx", id="a language we do not have"),
        pytest.param("", id="nothing"),
    ],
)
async def test_a_forged_press_is_answered_like_a_stale_one(chat: Conversation, forged: str) -> None:
    (greeting,) = await chat.say("/start")
    said = await chat.press(greeting, forged, force=True)
    assert said == "This button is out of date. Please send the command again."


async def test_a_page_that_is_no_more_shows_the_last_one(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    (listed,) = await chat.say("/list")
    assert await chat.press(listed, "list:900", force=True) is None


async def test_a_button_of_a_feed_that_is_gone_says_so(chat: Conversation) -> None:
    welcome, _sample = await chat.say("/sub example.org/feed")
    undo, filter_ = data(welcome)
    await chat.say("/unsubscribe 1")
    assert await chat.press(welcome, undo) == "This chat no longer follows that feed."
    assert await chat.press(welcome, filter_) == "This chat no longer follows that feed."


async def test_a_reply_to_a_question_about_a_feed_that_is_gone_says_so(chat: Conversation) -> None:
    welcome, _sample = await chat.say("/sub example.org/feed")
    await chat.press(welcome, data(welcome)[1])
    question = (await chat.since(ADA, welcome["message_id"]))[-1]
    await chat.say("/unsubscribe 1")
    assert texts(await chat.say("rain", reply_to=question["message_id"])) == [
        "This chat no longer follows that feed. /list shows what it follows."
    ]


async def test_another_chats_numbers_open_nothing(chat: Conversation) -> None:
    """Subscription and offer ids run through all chats; a changed client can send any of them."""
    (offer,) = await chat.say("https://example.org/feed")
    await chat.say("/sub example.org/feed")
    (theirs,) = await chat.store.subscriptions(ADA)
    (own,) = await chat.say("/start", by=XIAOMING)
    gone = "这个订阅已经不在了。"
    assert await chat.press(own, f"undo:{theirs.id}", by=XIAOMING, force=True) == gone
    assert await chat.press(own, f"filter:{theirs.id}", by=XIAOMING, force=True) == gone
    assert await chat.press(own, f"drop:{theirs.id}:0", by=XIAOMING, force=True) == gone
    await chat.press(own, data(offer)[0], by=XIAOMING, force=True)
    assert await chat.store.subscriptions(XIAOMING) == ()
    assert await chat.store.subscriptions(ADA) == (theirs,)
