"""From /start to the first alert in at most three taps."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.services.starters import OURS, Starter, number_of, read_starters
from tests.telegram.conversation import ADA, XIAOMING, Conversation, data, labels


async def test_two_taps_bring_the_first_article(chat: Conversation) -> None:
    (greeting,) = await chat.say("/start")
    assert labels(greeting)[0] == ["News", "Seafaring"]
    await chat.press(greeting, data(greeting)[0])
    (feeds,) = await chat.since(ADA, greeting["message_id"])
    assert feeds["text"] == "News: choose one, and its newest article comes at once."
    await chat.press(feeds, data(feeds)[0])
    welcome, article = await chat.since(ADA, feeds["message_id"])
    assert welcome["text"].startswith("✅ You follow Weather & Sons.")
    assert "Rain on Monday" in article["text"]


async def test_each_language_has_its_own_choice(chat: Conversation) -> None:
    (greeting,) = await chat.say("/start", by=XIAOMING)
    assert labels(greeting)[0] == ["新闻"]


@pytest.mark.parametrize("forged", ["begin:1", "starter:1"])
async def test_what_the_list_has_no_longer_is_out_of_date(chat: Conversation, forged: str) -> None:
    (greeting,) = await chat.say("/start")
    said = await chat.press(greeting, forged, force=True)
    assert said == "This button is out of date. Please send the command again."


@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant", "ja", "ru", "de", "fr", "es", "fa", "ar"])
def test_our_list_has_news_in_every_language(language: str) -> None:
    ours = read_starters(None)
    assert "news" in ours.subjects(language)
    assert {one.language for one in ours.about(number_of("news"), language)} == {language}


def test_our_list_names_no_feed_twice() -> None:
    """A button finds its feed by the address."""
    lines = [line for line in OURS.read_text(encoding="utf-8").splitlines() if line.startswith("url")]
    assert len(set(lines)) == len(lines)


def test_a_language_without_feeds_gets_the_english_ones() -> None:
    assert "science" in read_starters(None).subjects("xx")


def test_an_own_list_may_be_for_everybody(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[feed]]\nsubject = "Club"\nname = "Our club"\nurl = "club.example/feed"\n')
    assert read_starters(own).about(number_of("Club"), "ja") == (
        Starter("Club", "Our club", "https://club.example/feed", ""),
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[[feed", id="no TOML"),
        pytest.param('[[feed]]\nname = "x"\nurl = "https://x.example/"', id="no subject"),
        pytest.param('[[feed]]\nsubject = "x"\nname = "x"\nurl = "no address"', id="no address"),
        pytest.param('feed = "x"', id="no table"),
        pytest.param(None, id="no file"),
    ],
)
def test_a_broken_list_is_told_to_the_operator(tmp_path: Path, text: str | None) -> None:
    own = tmp_path / "own.toml"
    if text is not None:
        own.write_text(text)
    with pytest.raises(SettingsError):
        read_starters(own)
