"""A chat's backup as a JSON file: written, and read with all the distrust that a file from anywhere deserves. Pure.

Logins are never in it, and nothing of other chats but the numbers of those that follows lead to.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

from bot import filters
from bot.errors import FilterError
from bot.feeds.address import normal_url
from bot.feeds.opml import MOST_BYTES, MOST_FEEDS
from bot.model import Chat, Follow, Length, Pictures, Problem, Subscription, TopicPer, Wishes, spoken

T = TypeVar("T")

VERSION = 1
_VERSION = "feedbell"
"""The key that tells a backup from any other JSON, with the version of its form."""
_MOST_FOLLOWS = 1_000
_MOST_SENT_ON = 100
"""The rights behind each are asked of Telegram."""
_LONGEST = MappingProxyType({"url": 2_000, "title": 100, "template": 20_000, "filter": 10_000})
_LONGEST_NAME = 200
_MOST = 10**15
"""No number of Telegram's is larger."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A subscription."""

    url: str
    title: str
    """The feed's own."""
    folder: str
    filter: str
    """Canonical, as we keep it; "" for none."""
    wishes: Wishes
    thread_id: int | None


@dataclass(frozen=True, slots=True)
class Backup:
    """What a chat follows, and how."""

    chat_id: int
    """Whose it is; brought in elsewhere, its topics mean nothing."""
    wishes: Wishes
    mute: str
    follows: tuple[tuple[str, str], ...]
    topic_per: TopicPer | None
    feeds: tuple[Kept, ...]
    sent_on: tuple[Follow, ...]
    """Their makers are not kept: whoever brings them in must have the rights."""


def write_backup(chat: Chat, followed: Iterable[Subscription], sent_on: Iterable[Follow]) -> bytes:
    """The file. What is usual is left out."""
    document = {
        _VERSION: VERSION,
        "chat": {
            "id": chat.id,
            "title": chat.title,
            **_said(wishes=spoken(chat.wishes), mute=chat.mute, follows=chat.follows, topics=chat.topic_per),
        },
        "feeds": [
            {
                "url": one.feed_url,
                **_said(title=one.feed_title, folder=one.folder, filter=one.filter),
                **_said(wishes=spoken(one.wishes), topic=one.thread_id),
            }
            for one in followed
        ],
        "sent_on": [
            {
                "name": one.name,
                "filter": one.filter,
                "over": one.over_id,
                "to": one.to_id,
                **_said(topic=one.thread_id),
            }
            for one in sent_on
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _said(**facts: object) -> dict[str, object]:
    return {name: fact for name, fact in facts.items() if fact}


def read_backup(body: bytes) -> Backup | Problem:
    """What a file holds; a problem if it is too large, of another version, or no backup in any part."""
    if len(body) > MOST_BYTES:
        return Problem("opml.too_large", {"limit": f"{MOST_BYTES >> 20} MB"})
    try:
        document = _mapping(json.loads(body))
        version = _number(document[_VERSION])
        return _backup(document) if version == VERSION else Problem("backup.version")
    # ValueError is JSON's, too, and a number's of thousands of digits; RecursionError that of a bomb of brackets.
    except (ValueError, TypeError, KeyError, FilterError, RecursionError):
        return Problem("backup.broken")


def _backup(document: Mapping[str, Any]) -> Backup:
    chat = _mapping(document["chat"])
    own = _number(chat["id"])
    topics = chat.get("topics")
    feeds = [_kept(one) for one in _list(document["feeds"], MOST_FEEDS)]
    return Backup(
        chat_id=own,
        wishes=_wishes(chat.get("wishes", {})),
        mute=_filter(chat.get("mute", ""), some="mute" in chat),
        follows=tuple(_follow(one) for one in _list(chat.get("follows", []), _MOST_FOLLOWS)),
        topic_per=None if topics is None else TopicPer(topics),
        # Of twins the first.
        feeds=tuple({(one.url, one.thread_id): one for one in reversed(feeds)}.values())[::-1],
        sent_on=tuple(_sent_on(one, own) for one in _list(document.get("sent_on", []), _MOST_SENT_ON)),
    )


def _kept(raw: object) -> Kept:
    one = _mapping(raw)
    url = normal_url(_text(one["url"], _LONGEST["url"]))
    if url is None:
        raise ValueError("no address")
    return Kept(
        url,
        _text(one.get("title", ""), _LONGEST_NAME),
        _text(one.get("folder", ""), _LONGEST_NAME),
        _filter(one.get("filter", "")),
        _wishes(one.get("wishes", {})),
        _topic(one),
    )


def _follow(raw: object) -> tuple[str, str]:
    name, text = _list(raw, 2)
    return _name(name), _filter(text, some=True)


def _sent_on(raw: object, chat_id: int) -> Follow:
    one = _mapping(raw)
    over, to = _number(one["over"]), _number(one["to"])
    if chat_id not in (over, to):
        raise ValueError("between two other chats")
    name, text = _name(one["name"]), _filter(one["filter"], some=True)
    return Follow(chat_id, name, text, over, to, _topic(one), user_id=0)


def _wishes(raw: object) -> Wishes:
    takes: dict[str, Callable[[Any], Any]] = {
        "pictures": Pictures,
        "length": Length,
        **dict.fromkeys(("silent", "hashtags", "marks"), partial(_of, bool)),
        **{name: partial(_text, most=_LONGEST[name]) for name in ("title", "template")},
    }
    return Wishes(**{name: takes[name](wish) for name, wish in _mapping(raw).items()})


def _filter(raw: object, *, some: bool = False) -> str:
    """As we keep it.

    Args:
        some: nothing and everything are none.
    """
    text = _text(raw, _LONGEST["filter"])
    if not text and not some:
        return ""
    expression = filters.parse(text)
    if some and isinstance(expression, filters.Everything):
        raise ValueError("follows everything")
    return filters.canonical(expression)


def _name(raw: object) -> str:
    name = _text(raw, 30)
    if not name:
        raise ValueError("no name")
    return name


def _topic(one: Mapping[str, Any]) -> int | None:
    topic = one.get("topic")
    return None if topic is None else abs(_number(topic)) or None


def _text(raw: object, most: int) -> str:
    """Without halves of signs and nulls, which no database keeps."""
    return _of(str, raw)[:most].encode("utf-8", "ignore").decode().replace("\0", "").strip()


def _number(raw: object) -> int:
    number = _of(int, raw)
    if abs(number) > _MOST:
        raise ValueError("too large")
    return number


def _mapping(raw: object) -> dict[str, Any]:
    return _of(dict, raw)


def _list(raw: object, most: int) -> list[Any]:
    if len(found := _of(list, raw)) > most:
        raise ValueError("too many")
    return found


def _of(kind: type[T], raw: object) -> T:
    if type(raw) is not kind:  # not isinstance: true is no number
        raise ValueError(f"no {kind.__name__}")
    return raw
