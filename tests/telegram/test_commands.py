"""What people say in private, and what they get for it."""

from __future__ import annotations

import pytest

from bot.model import (
    FeedLink,
    FetchFailed,
    Length,
    NotAFeed,
    Pictures,
    PollOutcome,
    Problem,
    Validators,
    Wishes,
)
from tests.fakes import NOW
from tests.telegram.conversation import ADA, XIAOMING, Conversation, data, feed, labels, texts

DONE = "✅ You follow Weather & Sons. New articles come here by themselves; this is the latest one:"


async def test_start_says_in_three_lines_what_the_bot_does_and_offers_the_first_step(
    chat: Conversation,
) -> None:
    (greeting,) = await chat.say("/start")
    assert greeting["text"].count("\n") == 2
    assert labels(greeting) == [
        ["News", "Seafaring"],
        ["How do I add a site?"],
        ["I have a list of feeds"],
        ["All commands"],
    ]


async def test_the_first_step_explains_subscribe(chat: Conversation) -> None:
    (greeting,) = await chat.say("/start")
    assert await chat.press(greeting, "help:subscribe") is None
    (explained,) = await chat.since(ADA, greeting["message_id"])
    assert explained["text"].startswith("/subscribe example.org\n")


async def test_help_names_every_command_once(chat: Conversation) -> None:
    (overview,) = await chat.say("/help")
    named = [line.split(" – ")[0] for line in overview["text"].splitlines() if " – " in line]
    assert named == [
        "/subscribe",
        "/preview",
        "/list",
        "/feed",
        "/filter",
        "/follow",
        "/mute",
        "/why",
        "/settings",
        "/template",
        "/copy",
        "/move",
        "/unsubscribe",
        "/unsubscribe_all",
        "/undo",
        "/status",
        "/stats",
        "/check",
        "/pause",
        "/resume",
        "/more",
        "/import",
        "/export",
        "/login",
        "/manage",
        "/topics",
        "/lang",
        "/help",
        "/start",
    ]


async def test_help_knows_a_command_by_its_alias_and_says_which_there_are(chat: Conversation) -> None:
    (explained,) = await chat.say("/help sub")
    assert explained["text"].endswith("Also: /sub, /add")


async def test_the_language_is_the_persons_own_from_the_first_word(chat: Conversation) -> None:
    assert texts(await chat.say("/list", by=XIAOMING)) == ["这里还没有订阅。先来一个：/subscribe example.org"]


async def test_lang_changes_the_language_by_a_button(chat: Conversation) -> None:
    (choice,) = await chat.say("/lang")
    assert labels(choice) == [
        ["English", "Deutsch"],
        ["Español", "فارسی"],
        ["Français", "日本語"],
        ["Русский", "简体中文"],
        ["繁體中文"],
    ]
    await chat.press(choice, "lang:zh_Hans")
    assert (await chat.now(choice))["text"] == "今后我在这里说中文。"
    assert texts(await chat.say("/pause")) == ["⏸ 已暂停。新文章会为你留着，发送 /resume 恢复推送。"]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        pytest.param("zh", "今后我在这里说中文。", id="by its code"),
        pytest.param("简体中文", "今后我在这里说中文。", id="by its own name"),
        pytest.param("zh-tw", "今後我在這裡說繁體中文。", id="by its country"),
        pytest.param("deutsch", "Von jetzt an spreche ich hier Deutsch.", id="a Latin name"),
        pytest.param("ENGLISH", "From now on I speak English here.", id="whatever the case"),
        pytest.param("klingon", "Which language shall I speak here?", id="one we do not have: a choice"),
    ],
)
async def test_lang_changes_the_language_by_a_word(chat: Conversation, named: str, said: str) -> None:
    assert texts(await chat.say(f"/lang {named}")) == [said]


# --- subscribing ---


async def test_subscribing_shows_the_newest_article_as_a_sample(chat: Conversation) -> None:
    welcome, sample = await chat.say("/subscribe example.org/feed")
    assert welcome["text"] == DONE
    assert labels(welcome) == [["Undo", "Filter"]]
    assert sample["text"].startswith("Rain on Monday")


async def test_a_feed_without_articles_is_followed_all_the_same(chat: Conversation) -> None:
    assert texts(await chat.say("/add example.org/empty")) == [
        "✅ You follow Nothing Yet. It has no articles yet; the first one will come here by itself."
    ]


