"""/template: given, shown with an article, saved; by words and by buttons."""

from __future__ import annotations

import pytest

from tests.telegram.conversation import (
    ADA,
    BEA,
    READERS,
    XIAOMING,
    Conversation,
    Message,
    data,
    labels,
    texts,
)

BOLD_TITLE = {"type": "bold", "offset": 12, "length": 7}


async def follow(chat: Conversation, *, to: int = ADA, by: int = ADA) -> None:
    await chat.say("/subscribe example.org/feed", by=by, to=to)


async def kept(chat: Conversation, chat_id: int = ADA) -> tuple[str | None, str | None]:
    """The template of the chat, and of its first feed."""
    known = await chat.store.chat(chat_id)
    assert known is not None
    followed = await chat.store.subscriptions(chat_id)
    return known.wishes.template, followed[0].wishes.template if followed else None


async def offered(chat: Conversation, typed: str, **more: object) -> tuple[Message, Message]:
    """The article in that form, and the question whether it is to be so."""
    sample, question = await chat.say(typed, **more)  # type: ignore[arg-type]
    return sample, question


async def test_a_template_is_shown_with_the_newest_article_and_saved_by_a_button(chat: Conversation) -> None:
    await follow(chat)
    sample, question = await offered(chat, "/template 1 {title}\nfrom {source}", entities=[BOLD_TITLE])
    assert sample["text"] == "Rain on Monday\nfrom Weather & Sons"
    assert [one["type"] for one in sample["entities"]] == ["bold"]
    assert question["text"] == "☝️ This is how alerts will look (Weather & Sons). Shall it be so?"
    assert labels(question) == [["✓ Save", "✕ Cancel"]]
    assert await kept(chat) == (None, None)
    assert await chat.press(question, data(question)[0]) == "Saved."
    assert await kept(chat) == (None, "<b>{title}</b>\nfrom {source}")
    assert "{title}\nfrom {source}" in (await chat.now(question))["text"]


async def test_a_template_that_is_cancelled_changes_nothing(chat: Conversation) -> None:
    await follow(chat)
    _, question = await offered(chat, "/template 1 {title}")
    await chat.press(question, data(question)[1])
    assert (await chat.now(question))["text"] == "Nothing has changed (Weather & Sons)."
    assert await kept(chat) == (None, None)


async def test_the_whole_chat_has_one_and_a_feed_goes_its_own_way(chat: Conversation) -> None:
    await follow(chat)
    _, question = await offered(chat, "/template {title}!")
    await chat.press(question, data(question)[0])
    assert await kept(chat) == ("{title}!", None)
    await chat.say("/template 1 default")
    assert await kept(chat) == ("{title}!", "")
    await chat.say("/settings 1 template chat")
    assert await kept(chat) == ("{title}!", None)
    (said,) = await chat.say("/settings 1")
    assert "Template: your own" in said["text"]
    await chat.say("/template off")
    assert await kept(chat) == (None, None)


async def test_the_first_article_of_a_new_feed_comes_in_the_chats_form(chat: Conversation) -> None:
    _, question = await offered(chat, "/template {title} – {source}")
    await chat.press(question, data(question)[0])
    _, sample = await chat.say("/subscribe example.org/feed")
    assert sample["text"] == "Rain on Monday – Weather & Sons"


async def test_without_an_article_an_invented_one_shows_it(chat: Conversation) -> None:
    await chat.say("/subscribe example.org/empty")
    sample, _ = await offered(chat, "/template 1 {title}\n{source}")
    assert sample["text"] == "An invented headline\nNothing Yet"


