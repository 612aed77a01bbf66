"""Lists of feeds come into a chat as files, and go out as one."""

from __future__ import annotations

import re

import pytest

from bot.model import FetchFailed, Problem
from bot.sandbox.faults import Fault
from tests.telegram.conversation import (
    ADA,
    BEA,
    CHANNEL,
    NEWS_TOPIC,
    NEWSROOM,
    XIAOMING,
    Conversation,
    Message,
    data,
    feed,
    labels,
    texts,
)

OPML = (
    '<opml version="2.0"><body><outline text="Sky"><outline text="Weather" xmlUrl="https://example.org/feed"/>'
    '</outline><outline text="Nothing" xmlUrl="https://example.org/empty"/>'
    '<outline text="Dead" xmlUrl="https://plain.example/"/></body></opml>'
)


async def send(
    chat: Conversation,
    content: str = OPML,
    *,
    name: str = "feeds.opml",
    by: int = ADA,
    to: int = 0,
    **more: object,
) -> list[Message]:
    """Send a file, and wait for what the bot writes."""
    where = to or by
    document = {"name": name, "content": content}
    said = await chat.post("/sim/send", user=by, chat=where, document=document, **more)
    await chat.quiet(said["update_id"])
    return await chat.since(where, said["message"]["message_id"])


async def followed(chat: Conversation, where: int = ADA) -> list[tuple[str, str]]:
    """Title and folder of all that a chat follows."""
    return sorted((one.feed_title, one.folder) for one in await chat.store.subscriptions(where))


BOTH = [("Nothing Yet", ""), ("Weather & Sons", "Sky")]
DONE = (
    "✅ You follow 2 more feeds.\n"
    "⚠️ One could not be added:\n"
    "https://plain.example/\n"
    "    This is a web page, and it names no feed. Look for “RSS” or “Feed” on the site, and send me that address."
)


async def test_a_file_sent_in_private_is_an_offer_and_nothing_is_followed_yet(chat: Conversation) -> None:
    (offer,) = await send(chat)
    assert offer["text"] == "feeds.opml lists 3 feeds. Do you want to follow them?"
    assert labels(offer) == [["Import"]]
    assert await followed(chat) == []


async def test_the_offer_becomes_the_progress_and_then_what_came_of_it(chat: Conversation) -> None:
    (offer,) = await send(chat)
    assert await chat.press(offer, data(offer)[0]) == "One moment, I am reading it…"
    now = await chat.now(offer)
    assert (now["text"], labels(now)) == (DONE, [])
    assert await followed(chat) == BOTH
    edits = [call["params"]["text"] for call in await chat.calls("editMessageText")]
    assert edits[0] == "📥 Importing… 0 of 3"


async def test_the_same_file_again_skips_what_is_there_and_tries_the_rest(chat: Conversation) -> None:
    await send(chat, text="/import")
    chat.reader.web["https://plain.example/"] = feed("Plain", "One")
    (_progress,) = again = await send(chat, text="/import")
    assert texts(again) == ["✅ You follow one more feed.\n2 you followed already."]
    assert await followed(chat) == sorted([*BOTH, ("Plain", "")])


