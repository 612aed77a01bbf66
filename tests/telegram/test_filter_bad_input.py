"""What is no filter, typed wherever a filter can be: a sentence, the place, and nothing saved. (How long it takes to
say so: `python -m tests.bench mistakes`.)"""

from __future__ import annotations

import pytest

from tests.telegram.conversation import ADA, Conversation, data

MISTAKES = [
    pytest.param('rain "snow', "A quotation mark is missing", 'rain 👉"snow', id="a quote left open"),
    pytest.param("rain (snow", "A bracket is missing", "rain 👉(snow", id="a bracket left open"),
    pytest.param("rain) snow", "A bracket is missing", "rain👉) snow", id="a bracket that nothing opened"),
    pytest.param("雨（雪", "A bracket is missing", "雨👉（雪", id="a bracket of a Chinese keyboard"),
    pytest.param("rain ()", "There is nothing between these brackets.", "rain 👉()", id="an empty group"),
    pytest.param("-rain -snow", "This only says what you do not want.", "👉-rain -snow", id="only minuses"),
    pytest.param("w" * 3_000, "The filter is too long.", "w👉w", id="3,000 characters"),
    pytest.param("(" * 1_500 + "a" + ")" * 1_500, "The filter is too long.", "(👉(", id="1,500 brackets"),
    pytest.param(
        "(" * 30 + "a" + ")" * 30, "There are too many brackets", "(" * 20 + "👉(", id="30 brackets"
    ),
    pytest.param("/a(b/", "I cannot read the pattern", "/👉a(b/", id="a pattern that RE2 cannot read"),
    pytest.param(
        "snow colour:red", "I do not know what stands before", "snow 👉colour:red", id="no such field"
    ),
]


@pytest.mark.parametrize(("typed", "sentence", "pointed"), MISTAKES)
async def test_a_mistake_is_pointed_at_and_nothing_is_saved(
    chat: Conversation, typed: str, sentence: str, pointed: str
) -> None:
    welcome, _sample = await chat.say("/sub example.org/feed")
    before = await chat.store.chat(ADA)
    answers = [
        said
        for command in ("/filter 1", "/follow it:", "/mute")
        for said in await chat.say(f"{command} {typed}")
    ]
    await chat.press(welcome, next(one for one in data(welcome) if one.startswith("filter:")))
    question = (await chat.since(ADA, answers[-1]["message_id"]))[-1]
    answers += await chat.say(typed, reply_to=question["message_id"])
    assert len(answers) == 4
    for said in answers:
        assert sentence in said["text"]
        assert pointed in said["text"]
        assert "Nothing has changed." in said["text"]
    assert await chat.store.chat(ADA) == before
    assert [one.filter for one in await chat.store.subscriptions(ADA)] == [""]


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("/(a+)+$/", id="a pattern that hangs others"),
        pytest.param(
            "rain\u202ewons \u0007", id="signs that turn lines round or ring: Telegram takes them out"
        ),
        pytest.param("🚀 OR 👩‍👩‍👧", id="emoji"),
        pytest.param("“rain”，雪", id="quotes and commas of other keyboards"),
    ],
)
async def test_what_only_looks_bad_is_tried(chat: Conversation, typed: str) -> None:
    await chat.say("/sub example.org/feed")
    (said,) = await chat.say(f"/filter 1 {typed}")
    assert said["text"].startswith("Not saved yet")
