"""Rows of the tables as the words of `bot.model`, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from bot.model import (
    Article,
    Beat,
    Chat,
    ChatKind,
    ChatPace,
    DueFeed,
    Enclosure,
    Host,
    Length,
    Look,
    Memory,
    OutboxRow,
    Pictures,
    Problem,
    Reader,
    Standing,
    Streak,
    Subscription,
    Terms,
    TopicPer,
    Validators,
    Wishes,
    shown,
    spoken,
)
from bot.store.tables import (
    EVERYBODY,
    article_texts,
    articles,
    chats,
    feeds,
    follows,
    hosts,
    outbox,
    subscriptions,
)

T = TypeVar("T")


class Row(Protocol):
    """A row by the names of its columns: SQLAlchemy's, or a dictionary."""

    def __getitem__(self, name: str, /) -> Any: ...

    def keys(self) -> Iterable[str]: ...


CHUNK = 500
"""Values in one IN list: SQLite stops at 32,766 variables, and long lists are slow to prepare."""

OWN_TITLE = "feed_title"
_NO_WISHES = Wishes()

# Names are qualified where a join would make two columns of one name.
ARTICLE = (
    articles.c.key.label("article_key"),
    articles.c.title.label("article_title"),
    articles.c.url.label("article_url"),
    articles.c.summary,
    articles.c.long,
    articles.c.image,
    articles.c.gallery,
    articles.c.published,
    articles.c.author,
    articles.c.tags,
    articles.c.language.label("article_language"),
    articles.c.enclosures,
    articles.c.comments,
    sa.func.coalesce(article_texts.c.text, "").label("text"),
    sa.func.coalesce(article_texts.c.html, "").label("html"),
)
CHAT = (
    chats.c.id.label("chat_id"),
    chats.c.kind,
    chats.c.title.label("chat_title"),
    chats.c.language.label("chat_language"),
    chats.c.paused,
    chats.c.resting,
    chats.c.catching_up,
    chats.c.wishes.label("chat_wishes"),
    chats.c.mute,
    chats.c.follows,
    chats.c.seen_at,
    chats.c.manages,
    chats.c.topic_per,
)
CHAT_PACE = (chats.c.recent_sends, chats.c.ready_at)
SUBSCRIPTION = (
    subscriptions,
    feeds.c.url.label("feed_url"),
    feeds.c.title.label(OWN_TITLE),
    feeds.c.problem,
    feeds.c.private_to,
)
# All that a check needs, and no more: reading the rest costs as much again.
DUE_FEED = (
    feeds.c.id,
    feeds.c.url,
    feeds.c.title,
    feeds.c.etag,
    feeds.c.last_modified,
    feeds.c.body_hash,
    feeds.c.failures,
    feeds.c.weekly,
    feeds.c.heard_at,
    feeds.c.failing_since,
    feeds.c.gone_since,
    feeds.c.kills,
    feeds.c.told,
    feeds.c.last_checked_at,
    feeds.c.terms,
    feeds.c.headers,
)
HOST = (hosts.c.host, hosts.c.open_at, hosts.c.failing_since, hosts.c.failed_feeds, hosts.c.refusals)
OWED = (
    outbox.c.id,
    outbox.c.subscription_id,
    outbox.c.chat_id,
    outbox.c.thread_id,
    outbox.c.attempts,
    outbox.c.look,
    outbox.c.more,
    outbox.c.message_ids,
    subscriptions.c.wishes,
    sa.func.coalesce(subscriptions.c.filter, follows.c.filter).label("filter"),
    feeds.c.title.label(OWN_TITLE),
    outbox.c.article_id,
)


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut a long list into lists that fit into one statement."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def problem_document(problem: Problem | None) -> dict[str, Any] | None:
    return None if problem is None else {"key": problem.key, "values": dict(problem.values)}


def problem_of(document: dict[str, Any] | None) -> Problem | None:
    return None if document is None else Problem(document["key"], document["values"])


def terms_document(terms: Terms | None) -> dict[str, Any] | None:
    if terms is None:
        return None
    gap = None if terms.gap is None else terms.gap.total_seconds()
    return {"gap": gap, "skip_hours": sorted(terms.skip_hours), "skip_days": sorted(terms.skip_days)}


def terms_of(document: dict[str, Any] | None) -> Terms:
    if document is None:
        return Terms()
    gap = None if document["gap"] is None else timedelta(seconds=document["gap"])
    return Terms(gap, frozenset(document["skip_hours"]), frozenset(document["skip_days"]))


def wishes_document(wishes: Wishes) -> dict[str, Any] | None:
    """None if nothing was said, as of nearly everybody: then there is nothing to read at a claim."""
    return spoken(wishes) or None


def wishes_of(document: dict[str, Any] | None) -> Wishes:
    if document is None:
        return _NO_WISHES
    wishes = Wishes(**document)
    return replace(
        wishes,
        pictures=Pictures(wishes.pictures) if wishes.pictures else None,
        length=Length(wishes.length) if wishes.length else None,
    )


