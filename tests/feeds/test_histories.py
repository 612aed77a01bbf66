"""Random histories of a feed against a plain model: no article is told twice, none is missed.

The model is a publisher who knows which article is which, whatever he does to its names. These are the only
things he may not ask, since nobody can tell them from the documents:

1. Told twice: an article that comes back under another first name (its guid; its link where entries are told apart
   by links), and with another link, title or date as well. It looks like one that was not there before, and to miss
   one is worse than to repeat one. If most of a document is so, and links or titles are kept, the publisher has
   changed the names, and may ask that it is seen; but not if only one is so, or more articles are new than known.
2. Missed: a new article with the first name of an older one that does not stand beside it. It looks like an edition
   of that, and the older one like another when it returns.
3. Missed: a new article with the link or title of an older one that does not stand beside it, in a document where
   the first names of all are changed, and links or titles are all that is left to tell by.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.links import canonical
from bot.model import Entry
from tests.feeds.remembering import Keeper

START = datetime(2026, 1, 1, tzinfo=UTC)
LONGEST_PAGE = 12


@dataclass(eq=False)
class Piece:
    """One article."""

    entry: Entry
    editions: int = 0
    away: bool = False
    shown: Entry | None = None
    """As it stood in the last document that had it; None before that: it is new."""
    names: set[str] = field(default_factory=set)
    """First names it was shown under."""
    mistaken: bool = False
    """It was shown under the first name of another, without that beside it (exception 2)."""
    dates: set[object] = field(default_factory=set)
    """Dates (in a feed without: texts) it was shown with."""


@dataclass
class Publisher:
    """A feed with its whole history, and the one who reads it."""

    names: str
    """What entries have of their own: "guid" (and link and title), "link" (and title), or "title"."""
    dated: bool
    keeper: Keeper = field(default_factory=Keeper)
    pieces: list[Piece] = field(default_factory=list)
    """Oldest first."""
    host: int = 0
    scheme: Callable[[int], str] = "https://a.example/?p={}".format
    page: list[Piece] = field(default_factory=list)
    """What stands in the newest document."""
    problems: list[str] = field(default_factory=list)

    @property
    def _date(self) -> str:
        return "published" if self.dated else "content"

    # --- what a publisher does ---

    def publish(self, many: int, kind: int) -> None:
        """New articles: ordinary, or (the last of them) lacking something, or named as an older one."""
        for _ in range(1 + many % 4):
            number = len(self.pieces)
            entry = Entry(
                guid=self.scheme(number) if self.names == "guid" else None,
                link=None if self.names == "title" else f"https://a{self.host}.example/{number}",
                title=f"Title {number}",
                content=f"Text {number}",
                published=START + timedelta(hours=number) if self.dated else None,
            )
            self.pieces.append(Piece(entry))
        last = self.pieces[-1]
        last.entry = replace(last.entry, **self._oddities()[kind % len(self._oddities())])  # type: ignore[arg-type]

    def _oddities(self) -> list[dict[str, str | None]]:
        older = self.pieces[-2].entry if len(self.pieces) > 1 else self.pieces[-1].entry
        plain: list[dict[str, str | None]] = [{}, {}]
        if self.names != "title":
            plain += [{"title": ""}, {"title": older.title}]
        if self.names == "guid" and older.guid != "same":
            plain += [{"guid": None}, {"link": None}, {"link": older.link}]
            plain += [{"guid": older.guid}, {"guid": None, "link": older.link}, {"title": "", "link": None}]
        return plain

    def drop(self, which: int, _: int) -> None:
        self._one(which).away = True

    def bring_back(self, which: int, _: int) -> None:
        away = [piece for piece in self.pieces if piece.away]
        if away:
            away[which % len(away)].away = False

    def edit(self, which: int, what: int) -> None:
        piece = self._one(which)
        piece.editions += 1
        entry = piece.entry
        if what % 3 == 0 and entry.title and self.names != "title":
            piece.entry = replace(entry, title=f"{entry.title}, edition {piece.editions}")
        elif what % 3 == 1 and entry.published:
            piece.entry = replace(entry, published=entry.published + timedelta(minutes=1))
        else:
            piece.entry = replace(entry, content=f"{entry.content}, edition {piece.editions}")

    def rename(self, how: int, _: int) -> None:
        """New guids for all."""
        if self.names != "guid":
            return
        schemes: list[Callable[[int], str]] = [
            lambda number: f"http://a.example/?p={number}",
            lambda number: f"https://a.example/?p={number}",
            lambda number: f"https://b{how}.example/?p={number}",
            lambda number: f"https://a.example/?p={number}#{how}",
            lambda number: f"tag:a.example,2026:{how}:{number}",
            lambda number: "same",
        ]
        links = [piece.entry.link for piece in self.pieces]
        self.scheme = schemes[how % (len(schemes) - (len(set(links)) < len(links)))]
        for number, piece in enumerate(self.pieces):
            if piece.entry.guid is not None:
                piece.entry = replace(piece.entry, guid=self.scheme(number))

    def move(self, which: int, _: int) -> None:
        """Another host in links."""
        self.host = which
        self._relink(lambda link: f"https://a{which}.example/{link.rpartition('/')[2]}")

    def track(self, which: int, _: int) -> None:
        self._relink(lambda link: f"{link.partition('?')[0]}?utm_source={which}")

    def _relink(self, change: Callable[[str], str]) -> None:
        for piece in self.pieces:
            if piece.entry.link:
                piece.entry = replace(piece.entry, link=change(piece.entry.link))

    def lose_guid(self, which: int, _: int) -> None:
        piece = self._one(which)
        piece.entry = replace(piece.entry, guid=None)

    def _one(self, which: int) -> Piece:
        return self.pieces[-1 - which % min(len(self.pieces), LONGEST_PAGE)]

    # --- what a reader is told ---

    def show(self, page: int, order: int) -> None:
        """Show the newest so many, in some order, and look at what was told."""
        shown = [piece for piece in reversed(self.pieces) if not piece.away][:page]
        if order == 1:
            shown.reverse()
        elif order > 1:
            random.Random(order).shuffle(shown)
        self.page = shown
        found = self.keeper.read(tuple(piece.entry for piece in shown))
        self._mark_mistaken()
        told = {id(entry) for _, entry in found.new}
        if not found.first:
            self.problems += self._mistakes(shown, [piece for piece in shown if id(piece.entry) in told])
        for piece in shown:
            piece.shown = piece.entry
            piece.names.add(self._first_name(piece))
            piece.dates.add(getattr(piece.entry, self._date))

    def _mistakes(self, shown: list[Piece], told: list[Piece]) -> list[str]:
        new = [piece for piece in shown if piece.shown is None]
        renamed = [p for p in shown if p.shown is not None and self._is_renamed(p)]
        uncounted = [p for p in renamed if not self._is_other_edition(p)]
        kept = self._kept_by_most(uncounted, len(uncounted) + len(new), shown)
        twice = [p for p in told if p.shown and not self._looks_new(p, renamed, kept)]
        missed = [p for p in new if p not in told and not self._looks_old(p, kept)]
        return [f"twice {p.entry}" for p in twice] + [f"missed {p.entry}" for p in missed]

    def _first_name(self, piece: Piece) -> str:
        """The name by which the feed's entries are told apart; which, is settled when they are first read."""
        names = [name for name in self._names(piece) if self.keeper.policy in {name[:4], None}]
        return min(names or self._names(piece))

    def _is_renamed(self, piece: Piece) -> bool:
        name = self._first_name(piece)
        return name not in piece.names and not (name.startswith("link") and _kept(piece, "link"))

    def _is_other_edition(self, piece: Piece) -> bool:
        """Only the number after its guid is new (`…#1`): that may be a new name, or not."""
        return self._first_name(piece).partition("#")[0] in {name.partition("#")[0] for name in piece.names}

    def _names(self, piece: Piece) -> set[str]:
        entry = piece.entry
        names = set()
        if entry.guid is not None and self._is_own(piece, "guid"):
            names.add(f"guid {entry.guid.removeprefix('https:').removeprefix('http:')}")
        if entry.link is not None and self._is_own(piece, "link"):
            names.add(f"link {canonical(entry.link)}")
        return names or {f"text {canonical(entry.link or '')} {entry.title} {entry.content}"}

    def _is_own(self, piece: Piece, name: str) -> bool:
        """Say whether no other article has this guid in the same document, or had this link or title in any."""
        others = [other.entry for other in self.page if other is not piece]
        if name != "guid":
            others += [other.shown for other in self.pieces if other is not piece and other.shown]
        return not any(_same(name, other, piece.entry) for other in others)

    def _kept_by_most(self, renamed: list[Piece], unknown: int, shown: list[Piece]) -> str | None:
        """Links or titles, if most of a document has other first names, and these are as before."""
        new = [piece for piece in shown if piece.shown is None]
        kept = {
            name: sum(self._is_known_by(name, piece) for piece in renamed)
            + sum(bool(self._takes_name(name, piece)) for piece in new)
            for name in ("link", "title")
        }
        name = max(kept, key=lambda name: kept[name])
        most = kept[name] >= max(2, unknown / 2) and unknown >= len(shown) / 2
        return name if most else None

    def _is_known_by(self, name: str, piece: Piece) -> bool:
        if not getattr(piece.entry, name) or not self._is_own(piece, name):
            return False
        steady = len(piece.dates) == 1 or _kept(piece, self._date)
        return _kept(piece, name) and steady

    def _looks_new(self, piece: Piece, renamed: list[Piece], kept: str | None) -> bool:
        """Exceptions 1 and 2."""
        same = piece.entry.link is not None and all(
            _kept(piece, name) for name in ("link", "title", self._date)
        )
        return piece.mistaken or (
            piece in renamed and not (same or (kept and self._is_known_by(kept, piece)))
        )

    def _looks_old(self, piece: Piece, kept: str | None) -> bool:
        """Exceptions 2 and 3."""
        return piece.mistaken or bool(kept and self._takes_name(kept, piece))

    def _takes_name(self, name: str, piece: Piece) -> list[Piece]:
        """Give the older articles that had this link, title or guid, if none of them stands beside it with that."""
        if not getattr(piece.entry, name):
            return []
        others = [other for other in self.pieces if other is not piece and other.shown]
        same = [other for other in others if _same(name, other.shown, piece.entry)]
        beside = [other for other in same if other in self.page and _same(name, other.entry, piece.entry)]
        return [] if beside else same

    def _mark_mistaken(self) -> None:
        for piece in self.page:
            first = "link" if piece.entry.guid is None or self.keeper.policy == "link" else "guid"
            for other in self._takes_name(first, piece):
                piece.mistaken = other.mistaken = True


