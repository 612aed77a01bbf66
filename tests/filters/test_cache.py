"""Indexes are kept from check to check, and made again only when a filter of their feed is another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bot.filters import Indexes, Wants
from tests.filters.articles import NOW, article


def test_the_same_filters_have_the_same_index() -> None:
    indexes = Indexes()
    assert indexes.of(1, {7: Wants("rain")}) is indexes.of(1, {7: Wants("rain")})


def test_a_changed_filter_counts_at_once() -> None:
    indexes = Indexes()
    rain = article("Rain")
    assert indexes.of(1, {7: Wants("rain"), 8: Wants("snow")}).passing(rain, now=NOW) == {7}
    assert indexes.of(1, {7: Wants("rain"), 8: Wants("rain")}).passing(rain, now=NOW) == {7, 8}
    assert indexes.of(1, {8: Wants("rain")}).passing(rain, now=NOW) == {8}


def test_feeds_have_their_own() -> None:
    indexes = Indexes()
    assert indexes.of(1, {7: Wants("rain")}).passing(article("Rain"), now=NOW) == {7}
    assert indexes.of(2, {7: Wants("snow")}).passing(article("Rain"), now=NOW) == set()


def test_the_feed_asked_for_the_longest_time_ago_is_forgotten() -> None:
    indexes = Indexes(most=4)
    first, second = (
        indexes.of(1, {1: Wants("a"), 2: Wants("b")}),
        indexes.of(2, {3: Wants("c"), 4: Wants("d")}),
    )
    assert indexes.of(1, {1: Wants("a"), 2: Wants("b")}) is first
    indexes.of(3, {5: Wants("e")})
    assert indexes.of(1, {1: Wants("a"), 2: Wants("b")}) is first
    assert indexes.of(2, {3: Wants("c"), 4: Wants("d")}) is not second


def test_more_than_may_be_kept_still_match() -> None:
    assert Indexes(most=0).of(1, {7: Wants("rain")}).passing(article("Rain"), now=NOW) == {7}


def test_a_filter_of_another_feedbell_that_no_longer_reads_lets_everything_through() -> None:
    assert Indexes().of(1, {7: Wants("old:("), 8: Wants("snow")}).passing(article("Rain"), now=NOW) == {7}


def test_threads_that_ask_at_the_same_time_forget_and_count_rightly() -> None:
    indexes = Indexes(most=3)

    def ask(number: int) -> set[int]:
        word = ("rain", "snow")[number % 2]
        index = indexes.of(number % 7, {number: Wants(word)})
        return set(index.passing(article("Rain"), now=NOW))

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(200)))
    assert answers == [{number} if number % 2 == 0 else set() for number in range(200)]
    assert indexes.of(1, {1: Wants("a")}) is indexes.of(1, {1: Wants("a")})
