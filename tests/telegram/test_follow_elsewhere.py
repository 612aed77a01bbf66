"""/follow with a place of its own: another chat, a topic, or a member's private chat."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Follow
from tests.telegram.conversation import (
    ADA,
    BEA,
    CHANNEL,
    FAMILY,
    NEWS_TOPIC,
    NEWSROOM,
    READERS,
    XIAOMING,
    Conversation,
    texts,
)


async def kept(chat: Conversation, where: int) -> list[Follow]:
    """What is sent on from there; ids and titles left out."""
    return [replace(one, id=0, other="") for one in await chat.store.follows(where)]


@pytest.mark.parametrize("arrow", [">", "->", "→", "＞"])
async def test_matches_go_to_a_channel_where_both_may_post(chat: Conversation, arrow: str) -> None:
    assert texts(await chat.say(f"/follow rust: compiler OR cargo {arrow} @feedbell_demo")) == [
        "🔎 rust goes from now on to Feedbell Demo, from any feed here: compiler OR cargo\n"
        "An article must have “compiler” or “cargo”."
    ]
    assert await kept(chat, ADA) == [Follow(ADA, "rust", "compiler OR cargo", ADA, CHANNEL, None, ADA)]
    (listed,) = await chat.say("/follow")
    assert listed["text"].startswith("🔎 rust → Feedbell Demo: compiler OR cargo\n")


async def test_they_go_to_a_group_of_which_one_is_an_administrator(chat: Conversation) -> None:
    await chat.say(f"/follow rust: crate > {READERS}", by=BEA)
    assert await kept(chat, BEA) == [Follow(BEA, "rust", "crate", BEA, READERS, None, BEA)]


@pytest.mark.parametrize(
    ("by", "to", "answer"),
    [
        (BEA, "@feedbell_demo", "Only administrators of Feedbell Demo who may post there"),
        (XIAOMING, str(READERS), "只有 Readers 的管理员可以让文章推送到那里。"),
        (ADA, "@nowhere_at_all", "I find no channel or group @nowhere_at_all that I am in."),
        (ADA, "-1009999999999", "I find no channel or group -1009999999999 that I am in."),
    ],
)
async def test_where_one_may_not_post_nothing_is_sent(
    chat: Conversation, by: int, to: str, answer: str
) -> None:
    (said,) = await chat.say(f"/follow rust: crate > {to}", by=by)
    assert said["text"].startswith(answer)
    assert await kept(chat, by) == []


async def test_nor_where_the_bot_may_not(chat: Conversation) -> None:
    rights = {"bot": True, "status": "administrator", "can_post_messages": False}
    await chat.post("/sim/chats", chat=CHANNEL, member=rights, by=ADA)
    (said,) = await chat.say("/follow rust: crate > @feedbell_demo")
    assert said["text"].startswith("I may not post in Feedbell Demo.")
    assert await kept(chat, ADA) == []


async def test_the_right_is_asked_again_when_a_follow_is_changed(chat: Conversation) -> None:
    rights = {"user": BEA, "status": "administrator", "can_post_messages": True}
    await chat.post("/sim/chats", chat=CHANNEL, member=rights, by=ADA)
    await chat.say("/follow rust: crate > @feedbell_demo", by=BEA)
    await chat.post("/sim/chats", chat=CHANNEL, member={**rights, "can_post_messages": False}, by=ADA)
    (said,) = await chat.say("/follow rust: compiler > @feedbell_demo", by=BEA)
    assert said["text"].startswith("Only administrators")
    assert [one.filter for one in await kept(chat, BEA)] == ["crate"]


async def test_inside_a_topic_it_sends_there(chat: Conversation) -> None:
    (said,) = await chat.say("/follow rust: crate", to=NEWSROOM, thread=NEWS_TOPIC)
    assert said["text"].startswith("🔎 rust goes from now on to a topic, from any feed here: crate")
    assert await kept(chat, NEWSROOM) == [
        Follow(NEWSROOM, "rust", "crate", NEWSROOM, NEWSROOM, NEWS_TOPIC, ADA)
    ]


async def test_a_channels_follow_is_made_from_the_private_chat(chat: Conversation) -> None:
    (said,) = await chat.say("/follow @feedbell_demo rust: crate")
    assert said["text"].startswith("📢 Feedbell Demo\n🔎 rust comes from now on from any feed here")
    channel = await chat.store.chat(CHANNEL)
    assert channel
    assert channel.follows == (("rust", "crate"),)


async def test_one_name_is_one_follow_wherever_it_goes(chat: Conversation) -> None:
    await chat.say("/follow rust: crate")
    await chat.say("/follow Rust: compiler > @feedbell_demo")
    known = await chat.store.chat(ADA)
    assert known
    assert (known.follows, [one.filter for one in await kept(chat, ADA)]) == ((), ["compiler"])
    await chat.say("/follow rust: cargo")
    known = await chat.store.chat(ADA)
    assert known
    assert (known.follows, await kept(chat, ADA)) == ((("rust", "cargo"),), [])


async def test_it_is_dropped_and_comes_back(chat: Conversation) -> None:
    await chat.say("/follow rust: crate > @feedbell_demo")
    before = await chat.store.follows(ADA)
    assert texts(await chat.say("/follow RUST off")) == ["RUST is no longer followed."]
    assert await chat.store.follows(ADA) == ()
    await chat.say("/undo")
    assert await chat.store.follows(ADA) == before
    await chat.say("/undo")
    assert await chat.store.follows(ADA) == ()


# --- what a group's feeds have, for one member ---


async def test_a_member_has_a_groups_articles_come_in_private(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed", to=READERS)
    await chat.say(f"/follow {READERS} 雨: rain", by=XIAOMING)
    assert await kept(chat, XIAOMING) == [Follow(XIAOMING, "雨", "rain", READERS, XIAOMING, None, XIAOMING)]
    (listed,) = await chat.say("/follow", by=XIAOMING)
    assert listed["text"].startswith("🔎 雨 ← Readers：rain\n")
    assert await chat.store.follows(READERS) == (), "the group sees nothing of it"


async def test_who_is_no_member_does_not(chat: Conversation) -> None:
    await chat.post("/sim/chats", chat=READERS, member={"user": BEA, "status": "left"}, by=ADA)
    assert texts(await chat.say(f"/follow {READERS} rain: rain", by=BEA)) == [
        "I do not find you among the members of Readers."
    ]
    assert await kept(chat, BEA) == []


async def test_nor_where_the_bot_is_not(chat: Conversation) -> None:
    await chat.post("/sim/chats", chat=FAMILY, member={"bot": True, "status": "kicked"}, by=ADA)
    (said,) = await chat.say(f"/follow {FAMILY} rain: rain")
    assert said["text"].startswith("I ")
    assert await kept(chat, ADA) == []


async def test_it_comes_to_oneself_alone(chat: Conversation) -> None:
    (said,) = await chat.say(f"/follow {READERS} rain: rain > @feedbell_demo")
    assert said["text"].startswith("What comes from the feeds of a group can only come to you.")
    assert await kept(chat, ADA) == []


async def test_a_group_alone_is_answered_with_how_it_is_done(chat: Conversation) -> None:
    assert texts(await chat.say(f"/follow {READERS}")) == [
        f"What “Readers” gets can come to you alone: /follow {READERS} rust: compiler OR cargo"
    ]


async def test_a_member_who_may_not_change_the_group_is_told_how_to_follow_alone(chat: Conversation) -> None:
    await chat.say("/start", to=READERS)
    (said,) = await chat.say("/follow rain: rain", by=XIAOMING, to=READERS)
    assert said["text"] == (
        "Only administrators of this group can change what it follows. "
        f"For yourself alone, send me in private: /follow {READERS} rain: rain"
    )
    group = await chat.store.chat(READERS)
    assert group
    assert group.follows == ()


async def test_the_longest_lines_fit_into_a_message(chat: Conversation) -> None:
    for number in range(20):
        await chat.say(f"/follow {number:02} {'n' * 60}: {'<w> ' * 45} > @feedbell_demo")
    (listed,) = await chat.say("/follow")
    assert listed["text"].count("🔎") == 20
