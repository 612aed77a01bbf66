"""A backup is written and read again as it was; whatever else comes as one is refused in a sentence."""

from __future__ import annotations

import json

import pytest

from bot.model import Chat, ChatKind, Follow, Length, Pictures, Problem, Subscription, TopicPer, Wishes
from bot.services.backup_file import Backup, Kept, read_backup, write_backup

HERE, THERE = 7, -1009
CHAT = Chat(
    HERE,
    ChatKind.PRIVATE,
    "Ann 🌊",
    "en",
    wishes=Wishes(length=Length.LONG, silent=False),
    mute="golf",
    follows=(("sea", "ship OR boat"),),
    topic_per=TopicPer.FEED,
)
WISHES = Wishes(pictures=Pictures.NONE, title="Mine", template="<b>{title}</b>", marks=True)
FOLLOWED = (
    Subscription(
        1, HERE, 9, 1, "https://a.example/feed", "A", "rain -snow", wishes=WISHES, folder="News/Sky"
    ),
    Subscription(2, HERE, None, 2, "https://b.example/", "", ""),
    Subscription(3, HERE, None, 3, "https://c.example/", "C", "", private=True),
)
SENT_ON = (Follow(HERE, "rust", "compiler", HERE, THERE, None, 5, id=3),)
BACKUP = Backup(
    HERE,
    CHAT.wishes,
    "golf",
    CHAT.follows,
    TopicPer.FEED,
    (
        Kept("https://a.example/feed", "A", "News/Sky", "rain -snow", WISHES, 9),
        Kept("https://b.example/", "", "", "", Wishes(), None),
        Kept("https://c.example/", "C", "", "", Wishes(), None),
    ),
    (Follow(HERE, "rust", "compiler", HERE, THERE, None, 0),),
)


def written(**changes: object) -> bytes:
    document = json.loads(write_backup(CHAT, FOLLOWED, SENT_ON))
    return json.dumps(document | changes).encode()


def test_what_is_written_is_read_again() -> None:
    assert read_backup(write_backup(CHAT, FOLLOWED, SENT_ON)) == BACKUP


def test_nothing_at_all_is_a_backup_too() -> None:
    empty = Chat(HERE, ChatKind.PRIVATE, "Ann", "en")
    assert read_backup(write_backup(empty, (), ())) == Backup(HERE, Wishes(), "", (), None, (), ())


def test_of_two_of_one_address_and_topic_the_first_counts() -> None:
    twins = [{"url": "https://a.example/", "filter": "rain"}, {"url": "HTTPS://A.example"}]
    read = read_backup(written(feeds=twins))
    assert isinstance(read, Backup)
    assert [one.filter for one in read.feeds] == ["rain"]


def test_halves_of_signs_and_nulls_are_left_out() -> None:
    raw = written(feeds=[{"url": "https://a.example/", "folder": "x\0y"}]).replace(b"x", b"x\\ud83d")
    read = read_backup(raw.replace(b"e\\ud83d", b"ex"))
    assert isinstance(read, Backup)
    assert read.feeds[0].folder == "xy"


def feed(**facts: object) -> bytes:
    return written(feeds=[{"url": "https://a.example/"} | facts])


@pytest.mark.parametrize(
    ("body", "key"),
    [
        pytest.param(b"", "backup.broken", id="nothing"),
        pytest.param(b"{", "backup.broken", id="cut"),
        pytest.param(b"[1, 2]", "backup.broken", id="a list"),
        pytest.param(b'{"a": 1}', "backup.broken", id="another program's"),
        pytest.param(b"\xff\xfe\xfd{", "backup.broken", id="no text"),
        pytest.param(b'{"feedbell": 2}', "backup.version", id="a later version"),
        pytest.param(b'{"feedbell": "1"}', "backup.broken", id="a version in words"),
        pytest.param(b'{"feedbell": ' + b"9" * 5000 + b"}", "backup.broken", id="thousands of digits"),
        pytest.param(b"[" * 100_000, "backup.broken", id="a bomb of brackets"),
        pytest.param(b'{"a":' * 100_000, "backup.broken", id="a bomb of braces"),
        pytest.param(b" " * (5 * 1024 * 1024 + 1), "opml.too_large", id="too large"),
        pytest.param(written(feeds=None), "backup.broken", id="no feeds"),
        pytest.param(written(feeds=[{}] * 10_001), "backup.broken", id="too many feeds"),
        pytest.param(written(chat=5), "backup.broken", id="no chat"),
        pytest.param(written(chat={"id": True}), "backup.broken", id="a chat without a number"),
        pytest.param(written(chat={"id": 10**16}), "backup.broken", id="a number that is none of Telegram's"),
        pytest.param(written(chat={"id": 7, "mute": "*"}), "backup.broken", id="all is muted"),
        pytest.param(written(chat={"id": 7, "topics": "x"}), "backup.broken", id="a strange setting"),
        pytest.param(written(chat={"id": 7, "follows": [["a"]]}), "backup.broken", id="half a follow"),
        pytest.param(written(sent_on=[{"name": "a"}]), "backup.broken", id="half a follow to elsewhere"),
        pytest.param(
            written(sent_on=[{"name": "a", "filter": "b", "over": 1, "to": 2}]),
            "backup.broken",
            id="a follow between others",
        ),
        pytest.param(feed(url="ftp://a.example"), "backup.broken", id="no web address"),
        pytest.param(feed(filter='"open'), "backup.broken", id="no filter"),
        pytest.param(feed(wishes={"length": "endless"}), "backup.broken", id="an unknown length"),
        pytest.param(feed(wishes={"silent": 1}), "backup.broken", id="a number for a yes"),
        pytest.param(feed(wishes={"colour": "red"}), "backup.broken", id="an unknown setting"),
        pytest.param(feed(topic="one"), "backup.broken", id="a topic in words"),
        pytest.param(feed(wishes=[]), "backup.broken", id="a list of settings"),
    ],
)
def test_anything_else_is_refused(body: bytes, key: str) -> None:
    read = read_backup(body)
    assert isinstance(read, Problem)
    assert read.key == key
