"""/failed: what was given up, for those who run the bot and for nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.model import Chat, ChatKind, RowState
from bot.telegram.access import Access
from tests.store.town import NOON, Town, article, tried
from tests.telegram.conversation import (
    ADA,
    BEA,
    READERS,
    XIAOMING,
    Conversation,
    conversation,
    data,
    labels,
    texts,
)

READERS_CHAT = Chat(READERS, ChatKind.GROUP, "Readers & Co", "en")
UNKNOWN = "I do not know /failed. Did you mean /filter?"


@pytest.fixture
async def owned() -> AsyncIterator[Conversation]:
    """ADA runs the bot."""
    async with conversation(Access(owners=frozenset({ADA}))) as running:
        yield running


async def give_up(chat: Conversation, *titles: str, thread: int | None = None) -> None:
    """Articles for READERS that Telegram refused, the first one first."""
    town = Town(chat.store)
    feed_id = await town.feed(title="Weather")
    subscription = await town.follow(READERS_CHAT, feed_id, thread)
    for number, title in enumerate(titles):
        url = f"https://example.org/{number}"
        await town.publish(feed_id, article(title, title=title, url=url), to={subscription: READERS})
        parcel = await town.must_claim()
        await town.record(tried(parcel, RowState.DROPPED, NOON, reason="Text <must> be non-empty"))


async def rows_in(chat: Conversation, state: RowState) -> int:
    return (await chat.store.depth())[state]


async def test_owners_see_what_was_given_up_and_why(owned: Conversation) -> None:
    await give_up(owned, "Rain & hail")
    (shown,) = await owned.say("/failed")
    assert shown["text"] == (
        "Articles that were given up, newest first\n\n"
        "1. Rain & hail\n"
        "for Readers & Co, from Weather, 2026-03-01 12:00 UTC\n"
        "Text <must> be non-empty (one try)"
    )
    assert labels(shown) == [["↻ 1 Retry", "✕ 1 Drop"]]


async def test_when_nothing_was_given_up_it_says_so(owned: Conversation) -> None:
    assert texts(await owned.say("/failed")) == ["Nothing was given up."]


async def test_what_is_retried_waits_again(owned: Conversation) -> None:
    await give_up(owned, "Rain")
    (shown,) = await owned.say("/failed")
    assert await owned.press(shown, data(shown)[0]) == "It is tried again."
    assert (await owned.now(shown))["text"] == "Nothing was given up."
    assert (await rows_in(owned, RowState.WAITING), await rows_in(owned, RowState.DROPPED)) == (1, 0)


async def test_what_is_dropped_is_gone(owned: Conversation) -> None:
    await give_up(owned, "Rain", "Hail")
    (shown,) = await owned.say("/failed")
    assert await owned.press(shown, data(shown)[1]) == "It is dropped."
    assert (await owned.now(shown))["text"].count("Weather") == 1
    assert (await rows_in(owned, RowState.WAITING), await rows_in(owned, RowState.DROPPED)) == (0, 1)


@pytest.mark.parametrize("which", [0, 1])
async def test_a_button_of_something_already_settled_says_so(owned: Conversation, which: int) -> None:
    await give_up(owned, "Rain")
    (shown,) = await owned.say("/failed")
    await owned.press(shown, data(shown)[1])
    assert await owned.press(shown, data(shown)[which], force=True) == "It is no longer in this list."


async def test_pages_hold_five(owned: Conversation) -> None:
    await give_up(owned, *(f"Rain {n}" for n in range(7)))
    (first,) = await owned.say("/failed")
    assert "5. Rain 2" in first["text"]
    assert (len(labels(first)), labels(first)[-1]) == (6, ["▶"])
    await owned.press(first, "failed:1")
    second = await owned.now(first)
    assert "6. Rain 1" in second["text"]
    assert labels(second)[-1] == ["◀"]
    await owned.press(second, data(second)[1])
    await owned.press(second, data(await owned.now(first))[1])
    assert "1. Rain 6" in (await owned.now(first))["text"], "the page is empty by now: the first one instead"


async def test_others_have_no_such_command(owned: Conversation) -> None:
    assert texts(await owned.say("/failed", by=BEA)) == [UNKNOWN]
    assert texts(await owned.say("/help failed", by=BEA)) == [UNKNOWN]
    assert "/failed" not in texts(await owned.say("/help", by=BEA))[0]
    assert "failed" not in texts(await owned.say("/faild", by=BEA))[0]


async def test_owners_find_it_in_their_help(owned: Conversation) -> None:
    assert "/failed – Articles that were given up" in texts(await owned.say("/help"))[0]
    assert texts(await owned.say("/help failed"))[0].startswith("/failed\nArticles that Telegram refused")


async def test_a_group_does_not_get_to_see_it(owned: Conversation) -> None:
    """Its members would read of other chats."""
    await give_up(owned, "Rain")
    assert await owned.say("/failed", to=READERS) == []
    assert texts(await owned.say("/failed@feedbell_sandbox_bot", to=READERS)) == [UNKNOWN]


@pytest.mark.parametrize("verb", ["retry", "discard"])
async def test_a_forged_press_of_somebody_else_changes_nothing(owned: Conversation, verb: str) -> None:
    await give_up(owned, "Rain")
    (answer,) = await owned.say("/help", by=XIAOMING)
    (letter,) = await owned.store.dead_letters(limit=1)
    pressed = await owned.press(answer, f"{verb}:{letter.row_id}:0", by=XIAOMING, force=True)
    assert pressed == "这个按钮已经失效，请重新发送命令。"
    assert await rows_in(owned, RowState.DROPPED) == 1