def _kept(piece: Piece, name: str) -> bool:
    return _same(name, piece.shown, piece.entry)


def _same(name: str, before: Entry | None, now: Entry | None) -> bool:
    one, other = getattr(before, name), getattr(now, name)
    if name == "link" and one and other:
        return canonical(one) == canonical(other)
    if name == "guid" and one and other:
        return bool(one.partition("#")[0] == other.partition("#")[0])
    return bool(one == other)


ACTS = ("publish", "drop", "bring_back", "edit", "rename", "move", "track", "lose_guid")
Step = tuple[str, int, int, tuple[int, int] | None]
"""An act, two numbers that say to what and how, and the document after it: its length and order."""
STEPS: st.SearchStrategy[Step] = st.tuples(
    st.sampled_from(ACTS),
    st.integers(0, 40),
    st.integers(0, 20),
    st.none() | st.tuples(st.integers(0, LONGEST_PAGE), st.integers(0, 4)),
)


# The same histories each time: about one in 5,000 others still goes wrong (several exceptions at once), and must not
# stop somebody else by chance. To look for more: `settings(max_examples=10_000, derandomize=False)`.
@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    names=st.sampled_from(["guid", "guid", "link", "title"]),
    dated=st.booleans(),
    first=st.integers(2, 8),
    steps=st.lists(STEPS, max_size=14),
)
def test_each_article_is_told_once(names: str, dated: bool, first: int, steps: list[Step]) -> None:
    publisher = Publisher(names, dated)
    for _ in range(first):
        publisher.publish(0, 0)
    publisher.show(LONGEST_PAGE, 0)
    for act, which, what, document in steps:
        getattr(publisher, act)(which, what)
        if document is not None:
            publisher.show(*document)
        assert publisher.problems == []
    publisher.show(LONGEST_PAGE, 0)
    assert publisher.problems == []
