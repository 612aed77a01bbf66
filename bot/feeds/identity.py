"""What is new in a feed: entries told apart by keys that survive what publishers do to them.

Each entry has a first key, chosen by a policy that stays with its feed, and a second one of its link and title,
which only matters when the first keys of most of a feed change at once. Dates decide nothing but the order of
what is new, since they lie.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from bot.feeds.links import canonical
from bot.model import Entry, Memory, SeenKey

GUID, UNCOUNTED, LINK, TITLE, CONTENT = "guid", "guid-uncounted", "link", "title", "content"
POLICIES = (GUID, UNCOUNTED, LINK, TITLE, CONTENT)

_COUNTER = re.compile(r"#\d+\Z")
_SPACE = re.compile(r"\s+")
_LONGEST_PLAIN_KEY = 100
_ENOUGH_TITLES = 3
"""Entries with titles of their own, before titles alone may tell a feed's entries apart."""
_MOSTLY = 0.5
_ALMOST_ALL = 0.9


@dataclass(frozen=True, slots=True)
class News:
    """What one reading of a feed taught us."""

    policy: str
    """How entries are told apart from now on; one of POLICIES."""
    seen: tuple[SeenKey, ...]
    """Every entry of the document, old and new, each key once; in document order."""
    new: tuple[tuple[str, Entry], ...]
    """Key and entry of what nobody has been told yet, oldest first; empty on the first reading."""
    first: bool
    """Nothing was known before: all is seen, and `newest` may serve as a sample."""


def news(entries: tuple[Entry, ...], memory: Memory) -> News:
    """Tell what is new.

    Args:
        entries: in document order; twins (one key) count once.
        memory: what is known of the feed; its policy is None before the first reading.
    """
    policy = memory.policy if memory.policy in POLICIES else None
    first = memory.policy is None
    if policy is None or _collapses(entries, policy):
        policy = _choose(entries)
    told_apart = _keyed(entries, policy)
    seen = tuple(SeenKey(key, _second(entry)) for key, entry in told_apart)
    if first:
        return News(policy, seen, (), first=True)
    fresh = [(key, entry) for key, entry in told_apart if key not in memory.keys]
    fresh = _without_renamed(fresh, len(told_apart), memory, switched=policy != memory.policy)
    if not _is_ascending(entries):
        fresh.reverse()
    return News(policy, seen, tuple(fresh), first=False)


def keyed(entries: tuple[Entry, ...]) -> tuple[tuple[str, Entry], ...]:
    """Give every entry of an unknown feed its key, twins too, in document order."""
    policy = _choose(entries)
    return tuple((_key(entry, policy), entry) for entry in entries)


def newest(entries: tuple[Entry, ...], policy: str | None = None) -> tuple[str, Entry] | None:
    """Give the newest entry and its key; None if there are no entries.

    Args:
        entries: in document order.
        policy: the feed's; None if none is known yet: then as `news` would choose it.
    """
    candidates = [entry for entry in entries if _says_something(entry)]
    if not candidates:
        return None
    entry = candidates[-1] if _is_ascending(candidates) else candidates[0]
    return _key(entry, policy if policy in POLICIES else _choose(entries)), entry


# --- keys ---


def _keyed(entries: Iterable[Entry], policy: str) -> list[tuple[str, Entry]]:
    """Give each entry its key; of twins, the first in the document stays. Entries without a word or link go."""
    found: dict[str, Entry] = {}
    for entry in filter(_says_something, entries):
        found.setdefault(_key(entry, policy), entry)
    return list(found.items())


def _says_something(entry: Entry) -> bool:
    return bool(entry.link or entry.title or entry.summary or entry.content or entry.enclosures)


def _key(entry: Entry, policy: str) -> str:
    """Name an entry within its feed. An entry that lacks what its policy looks at, uses the next one."""
    start = POLICIES.index(policy)
    for name in POLICIES[start:]:
        if name == TITLE and policy != TITLE:
            continue
        value = _VALUES[name](entry)
        if value:
            return _short(name[0], value)
    return _short("c", "")


def _guid(entry: Entry) -> str:
    """A guid that is an address counts as the same after a move from http to https."""
    guid = (entry.guid or "").strip()
    return re.sub(r"\Ahttps?://", "//", guid, flags=re.IGNORECASE)


def _uncounted(entry: Entry) -> str:
    """A guid without the number of the edition that some publishers append (`…#0`, `…#1` at the BBC)."""
    return _COUNTER.sub("", _guid(entry))


def _link(entry: Entry) -> str:
    return canonical(entry.link) if entry.link else ""


def _title(entry: Entry) -> str:
    return _folded(entry.title)


def _content(entry: Entry) -> str:
    return "\n".join((_folded(entry.title), _folded(entry.content or entry.summary), _link(entry)))


_VALUES: dict[str, Callable[[Entry], str]] = {
    GUID: _guid,
    UNCOUNTED: _uncounted,
    LINK: _link,
    TITLE: _title,
    CONTENT: _content,
}


