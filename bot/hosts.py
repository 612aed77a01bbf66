"""Whose patience a check uses up: hosts, their cool-downs, and outages told apart from the failures of feeds. Pure.

A host that answers nobody is asked by one feed at a time; its feeds' own failures do not add up meanwhile, so that
all of them come back soon after it does.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.model import Host, Problem

GAP = timedelta(seconds=0.5)
"""Between two requests to one host, over all workers: 10,000 feeds of one host take an hour and a half."""
AT_ONCE = 2
"""Requests under way at one host, over all workers."""

# So many feeds of a host failing one after the other, and none well between them, are the host's fault.
OUTAGE = 3

_DOWN = frozenset(
    # Not found as well: YouTube answers so for every feed, for hours. One feed that is gone has others beside it
    # that are well.
    {
        "fetch.no_such_host",
        "fetch.lookup",
        "fetch.refused",
        "fetch.connect_timeout",
        "fetch.timeout",
        "fetch.too_slow",
        "fetch.tls",
        "fetch.tls_expired",
        "fetch.tls_none",
        "fetch.tls_outdated",
        "fetch.tls_untrusted",
        "fetch.tls_wrong_host",
        "fetch.server_error",
        "fetch.not_found",
    }
)
UNREACHED = frozenset({"fetch.no_such_host", "fetch.refused", "fetch.timeout"})
"""What a host that is not there looks like; and all of them, when our own line is down."""
OWN_LINE = 5
"""So many hosts that were well until now, all unreached and none reached between them: it is our own line."""

_TOO_FAST = "fetch.too_many_requests"
_FIRST_WAIT = timedelta(minutes=1)  # Reddit allows about one request a minute
_LONGEST_WAIT = timedelta(hours=1)
_MOST_DOUBLINGS = 11  # beyond a day
_DAY = timedelta(days=1)
# Of an outage so far: whoever waited for a day is hardly late by another hour.
_PATIENCE = 1 / 24
_LONGEST_WISH = timedelta(days=1)

_BRIDGE_HOST = re.compile(r"rss-?hub|rss-?bridge")
_PRIVATE_NAME = re.compile(r"(^|\.)(localhost|local|lan|home|internal|intranet|home\.arpa)$")


def host_of(url: str) -> str:
    """Name what shares its limits with this feed: the host; or the whole address, if that stands for itself.

    It does on private hosts, which are the operator's own, and on bridges, where one feed's upstream being tired
    of us says nothing of the others (FreshRSS issue 7870).
    """
    parts = urlsplit(url)
    name = (parts.hostname or "").lower()
    bridge = _BRIDGE_HOST.search(name) or ("bridge=" in parts.query and "action=display" in parts.query)
    return url if bridge or _is_private(name) else name


def _is_private(name: str) -> bool:
    try:
        return not ip_address(name).is_global
    except ValueError:
        return "." not in name or bool(_PRIVATE_NAME.search(name))


def stands_alone(host: Host) -> bool:
    """Whether it is one feed's address."""
    return "://" in host.name


def is_down(host: Host) -> bool:
    """Whether it fails for all: one feed at a time may try."""
    return host.failed_feeds >= OUTAGE


def is_well(host: Host) -> bool:
    """Whether an answer from it changes nothing."""
    return host.failing_since is None and not host.refusals


def after_answer(host: Host, now: datetime) -> Host | None:
    """It answered; None if that changes nothing."""
    if is_well(host):
        return None
    # A wish that another feed heard meanwhile still holds.
    return Host(host.name, open_at=host.open_at if host.open_at and host.open_at > now else None)


def after_failure(
    host: Host, problem: Problem, wish: timedelta | None, *, checked_at: datetime | None, now: datetime
) -> Host | None:
    """It failed one feed; None if that is no business of the host's and changes nothing.

    Args:
        problem: what was wrong.
        wish: Retry-After; None if the host named none.
        checked_at: when that feed was checked last, so that one feed is not counted as many; None if never.
        now: aware UTC.
    """
    if not stands_alone(host) and problem.values.get("host") != host.name:  # it sent us on to one that failed
        return after_answer(host, now)
    if problem.key == _TOO_FAST or wish is not None:
        return _waits(host, wish, now)
    if problem.key not in _DOWN:
        return after_answer(host, now)
    since = host.failing_since or now
    first_time = host.failing_since is None or checked_at is None or checked_at < since
    failing = replace(host, failing_since=since, failed_feeds=host.failed_feeds + first_time)
    return _waits(failing, None, now) if is_down(failing) else failing


def is_at_fault(before: Host, after: Host | None) -> bool:
    """Whether a failure counts as the host's and not as the feed's."""
    return after is not None and after.refusals > before.refusals and not stands_alone(after)


def _waits(host: Host, wish: timedelta | None, now: datetime) -> Host:
    """Nobody asks it for a while: as long as it wishes, and longer each time it does not let us in."""
    own = min(_FIRST_WAIT * (1 << min(host.refusals, _MOST_DOUBLINGS)), _longest_wait(host, now))
    if stands_alone(host):  # the feed's own backoff sees to the rest
        own = timedelta(0)
    until = now + max(own, min(wish or own, _LONGEST_WISH))
    return replace(host, refusals=host.refusals + 1, open_at=max(until, host.open_at or until))


def _longest_wait(host: Host, now: datetime) -> timedelta:
    """An hour; in a long outage more and more, until each feed is tried once a day and no oftener."""
    if host.failing_since is None:
        return _LONGEST_WAIT
    return max(_LONGEST_WAIT, min((now - host.failing_since) * _PATIENCE, _DAY / max(host.failed_feeds, 1)))
