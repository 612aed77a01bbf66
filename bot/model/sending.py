"""Chats, what they follow, what they are owed, and all that one send changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from bot.model.following import Follow
from bot.model.polling import Trouble
from bot.model.reading import Article, Problem
from bot.model.showing import Form, Shown, Wishes


class ChatKind(StrEnum):
    """Telegram's kinds of chat, with what they share in limits."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


class TopicPer(StrEnum):
    """What gets a forum topic of its own."""

    FEED = "feed"
    FOLDER = "folder"


class Look(IntEnum):
    """What a message is made of, richest first. What Telegram refuses is tried again in the next."""

    ADDRESSES = 0
    """Photos that Telegram is to fetch from their addresses."""
    UPLOADS = 1
    """Photos that we fetch and upload: Telegram remembers for days that it could not fetch one."""
    CARD = 2
    """Text with a preview of the first picture's address."""
    TEXT = 3
    PLAIN = 4
    """Text without markup."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that the bot serves."""

    id: int
    """Telegram's."""
    kind: ChatKind
    title: str
    language: str
    """A language of the catalogue, e.g. `zh_Hans`."""
    paused: bool = False
    resting: bool = False
    """Telegram refuses this chat (blocked, kicked); wakes on /start or my_chat_member."""
    catching_up: bool = False
    """It rested, and is back: what waited meanwhile comes as lists. The store ends this when nothing waits."""
    wishes: Wishes = field(default_factory=Wishes)
    """Of subscriptions that say nothing of their own."""
    mute: str = ""
    """In the filter language: what it lets through never comes, from no feed; "" mutes nothing."""
    follows: tuple[tuple[str, str], ...] = ()
    """Names with filters: what one of these lets through comes, whatever the filter of its feed says."""
    seen_at: datetime | None = None
    """When somebody there last spoke to us, to the hour; None: not known."""
    manages: int | None = None
    """The channel or group that is spoken about in this private chat until somebody ends it; None: the chat itself."""
    topic_per: TopicPer | None = None
    """In a group with topics: what gets a topic of its own when it is followed; None: nothing."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat follows a feed."""

    id: int
    chat_id: int
    thread_id: int | None
    """The forum topic it was made in; None outside topics, and in General."""
    feed_id: int
    feed_url: str
    feed_title: str
    filter: str
    problem: Problem | None = None
    """Why the feed's last check failed; None if it went well."""
    wishes: Wishes = field(default_factory=Wishes)
    """What it leaves open is as the chat has it."""
    folder: str = ""
    """Where a list that was imported had it, names with "/" between; "" if nowhere."""
    private: bool = False
    """Its feed is read with a login of this chat, and is nobody else's."""

    @property
    def title(self) -> str:
        """What it is called here; "" if it has no name."""
        return self.wishes.title or self.feed_title


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A reader is to be told of a feed's trouble, or that it is over."""

    subscription: Subscription
    chat: Chat
    trouble: Trouble
    failing_since: datetime | None
    """None: it is well again."""
    noted_at: datetime
    """When there was this to tell."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One article, owed to one subscription, claimed for sending."""

    id: int
    subscription_id: int | None
    """None: a follow's; or the subscription is gone."""
    feed_title: str
    article: Article
    attempts: int
    """Sends tried before this one."""
    shown: Shown = field(default_factory=Shown)
    filter: str = ""
    """The subscription's, or that of the follow that sends it here."""
    follows: tuple[str, ...] = ()
    """The filters of the chat's follows, see `Chat`."""
    look: Look = Look.ADDRESSES
    """The richest that Telegram has not refused for this article and chat."""
    more: int = 0
    """So many of its burst stand behind it."""
    message_ids: tuple[int, ...] = ()
    """Of the pages that are out already; only a full text has several."""


@dataclass(frozen=True, slots=True)
class ChatPace:
    """What pacing remembers of a chat."""

    recent: tuple[datetime, ...] = ()
    """When its last messages went, or will; oldest first, as many as its limit looks back on."""
    ready_at: datetime | None = None
    """No alert before this; None if at once."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one message is to carry: one article, or a backlog as a list. All for one chat and topic."""

    chat: Chat
    thread_id: int | None
    rows: tuple[OutboxRow, ...]
    """At least one; oldest article first."""
    missed: int = 0
    """Articles for this chat that aged out unsent, and nobody has told it yet."""
    pace: ChatPace = ChatPace()


