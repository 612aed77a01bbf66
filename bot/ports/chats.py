"""What people look for and change in their chats: the part of the store that commands alone need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Article, Change, Chat, Figures, Follow, Listed, Standing


class ChangeWrites(Protocol):
    """The part of a transaction that keeps changes and takes them back."""

    async def remember(
        self, change: Change, subscription_ids: Sequence[int] = (), *, made: Sequence[int] = ()
    ) -> int:
        """Keep how these subscriptions are, before something changes them; of those that are to go, with all that
        waits for them.

        Args:
            subscription_ids: of the change's chat.
            made: subscriptions that the change has made.

        Returns:
            The id to take it back by.
        """

    async def take_back(self, change_id: int, now: datetime) -> bool:
        """Make everything as it was before a change, and forget it. What cannot be as it was (the feed is gone, its
        place is taken) is left as it is. A login that was forgotten stays so.

        Returns:
            False if there is no such change: somebody was faster.
        """


class PlaceWrites(Protocol):
    """The part of a transaction that is about where things are said."""

    async def note_ruler(self, user_id: int, chat_id: int) -> None:
        """Remember that this person was seen to rule that group or channel."""

    async def settle(
        self, subscription_ids: Sequence[int], chat_id: int, thread_id: int | None
    ) -> frozenset[int]:
        """Have feeds come in that chat and forum topic from now on, also what waits. What is under way still comes
        where it set out for. Those that are followed there already stay, and those that another chat's login reads.

        Returns:
            Those that come there now.
        """


class FollowWrites(Protocol):
    """The part of a transaction that is about follows whose matches go to a place of their own."""

    async def save_follow(self, follow: Follow, now: datetime) -> None:
        """Add it, or make the one of its id anew: its maker has the right to it now, and what waited for it goes
        where it says."""

    async def drop_follow(self, follow_id: int) -> None:
        """End it. What is under way still comes; what was held back for want of a right goes."""

    async def note_right(self, follow_id: int, lapsed: str, now: datetime) -> None:
        """Note that its maker's right was looked at; if it has lapsed (`Follow.lapsed`), hold what waits."""


class ChatReads(Protocol):
    """The part of the store that knows what people look for in a chat."""

    async def ruled_by(self, user_id: int, limit: int) -> tuple[Chat, ...]:
        """Groups and channels, those where somebody spoke last first, that the person was seen to rule. Whether that
        still holds, only Telegram knows."""

    async def latest(self, chat_id: int, limit: int) -> tuple[tuple[Article, str], ...]:
        """Articles of all that a chat follows, those that came last first, each with its feed's title."""

    async def figures(self, chat_id: int, since: tuple[datetime, datetime, datetime], most: int) -> Figures:
        """How much came to the chat.

        Args:
            since: the beginnings of the last day, week and month.
            most: so many active subscriptions are named at most.
        """

    async def follows(self, chat_id: int) -> tuple[Follow, ...]:
        """Those that were made in the chat, oldest first."""

    async def unchecked_follows(self, before: datetime, limit: int) -> tuple[Follow, ...]:
        """Some between two chats whose makers' rights were not looked at since then, or since the other chat refused
        us. Without those that lapsed."""

    async def listed(self, chat_id: int) -> tuple[Listed, ...]:
        """All that the chat follows, in the order in which it was subscribed to."""

    async def standings(self, chat_id: int, ids: Sequence[int] | None = None) -> tuple[Standing, ...]:
        """How what a chat follows fares, in the order of its list.

        Args:
            ids: only these subscriptions; None: all.
        """

    async def recent_articles(self, feed_id: int, limit: int) -> tuple[Article, ...]:
        """Those that came last, newest first, without their texts."""

    async def last_change(self, chat_id: int, since: datetime) -> Change | None:
        """The latest of a chat that is not older; None if there is none."""

    async def alerted(self, chat_id: int, message_id: int) -> tuple[int, ...]:
        """Of which subscriptions of the chat a message told; several if it was a list. Empty if it told of none, or
        they are gone."""
