"""Reads about what became of articles, for somebody who asks why."""

from __future__ import annotations

import sqlalchemy as sa

from bot.model import RowState, Story
from bot.store.rows import ARTICLE, SUBSCRIPTION, Row, article_of, subscription_of
from bot.store.tables import article_texts, articles, feeds, outbox, subscriptions
from bot.store.unit import Numbers

STORIES = (
    sa.select(
        *SUBSCRIPTION,
        *ARTICLE,
        articles.c.created_at.label("known_at"),
        subscriptions.c.created_at.label("followed_since"),
        outbox.c.state,
        outbox.c.created_at.label("owed_at"),
        outbox.c.closed_at,
        outbox.c.attempts,
        outbox.c.reason,
    )
    .select_from(
        sa.join(subscriptions, feeds, feeds.c.id == subscriptions.c.feed_id)
        .join(articles, articles.c.feed_id == feeds.c.id)
        .outerjoin(article_texts, article_texts.c.article_id == articles.c.id)
        .outerjoin(
            outbox,
            sa.and_(outbox.c.article_id == articles.c.id, outbox.c.subscription_id == subscriptions.c.id),
        )
    )
    .where(subscriptions.c.chat_id == sa.bindparam("chat"))
    .order_by(articles.c.id.desc(), subscriptions.c.id)
)
"""No index of its own: asked by people, about one chat's articles of a month."""


def sent_as(message_id: int) -> sa.ColumnElement[bool]:
    """The row was sent in this message of the chat."""
    return sa.literal(message_id).bool_op("IN")(Numbers(outbox.c.message_ids))


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
    )
