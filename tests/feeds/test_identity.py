"""What is new in a feed, whatever its publisher does to names, order and words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds import News, keyed, newest, news
from bot.model import Entry, Memory

UNREAD = Memory(policy=None)


def article(number: int, **changes: str | None) -> Entry:
    """An ordinary entry with everything of its own."""
    plain = Entry(
        guid=f"guid-{number}",
        link=f"https://a.example/{number}",
        title=f"Title {number}",
        content=f"Text {number}",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def after(*readings: tuple[Entry, ...]) -> Memory:
    """What is known after these readings, as the store would keep it."""
    memory = UNREAD
    for entries in readings:
        found = news(entries, memory)
        seconds = {seen.second for seen in found.seen if seen.second}
        memory = Memory(
            found.policy,
            memory.keys | {seen.key for seen in found.seen},
            memory.second_keys | frozenset(seconds),
        )
    return memory


def new_titles(found: News) -> list[str]:
    return [entry.title for _, entry in found.new]


FEED = tuple(article(number) for number in range(5))


def all_with(**changes: str | None) -> tuple[Entry, ...]:
    return tuple(replace(entry, **changes) for entry in FEED)  # type: ignore[arg-type]


# --- the policy ---


@pytest.mark.parametrize(
    ("entries", "policy"),
    [
        pytest.param(FEED, "guid", id="guids of their own"),
        pytest.param((*FEED[:4], replace(FEED[4], guid=None)), "link", id="one lacks a guid, all have links"),
        pytest.param(all_with(guid="same"), "link", id="one guid for all"),
        pytest.param(all_with(guid=None), "link", id="no guids"),
        pytest.param(
            tuple(replace(entry, guid=entry.title) for entry in FEED), "link", id="guids that are titles"
        ),
        pytest.param(
            tuple(
                replace(entry, guid=f"https://a.example/{number}#{number % 2}")
                for number, entry in enumerate(FEED)
            ),
            "guid-uncounted",
            id="guids that end in the number of the edition",
        ),
        pytest.param(
            tuple(
                replace(entry, guid=f"https://a.example/log#{number}") for number, entry in enumerate(FEED)
            ),
            "guid",
            id="guids that are paragraphs of one page",
        ),
        pytest.param(all_with(guid=None, link="https://a.example/"), "title", id="one link for all"),
        pytest.param(all_with(guid=None, link=None), "title", id="titles alone"),
        pytest.param(all_with(guid=None, link=None, title="Daily"), "content", id="one title for all"),
        pytest.param(
            all_with(guid="g", link="https://a.example/", title=""), "content", id="nothing but text differs"
        ),
        pytest.param(
            (
                article(1),
                article(1, title="Title 1, corrected"),
                *(article(number) for number in range(2, 14)),
            ),
            "guid",
            id="one pair of twins, which no way tells apart",
        ),
        pytest.param((), "guid", id="an empty feed: most have guids"),
    ],
)
def test_the_policy_is_chosen_on_the_first_reading(entries: tuple[Entry, ...], policy: str) -> None:
    assert news(entries, UNREAD).policy == policy


def test_the_policy_stays() -> None:
    """Choosing anew each time re-sends a whole feed when one item lacks a guid."""
    lacking = (article(5, guid=None), *FEED)
    found = news(lacking, after(FEED))
    assert (found.policy, new_titles(found)) == ("guid", ["Title 5"])


def test_a_policy_that_makes_the_feed_mute_is_given_up() -> None:
    """A feed that began with one entry shows only later that all its guids are the same."""
    first, second, third = (article(number, guid="same") for number in range(3))
    memory = after((first,))
    assert memory.policy == "guid"
    found = news((third, second, first), memory)
    assert (found.policy, new_titles(found)) == ("link", ["Title 1", "Title 2"])


# --- first reading ---


def test_the_first_reading_knows_everything_and_tells_nothing() -> None:
    found = news(FEED, UNREAD)
    assert (found.first, len(found.seen), found.new) == (True, 5, ())


def test_the_first_article_of_an_empty_feed_is_new() -> None:
    assert new_titles(news((article(1),), after(()))) == ["Title 1"]


def test_the_newest_is_the_first_of_the_document() -> None:
    assert newest(FEED) == ("g:guid-0", FEED[0])


def test_the_newest_is_the_last_if_dates_ascend() -> None:
    dated = tuple(
        replace(entry, published=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number))
        for number, entry in enumerate(FEED)
    )
    assert newest(dated) == ("g:guid-4", dated[4])


def test_the_newest_is_named_as_the_feed_is_used_to() -> None:
    """A second subscriber's sample must have the key that the first one's alert had."""
    assert newest(FEED, "link") == ("l:a.example/0", FEED[0])


@pytest.mark.parametrize(
    "entries",
    [pytest.param((), id="an empty feed"), pytest.param((Entry(guid="x"),), id="an entry without a word")],
)
def test_nothing_is_newest(entries: tuple[Entry, ...]) -> None:
    assert newest(entries) is None


# --- later readings ---


@pytest.mark.parametrize(
    ("reading", "titles"),
    [
        pytest.param(FEED, [], id="a replay"),
        pytest.param(FEED[::-1], [], id="another order"),
        pytest.param(FEED[2:], [], id="entries that left"),
        pytest.param((), [], id="an empty document"),
        pytest.param(
            (article(6), article(5), *FEED), ["Title 5", "Title 6"], id="two new ones, oldest first"
        ),
        pytest.param((article(5), article(5), *FEED), ["Title 5"], id="twins count once"),
        pytest.param((Entry(guid="void"), *FEED), [], id="an entry without a word is nothing to tell"),
        pytest.param(
            (article(0, title="Corrected", content="Better"), *FEED[1:]), [], id="an edited article"
        ),
        pytest.param((article(0, link="https://a.example/other"), *FEED[1:]), [], id="an article that moved"),
        pytest.param(
            (article(9, link="https://a.example/0", title="Title 0"), *FEED),
            ["Title 0"],
            id="one new guid under a known link and title: a new warning",
        ),
    ],
)
def test_after_an_ordinary_reading(reading: tuple[Entry, ...], titles: list[str]) -> None:
    assert new_titles(news(reading, after(FEED))) == titles


def test_what_left_and_came_back_is_not_new() -> None:
    assert news(FEED, after(FEED, FEED[:1], FEED[:1])).new == ()


def test_new_entries_come_oldest_first_also_when_the_document_does() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    dated = tuple(replace(article(number), published=start + timedelta(days=number)) for number in range(8))
    assert new_titles(news(dated, after(dated[:5]))) == ["Title 5", "Title 6", "Title 7"]


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(
            tuple(replace(e, guid=f"http://a.example/?p={n}") for n, e in enumerate(FEED)), id="guid"
        ),
        pytest.param(
            tuple(replace(e, guid=None, link=f"http://a.example/{n}") for n, e in enumerate(FEED)), id="link"
        ),
    ],
)
def test_a_move_to_https_changes_no_names(known: tuple[Entry, ...]) -> None:
    moved = tuple(
        replace(
            entry,
            guid=entry.guid and entry.guid.replace("http:", "https:"),
            link=entry.link and entry.link.replace("http:", "https:"),
            title=entry.title + " (edited)",
        )
        for entry in known
    )
    assert news(moved[:1], after(known)).new == ()


def test_another_edition_of_a_counted_guid_is_not_new() -> None:
    """The BBC's `…#0` becomes `…#1` with each correction."""
    known = tuple(replace(entry, guid=f"https://a.example/{number}#0") for number, entry in enumerate(FEED))
    corrected = replace(known[0], guid="https://a.example/0#1", title="Corrected")
    assert news((corrected, *known[1:]), after(known)).new == ()