@dataclass(frozen=True, slots=True)
class Pace:
    """What pacing remembers of all chats together."""

    due_at: datetime | None = None
    """When the next message would be exactly on schedule (GCRA); None before the first."""
    slowdown: float = 1.0
    """How many times longer than normal the gaps are; Telegram said "too fast" lately if over 1."""
    refused_at: datetime | None = None
    """When Telegram last said so, and to which chat."""
    refused_chat: int | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """What a burst of articles left behind, to be had by a button."""

    row_id: int
    """Of the one that offers them."""
    count: int
    feed_title: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One article is to be shown."""

    article: Article
    feed_title: str
    language: str
    """Of the words around the article."""
    look: Look = Look.TEXT
    pictures: tuple[str, ...] = ()
    """Addresses of the pictures to show: several are an album. Empty if the look is but text."""
    rests: tuple[Rest, ...] = ()
    form: Form = field(default_factory=Form)
    silent: bool = False
    page: int | None = None
    """Which message of the article's full text, from 0; None: its summary."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A line of a digest."""

    title: str
    url: str | None
    feed_title: str


@dataclass(frozen=True, slots=True)
class Digest:
    """A backlog as a list of headlines."""

    headlines: tuple[Headline, ...]
    language: str
    missed: int = 0
    """Older articles that aged out unsent."""
    look: Look = Look.TEXT
    """TEXT or PLAIN."""
    rests: tuple[Rest, ...] = ()
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the chat should know of its own alerts."""

    key: str
    """Of the catalogue."""
    language: str
    about: Subscription | None = None
    """The subscription it speaks of; None: of none."""
    days: int = 0
    """How long it has lasted."""
    follow: Follow | None = None
    """The follow it speaks of; None: of none."""
    values: Mapping[str, object] = field(default_factory=dict)
    """What else the text names."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What an owner of the bot wrote."""

    text: str
    entities: tuple[Mapping[str, object], ...] = ()
    """Its formatting, as the Bot API has it (`MessageEntity`)."""


Post = Alert | Digest | Notice | Letter


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram has it."""

    message_ids: tuple[int, ...]
    more: bool = False
    """It was a page of a full text, and not the last."""


@dataclass(frozen=True, slots=True)
class TooFast:
    """Telegram asks us to wait (429)."""

    retry_after: timedelta


@dataclass(frozen=True, slots=True)
class ChatGone:
    """The chat refuses us until somebody there invites us back (403 and its like)."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """A group became a supergroup under a new id."""

    to: int


@dataclass(frozen=True, slots=True)
class TopicGone:
    """The forum topic is closed or deleted; the chat itself is well."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will never take this message as it is."""

    reason: str
    markup: bool = False
    """Its markup is to blame: words without any may pass."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not arrive; try again."""

    reason: str


@dataclass(frozen=True, slots=True)
class PerhapsSent:
    """It may have arrived: the line broke after the request went out. Tried again; it may double."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unauthorized:
    """The token is refused: stop and say so; no chat is to blame."""

    reason: str


SendResult = (
    Sent | TooFast | ChatGone | ChatMoved | TopicGone | Refused | NotSent | PerhapsSent | Unauthorized
)


class RowState(StrEnum):
    """Where an outbox row stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    """Its forum topic is closed or gone; waits again after /resume."""
    BEHIND = "behind"
    """Came in a burst; waits again when somebody asks for it, and is forgotten if nobody does."""
    DROPPED = "dropped"
    """Telegram will never take it; owners see it in /failed."""
    EXPIRED = "expired"
    """It waited longer than is kept; counted, and told to the chat with its next message."""


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """All that one send changes; written in one transaction."""

    row_ids: tuple[int, ...]
    chat_id: int
    at: datetime
    state: RowState
    attempts: int
    reason: str | None = None
    """Why it is not sent yet, or never will be; None once sent."""
    message_ids: tuple[int, ...] = ()
    """Of all that is out, if this send brought some of it; else empty. The row waits on if pages are left."""
    perhaps_double: bool = False
    """The next try may show it twice."""
    catching_up: bool = False
    """Its chat was: that ends when nothing waits for it any more."""
    chat_rests: bool = False
    chat_moves_to: int | None = None
    chat_not_before: datetime | None = None
    """The whole chat waits until then; None if it need not. Rows never wait alone: later ones would overtake."""
    too_fast: timedelta | None = None
    """Telegram's wish to wait (429); None if it had none."""
    missed_told: int = 0
    """How many expired articles this message spoke of; the chat's count goes down by them."""
    topic_gone: int | None = None
    """This thread of the chat takes nothing: everything for it is held."""
    look: Look | None = None
    """What Telegram may take of it next time; None if it refused nothing."""
    late_for: datetime | None = None
    """The turn it had, if it may have arrived so late, as late as `at`, that the next one's turn must move; else
    None."""

    @property
    def turns_page(self) -> bool:
        """A page of a text went out, and more are to come."""
        return self.state is RowState.WAITING and bool(self.message_ids)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An article that was given up, as an owner sees it."""

    row_id: int
    at: datetime
    chat_id: int
    chat_title: str
    feed_title: str
    title: str
    url: str | None
    reason: str
    attempts: int
