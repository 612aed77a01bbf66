"""Finding a feed in a long list, and all about it on one card."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Beat, FeedRead, PollOutcome, Problem, Validators
from tests.fakes import NOW
from tests.store.town import Town, article
from tests.telegram.conversation import (
    ADA,
    READERS,
    WEB,
    XIAOMING,
    Conversation,
    Message,
    data,
    feed,
    labels,
    texts,
)

HOUR = timedelta(hours=1)


async def follow(chat: Conversation, *feeds: tuple[str, str], by: int = ADA) -> None:
    """Follow feeds of these titles, each in a folder."""
    for title, folder in feeds:
        url = f"https://{abs(by)}.example/{title.replace(' ', '-').replace('ñ', 'n')}"
        named = feed(title)
        read = WEB["https://example.org/empty"]
        assert isinstance(read, FeedRead)
        chat.reader.web[url] = replace(read, feed=named.feed)
        opml = f'<outline text="{folder}"><outline text="{title}" xmlUrl="{url}"/></outline>'
        file = {"name": "feeds.opml", "content": opml}
        said = await chat.post("/sim/send", user=by, chat=by, document=file, text="/import")
        await chat.quiet(said["update_id"])


async def many(chat: Conversation, count: int) -> None:
    """Follow that many feeds, each third of them about the sea."""
    town = Town(chat.store)
    for number in range(1, count + 1):
        title = f"Sea {number}" if number % 3 == 0 else f"Land {number}"
        known = await chat.store.chat(ADA)
        assert known
        await town.follow(known, await town.feed(f"https://many.example/{number}", title=title))


SEA = [("Harbour Light", "Sea"), ("Morning Post", ""), ("Tide Tables", "Sea"), ("El Niño", "Sky")]


async def test_the_list_goes_folder_by_folder_with_the_numbers_that_commands_take(chat: Conversation) -> None:
    await follow(chat, *SEA)
    (listed,) = await chat.say("/list")
    assert listed["text"] == (
        "You follow 4 feeds\n\n2. Morning Post\n📁 Sea\n1. Harbour Light\n3. Tide Tables\n📁 Sky\n4. El Niño"
    )
    assert labels(listed) == [["2", "1", "3", "4"]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("light", ["1. Harbour Light 📁 Sea"], id="in the title"),
        pytest.param("SEA", ["1. Harbour Light 📁 Sea", "3. Tide Tables 📁 Sea"], id="in the folder"),
        pytest.param("sea tide", ["3. Tide Tables 📁 Sea"], id="all of the words"),
        pytest.param("el nino", ["4. El Niño 📁 Sky"], id="without the accent"),
        pytest.param("1001.example/morn", ["2. Morning Post"], id="in the address"),
        pytest.param("snow", ["2. Morning Post · snow"], id="in the filter"),
    ],
)
async def test_words_behind_list_are_looked_for(chat: Conversation, words: str, found: list[str]) -> None:
    await follow(chat, *SEA)
    if words == "snow":
        await chat.save_filter("/filter 2 snow")
    (listed,) = await chat.say(f"/list {words}")
    head, _, *lines = listed["text"].splitlines()
    assert (head.endswith(f"“{words}”"), lines) == (True, found)
    assert labels(listed)[-1] == ["☰ List"]


async def test_what_nobody_has_is_said_with_the_way_back(chat: Conversation) -> None:
    await follow(chat, *SEA)
    (nothing,) = await chat.say("/list desert")
    assert nothing["text"] == "None of your feeds has “desert” in its name, address, folder or filter."
    await chat.press(nothing, data(nothing)[0])
    assert (await chat.now(nothing))["text"].startswith("You follow 4 feeds")


async def test_the_search_button_asks_for_the_words(chat: Conversation) -> None:
    await chat.say("/start")
    await many(chat, 21)
    (listed,) = await chat.say("/list")
    await chat.press(listed, "find")
    (question,) = await chat.since(ADA, listed["message_id"])
    (found,) = await chat.say("sea 1", reply_to=question["message_id"])
    assert found["text"].splitlines()[2:] == ["12. Sea 12", "15. Sea 15", "18. Sea 18", "21. Sea 21"]


async def test_the_pages_of_a_search_are_of_that_search(chat: Conversation) -> None:
    await chat.say("/start")
    await many(chat, 66)
    (found,) = await chat.say("/search sea")
    assert labels(found)[-2] == ["◀", "1/2", "▶"]
    await chat.press(found, "list:1:sea")
    assert (await chat.now(found))["text"].splitlines()[2:] == ["63. Sea 63", "66. Sea 66"]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("海" * 2000, id="much too long"),
        pytest.param("a:b @c:d", id="the signs that part a button's data"),
        pytest.param("<b>&amp;", id="markup"),
    ],
)
async def test_whatever_is_looked_for_fits_a_button(chat: Conversation, words: str) -> None:
    await follow(chat, *SEA)
    (answer,) = await chat.say(f"/list {words}")
    assert answer["text"].startswith("None of your feeds has “")


async def test_a_number_opens_the_card_and_the_way_back_leads_to_the_same_page(chat: Conversation) -> None:
    await chat.say("/start")
    await many(chat, 66)
    (found,) = await chat.say("/list sea")
    await chat.press(found, "list:1:sea")
    page = await chat.now(found)
    await chat.press(page, data(page)[0])
    card = await chat.now(found)
    assert card["text"].startswith("Sea 63\n")
    await chat.press(card, data(card)[-1])
    assert (await chat.now(found))["text"] == page["text"]


async def card_of(chat: Conversation) -> Message:
    """The card of a feed that has everything."""
    await follow(chat, ("Harbour Light", "Sea"))
    (own,) = await chat.store.subscriptions(ADA)
    problem = Problem("fetch.not_found", {"host": "harbour.example"})
    articles = (
        article("old", title="Fog <at> night", url="https://harbour.example/1", published=NOW - 72 * HOUR),
        article("new", title="Calm", published=NOW - HOUR),
    )
    facts = {"beat": Beat(21, NOW), "failures": 1, "problem": problem, "articles": articles}
    outcome = PollOutcome(own.feed_id, NOW, NOW + HOUR, Validators(), **facts)  # type: ignore[arg-type]
    async with chat.store.transaction() as tx:
        await tx.record_poll(outcome)
    await chat.save_filter("/filter 1 fog")
    await chat.say("/settings 1 long")
    (card,) = await chat.say("/feed 1")
    return card


async def test_a_card_says_all_about_a_feed(chat: Conversation) -> None:
    card = await card_of(chat)
    assert card["text"] == (
        "Harbour Light\n"
        "📁 Sea\n"
        "🕘 read just now, again in 60 min\n"
        "📈 about 3 articles a day, checked every 60 min\n"
        "⚠️ harbour.example is there, but it has no such page. Please check the address.\n\n"
        "You get only: fog\n"
        "An article must have “fog”.\n"
        "Length: long, up to three times as much\n\n"
        "The last articles\n"
        "• Calm · 60 min ago\n"
        "• Fog <at> night · 3 days ago"
    )
    assert labels(card) == [["Filter", "Settings"], ["↻ Check now"], ["Stop following"]]


async def test_its_buttons_do_what_words_do(chat: Conversation) -> None:
    card = await card_of(chat)
    filter_, settings, look, leave = data(card)
    await chat.press(card, filter_)
    await chat.press(card, look)
    asked, looked = await chat.since(ADA, card["message_id"])
    assert asked["text"].startswith("✏️ Which words must an article of Harbour Light have?")
    assert "Harbour Light" in looked["text"]
    await chat.press(card, settings)
    assert (await chat.now(card))["text"].startswith("Harbour Light\nLength: long")
    await chat.press(card, leave, force=True)
    assert (await chat.now(card))["text"] == "You no longer follow Harbour Light."
    assert labels(await chat.now(card)) == [["↩ Undo"]]


async def test_the_only_feed_needs_no_number_and_of_several_one_is_chosen(chat: Conversation) -> None:
    await follow(chat, SEA[0])
    assert texts(await chat.say("/feed"))[0].startswith("Harbour Light\n")
    await follow(chat, SEA[1])
    (choice,) = await chat.say("/feed")
    assert choice["text"].startswith("You follow 2 feeds")
    assert texts(await chat.say("/feed tide"))[0].startswith("I find no “tide” among the feeds")
    assert texts(await chat.say("/feed morning post"))[0].startswith("Morning Post\n")


async def test_without_feeds_there_is_the_first_step(chat: Conversation) -> None:
    assert texts(await chat.say("/feed"))[0].startswith("This chat follows nothing yet.")


async def test_a_card_of_a_feed_that_is_gone_or_another_chats_says_so(chat: Conversation) -> None:
    await follow(chat, *SEA)
    (listed,) = await chat.say("/list")
    await chat.say("/unsubscribe 2")
    assert await chat.press(listed, data(listed)[0]) == "This chat no longer follows that feed."
    assert await chat.press(listed, "card:99999", force=True) == "This chat no longer follows that feed."
    (own,) = await chat.say("/start", by=XIAOMING)
    assert await chat.press(own, data(listed)[1], by=XIAOMING, force=True) == "这个订阅已经不在了。"


async def test_everybody_in_a_group_may_read_a_card(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed", to=READERS)
    (card,) = await chat.say("/feed 1", by=XIAOMING, to=READERS)
    assert card["text"].startswith("Weather & Sons\n")
    await chat.press(card, data(card)[3], by=XIAOMING)
    assert len(await chat.store.subscriptions(READERS)) == 1