# --- renamed feeds ---


def renamed(entry: Entry) -> Entry:
    return replace(entry, guid=f"new-{entry.guid}")


@pytest.mark.parametrize(
    ("reading", "titles"),
    [
        pytest.param(tuple(map(renamed, FEED)), [], id="all guids changed, links and titles known"),
        pytest.param(
            tuple(replace(renamed(e), title=e.title + "!") for e in FEED), [], id="guids and titles changed"
        ),
        pytest.param(
            tuple(replace(renamed(e), link=f"https://b.example/{e.title}") for e in FEED),
            [],
            id="guids and links changed",
        ),
        pytest.param(
            (article(5), *map(renamed, FEED)),
            ["Title 5"],
            id="all guids changed, and one article is really new",
        ),
        pytest.param(
            tuple(article(number) for number in range(10, 15)),
            [f"Title {n}" for n in range(14, 9, -1)],
            id="a busy day: all new",
        ),
    ],
)
def test_a_renamed_feed_is_taken_over_silently(reading: tuple[Entry, ...], titles: list[str]) -> None:
    found = news(reading, after(FEED))
    assert new_titles(found) == titles
    assert {seen.key for seen in found.seen} == {f"g:{entry.guid}" for entry in reading}


def test_after_the_takeover_the_new_names_are_known() -> None:
    moved = tuple(map(renamed, FEED))
    assert news(moved, after(FEED, moved)).new == ()


def test_entries_that_share_a_link_are_not_taken_for_renamed() -> None:
    """Comments on the same two articles: new guids and new titles under known links are new."""
    comments = [article(number, link=f"https://a.example/post{number % 2}") for number in range(8)]
    assert len(news(tuple(comments[4:]), after(tuple(comments[:4]))).new) == 4


