"""What is new in a feed, whatever its publisher does to names, order and words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds import News, keyed, news, past
from bot.model import Entry, Memory
from tests.feeds.remembering import Keeper

UNREAD = Memory(policy=None)


def article(number: int, **changes: str | datetime | None) -> Entry:
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
    keeper = Keeper()
    for entries in readings:
        keeper.read(entries)
    return keeper.memory()


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


def test_what_is_kept_of_it_are_the_first_of_the_document_the_newest_last() -> None:
    assert past(FEED, 2) == (("g:guid-1", FEED[1]), ("g:guid-0", FEED[0]))


def test_what_is_kept_of_it_are_the_last_if_dates_ascend() -> None:
    dated = tuple(
        replace(entry, published=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number))
        for number, entry in enumerate(FEED)
    )
    assert past(dated, 2) == (("g:guid-3", dated[3]), ("g:guid-4", dated[4]))


def test_what_is_kept_of_it_has_the_keys_that_are_known() -> None:
    """Another key would make it an article of its own."""
    assert {key for key, _ in past(FEED, 9)} == {seen.key for seen in news(FEED, UNREAD).seen}


@pytest.mark.parametrize(
    "entries",
    [pytest.param((), id="an empty feed"), pytest.param((Entry(guid="x"),), id="an entry without a word")],
)
def test_nothing_is_kept(entries: tuple[Entry, ...]) -> None:
    assert past(entries, 9) == ()


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


STATUS = article(1, published=datetime(2026, 1, 1, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("known", "later", "new"),
    [
        pytest.param(
            STATUS,
            replace(STATUS, guid="later", published=datetime(2026, 1, 2, 8, tzinfo=UTC)),
            1,
            id="of another day: an event of its own",
        ),
        pytest.param(STATUS, replace(STATUS, guid="later", content="It is over"), 0, id="of the same minute"),
        pytest.param(
            article(1), article(1, guid="later", content="It is over"), 1, id="without dates, another text"
        ),
        pytest.param(article(1), article(1, guid="later"), 0, id="without dates, word for word the same"),
        pytest.param(
            article(1, content=""), article(1, content="", guid="later"), 1, id="without dates and texts"
        ),
    ],
)
def test_one_new_guid_under_a_known_link_and_title(known: Entry, later: Entry, new: int) -> None:
    """A feed of one status page gives each event a guid; another gives each edition one."""
    assert len(news((later,), after((known,))).new) == new


def test_an_article_from_before_a_renaming_is_known_when_it_comes_back_later() -> None:
    moved = tuple(map(renamed, FEED))
    assert news(moved, after(FEED, moved[:3])).new == ()


def test_a_series_is_not_taken_for_renamed() -> None:
    """Forecasts: each morning the same pages and titles, under new guids."""

    def forecasts(day: int) -> tuple[Entry, ...]:
        at = datetime(2026, 1, day, tzinfo=UTC)
        return tuple(article(n, guid=f"{day}-{n}", published=at, content=f"{day}") for n in range(3))

    assert len(news(forecasts(3), after(forecasts(1), forecasts(2))).new) == 3


def test_a_new_article_with_an_old_title_is_told_in_the_document_that_renames_the_rest() -> None:
    reading = (article(9, title="Title 0"), *map(renamed, FEED))
    assert [entry.link for _, entry in news(reading, after(FEED)).new] == ["https://a.example/9"]


def test_a_feed_that_renames_its_articles_begins_to_count_editions() -> None:
    """The policy is chosen anew when not one name is known; kept, each correction would be new."""

    def counted(number: int) -> tuple[Entry, ...]:
        return tuple(
            replace(e, guid=f"{e.guid}#{number}", title=f"Edition {number} of {e.link}") for e in FEED
        )

    assert news(counted(1)[:1], after(FEED, counted(0))).new == ()


def test_guids_made_anew_for_each_reading_do_not_pile_up() -> None:
    readings = [tuple(replace(e, guid=f"{turn}-{e.guid}") for e in FEED) for turn in range(50)]
    memory = after(*readings)
    assert (memory.policy, len(memory.keys) <= 4 * len(FEED)) == ("link", True)


# --- names that are not an entry's own ---


def test_an_article_that_loses_its_guid_is_not_new() -> None:
    lost = replace(FEED[0], guid=None, title="Corrected")
    assert news((lost, *FEED[1:]), after(FEED)).new == ()


def test_an_article_without_a_guid_that_gets_one_is_not_new() -> None:
    without = (article(5, guid=None), *FEED)
    assert news((article(5), *FEED), after(FEED, without)).new == ()


def test_two_articles_under_one_guid_are_two() -> None:
    reading = (article(6, guid="guid-5"), article(5), *FEED)
    assert new_titles(news(reading, after(FEED))) == ["Title 5", "Title 6"]


def test_two_articles_under_one_link_are_two() -> None:
    known = all_with(guid=None)
    reading = (article(6, guid=None, link="https://a.example/5"), article(5, guid=None), *known)
    assert new_titles(news(reading, after(known))) == ["Title 5", "Title 6"]


def test_two_editions_in_one_document_are_one_article() -> None:
    assert new_titles(news((article(5, title="Corrected"), article(5), *FEED), after(FEED))) == ["Corrected"]


def test_one_article_without_a_link_does_not_make_its_feed_depend_on_words() -> None:
    """One guid for all, and links for nearly all: a correction must not be new."""
    feed = (*all_with(guid="same"), article(5, guid="same", link=None))
    edited = tuple(replace(entry, title=f"{entry.title}, corrected") for entry in feed[:5])
    assert news((*edited, feed[5]), after(feed)).new == ()


def test_two_entries_of_one_page_do_not_make_the_page_their_name() -> None:
    """Without guids: the third, alone in its document, must not pass for one of them."""
    first, second, third, fourth = (article(n, guid=None, link="https://a.example/") for n in range(4))
    known = after((second, first), (third,))
    assert new_titles(news((fourth,), known)) == ["Title 3"]


def test_a_policy_chosen_from_one_entry_is_chosen_again() -> None:
    """One entry with a counter shows nothing; the next document does."""
    known = tuple(replace(entry, guid=f"{entry.guid}#0") for entry in FEED)
    assert after(known[:1]).policy == "guid"
    found = news(known, after(known[:1]))
    assert (found.policy, len(found.new)) == ("guid-uncounted", 4)


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
    assert [known for known, _ in past((entry,), 1)] == [key]


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