async def test_a_title_with_markup_in_it_is_shown_as_it_stands(chat: Conversation) -> None:
    """Feeds are written by strangers: their words must never become our markup."""
    chat.reader.web["https://evil.example/"] = feed('<b>&amp;</b> "x" </a>')
    (welcome,) = await chat.say("/sub evil.example")
    assert welcome["text"].startswith('✅ You follow <b>&amp;</b> "x" </a>.')


async def test_undo_takes_the_subscription_back(chat: Conversation) -> None:
    welcome, _sample = await chat.say("/subscribe example.org/feed")
    await chat.press(welcome, data(welcome)[0])
    assert (await chat.now(welcome))["text"] == "You no longer follow Weather & Sons."
    assert await chat.store.subscriptions(ADA) == ()


async def test_several_addresses_get_an_answer_each(chat: Conversation) -> None:
    answers = texts(await chat.say("/subscribe example.org/feed slow.example example.org/empty"))
    assert [answer.split()[0] for answer in answers] == ["✅", "Rain", "⚠️", "✅"]


async def test_addresses_may_stand_in_a_row_with_commas(chat: Conversation) -> None:
    await chat.say("/subscribe example.org/feed, example.org/empty；")
    assert len(await chat.store.subscriptions(ADA)) == 2


async def test_a_missing_address_is_asked_for_and_the_reply_is_taken(chat: Conversation) -> None:
    (question,) = await chat.say("/subscribe")
    assert question["sent_keyboard"]["force_reply"]
    welcome, _sample = await chat.say("example.org/feed", reply_to=question["message_id"])
    assert welcome["text"] == DONE


async def test_a_web_page_offers_its_feeds_as_buttons(chat: Conversation) -> None:
    (offer,) = await chat.say("/subscribe example.org")
    assert (
        offer["text"] == "https://example.org/ is a web page with 2 feeds. Which one do you want to follow?"
    )
    assert labels(offer) == [["News"], ["https://example.org/empty"]]
    assert await chat.press(offer, data(offer)[0]) == "One moment, I am reading it…"
    assert (await chat.since(ADA, offer["message_id"]))[0]["text"] == DONE


async def test_the_one_feed_of_a_site_is_followed_at_once(chat: Conversation) -> None:
    chat.reader.web["https://one.example/"] = NotAFeed(
        Problem("parse.web_page_with_feeds"), (FeedLink("https://example.org/feed", "News"),)
    )
    welcome, _sample = await chat.say("/subscribe one.example")
    assert welcome["text"] == DONE


async def test_buttons_tell_feeds_of_one_title_apart_and_mark_comments(chat: Conversation) -> None:
    found = (
        FeedLink("https://two.example/blog/en/news.rss", "Blog"),
        FeedLink("https://two.example/blog/atom.xml", "Blog"),
        FeedLink("https://two.example/news/", "News"),
        FeedLink("https://two.example/comments/feed/", "Comments on Blog"),
    )
    chat.reader.web["https://two.example/"] = NotAFeed(Problem("parse.web_page_with_feeds"), found)
    (offer,) = await chat.say("/subscribe two.example")
    assert labels(offer) == [
        ["Blog (….example/blog/en/news.rss)"],
        ["Blog (two.example/blog/atom.xml)"],
        ["News"],
        ["💬 Comments on Blog"],
    ]


async def test_a_repository_offers_its_feeds_by_name(chat: Conversation) -> None:
    (offer,) = await chat.say("/subscribe https://github.com/owner/repo")
    assert labels(offer) == [["owner/repo: Releases"], ["owner/repo: Tags"], ["owner/repo: Commits"]]


async def test_a_channel_of_telegram_without_a_bridge_gets_a_sentence_that_says_what_to_do(
    chat: Conversation,
) -> None:
    assert texts(await chat.say("/subscribe t.me/s/news")) == [
        "⚠️ t.me/s/news\nTelegram’s channels have no feeds of their own. The operator of this bot can open the way "
        "with a bridge: see FEEDBELL_BRIDGE in its settings."
    ]


