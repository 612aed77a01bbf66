"""A filter is tried before it is saved: what it would have done, with buttons."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.telegram.conversation import (
    ADA,
    READERS,
    XIAOMING,
    Conversation,
    Message,
    data,
    feed,
    labels,
    texts,
)

NEWS = (
    "Rust 2.0 is out",
    "Rust and rain",
    "Snow in June",
    "Football: rust never sleeps",
    "Football results",
    "Football and tea",
)


async def follow_news(chat: Conversation, *titles: str) -> None:
    chat.reader.web["https://news.example/"] = feed("News", *titles)
    await chat.say("/sub news.example")


async def saved(chat: Conversation, where: int = ADA) -> str:
    return (await chat.store.subscriptions(where))[0].filter


def button(message: Message, label: str) -> str:
    """What the button of that label carries."""
    names = [name for row in labels(message) for name in row]
    return data(message)[names.index(label)]


async def test_a_filter_shows_what_it_would_have_done_and_changes_nothing(chat: Conversation) -> None:
    await follow_news(chat, "Rust is out", "Snow in June", "Rust eats snow")
    (tried,) = await chat.say("/filter 1 rust -snow")
    assert tried["text"].splitlines() == [
        "Not saved yet · News",
        "rust -snow",
        "An article must have “rust” and no “snow”.",
        "",
        "It would have let through 1 of the last 3 articles.",
        "",
        "✅ Rust is out · “Rust”",
        "❌ Snow in June · “Snow”, no “rust”",
        "❌ Rust eats snow · “snow”",
    ]
    assert labels(tried) == [["✓ Save", "Change", "✕ Cancel"]]
    assert await saved(chat) == ""


async def test_the_articles_of_the_first_document_are_tried_on_and_never_sent(chat: Conversation) -> None:
    await follow_news(chat, *NEWS)
    await chat.say("/filter 1 rust")
    depth = await chat.store.depth()
    assert {name: count for name, count in depth.items() if count} == {"feeds": 1, "subscriptions": 1}


async def test_the_list_shows_twenty_and_counts_sixty(chat: Conversation) -> None:
    await follow_news(chat, *(f"Number {number}" for number in range(70)))
    (tried,) = await chat.say('/filter 1 number -"number 0"')
    assert "It would have let through 59 of the last 60 articles." in tried["text"]
    shown = [line.split(" · ")[0] for line in tried["text"].splitlines() if line[0:1] in "✅❌" and line]
    assert shown == ["❌ Number 0", *(f"✅ Number {number}" for number in range(1, 20))]


async def test_what_comes_through_is_told_a_week(chat: Conversation) -> None:
    read = feed("News", *(f"{'Rust' if n % 2 else 'Tea'} {n}" for n in range(20)))
    entries = tuple(
        replace(entry, published=chat.clock.now() - timedelta(days=number + 1))
        for number, entry in enumerate(read.feed.entries)
    )
    chat.reader.web["https://news.example/"] = replace(read, feed=replace(read.feed, entries=entries))
    await chat.say("/sub news.example")
    (tried,) = await chat.say("/filter 1 rust")
    assert "let through 10 of the last 20 articles, about 4 articles a week." in tried["text"]


async def test_the_longest_filter_on_the_longest_titles_still_fits(chat: Conversation) -> None:
    await follow_news(chat, *(f"{number} " + "wörd & <tag> " * 40 for number in range(60)))
    (tried,) = await chat.say("/filter 1 " + ", ".join(f"w{n}rds" for n in range(49)) + ", wörd")
    assert "let through 60 of the last 60 articles" in tried["text"]


async def test_a_feed_without_articles_says_so_and_can_be_filtered_all_the_same(chat: Conversation) -> None:
    await chat.say("/sub example.org/empty")
    (tried,) = await chat.say("/filter 1 rain")
    assert "There is no article of this feed yet to try it on." in tried["text"]
    await chat.press(tried, button(tried, "✓ Save"))
    assert await saved(chat) == "rain"


async def test_save_saves_what_was_tried_and_takes_the_buttons_away(chat: Conversation) -> None:
    await follow_news(chat, *NEWS)
    (tried,) = await chat.say("/filter 1 rust -snow")
    save = button(tried, "✓ Save")
    await chat.press(tried, save)
    now = await chat.now(tried)
    assert now["text"].startswith("✅ News – from now on you get only: rust -snow")
    assert labels(now) == []
    assert await saved(chat) == "rust -snow"
    assert await chat.press(tried, save, force=True) is None, "pressed twice is pressed once"


async def test_cancel_changes_nothing(chat: Conversation) -> None:
    await follow_news(chat, *NEWS)
    await chat.save_filter("/filter 1 tea")
    (tried,) = await chat.say("/filter 1 rust")
    await chat.press(tried, button(tried, "✕ Cancel"))
    assert (await chat.now(tried))["text"] == "Nothing has changed."
    assert await saved(chat) == "tea"


async def test_change_asks_and_tries_what_is_replied(chat: Conversation) -> None:
    await follow_news(chat, *NEWS)
    (tried,) = await chat.say("/filter 1 rust")
    await chat.press(tried, button(tried, "Change"))
    (question,) = await chat.since(ADA, tried["message_id"])
    (other,) = await chat.say("tea", reply_to=question["message_id"])
    assert other["text"].startswith("Not saved yet · News\ntea\n")
    assert await saved(chat) == ""


async def test_a_mistake_offers_the_nearest_as_a_button_that_tries_it(chat: Conversation) -> None:
    await follow_news(chat, *NEWS)
    (refused,) = await chat.say("/filter 1 rust (rain")
    assert "rust 👉(rain" in refused["text"]
    assert labels(refused) == [["rust rain"]]
    await chat.press(refused, data(refused)[0])
    tried = await chat.now(refused)
    assert "It would have let through 1 of the last 6 articles." in tried["text"]
    assert await saved(chat) == ""


async def test_a_suggested_word_is_added_and_tried(chat: Conversation) -> None:
    await follow_news(chat, *NEWS)
    (tried,) = await chat.say("/filter 1 rust")
    assert "It would have let through 3 of the last 6 articles." in tried["text"]
    assert labels(tried)[0] == ["− football"]
    await chat.press(tried, button(tried, "− football"))
    again = await chat.now(tried)
    assert again["text"].splitlines()[:2] == ["Not saved yet · News", "rust -football"]
    assert "It would have let through 2 of the last 6 articles." in again["text"]
    await chat.press(again, button(again, "✓ Save"))
    assert await saved(chat) == "rust -football"


async def test_a_member_presses_in_vain(chat: Conversation) -> None:
    """Who tried it was an administrator; who presses may be anybody."""
    await chat.say("/sub example.org/feed", to=READERS)
    (tried,) = await chat.say("/filter 1 rain", to=READERS)
    for verb in data(tried):
        assert await chat.press(tried, verb, by=XIAOMING) == "Only administrators of this group can do that."
    assert (await chat.now(tried))["text"] == tried["text"]
    assert await saved(chat, READERS) == ""


async def test_the_trial_of_another_chat_cannot_be_saved(chat: Conversation) -> None:
    """A changed client can send any number it likes."""
    await follow_news(chat, *NEWS)
    (theirs,) = await chat.say("/filter 1 rust")
    await chat.say("/sub example.org/feed", by=XIAOMING)
    (own,) = await chat.say("/filter 1 tea", by=XIAOMING)
    for forged in (button(theirs, "✓ Save"), button(theirs, "✓ Save").replace("save", "try"), "try:1:9"):
        assert await chat.press(own, forged, by=XIAOMING, force=True) == "这个按钮已经失效，请重新发送命令。"
    assert (await saved(chat), await saved(chat, XIAOMING)) == ("", "")


async def test_a_trial_of_a_feed_that_was_left_is_out_of_date(chat: Conversation) -> None:
    await follow_news(chat, *NEWS)
    (tried,) = await chat.say("/filter 1 rust")
    await chat.say("/unsubscribe 1")
    stale = "This button is out of date. Please send the command again."
    assert await chat.press(tried, button(tried, "✓ Save")) == stale


async def test_what_is_muted_is_shown_added_to_and_let_go(chat: Conversation) -> None:
    (said,) = await chat.say("/mute football")
    assert said["text"] == (
        "🔇 From now on these do not come, from no feed here: football\nThat is every article with “football”."
    )
    await chat.say("/mute title:golf -club")
    (shown,) = await chat.say("/mute")
    assert shown["text"].startswith("football OR (title:golf -club)\n")
    assert texts(await chat.say("/mute off")) == ["✅ Nothing is muted here any more."]
    known = await chat.store.chat(ADA)
    assert known
    assert known.mute == ""
    assert texts(await chat.say("/mute *")) == [
        "That would mute everything; /pause does so. Nothing has changed."
    ]


async def test_a_mute_that_does_not_parse_points_at_its_mistake(chat: Conversation) -> None:
    (said,) = await chat.say("/mute golf (")
    assert "golf 👉(" in said["text"]
    await chat.say("/mute " + "a" * 300)
    (said,) = await chat.say("/mute " + "b" * 300)
    assert said["text"].startswith("The filter is too long.")


async def test_only_administrators_mute_and_everybody_may_look(chat: Conversation) -> None:
    await chat.say("/mute golf", to=READERS)
    (refused,) = await chat.say("/mute tea", by=XIAOMING, to=READERS)
    assert refused["text"].startswith("Only administrators")
    (shown,) = await chat.say("/mute", by=XIAOMING, to=READERS)
    assert shown["text"].startswith("golf\n")
