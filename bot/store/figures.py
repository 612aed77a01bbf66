"""Reads about how much came to a chat. No index of their own: asked by people, about one chat's rows of a month."""

from __future__ import annotations

import sqlalchemy as sa

from bot.model import RowState
from bot.store.chat_writes import CLOSED
from bot.store.tables import feeds, outbox, subscriptions
from bot.store.unit import moment

_MOMENT = sa.func.coalesce(outbox.c.closed_at, outbox.c.created_at)
_OF_CHAT = sa.and_(outbox.c.chat_id == sa.bindparam("chat"), moment("month") <= _MOMENT)
_SENT = outbox.c.state == RowState.SENT.value
_END = sa.case((_SENT, "sent"), (outbox.c.state.in_(CLOSED), "dropped"), else_="held")


def _since(name: str) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((moment(name) <= _MOMENT, 1), else_=0))


ENDS = (
    sa.select(_END.label("end"), _since("day"), _since("week"), sa.func.count())
    .where(_OF_CHAT)
    .group_by(sa.literal_column("1"))
)
"""How many came to which end since a day, a week, a month; `held` is what has come to none yet."""
ACTIVE = (
    sa.select(outbox.c.subscription_id, sa.func.count().label("sent"))
    .join_from(outbox, subscriptions, subscriptions.c.id == outbox.c.subscription_id)
    .where(_OF_CHAT, _SENT, subscriptions.c.chat_id == sa.bindparam("chat"))
    .group_by(outbox.c.subscription_id)
    .order_by(sa.func.count().desc(), outbox.c.subscription_id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
QUIET = (
    sa.select(subscriptions.c.id)
    .join_from(subscriptions, feeds, feeds.c.id == subscriptions.c.feed_id)
    .where(
        subscriptions.c.chat_id == sa.bindparam("chat"),
        # Of a feed that never had an article, as long as it is followed.
        sa.func.coalesce(feeds.c.heard_at, subscriptions.c.created_at) < moment("month"),
    )
    .order_by(sa.func.coalesce(feeds.c.heard_at, subscriptions.c.created_at), subscriptions.c.id)
)