async def test_an_address_pasted_without_https_may_be_had_over_http_from_its_offer_too(
    chat: Conversation,
) -> None:
    chat.reader.web["https://old.example/"] = FetchFailed(Problem("fetch.refused", {"host": "old.example"}))
    chat.reader.web["http://old.example/"] = feed("Old Times", "Then")
    (offer,) = await chat.say("old.example")
    assert offer["text"] == "Do you want to follow https://old.example/?"
    await chat.press(offer, data(offer)[0])
    (subscription,) = await chat.store.subscriptions(ADA)
    assert subscription.feed_url == "http://old.example/"


async def test_an_address_alone_is_an_offer_and_nothing_is_followed_yet(chat: Conversation) -> None:
    (offer,) = await chat.say("https://example.org/feed")
    assert (offer["text"], labels(offer)) == ("Do you want to follow https://example.org/feed?", [["Follow"]])
    assert await chat.store.subscriptions(ADA) == ()
    await chat.press(offer, data(offer)[0])
    assert [one.feed_title for one in await chat.store.subscriptions(ADA)] == ["Weather & Sons"]


async def test_a_button_pressed_twice_follows_once(chat: Conversation) -> None:
    (offer,) = await chat.say("https://example.org/feed")
    await chat.press(offer, data(offer)[0])
    await chat.press(offer, data(offer)[0])
    assert len(await chat.store.subscriptions(ADA)) == 1


# --- list ---


async def follow(chat: Conversation, count: int) -> None:
    """Follow that many feeds, named Feed 1 and so on."""
    for number in range(1, count + 1):
        chat.reader.web[f"https://f{number}.example/"] = feed(f"Feed {number}")
    for first in range(1, count + 1, 20):
        numbers = range(first, min(first + 20, count + 1))
        await chat.say("/sub " + " ".join(f"f{number}.example" for number in numbers))


async def test_list_numbers_the_feeds_and_shows_their_filters(chat: Conversation) -> None:
    await follow(chat, 2)
    await chat.save_filter("/filter 2 rain")
    assert texts(await chat.say("/list")) == ["You follow 2 feeds\n\n1. Feed 1\n2. Feed 2 · rain"]


async def test_a_long_list_is_turned_in_place(chat: Conversation) -> None:
    await follow(chat, 41)
    (first,) = await chat.say("/list")
    assert labels(first)[-2:] == [["◀", "1/3", "▶"], ["🔎 Search"]]
    await chat.press(first, "list:2")
    last = await chat.now(first)
    assert last["text"].splitlines()[2:] == ["41. Feed 41"]
    assert labels(last) == [["41"], ["◀", "3/3", "▶"], ["🔎 Search"]]


async def test_turning_to_the_page_that_is_shown_does_nothing(chat: Conversation) -> None:
    """Telegram refuses an edit that changes nothing; people press twice all the same."""
    await follow(chat, 21)
    (first,) = await chat.say("/list")
    assert await chat.press(first, "list:0") is None


async def test_the_longest_list_fits_into_one_message(chat: Conversation) -> None:
    """20 feeds with long names, long filters and a problem each."""
    long = "https://long.example/" + "x" * 280
    for number in range(20):
        chat.reader.web[f"{long}{number}"] = feed("T" * 300)
        await chat.say(f"/sub {long}{number}")
        await chat.save_filter(f"/filter {number + 1} " + "w" * 300)
    (listed,) = await chat.say("/list")
    assert listed["text"].count("\n") == 21
    assert len(listed["text"]) <= 4096


async def test_list_says_in_words_what_is_wrong_with_a_feed(chat: Conversation) -> None:
    await chat.say("/sub example.org/empty")
    (kept,) = await chat.store.subscriptions(ADA)
    problem = Problem("fetch.not_found", {"host": "example.org"})
    async with chat.store.transaction() as tx:
        await tx.record_poll(PollOutcome(kept.feed_id, NOW, NOW, Validators(), failures=1, problem=problem))
    assert texts(await chat.say("/list")) == [
        "You follow one feed\n\n1. Nothing Yet\n"
        "    ⚠️ example.org is there, but it has no such page. Please check the address."
    ]


# --- unsubscribing ---


async def test_unsubscribe_by_number_address_or_title(chat: Conversation) -> None:
    await follow(chat, 3)
    assert texts(await chat.say("/unsub 1")) == ["You no longer follow Feed 1."]
    assert texts(await chat.say("/remove https://f2.example")) == ["You no longer follow Feed 2."]
    assert texts(await chat.say("/unsubscribe feed 3")) == ["You no longer follow Feed 3."]


