"""Whose word counts: the order that the help tells is the order that the code keeps."""

from __future__ import annotations

from itertools import product

import pytest

from bot import filters, i18n
from bot.filters import Wants
from tests.filters.articles import NOW, article
from tests.telegram.conversation import Conversation

CATALOGUE = i18n.load()
SAYS = {"/mute": False, "/follow": True}
"""What each says of an article that it names; the feed's own filter decides what neither names."""


@pytest.mark.parametrize("language", CATALOGUE.languages())
def test_the_first_in_the_order_of_the_help_that_names_an_article_decides(language: str) -> None:
    sentence = CATALOGUE.text("help.precedence", language)
    order = sorted([*SAYS, "/filter"], key=sentence.index)
    assert order[-1] == "/filter", "it has the last word of what the others leave"
    for named in product([False, True], repeat=3):
        naming = dict(zip(["/mute", "/follow", "/filter"], named, strict=True))
        decides = next((one for one in order[:-1] if naming[one]), "/filter")
        expected = SAYS[decides] if decides in SAYS else naming["/filter"]
        words = {one: "tides" if names else "storm" for one, names in naming.items()}
        said = filters.wanted(Wants(words["/filter"], words["/mute"], (words["/follow"],)))
        assert filters.matches(said, article("Tides turn"), now=NOW).holds is expected, naming


@pytest.mark.parametrize("command", ["filter", "follow", "mute"])
async def test_the_sentence_stands_in_the_help_of_each(chat: Conversation, command: str) -> None:
    (said,) = await chat.say(f"/help {command}")
    assert CATALOGUE.text("help.precedence", "en") in said["text"]
