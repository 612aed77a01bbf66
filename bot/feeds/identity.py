"""What is new in a feed: entries told apart by keys that survive what publishers do to them.

Each entry has a first key, chosen by a policy that stays with its feed, and a second one of its link, title and
date, which matters only to an entry whose first key is not known. Dates never make an entry new, since they lie:
they order what is new, and tell an old article under a new name from a new one under an old title.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
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
_TWO_THIRDS = 2 / 3


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
    """Nothing was known before: all is seen, and `past` gives what to keep of it."""


def news(entries: tuple[Entry, ...], memory: Memory) -> News:
    """Tell what is new.

    Args:
        entries: in document order; twins (one key) count once.
        memory: what is known of the feed; its policy is None before the first reading.
    """
    known = _Known(memory)
    policy = _policy_of(entries, memory, known)
    told_apart = _keyed(entries, policy)
    seen = tuple(SeenKey(key, _second(entry)) for key, entry in told_apart)
    if memory.policy is None:
        return News(policy, seen, (), first=True)
    fresh = [(key, entry) for key, entry in told_apart if not known.has(key, entry)]
    if policy != memory.policy or _is_renamed(told_apart, known):
        renamed = known.renamed(told_apart)
        fresh = [(key, entry) for key, entry in fresh if key not in renamed]
    if not _is_ascending(entries):
        fresh.reverse()
    return News(policy, seen, tuple(fresh), first=False)


def keyed(entries: tuple[Entry, ...]) -> tuple[tuple[str, Entry], ...]:
    """Give every entry of an unknown feed its key, twins too, in document order."""
    return tuple(_named(entries, _choose(entries)))


def past(entries: tuple[Entry, ...], most: int) -> tuple[tuple[str, Entry], ...]:
    """Give the newest entries of an unknown feed, at most so many, each with its key as `news` gives it, oldest
    first.

    Args:
        entries: in document order; twins (one key) count once.
    """
    told_apart = _keyed(entries, _choose(entries))
    if not _is_ascending(entries):
        told_apart.reverse()
    return tuple(told_apart[-most:])


# --- keys ---


def _keyed(entries: Iterable[Entry], policy: str) -> list[tuple[str, Entry]]:
    """Give each entry its key; of twins, the first in the document stays. Entries without a word or link go."""
    found: dict[str, Entry] = {}
    for key, entry in _named(filter(_says_something, entries), policy):
        found.setdefault(key, entry)
    return list(found.items())


def _says_something(entry: Entry) -> bool:
    return bool(entry.link or entry.title or entry.summary or entry.content or entry.enclosures)


def _named(entries: Iterable[Entry], policy: str) -> list[tuple[str, Entry]]:
    """Name entries within their feed. What lacks a name of its own of the policy's kind, gets one of the next."""
    rest = list(enumerate(entries))
    every = [entry for _, entry in rest]
    found: dict[int, str] = {}
    for kind in _KINDS[policy]:
        shared = _shared(every, kind)
        for place, entry in rest:
            value = _VALUES[kind](entry)
            if value and value not in shared:
                found[place] = _short(kind[0], value)
        rest = [(place, entry) for place, entry in rest if place not in found]
    return [(found.get(place) or _short(CONTENT[0], ""), entry) for place, entry in enumerate(every)]


def _shared(entries: Sequence[Entry], kind: str) -> set[str]:
    """Names that several articles of this document have: one guid under different links and titles, say.

    What has one guid and one link, or one guid and one title, is one article in two editions.
    """
    others = {GUID: (_link, _title), UNCOUNTED: (_link, _title), LINK: (_title,)}.get(kind, ())
    names = [_VALUES[kind](entry) for entry in entries] if others else []
    times = Counter(names)
    owners = defaultdict(set)
    for name, entry in zip(names, entries, strict=False):
        if name and times[name] > 1:
            owners[name].add(tuple(other(entry) for other in others))
    return {
        name
        for name, their in owners.items()
        if len(their) > 1
        and all(len(set(values)) > 1 or not values[0] for values in zip(*their, strict=True))
    }


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


_VALUES: Mapping[str, Callable[[Entry], str]] = {
    GUID: _guid,
    UNCOUNTED: _uncounted,
    LINK: _link,
    TITLE: _title,
    CONTENT: _content,
}
_KINDS: Mapping[str, tuple[str, ...]] = {
    GUID: (GUID, LINK, CONTENT),
    UNCOUNTED: (UNCOUNTED, LINK, CONTENT),
    LINK: (LINK, GUID, CONTENT),
    TITLE: (TITLE, CONTENT),
    CONTENT: (CONTENT,),
}
"""Where each policy looks for a name, in this order."""


def _folded(text: str) -> str:
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


def _short(kind: str, value: str) -> str:
    """Write a key: as it is if short, else its hash; the two can never be equal."""
    if kind != CONTENT[0] and len(value) <= _LONGEST_PLAIN_KEY and value.isprintable():
        return f"{kind}:{value}"
    return f"{kind}#{_hash(value, 32)}"


