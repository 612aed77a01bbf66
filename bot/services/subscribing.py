"""What may come of asking to follow a feed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Article, FeedLink, Problem, Subscription


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The chat follows the feed from now on."""

    subscription: Subscription
    sample: Article | None
    """The newest article, to show what alerts look like; None if the feed is empty."""


@dataclass(frozen=True, slots=True)
class AlreadySubscribed:
    """Nothing changed."""

    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Offered:
    """The address is a site's that has these feeds."""

    url: str
    offers: tuple[tuple[int, FeedLink], ...]
    """Each with the id to accept it by."""


@dataclass(frozen=True, slots=True)
class NotSubscribed:
    """Nothing changed, and why."""

    problem: Problem


SubscribeResult = Subscribed | AlreadySubscribed | Offered | NotSubscribed
