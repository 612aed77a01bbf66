"""A channel or group is chosen once in the private chat; every answer names it, every step looks at the rights."""

from __future__ import annotations

from tests.telegram.conversation import ADA, BEA, CHANNEL, FAMILY, READERS, Conversation, data, labels, texts

DONE = "What you write here is about this chat now. /manage here comes back."


async def titles(chat: Conversation, where: int) -> list[str]:
    """What a chat follows."""
    return [one.feed_title for one in await chat.store.subscriptions(where)]


async def test_a_chosen_channel_is_meant_by_every_command_and_named_in_every_answer(
    chat: Conversation,
) -> None:
    assert texts(await chat.say("/manage @feedbell_demo")) == [f"📢 Feedbell Demo\n{DONE}"]
    welcome, _sample = await chat.say("/subscribe example.org/feed")
    (listed,) = await chat.say("/list")
    assert welcome["text"].startswith("📢 Feedbell Demo\n✅ You follow Weather & Sons.")
    assert listed["text"].startswith("📢 Feedbell Demo\n")
    assert (await titles(chat, CHANNEL), await titles(chat, ADA)) == (["Weather & Sons"], [])


async def test_here_comes_back(chat: Conversation) -> None:
    await chat.say("/manage @feedbell_demo")
    assert texts(await chat.say("/manage here")) == ["We talk about this private chat again."]
    await chat.say("/subscribe example.org/feed")
    assert (await titles(chat, CHANNEL), await titles(chat, ADA)) == ([], ["Weather & Sons"])


async def test_an_address_alone_is_an_offer_for_the_chosen_channel(chat: Conversation) -> None:
    await chat.say("/manage @feedbell_demo")
    (offer,) = await chat.say("example.org/feed")
    await chat.press(offer, data(offer)[0])
    assert await titles(chat, CHANNEL) == ["Weather & Sons"]


async def test_the_choice_is_a_button_once_somebody_was_seen_to_rule(chat: Conversation) -> None:
    (none,) = await chat.say("/manage")
    assert none["text"].startswith("I know no channel or group of yours yet.")
    await chat.say(f"/manage {READERS}")
    await chat.say("/manage here")
    (choice,) = await chat.say("/manage")
    assert labels(choice) == [["👥 Readers"]]
    await chat.press(choice, f"manage:{-READERS}")
    await chat.say("/subscribe example.org/feed")
    assert await titles(chat, READERS) == ["Weather & Sons"]


async def test_who_adds_the_bot_finds_the_group_among_the_buttons(chat: Conversation) -> None:
    for status in ("left", "member"):
        await chat.post("/sim/chats", chat=FAMILY, member={"bot": True, "status": status}, by=ADA)
        await chat.quiet(chat.sandbox.world.updates.next_id - 1)
    (choice,) = await chat.say("/manage")
    assert labels(choice) == [["👥 Family"]]


async def test_a_button_lists_nothing_that_is_lost(chat: Conversation) -> None:
    await chat.say(f"/manage {READERS}", by=BEA)
    await chat.say("/manage here", by=BEA)
    await chat.post("/sim/chats", chat=READERS, member={"user": BEA, "status": "member"}, by=ADA)
    (choice,) = await chat.say("/manage", by=BEA)
    assert labels(choice) == []


async def test_who_loses_the_right_changes_nothing_and_is_shown_the_way_back(chat: Conversation) -> None:
    await chat.say(f"/manage {READERS}", by=BEA)
    await chat.post("/sim/chats", chat=READERS, member={"user": BEA, "status": "member"}, by=ADA)
    (refused,) = await chat.say("/subscribe example.org/feed", by=BEA)
    assert refused["text"].startswith("Only administrators of Readers")
    assert (await titles(chat, READERS), await titles(chat, BEA)) == ([], [])
    await chat.press(refused, data(refused)[0], by=BEA)
    await chat.say("/subscribe example.org/feed", by=BEA)
    assert await titles(chat, BEA) == ["Weather & Sons"]


async def test_a_stranger_can_choose_neither_by_name_nor_by_a_forged_button(chat: Conversation) -> None:
    (refused,) = await chat.say("/manage @feedbell_demo", by=BEA)
    assert refused["text"] == (
        "Only administrators of @feedbell_demo who may post there can manage what it follows."
    )
    await chat.press(refused, f"manage:{-CHANNEL}", by=BEA, force=True)
    known = await chat.store.chat(BEA)
    assert known
    assert known.manages is None


async def test_nonsense_names_no_chat(chat: Conversation) -> None:
    (answer,) = await chat.say("/manage my little channel")
    assert answer["text"].startswith("I find no channel my little channel that I am in.")


async def test_in_a_group_nothing_is_chosen(chat: Conversation) -> None:
    (answer,) = await chat.say("/manage @feedbell_demo", to=FAMILY)
    assert answer["text"].startswith("You manage chats in private")


async def test_a_group_that_becomes_a_supergroup_stays_chosen(chat: Conversation) -> None:
    await chat.say(f"/manage {FAMILY}")
    await chat.post("/sim/chats", chat=FAMILY, migrate_to=-1005550001)
    await chat.quiet(chat.sandbox.world.updates.next_id - 1)
    await chat.say("/subscribe example.org/feed")
    assert await titles(chat, -1005550001) == ["Weather & Sons"]


async def test_a_reply_is_about_what_it_answers(chat: Conversation) -> None:
    _welcome, sample = await chat.say("/subscribe example.org/feed")
    await chat.say("/manage @feedbell_demo")
    (listed,) = await chat.say("/list", reply_to=sample["message_id"])
    assert "📢" not in listed["text"]


async def test_a_forwarded_post_offers_its_channel(chat: Conversation) -> None:
    post = await chat.post("/sim/send", user=ADA, chat=CHANNEL, text="News!")
    (offer,) = await chat.say("", forward={"chat": CHANNEL, "message": post["message"]["message_id"]})
    assert offer["text"] == "This post is of Feedbell Demo. Shall we talk about that channel here?"
    await chat.press(offer, data(offer)[0])
    await chat.say("/subscribe example.org/feed")
    assert await titles(chat, CHANNEL) == ["Weather & Sons"]