async def test_several_numbers_mean_the_list_as_it_was_shown(chat: Conversation) -> None:
    """After the first is gone the others have new numbers; nobody means those."""
    await follow(chat, 3)
    await chat.say("/unsubscribe 1 2")
    assert [one.feed_title for one in await chat.store.subscriptions(ADA)] == ["Feed 3"]


async def test_unsubscribe_without_a_name_offers_buttons_and_keeps_those_that_are_left(
    chat: Conversation,
) -> None:
    await follow(chat, 2)
    (choice,) = await chat.say("/unsubscribe")
    assert labels(choice) == [["1. Feed 1"], ["2. Feed 2"]]
    assert await chat.press(choice, data(choice)[0]) == "You no longer follow Feed 1."
    assert labels(await chat.now(choice)) == [["1. Feed 2"], ["↩ Undo"]]


# --- filters ---


async def test_a_filter_is_set_and_explained_in_one_line(chat: Conversation) -> None:
    await follow(chat, 1)
    saved = await chat.save_filter("/filter 1 python -snake")
    assert saved["text"] == (
        "✅ Feed 1 – from now on you get only: python -snake\nAn article must have “python” and no “snake”."
    )
    (shown, _how) = await chat.say("/filter 1")
    assert shown["text"].startswith("Feed 1 – you get only: python -snake")


async def wishes(chat: Conversation) -> Wishes:
    """Of the first feed."""
    return (await chat.store.subscriptions(ADA))[0].wishes


async def test_pictures_are_set_for_the_chat_by_words_or_by_button(chat: Conversation) -> None:
    (said,) = await chat.say("/settings album")
    assert said["text"].splitlines()[2] == "Pictures: all of them, as an album"
    await chat.press(said, "set:0:pictures")
    assert labels(await chat.now(said))[2:4] == [["✓ all of them, as an album"], ["none"]]
    await chat.press(said, "set:0:pictures:none")
    known = await chat.store.chat(ADA)
    assert known is not None
    assert known.wishes == Wishes(Pictures.NONE)


async def test_pictures_are_set_for_one_feed(chat: Conversation) -> None:
    await follow(chat, 1)
    await chat.say("/settings 1 photo")
    assert await wishes(chat) == Wishes(Pictures.PHOTO)
    (said,) = await chat.say("/settings 1")
    assert said["text"].splitlines()[::2] == [
        "Feed 1",
        "Pictures: the first one, as a photo with the text below",
        "Hashtags: off",
    ]
    await chat.press(said, "set:1:pictures")
    await chat.press(said, "set:1:pictures:chat")
    assert await wishes(chat) == Wishes()


@pytest.mark.parametrize(
    ("typed", "wished"),
    [
        pytest.param("1 length long", Wishes(length=Length.LONG), id="a setting and what it is to be"),
        pytest.param("1 FULL", Wishes(length=Length.FULL), id="a word that belongs to one setting alone"),
        pytest.param("Feed 1 silent on", Wishes(silent=True), id="a feed by its title"),
        pytest.param("1 hashtags off", Wishes(hashtags=False), id="off, also where the chat has it on"),
        pytest.param("1 title My  sea <b>news", Wishes(title="My sea <b>news"), id="a name of one's own"),
    ],
)
async def test_a_wish_for_one_feed_is_taken_back(chat: Conversation, typed: str, wished: Wishes) -> None:
    await follow(chat, 1)
    await chat.say(f"/settings {typed}")
    assert await wishes(chat) == wished
    (said,) = await chat.say("/list")
    assert said["text"].splitlines()[-1] == f"1. {wished.title or 'Feed 1'}"
    await chat.say("/settings 1 chat")
    await chat.say("/settings 1 title off")
    assert await wishes(chat) == Wishes()


async def test_wishes_of_the_chat_are_said_of_each_feed(chat: Conversation) -> None:
    await follow(chat, 1)
    for typed in ("marks on", "silent on", "headline"):
        await chat.say(f"/settings {typed}")
    (said,) = await chat.say("/settings 1 silent off")
    assert said["text"].splitlines()[1:] == [
        "Length: headline only",
        "Pictures: the first one, large above the text",
        "Without sound: off",
        "Hashtags: off",
        "The filter’s words in bold: on",
    ]


