"""`@bot words` in any chat finds articles among one's own feeds."""

from __future__ import annotations

from typing import Any

from bot.services.sharing import PAGE
from bot.telegram.access import Access
from tests.fakes import FakeReader
from tests.telegram.conversation import ADA, BEA, READERS, Conversation, conversation, feed

FEED = "https://example.org/feed"


async def asked(chat: Conversation, query: str, *, by: int = ADA, offset: str = "") -> dict[str, Any]:
    """What the bot answers."""
    said = await chat.post("/sim/inline", user=by, query=query, offset=offset)
    await chat.quiet(said["update_id"])
    answer = chat.sandbox.world.inline[said["inline_query_id"]]
    assert answer is not None, "it was answered"
    return answer | {"inline_query_id": said["inline_query_id"]}


def titles(answer: dict[str, Any]) -> list[str]:
    return [one["title"] for one in answer["results"]]


async def test_words_find_articles_and_the_one_chosen_is_sent_as_an_alert_looks(chat: Conversation) -> None:
    await chat.say("/subscribe example.org/feed")
    answer = await asked(chat, "rain OR snow")
    assert titles(answer) == ["Rain on Monday"]
    sent = await chat.post(
        "/sim/inline",
        user=ADA,
        inline_query_id=answer["inline_query_id"],
        result=answer["results"][0]["id"],
        chat=READERS,
    )
    assert sent["message"]["text"].startswith("Rain on Monday")
    assert (answer["is_personal"], answer["cache_time"]) == (True, 10)


async def test_nothing_typed_finds_the_newest_page_by_page() -> None:
    names = [f"Article {number}" for number in range(PAGE + 5)]
    async with conversation(reader=FakeReader({FEED: feed("Much", *names)})) as chat:
        await chat.say("/subscribe example.org/feed")
        first = await asked(chat, "")
        second = await asked(chat, "", offset=first["next_offset"])
    assert sorted(titles(first) + titles(second)) == sorted(names)
    assert (len(first["results"]), len(second["results"]), second["next_offset"]) == (PAGE, 5, "")


async def test_others_feeds_are_not_found(chat: Conversation) -> None:
    await chat.say("/subscribe example.org/feed")
    answer = await asked(chat, "rain", by=BEA)
    assert titles(answer) == []
    assert answer["button"]["text"] == "Follow a feed first: tap here"


async def test_nothing_found_says_so(chat: Conversation) -> None:
    await chat.say("/subscribe example.org/feed")
    assert (await asked(chat, "submarine"))["button"]["text"] == "Nothing found. See what you follow"


async def test_half_a_filter_is_waited_for(chat: Conversation) -> None:
    await chat.say("/subscribe example.org/feed")
    assert (await asked(chat, 'rain ("on'))["button"]["text"] == "Go on typing, or ask me for help"


async def test_who_is_not_served_finds_nothing() -> None:
    async with conversation(Access(mode="allowlist")) as chat:
        answer = await asked(chat, "rain")
    assert titles(answer) == []
    assert answer["button"]["text"] == "This bot serves invited people only"
