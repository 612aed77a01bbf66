"""Hosts: whose fault a failure is, and who may be asked when."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.hosts import after_answer, after_failure, host_of, is_at_fault, is_down
from bot.model import Host, Problem

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTES = timedelta(minutes=1)
PLACE = "blogs.example"


def problem(key: str, host: str = PLACE) -> Problem:
    return Problem(key, {"host": host})


@pytest.mark.parametrize(
    ("url", "host"),
    [
        pytest.param(
            "https://Blogs.example:8443/a?b", "blogs.example", id="a public host, whatever the port"
        ),
        pytest.param("http://me:pw@blogs.example/", "blogs.example", id="without the login"),
        pytest.param("http://8.8.8.8/feed", "8.8.8.8", id="a public address"),
        pytest.param("http://127.0.0.1:80/f", None, id="this machine"),
        pytest.param("http://192.168.1.5/f", None, id="the house"),
        pytest.param("http://[fd00::1]/f", None, id="the house, newer"),
        pytest.param("http://rss/f", None, id="a name without a dot"),
        pytest.param("http://box.local/f", None, id="a name of the house"),
        pytest.param("https://rsshub.app/x/user/1", None, id="RSSHub"),
        pytest.param("https://my-rss-bridge.example/?x", None, id="RSS-Bridge by its name"),
        pytest.param(
            "https://a.example/?action=display&bridge=X&format=Atom", None, id="RSS-Bridge by its query"
        ),
        pytest.param("https://local.example/f", "local.example", id="only ends count"),
    ],
)
def test_what_stands_for_itself(url: str, host: str | None) -> None:
    """None: the whole address."""
    assert host_of(url) == (host or url)


def fail(host: Host, key: str, *, wish: timedelta | None = None, checked_at: datetime | None = None) -> Host:
    after = after_failure(host, problem(key), wish, checked_at=checked_at, now=NOW)
    return after or host


@pytest.mark.parametrize(
    "key",
    [
        "fetch.no_such_host",
        "fetch.refused",
        "fetch.timeout",
        "fetch.tls",
        "fetch.server_error",
        "fetch.not_found",
    ],
)
def test_three_feeds_failing_one_after_the_other_are_the_hosts_fault(key: str) -> None:
    host = Host(PLACE)
    faults = []
    for _ in range(3):
        before, host = host, fail(host, key)
        faults.append(is_at_fault(before, host))
    assert faults == [False, False, True]
    assert host == Host(PLACE, NOW + MINUTES, NOW, failed_feeds=3, refusals=1)


def test_one_feed_failing_often_is_one_feed() -> None:
    host = Host(PLACE)
    for _ in range(9):
        host = fail(host, "fetch.server_error", checked_at=NOW)
    assert host == Host(PLACE, failing_since=NOW, failed_feeds=1)


@pytest.mark.parametrize("key", ["fetch.gone", "fetch.forbidden", "parse.broken", "fetch.too_large"])
def test_what_concerns_one_feed_shows_that_the_host_is_there(key: str) -> None:
    assert after_failure(Host(PLACE), problem(key), None, checked_at=None, now=NOW) is None
    assert fail(Host(PLACE, None, NOW, 7, 3), key) == Host(PLACE)


def test_a_failure_where_it_sent_us_on_to_is_not_its_own() -> None:
    elsewhere = problem("fetch.timeout", "elsewhere.example")
    assert after_failure(Host(PLACE), elsewhere, None, checked_at=None, now=NOW) is None


def test_the_probes_of_an_outage_come_less_often_up_to_an_hour() -> None:
    host = Host(PLACE, failing_since=NOW, failed_feeds=3)
    waits = []
    for _ in range(9):
        host = Host(PLACE, None, NOW, host.failed_feeds, host.refusals)
        host = fail(host, "fetch.timeout", checked_at=NOW)
        assert host.open_at
        waits.append((host.open_at - NOW) / MINUTES)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize(
    ("days", "feeds", "hours"),
    [
        pytest.param(0.5, 3, 1, id="half a day: hourly"),
        pytest.param(3, 3, 3, id="three days: a twenty-fourth of them"),
        pytest.param(30, 3, 8, id="a month: each of three dead feeds once a day"),
        pytest.param(30, 12, 2, id="each of twelve once a day"),
        pytest.param(3000, 1000, 1, id="of a thousand one an hour"),
    ],
)
def test_a_host_of_dead_feeds_only_is_asked_for_each_of_them_daily(
    days: float, feeds: int, hours: float
) -> None:
    """Three feeds that are not found look like an outage; hourly for ever would be no backing off."""
    dead = Host(PLACE, None, NOW - days * timedelta(days=1), feeds, refusals=500)
    host = fail(dead, "fetch.not_found", checked_at=NOW)
    assert host.open_at == NOW + hours * 60 * MINUTES


def test_the_first_answer_ends_it() -> None:
    assert after_answer(Host(PLACE, NOW - MINUTES, NOW - 99 * MINUTES, 5, 4), NOW) == Host(PLACE)
    assert after_answer(Host(PLACE, NOW), NOW) is None


def test_an_answer_does_not_cut_a_wait_that_the_host_asked_for() -> None:
    busy = Host(PLACE, NOW + MINUTES, refusals=1)
    assert after_answer(busy, NOW) == Host(PLACE, NOW + MINUTES)


@pytest.mark.parametrize(
    ("key", "wish", "minutes"),
    [
        pytest.param("fetch.too_many_requests", None, 1, id="429 without a wish: a minute"),
        pytest.param("fetch.too_many_requests", 30 * MINUTES, 30, id="429 with Retry-After"),
        pytest.param("fetch.server_error", 30 * MINUTES, 30, id="503 with Retry-After"),
        pytest.param("fetch.too_many_requests", timedelta(days=3650), 1440, id="no longer than a day"),
    ],
)
def test_a_host_that_wants_to_be_left_alone_is(key: str, wish: timedelta | None, minutes: int) -> None:
    host = fail(Host(PLACE), key, wish=wish)
    assert host == Host(PLACE, NOW + minutes * MINUTES, refusals=1)
    assert is_at_fault(Host(PLACE), host)
    assert not is_down(host)


def test_a_host_that_never_lets_us_in_is_asked_less_and_less() -> None:
    host = fail(Host(PLACE, refusals=4), "fetch.too_many_requests", wish=MINUTES)
    assert host.open_at == NOW + 16 * MINUTES


def test_on_a_bridge_the_wish_is_one_feeds_and_so_is_the_failure() -> None:
    """FreshRSS 7870: a pause for the whole bridge punished every feed of it."""
    bridge = Host("https://rsshub.app/x/user/1")
    after = after_failure(
        bridge, problem("fetch.too_many_requests", "rsshub.app"), 5 * MINUTES, checked_at=None, now=NOW
    )
    assert after == Host(bridge.name, NOW + 5 * MINUTES, refusals=1)
    assert not is_at_fault(bridge, after)