def _second(entry: Entry) -> str | None:
    """Name an entry by link, title, and date (or text, without one): `link/title/date`; None without the first two.

    Each hashed, "" for a missing one.
    """
    link, title = _link(entry), _title(entry)
    if not (link or title):
        return None
    when = entry.published.isoformat() if entry.published else _folded(entry.content or entry.summary)
    return "/".join(_hash(value, 16) if value else "" for value in (link, title, when))


def _hash(value: str, digits: int) -> str:
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:digits]


# --- policy ---


def _policy_of(entries: Sequence[Entry], memory: Memory, known: _Known) -> str:
    """Keep to the feed's policy, unless it was chosen from next to nothing, or the publisher changed his ways."""
    policy = memory.policy
    if policy not in POLICIES or len(memory.keys) < 2 or _collapses(entries, policy):
        return _choose(entries)
    told_apart = _keyed(entries, policy)
    if any(known.has_key(key) for key, _ in told_apart) or not _is_renamed(told_apart, known):
        return policy
    if len(memory.keys) > 2 * len(memory.second_keys):
        # Guids that are made anew for each reading: more keys than a feed may have would be kept.
        return _choose([replace(entry, guid=None) for entry in entries])
    return _choose(entries)


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

    # First a way that names all; if none does, one that misses a few: twins and slips are common. What a way misses
    # is told apart by the next, one by one (`_KINDS`).
    for share in (1.0, _ALMOST_ALL, _TWO_THIRDS):
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
    return len({_VALUES[policy](entry) for entry in entries}) <= _MOSTLY * len(real)


# --- entries that changed their names ---


class _Known:
    """What is known of a feed's entries. Second keys are taken apart only if names changed: there may be thousands."""

    def __init__(self, memory: Memory) -> None:
        self._keys = memory.keys
        self._wholes = memory.second_keys

    @cached_property
    def _dated(self) -> set[tuple[str, str]]:
        """Links with their dates, and titles with theirs."""
        known = [second.split("/") for second in self._wholes]
        return {(name, date) for *names, date in known for name in names if name and date}

    @cached_property
    def _own(self) -> tuple[frozenset[str], frozenset[str]]:
        return _own(self._wholes)

    def has_key(self, key: str) -> bool:
        return key in self._keys

    def has(self, key: str, entry: Entry) -> bool:
        """Say whether an entry is known.

        A new guid alone makes an article new, since a weather warning may have the link and title of
        yesterday's; but not of the same minute.
        """
        if key in self._keys:
            return True
        second = _second(entry)
        if second is None or not entry.link or second.endswith("/"):
            return False
        # An entry named by its link for lack of a guid, may have had one before.
        return second in self._wholes or (key[0] == LINK[0] and second.partition("/")[0] in self._own[0])

    def renamed(self, told_apart: Sequence[tuple[str, Entry]]) -> set[str]:
        """Give the unknown keys of a document whose links are known, or whose titles are, whichever proves more."""
        seconds = {key: second for key, entry in told_apart if (second := _second(entry))}
        # A name must be an article's own in this document, too: twice in it, it belongs to a new one as well.
        links, titles = (own & known for own, known in zip(_own(seconds.values()), self._own, strict=True))
        by_link, by_title = set(), set()
        for key, second in seconds.items():
            if key in self._keys:
                continue
            link, title, date = second.split("/")
            dated = not self._dated.isdisjoint({(link, date), (title, date)})
            if dated or link in links:
                by_link.add(key)
            if dated or title in titles:
                by_title.add(key)
        return max(by_link, by_title, key=len)


def _own(seconds: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Give the links and the titles that stand for one article: a place's page of warnings, or a weekly thread, has
    several dates (without dates: several texts; without those, several titles or links)."""
    links: defaultdict[str, set[str]] = defaultdict(set)
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for second in seconds:
        link, title, date = second.split("/")
        links[link].add(date or title)
        titles[title].add(date or link)
    return _single(links), _single(titles)


def _single(faces: Mapping[str, set[str]]) -> frozenset[str]:
    return frozenset(name for name, its in faces.items() if name and len(its) == 1)


def _is_renamed(told_apart: Sequence[tuple[str, Entry]], known: _Known) -> bool:
    """Say whether the publisher gave most of a feed new names (a move, another program).

    That is so when most of a document looks new, and most of that is known by link or title. Nobody wants the
    whole feed again.
    """
    unknown = [key for key, _ in told_apart if not known.has_key(key)]
    if len(unknown) < max(2, _MOSTLY * len(told_apart)):
        return False
    return len(known.renamed(told_apart)) >= max(2, _MOSTLY * len(unknown))


# --- order ---


def _is_ascending(entries: Sequence[Entry]) -> bool:
    """Say whether the oldest comes first: only if most dates say so, since feeds begin with the newest."""
    dates = [entry.published for entry in entries if entry.published is not None]
    rising = sum(1 for one, other in pairwise(dates) if one < other)
    falling = sum(1 for one, other in pairwise(dates) if one > other)
    return rising > 2 * falling