def article_values(article: Article) -> dict[str, Any]:
    """The columns of `articles`, but for the feed and the times; the text stands in a table of its own."""
    return {
        "key": article.key,
        "title": article.title,
        "url": article.url,
        "summary": article.summary,
        "long": article.long,
        "image": article.image,
        "gallery": list(article.gallery),
        "published": article.published,
        "author": article.author,
        "tags": list(article.tags),
        "language": article.language,
        "enclosures": [
            {"url": file.url, "type": file.type, "length": file.length, "duration": file.duration}
            for file in article.enclosures
        ],
        "comments": article.comments,
    }


def article_of(row: Row) -> Article:
    return Article(
        key=row["article_key"],
        title=row["article_title"],
        url=row["article_url"],
        summary=row["summary"],
        long=row["long"],
        image=row["image"],
        gallery=tuple(row["gallery"]),
        published=row["published"],
        author=row["author"],
        tags=tuple(row["tags"]),
        text=row["text"],
        html=row["html"],
        language=row["article_language"],
        enclosures=tuple(Enclosure(**file) for file in row["enclosures"]),
        comments=row["comments"],
    )


def chat_values(chat: Chat) -> dict[str, Any]:
    return {
        "id": chat.id,
        "kind": chat.kind.value,
        "title": chat.title,
        "language": chat.language,
        "paused": chat.paused,
        "resting": chat.resting,
        "catching_up": chat.catching_up,
        "wishes": wishes_document(chat.wishes),
        "mute": chat.mute,
        "follows": [list(one) for one in chat.follows],
        "seen_at": chat.seen_at,
        "manages": chat.manages,
        "topic_per": chat.topic_per,
    }


def chat_of(row: Row) -> Chat:
    return Chat(
        id=row["chat_id"],
        kind=ChatKind(row["kind"]),
        title=row["chat_title"],
        language=row["chat_language"],
        paused=row["paused"],
        resting=row["resting"],
        catching_up=row["catching_up"],
        wishes=wishes_of(row["chat_wishes"]),
        mute=row["mute"],
        follows=tuple((name, text) for name, text in row["follows"]),
        seen_at=row["seen_at"],
        manages=row["manages"],
        topic_per=TopicPer(row["topic_per"]) if row["topic_per"] else None,
    )


def chat_pace_of(row: Row) -> ChatPace:
    return ChatPace(recent=row["recent_sends"], ready_at=row["ready_at"])


def due_feed_of(facts: Sequence[Any], host: Host, memory: Memory | None) -> DueFeed:
    """Of the columns DUE_FEED."""
    (
        number,
        url,
        title,
        etag,
        modified,
        name,
        failures,
        rate,
        heard_at,
        *streak,
        checked_at,
        terms,
        headers,
    ) = facts
    return DueFeed(
        id=number,
        url=url,
        title=title,
        validators=Validators(etag, modified, name),
        failures=failures,
        memory=memory,
        host=host,
        beat=beat_of(rate, heard_at),
        streak=Streak(*streak),
        terms=terms_of(terms),
        checked_at=checked_at,
        headers=headers or {},
    )


def host_of(facts: Sequence[Any]) -> Host:
    """Of the columns HOST."""
    return Host(*facts)


def beat_of(rate: float | None, heard_at: datetime) -> Beat | None:
    return None if rate is None else Beat(rate, heard_at)


def subscription_of(row: Row) -> Subscription:
    return Subscription(
        id=row["id"],
        chat_id=row["chat_id"],
        thread_id=thread_of(row["thread_id"]),
        feed_id=row["feed_id"],
        feed_url=row["feed_url"],
        feed_title=row[OWN_TITLE],
        folder=row["folder"] or "",
        filter=row["filter"],
        problem=problem_of(row["problem"]),
        wishes=wishes_of(row["wishes"]),
        private=row["private_to"] != EVERYBODY,
    )


def in_full(*wishes: dict[str, Any] | None) -> bool:
    """Whether the first of them that says anything of it says so."""
    said = [length for one in wishes if (length := (one or {}).get("length"))]
    return said[:1] == [Length.FULL]


def reader_of(row: Row) -> Reader:
    return Reader(
        subscription_id=row["id"],
        chat_id=row["chat_id"],
        filter=row["filter"],
        full=in_full(row["wishes"], row["chat_wishes"]),
        mute=row["mute"],
        follows=tuple(text for _, text in row["follows"]),
        thread_id=thread_of(row["thread_id"]),
    )


def standing_of(row: Row) -> Standing:
    due, open_at, checked = row["next_check_at"], row["open_at"], row["last_checked_at"]
    later = max(due, open_at) if due and open_at else due
    return Standing(
        subscription=subscription_of(row),
        succeeded_at=row["last_success_at"],
        next_check_at=later,
        beat=beat_of(row["weekly"], row["heard_at"]),
        gap=later - checked if later and checked else None,
        failing_since=row["failing_since"],
    )


def outbox_row_of(row: Row, chat: Chat, article: Article) -> OutboxRow:
    how = shown(chat.wishes, wishes_of(row["wishes"]))
    return OutboxRow(
        id=row["id"],
        subscription_id=row["subscription_id"],
        feed_title=how.title or row[OWN_TITLE],
        article=article,
        attempts=row["attempts"],
        shown=how,
        filter=row["filter"] or "",
        follows=tuple(text for _, text in chat.follows),
        look=Look(row["look"]),
        more=row["more"],
        message_ids=tuple(row["message_ids"]),
    )


def thread_of(stored: int) -> int | None:
    return stored or None
