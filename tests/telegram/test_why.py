"""/why says each stage that an article went through here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import (
    Article,
    Delivery,
    Follow,
    PollOutcome,
    RowState,
    SendOutcome,
    Subscription,
    Validators,
)
from bot.telegram.commands.why import _ENDINGS
from tests.telegram.conversation import ADA, BEA, READERS, XIAOMING, Conversation, texts

HOUR = timedelta(hours=1)
LINK = "https://example.org/news/1"


async def arrives(
    chat: Conversation, *, owed: bool = True, by: int = ADA, follow: Follow | None = None
) -> None:
    """An hour after following it, the feed has an article; two hours later somebody asks.

    Args:
        follow: the one that is owed it; None: the subscription.
    """
    (subscription,) = await chat.store.subscriptions(by)
    chat.clock.advance(HOUR)
    now = chat.clock.now()
    article = Article("1", "Rain at last", LINK, "It rains.", None, now)
    outcome = PollOutcome(
        subscription.feed_id,
        now,
        now + HOUR,
        Validators(),
        0,
        None,
        articles=(article,),
        deliveries=(_delivery(subscription, follow),) if owed else (),
    )
    async with chat.store.transaction() as tx:
        await tx.record_poll(outcome)
    chat.clock.advance(2 * HOUR)


def _delivery(subscription: Subscription, follow: Follow | None) -> Delivery:
    if follow is None:
        return Delivery("1", subscription.id, subscription.chat_id)
    return Delivery("1", None, follow.to_id, follow_id=follow.id)


async def sent(chat: Conversation, state: RowState, message_id: int = 0, reason: str | None = None) -> None:
    """What became of the article."""
    now = chat.clock.now()
    async with chat.store.transaction() as tx:
        (parcel,) = await tx.claim_parcels(now, until=now + HOUR, limit=1, backlog=9, most=9)
        ids = tuple(row.id for row in parcel.rows)
        await tx.record_sends(
            [SendOutcome(ids, parcel.chat.id, now, state, 1, reason, (message_id,) if message_id else ())]
        )
    chat.clock.advance(HOUR)


async def test_an_alert_that_was_sent(chat: Conversation) -> None:
    welcome, _sample = await chat.say("/sub example.org/feed")
    await chat.save_filter("/filter 1 rain -snow")
    await arrives(chat)
    await sent(chat, RowState.SENT, welcome["message_id"])
    (told,) = await chat.say("/why", reply_to=welcome["message_id"])
    assert told["text"].splitlines() == [
        "Rain at last",
        "• seen in Weather & Sons 3 hours ago",
        "• your filter rain -snow lets it through: “Rain”",
        "• sent 60 min ago",
    ]


async def test_an_article_that_a_filter_held_back_by_its_link(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    await chat.save_filter("/filter 1 snow")
    await arrives(chat, owed=False)
    (told,) = await chat.say("/why http://example.org/news/1/#top")
    assert told["text"].splitlines() == [
        "Rain at last",
        "• seen in Weather & Sons 2 hours ago",
        "• your filter snow holds it back: no “snow”",
        "• so it did not come",
    ]


async def test_an_article_that_the_chat_mutes(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    await arrives(chat, owed=False)
    assert texts(await chat.say(f"/why {LINK}"))[0].endswith(
        "• no filter: every article of that feed comes\n"
        "• it did not come: what held it back then has been changed since"
    )
    await chat.say("/mute rain")
    assert texts(await chat.say(f"/why {LINK}"))[0].splitlines()[2:] == [
        "• 🔇 muted in this chat by rain: “Rain”",
        "• no filter: every article of that feed comes",
        "• so it did not come",
    ]


async def test_an_article_that_a_follow_brings(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    await chat.save_filter("/filter 1 snow")
    await chat.say("/follow weather: rain")
    await arrives(chat)
    assert texts(await chat.say(f"/why {LINK}"))[0].splitlines()[2:] == [
        "• your filter snow holds it back: no “snow”",
        "• you follow weather, so it comes: “Rain”",
        "• it waits for its turn",
    ]


async def test_what_a_member_follows_of_a_group_is_explained_in_private(chat: Conversation) -> None:
    """Without the feed's address, which is the group's business, and the group's own filter, which held nothing."""
    await chat.say("/sub example.org/feed", to=READERS)
    await chat.say("/filter 1 snow", to=READERS)
    await chat.say(f"/follow {READERS} weather: rain", by=BEA)
    (follow,) = await chat.store.follows(BEA)
    await arrives(chat, by=READERS, follow=follow)
    (told,) = await chat.say(f"/why {LINK}", by=BEA)
    assert told["text"].splitlines() == [
        "Rain at last",
        "• seen in Weather & Sons 2 hours ago",
        "• you follow weather, so it comes: “Rain”",
        "• it waits for its turn",
    ]
    assert [one["url"] for one in told["entities"] if one["type"] == "text_link"] == [LINK]


