"""The tables, for SQLite and PostgreSQL alike; every change here needs a revision in `migrations`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.columns import Document, Id, Moment, Moments, Words

# Names on both databases alike, so that a later revision can say what it changes.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# AUTOINCREMENT everywhere: without it SQLite gives a deleted row's id to the next one, and an old button or an
# old outbox row would then mean somebody else's feed.

EVERYBODY = 0
"""No chat's id: what is nobody's own."""

CLAIMED = "claimed_until IS NOT NULL"
FAILING = "failing_since IS NOT NULL"
OPEN_STATES = "state IN ('waiting', 'sending')"
IN_FLIGHT = "state = 'sending'"
DOUBLED = "perhaps_double"
UNSENT = "closed_at IS NULL"
BY_RIGHT = "lapsed IS NULL AND over_id <> to_id"
CLOSED = "closed_at IS NOT NULL"
UNTOLD = "state = 'waiting'"
"""As text: a partial index is used only by queries that repeat its condition word for word."""


def _partial(name: str, condition: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


feeds = Table(
    "feeds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", Words, nullable=False),
    # The chat whose login goes with it, and who alone may follow it; 0 and not null: two nulls would not be equal.
    Column("private_to", sa.BigInteger, nullable=False),
    Column("headers", Document),  # the login, readable; null: none
    Column("title", Words, nullable=False),
    Column("site", Words),
    Column("policy", Text),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("body_hash", Text),
    Column("host", Words, nullable=False),  # see `bot.hosts.host_of`
    Column("next_check_at", Moment),  # the end of the lease while it is checked; null: no more by itself
    Column("claimed_until", Moment),  # null: free
    Column("failures", Integer, nullable=False),
    Column("problem", Document),
    Column("last_checked_at", Moment),
    Column("last_success_at", Moment),
    Column("entries_read_at", Moment),  # when a document with entries was last read; keys age by it
    Column("weekly", Float),  # articles a week when the last ones came; null: not known
    Column("heard_at", Moment),
    Column("terms", Document),  # when its document wants to be asked; null: it never said
    Column("failing_since", Moment),  # null: well
    Column("gone_since", Moment),
    Column("kills", Integer, nullable=False),
    Column("told", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("url", "private_to"),
    Index(None, "host", "next_check_at"),
    _partial("ix_feeds_claimed", CLAIMED, "host"),
    _partial("ix_feeds_failing", FAILING, "failing_since"),
    sqlite_autoincrement=True,
)

# The queue of the checks: a host comes when one of its feeds is due and it may be asked, and one feed of each goes
# at a time. Ten thousand feeds of one host are so one row that others wait behind, not ten thousand.
hosts = Table(
    "hosts",
    metadata,
    Column("host", Words, primary_key=True),
    # Never later than its first due feed may be asked; too early costs one look. Null: nothing is due.
    Column("due_at", Moment, index=True),
    Column("open_at", Moment),  # nobody asks before this; null: at once
    Column("failing_since", Moment),
    Column("failed_feeds", Integer, nullable=False),
    Column("refusals", Integer, nullable=False),
)

feed_addresses = Table(
    "feed_addresses",
    metadata,
    Column("url", Words, primary_key=True),  # an address the feed moved from; never of a private one
    Column("feed_id", Id, ForeignKey("feeds.id", ondelete="CASCADE"), nullable=False, index=True),
)

keys = Table(
    "keys",
    metadata,
    Column("feed_id", Id, ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Words, primary_key=True),
    Column("second", Words),
    Column("last_seen_at", Moment, nullable=False, index=True),
    sqlite_with_rowid=False,
)

articles = Table(
    "articles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("feed_id", Id, ForeignKey("feeds.id", ondelete="CASCADE"), nullable=False),
    Column("key", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("url", Words),
    Column("summary", Words, nullable=False),
    Column("long", Words, nullable=False),
    Column("image", Words),
    Column("gallery", Document, nullable=False),
    Column("published", Moment),
    Column("author", Words, nullable=False),
    Column("tags", Document, nullable=False),
    Column("language", Words, nullable=False),
    Column("enclosures", Document, nullable=False),
    Column("comments", Words),
    Column("created_at", Moment, nullable=False, index=True),
    UniqueConstraint("feed_id", "key"),
    Index(None, "feed_id", "id"),
    sqlite_autoincrement=True,
)

# Apart from `articles`, because the whole text is a hundred times the rest. Whole until it is sent; then, and of what
# nobody is owed, its beginning, and of a feed's newest only: filters are tried on it.
article_texts = Table(
    "article_texts",
    metadata,
    Column(
        "article_id",
        Id,
        ForeignKey("articles.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("text", Words, nullable=False),
    Column("html", Words),  # null: nobody reads it in full
)

chats = Table(
    "chats",
    metadata,
    Column("id", sa.BigInteger, primary_key=True, autoincrement=False),  # Telegram's
    Column("kind", Text, nullable=False),
    Column("title", Words, nullable=False),
    Column("language", Text, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("resting", Boolean, nullable=False),
    Column("catching_up", Boolean, nullable=False),
    Column("wishes", Document),  # how alerts come; null: nobody said
    Column("mute", Words, nullable=False),
    Column("follows", Document, nullable=False),
    Column("missed", Integer, nullable=False),  # articles that aged out unsent, and nobody told the chat yet
    Column("recent_sends", Moments, nullable=False),
    Column("ready_at", Moment),  # no alert before this; null: at once
    Column("seen_at", Moment),  # when somebody there last spoke to us, to the hour; null: not known
    Column(
        "manages", sa.BigInteger, index=True
    ),  # see `Chat`; no key: who is met by its update may not be known yet
    Column("topic_per", Text),
)

# Whom the owners spoke about: users, groups and channels by Telegram's ids, met or not.
guests = Table(
    "guests",
    metadata,
    Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("admitted", Boolean),  # let in, or turned away; null: neither
    Column("limits", Document),  # by name, those that differ from the settings, 0 for none; null: no such
)


def _chat_key() -> ForeignKey:
    # A group that becomes a supergroup gets a new id; what hangs on it follows.
    return ForeignKey("chats.id", onupdate="CASCADE", ondelete="CASCADE")


subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", sa.BigInteger, _chat_key(), nullable=False),
    Column("thread_id", sa.BigInteger, nullable=False),  # 0: outside topics
    Column("feed_id", Id, ForeignKey("feeds.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("filter", Words, nullable=False),
    Column("wishes", Document),  # null: all as the chat has it
    Column("topic_gone", Boolean, nullable=False),  # what comes for it is held
    Column("created_at", Moment, nullable=False),
    Column("folder", Words),  # null: in none
    # 0 and not null stands for "no topic": two nulls would not be equal here.
    UniqueConstraint("chat_id", "thread_id", "feed_id"),
    sqlite_autoincrement=True,
)

# Who was seen to rule a group or channel: whom to ask about when somebody wants to manage one. No right in itself.
rulers = Table(
    "rulers",
    metadata,
    Column("user_id", sa.BigInteger, primary_key=True),
    Column("chat_id", sa.BigInteger, _chat_key(), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

# Whose matches go to a place of their own. Two chats hang on one, or three.
follows = Table(
    "follows",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", sa.BigInteger, _chat_key(), nullable=False),
    Column("name", Words, nullable=False),
    Column("filter", Words, nullable=False),
    Column("over_id", sa.BigInteger, _chat_key(), nullable=False, index=True),
    Column("to_id", sa.BigInteger, _chat_key(), nullable=False, index=True),
    Column("thread_id", sa.BigInteger, nullable=False),  # 0: outside topics
    Column("topic_gone", Boolean, nullable=False),
    Column("user_id", sa.BigInteger, nullable=False),
    Column("lapsed", Text),  # null: its maker has the right
    Column("checked_at", Moment, nullable=False),  # when that was asked last
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("chat_id", "name"),
    _partial("ix_follows_by_right", BY_RIGHT, "checked_at"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    # One of these two, until it goes.
    Column("subscription_id", Id, ForeignKey("subscriptions.id", ondelete="SET NULL"), index=True),
    Column("follow_id", Id, ForeignKey("follows.id", ondelete="SET NULL"), index=True),
    Column("chat_id", sa.BigInteger, _chat_key(), nullable=False, index=True),
    # The subscription's, here too: the backlog of a topic is counted at each claim.
    Column("thread_id", sa.BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("more", Integer, nullable=False),  # so many of its burst stand behind it
    Column("look", Integer, nullable=False),  # the richest that Telegram has not refused
    Column("reason", Words),
    Column("message_ids", Document, nullable=False),  # while it is open: of the pages that are out already
    Column("claimed_until", Moment),
    Column("perhaps_double", Boolean, nullable=False),
    Column("article_at", Moment, nullable=False),  # the order within a chat
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),  # when it was sent or given up
    UniqueConstraint("article_id", "subscription_id"),
    UniqueConstraint("article_id", "follow_id"),
    _partial("ix_outbox_open", OPEN_STATES, "chat_id", "article_at", "id"),
    _partial("ix_outbox_topic", OPEN_STATES, "chat_id", "thread_id", "article_at", "id"),
    # Of its own: "is anything of this chat in flight?" must not read the chat's whole backlog.
    _partial("ix_outbox_in_flight", IN_FLIGHT, "chat_id"),
    _partial("ix_outbox_doubled", DOUBLED, "id"),
    # Two and not one of all rows: SQLite would take that for every question that names a state.
    _partial("ix_outbox_unsent", UNSENT, "created_at", "state"),
    _partial("ix_outbox_closed", CLOSED, "state", "closed_at"),
    sqlite_autoincrement=True,
)

notices = Table(
    "notices",
    metadata,
    # One for each subscription: of two things to say about a feed only the later is true.
    Column(
        "subscription_id",
        Id,
        ForeignKey("subscriptions.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("trouble", Text, nullable=False),
    Column("claimed_until", Moment),
    Column("created_at", Moment, nullable=False, index=True),
)

# What owners tell everybody: drafts, and what is on its way. One that has ended is deleted.
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner_id", sa.BigInteger, nullable=False),
    Column("text", Words, nullable=False),
    Column("entities", Document, nullable=False),  # its formatting, as the Bot API has it
    Column("going", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

broadcast_chats = Table(
    "broadcast_chats",
    metadata,
    Column("broadcast_id", Id, ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True),
    Column("chat_id", sa.BigInteger, _chat_key(), primary_key=True, index=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    _partial("ix_broadcast_chats_waiting", UNTOLD, "broadcast_id", "due_at", "chat_id"),
    sqlite_with_rowid=False,
)

offers = Table(
    "offers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", sa.BigInteger, nullable=False, index=True),
    Column("url", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("created_at", Moment, nullable=False, index=True),
    sqlite_autoincrement=True,
)

changes = Table(
    "changes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", sa.BigInteger, _chat_key(), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("what", Words, nullable=False),
    Column("count", Integer, nullable=False),
    Column("to_chat", sa.BigInteger, index=True),  # null: nowhere else
    Column("before", Document, nullable=False),  # the rows as they were
    Column("at", Moment, nullable=False, index=True),
    sqlite_autoincrement=True,
)

# Filters that were tried and are not saved yet: what stands behind their buttons, which are too small to hold it.
trials = Table(
    "trials",
    metadata,
    Column("id", Id, primary_key=True),
    Column(
        "subscription_id",
        Id,
        ForeignKey("subscriptions.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("filter", Words, nullable=False),
    Column("more", Document, nullable=False),  # filters that are one word away
    Column("created_at", Moment, nullable=False, index=True),
    sqlite_autoincrement=True,
)

paces = Table(
    "paces",
    metadata,
    Column("scope", Text, primary_key=True),  # one row, "all"
    Column("due_at", Moment),
    Column("slowdown", Float, nullable=False),
    Column("refused_at", Moment),
    Column("refused_chat", sa.BigInteger),
)
