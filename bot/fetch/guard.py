"""Which addresses a feed may come from: public ones, and those the operator allows. Pure.

`refusal` judges the address that a socket is about to connect to, so that no spelling of an address, redirect
or name that resolves differently the second time gets past it. Behind a proxy nobody here sees that address:
`refusal_by_name` judges what the proxy is about to be told, which is less. It stops every address written as
one and the names that are private by their form; a public name that leads into the proxy's own network is for
the proxy to stop.
Source: IANA's special-purpose registries for IPv4 and IPv6 (RFC 6890 and its updates) and for names (RFC 6761).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from bot.errors import SettingsError

_IPV4 = tuple(
    (IPv4Network(text), reason)
    for text, reason in {
        "0.0.0.0/8": "unspecified",
        "10.0.0.0/8": "private",
        "100.64.0.0/10": "carrier NAT",
        "127.0.0.0/8": "loopback",
        "169.254.0.0/16": "link-local",
        "172.16.0.0/12": "private",
        "192.0.0.0/24": "reserved",
        "192.0.2.0/24": "documentation",
        "192.31.196.0/24": "reserved",
        "192.52.193.0/24": "reserved",
        "192.88.99.0/24": "6to4",
        "192.168.0.0/16": "private",
        "192.175.48.0/24": "reserved",
        "198.18.0.0/15": "benchmarking",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "224.0.0.0/4": "multicast",
        "240.0.0.0/4": "reserved",
    }.items()
)

# Forms that carry an IPv4 address inside are refused whatever they carry: nobody needs them to reach a public
# server, and what they lead to is for somebody else's router to say. A network with NAT64 can allow them.
_IPV6 = tuple(
    (IPv6Network(text), reason)
    for text, reason in {
        "::/128": "unspecified",
        "::1/128": "loopback",
        "::ffff:0:0/96": "IPv4-mapped",
        "::ffff:0:0:0/96": "IPv4-translated",
        "::/96": "IPv4-compatible",
        "64:ff9b::/96": "NAT64",
        "64:ff9b:1::/48": "NAT64",
        "2001::/32": "Teredo",
        "2001::/23": "reserved",
        "2001:db8::/32": "documentation",
        "2002::/16": "6to4",
        "2620:4f:8000::/48": "reserved",
        "3fff::/20": "documentation",
        "fc00::/7": "private",
        "fe80::/10": "link-local",
        "fec0::/10": "site-local",
        "ff00::/8": "multicast",
    }.items()
)
# Where the web is served, so that nobody makes the bot knock at mail servers and databases. Beside the usual
# ones: 81, 591 and 8000 to 8888, second web servers (Icecast's podcasts are at 8000); 1200 and 3000, where RSSHub,
# and RSS-Bridge and Gitea, listen unless told otherwise.
PORTS = frozenset({80, 81, 443, 591, 1200, 3000, 8000, 8008, 8080, 8081, 8088, 8443, 8888})

# Names that never lead to a public server: RFC 6761 §6.3, RFC 6762 §3, RFC 8375, ICANN's resolution 2024-07-29 on
# `internal`, and what home routers use. A name without a dot is looked up in the network's own domain.
_PRIVATE_NAMES = frozenset({"localhost", "local", "internal", "lan", "home", "corp", "intranet", "arpa"})
# The last label of an address in the old spellings (127.1, 0x7f000001, 0177.0.0.1): C libraries read those as
# addresses (inet_aton), and so may a proxy. No top-level domain looks like this (WHATWG URL, "ends in a number").
_NAME = re.compile(r"[a-z0-9_.-]+")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")

# The only part of IPv6 that is given out as public unicast (RFC 4291 §2.4 and IANA's address space).
_GLOBAL_UNICAST = IPv6Network("2000::/3")

BAD_PORT = "port"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Private places that feeds may come from all the same. Empty: none."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """On every port."""
    places: frozenset[tuple[str, int]] = frozenset()
    """Host in lower case (a name, or an address in its usual spelling), and port."""


def refusal(address: str, port: int, allowed: Allowed, *, host: str = "") -> str | None:
    """Say why this address may not be connected to.

    Args:
        address: an IP literal as a socket gets it; an IPv6 zone (`%eth0`) may follow.
        port: where to.
        host: the name that led to the address, if one did; lower case. Only the operator's list looks at it.

    Returns:
        The kind of address, e.g. `loopback`; BAD_PORT if only the port is wrong; None if it may be connected to.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return "not an address"
    if _is_allowed(ip, port, allowed, host):
        return None
    return _kind(ip) or _bad_port(port)