async def test_by_buttons_it_is_asked_for_and_taken_away(chat: Conversation) -> None:
    await follow(chat)
    (said,) = await chat.say("/settings 1")
    await chat.press(said, "template:1")
    assert (await chat.now(said))["text"].splitlines()[0] == "Template: Weather & Sons"
    await chat.press(said, "template:1:ask")
    asked = (await chat.since(ADA, said["message_id"]))[-1]
    _, question = await offered(chat, "{title}?", reply_to=asked["message_id"])
    await chat.press(question, data(question)[0])
    assert await kept(chat) == (None, "{title}?")
    await chat.press(question, "template:1:off")
    assert await kept(chat) == (None, None)
    await chat.press(question, "set:1")
    assert (await chat.now(question))["text"].splitlines()[0] == "Weather & Sons"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        pytest.param(
            "/template 1 {title} {titel}",
            "I do not know this field. I know title, summary, link, source, author, date, time, tags, duration, media "
            "and comments. Nothing has changed.\n{title} {👉titel}\nDo you mean {title}?",
            id="a field that is none",
        ),
        pytest.param(
            "/template 1 {title",
            "The brace that opens here is never closed: } is missing. To show a brace, write \\{. "
            "Nothing has changed.\n👉{title",
            id="a brace that is never closed",
        ),
        pytest.param(
            "/template 1 {title}" + "x" * 2000,
            "The template is too long: 1000 characters are the most. Nothing has changed.\n…"
            + "x" * 40
            + "👉"
            + "x" * 20
            + "…",
            id="too long",
        ),
    ],
)
async def test_a_mistake_is_pointed_at_and_nothing_changes(
    chat: Conversation, typed: str, answer: str
) -> None:
    await follow(chat)
    assert texts(await chat.say(typed)) == [answer]
    assert await kept(chat) == (None, None)


@pytest.mark.parametrize("typed", ["/template hello", "/template 9 {title}", "/template 9"])
async def test_a_feed_that_is_not_there_says_how_it_is_written(chat: Conversation, typed: str) -> None:
    await follow(chat)
    (said,) = await chat.say(typed)
    assert said["text"].endswith("It is written so: /template 1 {title} {link}, with the number from /list.")


async def test_a_feed_is_named_by_its_title(chat: Conversation) -> None:
    await follow(chat)
    _, question = await offered(chat, "/template Weather & Sons {title}.")
    assert "(Weather & Sons)" in question["text"]


async def test_what_was_edited_since_it_was_shown_is_not_saved(chat: Conversation) -> None:
    """Nobody has seen what it looks like."""
    await follow(chat)
    _, question = await offered(chat, "/template 1 {title}")
    made_up = data(question)[0][:-8] + "0" * 8  # the sum of another text
    answer = await chat.press(question, made_up, force=True)
    assert answer == "This button is out of date. Please send the command again."
    assert await kept(chat) == (None, None)


@pytest.mark.parametrize(
    "typed", ["/template 1 {title}", "/settings 1 template {title}", "/settings 1 template off"]
)
async def test_in_groups_administrators_alone_change_it(chat: Conversation, typed: str) -> None:
    await follow(chat, to=READERS)
    (said,) = await chat.say(typed, by=XIAOMING, to=READERS)
    assert said["text"].startswith("Only administrators")
    assert await kept(chat, READERS) == (None, None)


async def test_a_button_of_an_administrator_is_no_button_of_others(chat: Conversation) -> None:
    await follow(chat, to=READERS)
    _, question = await offered(chat, "/template 1 {title}", to=READERS, by=BEA)
    await chat.press(question, data(question)[0], by=XIAOMING)
    assert await kept(chat, READERS) == (None, None)
    await chat.press(question, data(question)[0], by=ADA)
    assert await kept(chat, READERS) == (None, "{title}")


async def test_a_channels_template_is_given_in_private(chat: Conversation) -> None:
    await chat.say("/subscribe @feedbell_demo example.org/feed")
    _, question = await offered(chat, "/template @feedbell_demo 1 {title}")
    await chat.press(question, data(question)[0])
    channel = -1009876543210
    assert await kept(chat, channel) == (None, "{title}")


async def test_everybody_may_see_it(chat: Conversation) -> None:
    await follow(chat, to=READERS)
    (said,) = await chat.say("/template 1", by=XIAOMING, to=READERS)
    assert said["text"].splitlines()[1] == "Alerts come in the usual form."
