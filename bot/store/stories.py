"""Reads about what became of articles, for somebody who asks why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.model import RowState, Story
from bot.store.rows import ARTICLE, SUBSCRIPTION, Row, article_of, subscription_of
from bot.store.tables import article_texts, articles, feeds, follows, outbox, subscriptions
from bot.store.unit import Numbers

_FACTS = (
    *SUBSCRIPTION,
    *ARTICLE,
    articles.c.created_at.label("known_at"),
    outbox.c.state,
    outbox.c.created_at.label("owed_at"),
    outbox.c.closed_at,
    outbox.c.attempts,
    outbox.c.reason,
)
_OF_FEEDS = (
    sa.join(subscriptions, feeds, feeds.c.id == subscriptions.c.feed_id)
    .join(articles, articles.c.feed_id == feeds.c.id)
    .outerjoin(article_texts, article_texts.c.article_id == articles.c.id)
)
STORIES = (
    sa.select(
        *_FACTS,
        subscriptions.c.created_at.label("followed_since"),
        sa.null().label("follow"),
        sa.null().label("wanted"),
    )
    .select_from(
        _OF_FEEDS.outerjoin(
            outbox,
            sa.and_(outbox.c.article_id == articles.c.id, outbox.c.subscription_id == subscriptions.c.id),
        )
    )
    .where(subscriptions.c.chat_id == sa.bindparam("chat"))
    .order_by(articles.c.id.desc(), subscriptions.c.id)
)
"""No index of its own: asked by people, about one chat's articles of a month."""
_earlier = subscriptions.alias("earlier")
SENT_HERE = (
    sa.select(
        *_FACTS,
        follows.c.created_at.label("followed_since"),
        follows.c.name.label("follow"),
        follows.c.filter.label("wanted"),
    )
    .select_from(
        _OF_FEEDS.join(outbox, outbox.c.article_id == articles.c.id).join(
            follows, sa.and_(follows.c.id == outbox.c.follow_id, follows.c.over_id == subscriptions.c.chat_id)
        )
    )
    .where(
        outbox.c.chat_id == sa.bindparam("chat"),
        # The chat it comes from may have the feed in several topics.
        ~sa.exists().where(
            _earlier.c.chat_id == subscriptions.c.chat_id,
            _earlier.c.feed_id == subscriptions.c.feed_id,
            _earlier.c.id < subscriptions.c.id,
        ),
    )
    .order_by(articles.c.id.desc(), follows.c.id)
)
"""What follows brought from the feeds of another chat or topic."""


def stories_of(message_id: int | None, links: Sequence[str]) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """The questions for the stories of a chat: of its own feeds, and of what was sent to it. As of `Store.stories`."""
    if message_id is not None:
        condition = sa.literal(message_id).bool_op("IN")(Numbers(outbox.c.message_ids))
    elif links:
        condition = articles.c.url.in_(links)
    else:
        since = articles.c.created_at > subscriptions.c.created_at
        return STORIES.where(since), SENT_HERE
    return STORIES.where(condition), SENT_HERE.where(condition)


def story_of(row: Row) -> Story:
    return Story(
        article=article_of(row),
        known_at=row["known_at"],
        subscription=subscription_of(row),
        followed_since=row["followed_since"],
        state=RowState(row["state"]) if row["state"] else None,
        owed_at=row["owed_at"],
        closed_at=row["closed_at"],
        attempts=row["attempts"] or 0,
        reason=row["reason"],
        follow=(row["follow"], row["wanted"]) if row["follow"] else None,
    )
