"""/follow: a topic from any feed of the chat."""

from __future__ import annotations

from tests.telegram.conversation import ADA, READERS, XIAOMING, Conversation, data, texts


async def test_a_follow_is_made_listed_changed_and_dropped(chat: Conversation) -> None:
    assert texts(await chat.say("/follow Rust: compiler, cargo")) == [
        "🔎 Rust comes from now on from any feed here: compiler OR cargo\n"
        "An article must have “compiler” or “cargo”."
    ]
    await chat.say("/topic 茶：tea")
    await chat.say("/follow rust: crate")
    (listed,) = await chat.say("/follow")
    assert listed["text"].splitlines()[:2] == ["🔎 茶: tea", "🔎 rust: crate"]
    assert texts(await chat.say("/follow RUST off")) == ["RUST is no longer followed."]
    known = await chat.store.chat(ADA)
    assert known
    assert known.follows == (("茶", "tea"),)
    assert texts(await chat.say("/follow rust off")) == [
        "Nothing is followed by the name of “rust”. /follow shows all."
    ]


async def test_what_cannot_be_followed_changes_nothing(chat: Conversation) -> None:
    (said,) = await chat.say("/follow rust: compiler (")
    assert "compiler 👉(" in said["text"]
    for typed, answer in [
        ("/follow all: *", "A follow needs words of its own"),
        ("/follow rust", "To follow something in all feeds"),
        ("/follow off", "To follow something in all feeds"),
    ]:
        (said,) = await chat.say(typed)
        assert said["text"].startswith(answer)
    known = await chat.store.chat(ADA)
    assert known
    assert known.follows == ()


async def test_a_long_list_goes_by_pages(chat: Conversation) -> None:
    for number in range(22):
        await chat.say(f"/follow {number:02} {'n' * 60}: " + "<w> " * 45)
    (listed,) = await chat.say("/follow")
    assert listed["text"].count("🔎") == 20
    await chat.press(listed, next(one for one in data(listed) if one.startswith("follows:1")))
    assert (await chat.now(listed))["text"].count("🔎") == 2


async def test_only_administrators_follow_and_everybody_may_look(chat: Conversation) -> None:
    await chat.say("/follow rust: crate", to=READERS)
    (refused,) = await chat.say("/follow tea: tea", by=XIAOMING, to=READERS)
    assert refused["text"].startswith("Only administrators")
    (listed,) = await chat.say("/follow", by=XIAOMING, to=READERS)
    assert listed["text"].startswith("🔎 rust: crate\n")