async def test_what_was_there_before_is_no_news(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    chat.clock.advance(3 * HOUR)
    assert texts(await chat.say("/why")) == ["The feeds of this chat had nothing new yet."]
    (told,) = await chat.say("/why https://example.org/0")
    assert told["text"].splitlines() == [
        "Rain on Monday",
        "• seen in Weather & Sons 3 hours ago",
        "• it was there when you began to follow that feed, 3 hours ago; only newer articles come",
    ]


@pytest.mark.parametrize(
    ("state", "reason", "last"),
    [
        pytest.param(RowState.WAITING, None, "it waits for its turn", id="waits"),
        pytest.param(
            RowState.WAITING,
            "Bad Gateway",
            "it waits: tried once, and Telegram said: Bad Gateway",
            id="failed",
        ),
        pytest.param(
            RowState.HELD, None, "it waits: its topic is closed or deleted; /resume tries again", id="topic"
        ),
        pytest.param(
            RowState.DROPPED, "no", "given up 60 min ago, as Telegram refused it: no", id="refused for good"
        ),
    ],
)
async def test_how_it_ended(chat: Conversation, state: RowState, reason: str | None, last: str) -> None:
    await chat.say("/sub example.org/feed")
    await arrives(chat)
    await sent(chat, state, reason=reason)
    assert texts(await chat.say(f"/why {LINK}"))[0].splitlines()[-1] == f"• {last}"


def test_every_end_has_a_sentence() -> None:
    assert set(_ENDINGS) == set(RowState) - {RowState.WAITING}


async def test_what_a_pause_holds(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    await arrives(chat)
    await chat.say("/pause")
    (told,) = await chat.say(f"/why {LINK}")
    assert told["text"].endswith("• it waits: alerts are paused, /resume lets it come")


async def test_it_speaks_chinese(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed", by=XIAOMING)
    await arrives(chat, owed=False, by=XIAOMING)
    (told,) = await chat.say(f"/why {LINK}", by=XIAOMING)
    assert told["text"].splitlines()[1:] == [
        "• 2 小时前在 Weather & Sons 出现",
        "• 没有筛选条件：这个订阅的文章全部推送",
        "• 没有推送：当时的条件后来改过了",
    ]


async def test_another_chats_articles_are_nobody_elses_business(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    await arrives(chat)
    unknown = "没有这篇文章的记录。订阅里的文章会保留 30 天。"
    assert texts(await chat.say(f"/why {LINK}", by=XIAOMING)) == [unknown]
    assert texts(await chat.say("/why", by=XIAOMING)) == ["订阅里还没有新文章。"]


async def test_a_filter_kept_by_an_older_feedbell_judges_nothing(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    (subscription,) = await chat.store.subscriptions(ADA)
    async with chat.store.transaction() as tx:
        await tx.set_filter(subscription.id, '"never closed')
    await arrives(chat)
    (told,) = await chat.say(f"/why {LINK}")
    assert told["text"].splitlines()[1:] == [
        "• seen in Weather & Sons 2 hours ago",
        "• it waits for its turn",
    ]


async def test_five_of_the_longest_stories_fit_into_a_message(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    await chat.save_filter("/filter 1 " + "w" * 300)
    await chat.say("/mute " + "x" * 400)
    (subscription,) = await chat.store.subscriptions(ADA)
    now = chat.clock.now() + HOUR
    news = tuple(Article(f"{n}", "x" * 400 + " &" * 200, f"{LINK}{n}", "", None, now) for n in range(6))
    async with chat.store.transaction() as tx:
        await tx.record_poll(
            PollOutcome(subscription.feed_id, now, now + HOUR, Validators(), 0, None, articles=news)
        )
    (told,) = await chat.say("/why")
    assert told["text"].count("so it did not come") == 5