async def test_the_progress_is_shown_in_place_and_not_for_every_feed(
    chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.commands.import_._GAP_SECONDS", 0.0)
    await send(chat, text="/import")
    shown = [call["params"]["text"] for call in await chat.calls("editMessageText")]
    assert shown[:-1] == ["📥 Importing… 1 of 3", "📥 Importing… 2 of 3", "📥 Importing… 3 of 3"]
    monkeypatch.undo()
    await send(chat, "\n".join(f"https://a.example/{n}" for n in range(300)), text="/import")
    assert len(await chat.calls("editMessageText")) - len(shown) <= 3


async def test_an_import_goes_on_when_its_progress_cannot_be_shown(
    chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody deletes the message, or Telegram finds that we edit too fast: the feeds matter more."""
    monkeypatch.setattr("bot.telegram.commands.import_._GAP_SECONDS", 0.0)
    refusal = Fault(
        method="editmessagetext", times=9, status=400, description="Bad Request: message to edit not found"
    )
    chat.sandbox.simulation.faults.waiting.append(refusal)
    assert texts(await send(chat, text="/import")) == ["📥 Importing… 0 of 3", DONE]
    assert await followed(chat) == BOTH


async def test_no_sample_is_shown_of_what_a_list_brings(chat: Conversation) -> None:
    """2,000 feeds would be 2,000 messages."""
    assert len(await send(chat, text="/import")) == 1


async def test_a_feed_out_of_reach_is_followed_and_said_so(chat: Conversation) -> None:
    """A server that is down for an hour must not cost anybody a feed."""
    chat.reader.web["https://slow.example/rss"] = FetchFailed(
        Problem("fetch.timeout", {"host": "slow.example"})
    )
    (answer,) = await send(chat, '<outline text="Slow" xmlUrl="https://slow.example/rss"/>', text="/import")
    assert answer["text"] == ("One more cannot be reached just now; you follow it, and I keep trying.")
    assert await followed(chat) == [("Slow", "")]


async def test_many_failures_come_as_a_file_with_every_reason(chat: Conversation) -> None:
    lines = "\n".join(f"https://nowhere{number:02}.example/" for number in range(12))
    summary, problems = await send(chat, lines, name="list.opml", text="/import")
    assert summary["text"] == "⚠️ 12 could not be added:"
    assert problems["caption"] == "What could not be added, and why"
    content = await chat.file(problems["document"]["file_id"])
    assert (
        len(re.findall(r"^https://nowhere\d\d\.example/\n    There is no site named", content, re.MULTILINE))
        == 12
    )


@pytest.mark.parametrize(
    ("content", "name", "answer"),
    [
        pytest.param(
            "<opml/>", "a.opml", "⚠️ There are no feeds in this file.", id="an OPML file without feeds"
        ),
        pytest.param(
            " " * (5 * 1024 * 1024 + 1), "a.opml", "⚠️ This file is larger than 5 MB", id="a file too large"
        ),
        pytest.param(
            '<outline text="x">' * 30,
            "a.xml",
            "⚠️ The folders in this file lie more than 20",
            id="a bomb of folders",
        ),
        pytest.param("hello", "notes.txt", "I can read only text and OPML files.", id="another file"),
    ],
)
async def test_other_files_get_a_sentence(chat: Conversation, content: str, name: str, answer: str) -> None:
    (said,) = await send(chat, content, name=name)
    assert said["text"].startswith(answer)


async def test_a_file_that_telegram_no_longer_has_is_asked_for_again(chat: Conversation) -> None:
    gone = Fault(method="getfile", status=400, description="Bad Request: wrong file_id")
    chat.sandbox.simulation.faults.waiting.append(gone)
    (said,) = await send(chat)
    assert said["text"] == "⚠️ I cannot get this file from Telegram. Please send it again."


async def test_import_without_a_file_asks_for_one_and_takes_the_reply(chat: Conversation) -> None:
    (question,) = await chat.say("/import")
    assert question["sent_keyboard"]["force_reply"]
    (answer,) = await send(chat, reply_to=question["message_id"])
    assert answer["text"] == DONE


async def test_a_file_is_no_answer_to_another_question(chat: Conversation) -> None:
    (question,) = await chat.say("/subscribe")
    (answer,) = await send(chat, reply_to=question["message_id"])
    assert answer["text"].startswith("Send me the address of a site or feed")


async def test_in_a_topic_of_a_group_the_feeds_belong_to_it(chat: Conversation) -> None:
    (answer,) = await send(chat, by=BEA, to=NEWSROOM, thread=NEWS_TOPIC, text="/import@feedbell_sandbox_bot")
    assert answer["text"] == DONE
    assert {one.thread_id for one in await chat.store.subscriptions(NEWSROOM)} == {NEWS_TOPIC}


async def test_only_administrators_of_a_group_import(chat: Conversation) -> None:
    (answer,) = await send(chat, by=XIAOMING, to=NEWSROOM, text="/import@feedbell_sandbox_bot")
    assert "只有" in answer["text"]
    assert await followed(chat, NEWSROOM) == []


async def test_a_channels_feeds_are_imported_from_the_private_chat(chat: Conversation) -> None:
    (answer,) = await send(chat, text="/import @feedbell_demo")
    assert answer["text"].endswith(DONE)
    assert await followed(chat, CHANNEL) == BOTH


async def test_the_list_shows_folders(chat: Conversation) -> None:
    await send(chat, text="/import")
    (listed,) = await chat.say("/list")
    assert re.search(r"^📁 Sky\n\d\. Weather & Sons$", listed["text"], re.MULTILINE)


async def test_the_longest_list_fits_into_one_message(chat: Conversation) -> None:
    """20 feeds with long names and filters, each in a folder of its own and with its problem."""
    host = "h" * 60 + ".example"
    outlines = ""
    for number in range(20):
        url = f"https://{host}/{number}"
        chat.reader.web[url] = FetchFailed(Problem("fetch.timeout", {"host": host}))
        named = f'<outline text="{"T" * 300}" xmlUrl="{url}"/>'
        outlines += f'<outline text="{number:02}{"F" * 300}">{named}</outline>'
    await send(chat, outlines, text="/import")
    for number in range(20):
        await chat.save_filter(f"/filter {number + 1} " + "w" * 300)
    (listed,) = await chat.say("/list")
    assert listed["text"].count("\n") == 61
    assert len(listed["text"]) <= 4096


async def test_what_is_exported_can_be_imported_elsewhere_with_its_folders(chat: Conversation) -> None:
    await send(chat, text="/import")
    (sent,) = await chat.say("/export")
    assert sent["document"]["file_name"] == "feeds.opml"
    assert sent["caption"] == "2 feeds, for any reader that imports OPML."
    content = await chat.file(sent["document"]["file_id"])
    (answer,) = await send(chat, content, by=XIAOMING, text="/import")
    assert answer["text"] == "✅ 新订阅了 2 个。"
    assert await followed(chat, XIAOMING) == BOTH


async def test_nothing_followed_is_nothing_to_export(chat: Conversation) -> None:
    assert texts(await chat.say("/export")) == [
        "This chat follows nothing yet. Start with an address: /subscribe example.org"
    ]