def refusal_by_name(host: str, port: int) -> str | None:
    """Say why a proxy may not be told to connect there.

    Args:
        host: as the proxy is told it, in lower case; an IPv6 literal without brackets.
        port: where to.

    Returns:
        As `refusal`; None if it may, as far as the name can tell.
    """
    name = host.rstrip(".")
    try:
        return _kind(ip_address(name.partition("%")[0])) or _bad_port(port)
    except ValueError:
        last = name.rpartition(".")[2]
    # What is no host name (a percent sign, a space) could be read in another way behind the proxy.
    if not _NAME.fullmatch(name) or _NUMBER.fullmatch(last):
        return "not an address"
    if last in _PRIVATE_NAMES or last == name:
        return "private"
    return _bad_port(port)


def is_allowed(host: str, port: int, allowed: Allowed) -> bool:
    """Whether the operator named this place, or the network of this address.

    Args:
        host: a name or an address, lower case.
    """
    if (host, port) in allowed.places or not allowed.networks:
        return (host, port) in allowed.places
    try:
        return _is_allowed(ip_address(host), port, allowed, host)
    except ValueError:
        return False


def parse_allowed(texts: Iterable[str]) -> Allowed:
    """Read the operator's list: `host:port`, `ip:port`, `[ipv6]:port`, an address, or a network (CIDR).

    Raises:
        SettingsError: with one sentence for each entry that is none of these.
    """
    networks: list[IPv4Network | IPv6Network] = []
    places: set[tuple[str, int]] = set()
    mistakes: list[str] = []
    for text in filter(None, (text.strip() for text in texts)):
        entry = _network(text) or _place(text)
        if entry is None:
            mistakes.append(f"{text}: write host:port, an address, or a network such as 192.168.0.0/24")
        elif isinstance(entry, tuple):
            places.add(entry)
        else:
            networks.append(entry)
    if mistakes:
        raise SettingsError(tuple(mistakes))
    return Allowed(tuple(networks), frozenset(places))


def _is_allowed(ip: IPv4Address | IPv6Address, port: int, allowed: Allowed, host: str) -> bool:
    if (str(ip), port) in allowed.places or (host, port) in allowed.places:
        return True
    return any(ip.version == network.version and ip in network for network in allowed.networks)


def _bad_port(port: int) -> str | None:
    return None if port in PORTS else BAD_PORT


def _kind(ip: IPv4Address | IPv6Address) -> str | None:
    return _kind_v4(ip) if isinstance(ip, IPv4Address) else _kind_v6(ip)


def _kind_v4(ip: IPv4Address) -> str | None:
    return next((reason for network, reason in _IPV4 if ip in network), None)


def _kind_v6(ip: IPv6Address) -> str | None:
    kind = next((reason for network, reason in _IPV6 if ip in network), None)
    return kind or (None if ip in _GLOBAL_UNICAST else "reserved")


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        # Not strict: people write the address of the machine they think of, 192.168.1.5/24.
        return ip_network(text.strip("[]"), strict=False)
    except ValueError:
        return None


def _place(text: str) -> tuple[str, int] | None:
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return None
    if "/" in host or " " in host or "@" in host:
        return None
    try:
        return str(ip_address(host.strip("[]"))), int(port)
    except ValueError:
        return (host.lower(), int(port)) if ":" not in host else None