def test_entries_that_share_a_title_are_not_taken_for_renamed() -> None:
    """A series: known titles under new links are new."""
    parts = [article(number, title="Daily thread") for number in range(8)]
    assert len(news(tuple(parts[4:]), after(tuple(parts[:4]))).new) == 4


def test_one_entry_alone_proves_no_renaming() -> None:
    """A feed of one status page gives each event a guid of its own, under the same link and title."""
    assert len(news((article(1, guid="later"),), after((article(1),))).new) == 1


# --- keys ---


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        pytest.param(Entry(guid="a-1", title="t"), "g:a-1", id="a short guid stays legible"),
        pytest.param(
            Entry(guid="https://a.example/1", title="t"),
            "g://a.example/1",
            id="an address without its scheme",
        ),
        pytest.param(
            Entry(guid="x" * 200, title="t"),
            "g#aa20c23e3201834050679e1d88941b9a",
            id="a long guid becomes its hash",
        ),
        pytest.param(
            Entry(link="https://www.a.example/1/?utm_source=x"),
            "l:a.example/1",
            id="a link in its plain form",
        ),
        pytest.param(
            Entry(title="only a title"), "c#f4f51c9c295aa63a6a9de180383053b5", id="words become their hash"
        ),
    ],
)
def test_the_form_of_keys_stays(entry: Entry, key: str) -> None:
    """They are kept in databases: another form would send every feed anew."""
    found = newest((entry,))
    assert found is not None
    assert found[0] == key


def test_every_entry_of_an_unknown_feed_has_a_key_twins_too() -> None:
    """`preview` shows a document line by line, and must not lose one."""
    assert [key for key, _ in keyed((article(1), article(2), article(1)))] == [
        "g:guid-1",
        "g:guid-2",
        "g:guid-1",
    ]


def test_a_policy_of_another_version_is_replaced_and_nothing_sent_again() -> None:
    memory = replace(after(FEED), policy="some-later-policy", keys=frozenset({"x:1"}))
    found = news((article(5), *FEED), memory)
    assert (found.policy, new_titles(found)) == ("guid", ["Title 5"])


WORDS = st.text(max_size=120)
ENTRIES = st.builds(
    Entry,
    guid=st.none() | WORDS,
    link=st.none() | WORDS,
    title=WORDS,
    content=WORDS,
    published=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(first=st.lists(ENTRIES, max_size=6).map(tuple), later=st.lists(ENTRIES, max_size=6).map(tuple))
def test_keys_of_any_entries_can_be_stored(first: tuple[Entry, ...], later: tuple[Entry, ...]) -> None:
    """Short, printable, each once; what is new is among what was seen, and is not new again."""
    found = news(later, after(first))
    keys = [seen.key for seen in found.seen]
    assert len(keys) == len(set(keys))
    assert all(len(key) <= 102 and key.isprintable() for key in keys)
    assert {key for key, _ in found.new} <= set(keys)
    assert news(later, after(first, later)).new == ()


# --- against a plain model ---


@dataclass
class Publisher:
    """The model: a feed is new once for each article, at the reading that first shows it."""

    shown: set[int] = field(default_factory=set)

    def publish(self, numbers: list[int]) -> set[int]:
        """Say which of these nobody has seen."""
        fresh = set(numbers) - self.shown
        self.shown |= fresh
        return fresh


READINGS = st.lists(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), max_size=12, unique_by=lambda pair: pair[0]),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize(
    "unnamed",
    [
        pytest.param({}, id="with guids"),
        pytest.param({"guid": None}, id="with links alone"),
        pytest.param({"guid": "same"}, id="with one guid for all"),
    ],
)
@given(readings=READINGS)
def test_each_article_is_new_once(
    unnamed: dict[str, str | None], readings: list[list[tuple[int, int]]]
) -> None:
    """Entries come in any order, leave, return and are edited between readings; each is told exactly once."""
    first = [(number, 0) for number in range(40, 44)]
    publisher = Publisher()
    publisher.publish([number for number, _ in first])
    seen: list[tuple[Entry, ...]] = [tuple(article(number, **unnamed) for number, _ in first)]
    for reading in readings:
        entries = tuple(
            article(
                number, **{"content": f"edition {edition}", "title": f"Title {number}, {edition}", **unnamed}
            )
            for number, edition in reading
        )
        told = {entry.link for _, entry in news(entries, after(*seen)).new}
        assert told == {
            f"https://a.example/{number}" for number in publisher.publish([n for n, _ in reading])
        }
        seen.append(entries)