def _folded(text: str) -> str:
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


def _short(kind: str, value: str) -> str:
    """Write a key: as it is if short, else its hash; the two can never be equal."""
    if kind != CONTENT[0] and len(value) <= _LONGEST_PLAIN_KEY and value.isprintable():
        return f"{kind}:{value}"
    return f"{kind}#{_hash(value, 32)}"


def _second(entry: Entry) -> str | None:
    """Name an entry by its link and its title, `link/title`, each hashed, "" for a missing one; None without both."""
    link, title = _link(entry), _title(entry)
    if not (link or title):
        return None
    return f"{_hash(link, 16) if link else ''}/{_hash(title, 16) if title else ''}"


def _hash(value: str, digits: int) -> str:
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:digits]


# --- policy ---


def _choose(entries: Sequence[Entry]) -> str:
    """Choose how this feed's entries are told apart: the first way that gives almost each a name of its own."""
    real = [entry for entry in entries if _says_something(entry)]
    if not real:
        return GUID  # what comes first later is new, and most feeds have guids
    count = len({(entry.guid, entry.link, entry.title) for entry in real})
    if count == 1:
        count = len({entry.content or entry.summary for entry in real})

    def tells_apart(value: Callable[[Entry], str], share: float) -> bool:
        return len({value(entry) for entry in real} - {""}) >= share * count

    # First a way that names all; if none does, one that misses a few: twins and slips are common.
    for share in (1.0, _ALMOST_ALL):
        if tells_apart(_guid, share) and not (_guids_are_titles(real) and tells_apart(_link, share)):
            return UNCOUNTED if _guids_are_counted(real) and tells_apart(_uncounted, share) else GUID
        if tells_apart(_link, share):
            return LINK
    if count >= _ENOUGH_TITLES and tells_apart(_title, 1.0):
        return TITLE
    return CONTENT


def _guids_are_titles(entries: Sequence[Entry]) -> bool:
    """Say whether guids repeat the titles; then correcting a title would make an old article new."""
    same = sum(1 for entry in entries if entry.guid and _folded(entry.guid) == _folded(entry.title))
    return same > _MOSTLY * len(entries)


def _guids_are_counted(entries: Sequence[Entry]) -> bool:
    """Say whether guids end in the number of an edition; two, since one may be the name of a paragraph."""
    counted = sum(1 for entry in entries if entry.guid and _COUNTER.search(entry.guid))
    return counted >= 2 and counted > _MOSTLY * len(entries)


def _collapses(entries: Sequence[Entry], policy: str) -> bool:
    """Say whether a policy that once served has begun to give different entries one name.

    A feed that began with a single entry, or changed its program, may turn out to have one guid for all; kept
    for ever, its policy would make it mute.
    """
    real = {(_link(entry), _title(entry)) for entry in entries}
    if len(real) < 2:
        return False
    return len({_key(entry, policy) for entry in entries}) <= _MOSTLY * len(real)


# --- entries that changed their names ---


def _without_renamed(
    fresh: list[tuple[str, Entry]], total: int, memory: Memory, *, switched: bool
) -> list[tuple[str, Entry]]:
    """Leave out entries that are known by their second key, if most of the feed was renamed.

    One renamed entry among known ones is taken as new: a weather warning may have the link and title of
    yesterday's. When most of a document looks new and most of that is known by link or title, the publisher has
    changed the guids (a move, another program), and nobody wants the whole feed again.
    """
    most = len(fresh) >= 2 and len(fresh) >= _MOSTLY * total
    if not fresh or not (most or switched):
        return fresh
    known = _SecondKeys(memory.second_keys)
    renamed = {key for key, entry in fresh if known.has(entry)}
    if switched or len(renamed) >= max(2, _MOSTLY * len(fresh)):
        return [(key, entry) for key, entry in fresh if key not in renamed]
    return fresh


class _SecondKeys:
    """Known second keys, taken apart into links and titles."""

    def __init__(self, second_keys: frozenset[str]) -> None:
        self._whole = second_keys
        pairs = [key.partition("/") for key in second_keys]
        # A link or title that named several entries proves nothing by itself (comments on one article, a weekly
        # thread); both together do.
        self._links = _singles(link for link, _, _ in pairs)
        self._titles = _singles(title for _, _, title in pairs)

    def has(self, entry: Entry) -> bool:
        second = _second(entry)
        if second is None:
            return False
        link, _, title = second.partition("/")
        return second in self._whole or link in self._links or title in self._titles


def _singles(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name, times in Counter(names).items() if name and times == 1)


# --- order ---


def _is_ascending(entries: Sequence[Entry]) -> bool:
    """Say whether the oldest comes first: only if most dates say so, since feeds begin with the newest."""
    dates = [entry.published for entry in entries if entry.published is not None]
    rising = sum(1 for one, other in pairwise(dates) if one < other)
    falling = sum(1 for one, other in pairwise(dates) if one > other)
    return rising > 2 * falling
