"""Addresses as text: whose they are, what is sent, where a redirect leads. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from yarl import URL

# Not allowed in an address (RFC 3986); what holds any of them is quoted before it is sent.
_UNQUOTED = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
_RAW = re.compile("[\x80-\U0010ffff]+")
_PORTS = {"http": 80, "https": 443}


class Server(NamedTuple):
    """Who answers at an address."""

    scheme: str
    host: str
    """Lower case; an IPv6 literal without brackets."""
    port: int


def server_of(url: str) -> Server | None:
    """Name the server of an absolute http or https address; None if it is no such address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        return None
    return Server(parts.scheme, parts.hostname, port or _PORTS[parts.scheme])


def same_server(one: str, other: str) -> bool:
    """Whether what is secret to the first may be told to the second: it is the same server, or has moved to TLS."""
    first, second = server_of(one), server_of(other)
    if first is None or second is None:
        return False
    upgraded = first == ("http", second.host, 80) and second == ("https", first.host, 443)
    return first == second or upgraded


def redirected(url: str, location: str) -> str | None:
    """Say where a redirect leads; None if nowhere. A login in the address goes along to the same server.

    Args:
        url: that answered.
        location: the header, as sent; bytes beyond ASCII as surrogates or as UTF-8.
    """
    # Both go back as the bytes they were.
    location = _RAW.sub(lambda raw: quote(raw[0].encode(errors="surrogateescape")), location).strip()
    try:
        to = urljoin(url, location)
        parts, login = urlsplit(to), urlsplit(url).netloc.rpartition("@")[0]
    except ValueError:
        return None
    if not location or server_of(to) is None:
        return None
    if login and "@" not in parts.netloc and same_server(url, to):
        return urlunsplit(parts._replace(netloc=f"{login}@{parts.netloc}"))
    return to


def to_send(url: str) -> URL | None:
    """What is sent for an absolute http or https address; None if it is no such address.

    Byte for byte where that is legal: an address that is signed dies of being quoted anew.
    """
    try:
        address = URL(url, encoded=_UNQUOTED.search(url) is None)
        valid = address.scheme in _PORTS and address.raw_host and address.port
    except ValueError:
        return None
    return address if valid else None


def host_of(url: str) -> str:
    """The host as people know it, for sentences; the address itself if it has none."""
    server = server_of(url)
    return server.host if server else url


def without_login(url: str) -> str:
    """Links are read against this and shown to people; a login must not travel with them."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))