async def test_a_name_of_ones_own_is_asked_for_and_given_back_by_buttons(chat: Conversation) -> None:
    await follow(chat, 1)
    (said,) = await chat.say("/settings 1")
    await chat.press(said, "set:1:title")
    question = (await chat.since(ADA, said["message_id"]))[-1]
    assert question["text"] == "✏️ What shall Feed 1 be called in this chat?"
    (said,) = await chat.say("Sea news", reply_to=question["message_id"])
    assert said["text"].splitlines()[0] == "Sea news"
    await chat.press(said, "set:1:title:off")
    assert (await chat.now(said))["text"].splitlines()[0] == "Feed 1"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        pytest.param(
            "1 length huge",
            "“huge” is nothing I can do for “📏 Length”. Say one of these: headline, short, long, full.",
            id="no such choice",
        ),
        pytest.param(
            "title Sea news",
            "A name of your own belongs to one feed. Put its number from /list first: "
            "/settings 1 title Sea news",
            id="a name for no feed",
        ),
    ],
)
async def test_settings_that_cannot_be_say_what_can(chat: Conversation, typed: str, answer: str) -> None:
    await follow(chat, 1)
    assert texts(await chat.say(f"/settings {typed}")) == [answer]
    assert await wishes(chat) == Wishes()


@pytest.mark.parametrize(
    "made_up", ["set:0:chat", "set:0:title", "set:1:length:huge", "set:1:huge", "set:1:silent:card"]
)
async def test_buttons_that_we_never_made_change_nothing(chat: Conversation, made_up: str) -> None:
    await follow(chat, 1)
    (said,) = await chat.say("/settings 1")
    answer = await chat.press(said, made_up, force=True)
    assert answer == "This button is out of date. Please send the command again."
    assert await wishes(chat) == Wishes()


@pytest.mark.parametrize("typed", ["/settings 9", "/settings 9 photo", "/settings chat", "/settings huge"])
async def test_settings_of_no_feed_say_how_it_is_written(chat: Conversation, typed: str) -> None:
    await follow(chat, 1)
    (said,) = await chat.say(typed)
    assert said["text"].endswith("Put the number from /list first: /settings 1 photo")
    assert await wishes(chat) == Wishes()


async def test_a_filter_is_taken_away(chat: Conversation) -> None:
    await follow(chat, 1)
    await chat.save_filter("/filter 1 python")
    assert texts(await chat.say("/filter 1 off")) == ["✅ Feed 1 – from now on you get all articles."]
    assert (await chat.store.subscriptions(ADA))[0].filter == ""


async def test_the_filter_button_asks_and_the_reply_is_taken(chat: Conversation) -> None:
    welcome, _sample = await chat.say("/subscribe example.org/feed")
    await chat.press(welcome, data(welcome)[1])
    question = (await chat.since(ADA, welcome["message_id"]))[-1]
    assert question["text"].startswith("✏️ Which words must an article of Weather & Sons have?")
    (tried,) = await chat.say("rain", reply_to=question["message_id"])
    assert (await chat.store.subscriptions(ADA))[0].filter == ""
    await chat.press(tried, data(tried)[-3])
    assert (await chat.store.subscriptions(ADA))[0].filter == "rain"


async def test_a_filter_that_does_not_parse_shows_where_and_what_would(chat: Conversation) -> None:
    await follow(chat, 1)
    assert texts(await chat.say('/filter 1 rain "in spring')) == [
        "A quotation mark is missing: a phrase needs one before and one after. Nothing has changed.\n"
        'rain 👉"in spring\n'
        'This would work: rain "in spring"'
    ]
    assert (await chat.store.subscriptions(ADA))[0].filter == ""


# --- pause ---


async def test_pause_and_resume_hold_for_the_whole_chat(chat: Conversation) -> None:
    await chat.say("/pause")
    paused = await chat.store.chat(ADA)
    await chat.say("/resume")
    resumed = await chat.store.chat(ADA)
    assert (paused and paused.paused, resumed and resumed.paused) == (True, False)


async def test_pausing_twice_says_so(chat: Conversation) -> None:
    await chat.say("/pause")
    assert texts(await chat.say("/pause")) == ["Alerts are paused already. /resume lets them come."]
