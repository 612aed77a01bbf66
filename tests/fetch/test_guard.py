"""The address guard, by table; nothing here connects anywhere."""

from __future__ import annotations

import pytest

from bot.errors import SettingsError
from bot.fetch.guard import PORTS, Allowed, is_allowed, parse_allowed, refusal, refusal_by_name

NOBODY = Allowed()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        # IPv4
        ("0.0.0.0", "unspecified"),
        ("0.1.2.3", "unspecified"),
        ("0.255.255.255", "unspecified"),
        ("10.0.0.0", "private"),
        ("10.255.255.255", "private"),
        ("100.64.0.0", "carrier NAT"),
        ("100.100.100.200", "carrier NAT"),
        ("100.127.255.255", "carrier NAT"),
        ("127.0.0.1", "loopback"),
        ("127.1.2.3", "loopback"),
        ("127.255.255.255", "loopback"),
        ("169.254.0.1", "link-local"),
        ("169.254.169.254", "link-local"),
        ("172.16.0.0", "private"),
        ("172.31.255.255", "private"),
        ("192.0.0.1", "reserved"),
        ("192.0.0.170", "reserved"),
        ("192.0.2.1", "documentation"),
        ("192.31.196.1", "reserved"),
        ("192.52.193.1", "reserved"),
        ("192.88.99.1", "6to4"),
        ("192.168.0.1", "private"),
        ("192.168.255.255", "private"),
        ("192.175.48.1", "reserved"),
        ("198.18.0.0", "benchmarking"),
        ("198.19.255.255", "benchmarking"),
        ("198.51.100.7", "documentation"),
        ("203.0.113.7", "documentation"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.250", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        # IPv6
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("0:0:0:0:0:0:0:1", "loopback"),
        ("::2", "IPv4-compatible"),
        ("::127.0.0.1", "IPv4-compatible"),
        ("::8.8.8.8", "IPv4-compatible"),
        ("::ffff:127.0.0.1", "IPv4-mapped"),
        ("::ffff:7f00:1", "IPv4-mapped"),
        ("::ffff:10.0.0.1", "IPv4-mapped"),
        ("::ffff:8.8.8.8", "IPv4-mapped"),
        ("::ffff:0:127.0.0.1", "IPv4-translated"),
        ("64:ff9b::127.0.0.1", "NAT64"),
        ("64:ff9b::a00:1", "NAT64"),
        ("64:ff9b::8.8.8.8", "NAT64"),
        ("64:ff9b:1::1", "NAT64"),
        ("64:ff9b:1:fffe::10.0.0.1", "NAT64"),
        ("64:ff9b:1:ffff:ffff:ffff:8.8.8.8", "NAT64"),
        ("64:ff9b:0:1::1", "reserved"),
        ("100::1", "reserved"),
        ("2001::1", "Teredo"),
        ("2001:0:7f00:1::", "Teredo"),
        ("2001:2::1", "reserved"),
        ("2001:10::1", "reserved"),
        ("2001:20::1", "reserved"),
        ("2001:1ff::1", "reserved"),
        ("2001:db8::1", "documentation"),
        ("2002:7f00:1::", "6to4"),
        ("2002:a00:1::1", "6to4"),
        ("2002:808:808::1", "6to4"),
        ("2002:a9fe:a9fe::", "6to4"),
        # ISATAP carries an IPv4 address behind 0:5efe in any network; refused where the network is.
        ("fe80::5efe:10.0.0.1", "link-local"),
        ("fe80::200:5efe:8.8.8.8", "link-local"),
        ("fd00::5efe:10.0.0.1", "private"),
        ("2620:4f:8000::1", "reserved"),
        ("3fff::1", "documentation"),
        ("4000::1", "reserved"),
        ("5f00::1", "reserved"),
        ("fc00::1", "private"),
        ("fd12:3456:789a::1", "private"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("fe80::1%25eth0", "link-local"),
        ("::1%lo", "loopback"),
        ("::ffff:169.254.169.254", "IPv4-mapped"),
        ("0:0:0:0:0:ffff:7f00:0001", "IPv4-mapped"),
        ("::7f00:1", "IPv4-compatible"),
        ("FD00::1", "private"),
        ("0000:0000:0000:0000:0000:0000:0000:0001", "loopback"),
        ("fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private"),
        ("feff::1", "site-local"),
        ("ff01::1", "multicast"),
        ("ff3e::8000:1", "multicast"),
        ("2001:0:a9fe:a9fe::5601:1", "Teredo"),
        ("2001:db8:ffff::1", "documentation"),
        ("3fff:fff:ffff::1", "documentation"),
        ("1000::1", "reserved"),
        ("e000::1", "reserved"),
        ("febf::1", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
        ("ff0e::1", "multicast"),
        # no address at all
        ("localhost", "not an address"),
        ("2130706433", "not an address"),
        ("0x7f000001", "not an address"),
        ("127.1", "not an address"),
        ("0177.0.0.1", "not an address"),
        ("127.000.000.001", "not an address"),
        ("0127.0.0.1", "not an address"),
        ("127.0.0.1.", "not an address"),
        ("127.0.0.1 ", "not an address"),
        ("127.0.0.1\n", "not an address"),
        ("[::1]", "not an address"),
        ("1.1.1.1/32", "not an address"),
        ("٨.٨.٨.٨", "not an address"),
        ("", "not an address"),
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str, kind: str) -> None:
    assert refusal(address, 80, NOBODY) == kind


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2003::1",
        "2606:4700:4700::1111",
        "2a00:1450:4001:81b::200e",
        "3ffe::1",
    ],
)
def test_a_public_address_is_let_through(address: str) -> None:
    assert refusal(address, 443, NOBODY) is None


@pytest.mark.parametrize(
    ("entry", "address", "port", "host", "passes"),
    [
        pytest.param("127.0.0.1:8081", "127.0.0.1", 8081, "", True, id="an address and port"),
        pytest.param("127.0.0.1:8081", "127.0.0.1", 8082, "", False, id="another port stays closed"),
        pytest.param("127.0.0.1:8081", "127.0.0.2", 8081, "", False, id="another address stays closed"),
        pytest.param("127.0.0.1", "127.0.0.1", 1, "", True, id="an address alone is open on every port"),
        pytest.param("192.168.0.0/16", "192.168.7.7", 80, "", True, id="a network"),
        pytest.param("192.168.0.0/16", "10.0.0.1", 80, "", False, id="not another network"),
        pytest.param("192.168.1.5/24", "192.168.1.9", 80, "", True, id="a network by one of its machines"),
        pytest.param("[::1]:8080", "::1", 8080, "", True, id="IPv6 with a port"),
        pytest.param("::1", "::1", 8080, "", True, id="IPv6 alone"),
        pytest.param("[fd00::1]", "fd00::1", 8080, "", True, id="IPv6 in brackets alone"),
        pytest.param("fd00::/8", "fd12::1", 443, "", True, id="an IPv6 network"),
        pytest.param("64:ff9b::/96", "64:ff9b::808:808", 443, "", True, id="a network that has NAT64"),
        pytest.param("Nas.lan:5000", "192.168.1.2", 5000, "nas.lan", True, id="a name and port"),
        pytest.param("nas.lan:5000", "192.168.1.2", 5000, "evil.example", False, id="not under another name"),
        pytest.param("nas.lan:5000", "192.168.1.2", 80, "nas.lan", False, id="a name on another port"),
        pytest.param("0.0.0.0/0", "::1", 80, "", False, id="all of IPv4 is not IPv6"),
    ],
)
def test_what_the_operator_allows(entry: str, address: str, port: int, host: str, passes: bool) -> None:
    assert (refusal(address, port, parse_allowed([entry]), host=host) is None) == passes


def test_an_empty_list_allows_nothing_private() -> None:
    assert parse_allowed(["", "  "]) == Allowed()


def test_all_mistakes_of_the_list_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        parse_allowed(
            ["nas.lan", "10.0.0.0/8", "host:0", "host:70000", "http://nas:80", "1.2.3.4/99", "a b:80"]
        )
    assert caught.value.mistakes == tuple(
        f"{text}: write host:port, an address, or a network such as 192.168.0.0/24"
        for text in ("nas.lan", "host:0", "host:70000", "http://nas:80", "1.2.3.4/99", "a b:80")
    )


@pytest.mark.parametrize("port", [80, 81, 443, 591, 1200, 3000, 8000, 8008, 8080, 8081, 8088, 8443, 8888])
def test_a_port_where_websites_are_is_let_through(port: int) -> None:
    assert port in PORTS
    assert refusal("1.1.1.1", port, NOBODY) is None


@pytest.mark.parametrize(
    "port",
    [0, 1, 21, 22, 23, 25, 53, 110, 143, 445, 465, 587, 2375, 3306, 5432, 6379, 9200, 11211, 27017, 65535],
)
def test_any_other_port_is_refused(port: int) -> None:
    assert refusal("1.1.1.1", port, NOBODY) == "port"
    assert refusal_by_name("example.org", port) == "port"


@pytest.mark.parametrize(
    ("entry", "address", "host", "passes"),
    [
        pytest.param("feeds.example:8765", "1.1.1.1", "feeds.example", True, id="by name and port"),
        pytest.param("1.1.1.1:8765", "1.1.1.1", "feeds.example", True, id="by address and port"),
        pytest.param("1.1.1.0/24", "1.1.1.1", "", True, id="by network"),
        pytest.param("feeds.example:8766", "1.1.1.1", "feeds.example", False, id="not by another port"),
        pytest.param("other.example:8765", "1.1.1.1", "feeds.example", False, id="not by another name"),
    ],
)
def test_the_operator_opens_a_port(entry: str, address: str, host: str, passes: bool) -> None:
    assert (refusal(address, 8765, parse_allowed([entry]), host=host) is None) == passes


def test_a_private_address_is_named_before_a_bad_port() -> None:
    """What to do about it is the same; why is not."""
    assert refusal("10.0.0.1", 22, NOBODY) == "private"


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("example.org", None),
        ("feeds.example.org.", None),
        ("xn--mnchen-3ya.example", None),
        ("under_score.example.org", None),
        ("1.example", None),
        ("0x.example", None),
        ("expyuzz4wqqyqhjn.onion", None),
        ("1.1.1.1", None),
        ("2606:4700:4700::1111", None),
        ("127.0.0.1", "loopback"),
        ("127.0.0.1.", "loopback"),
        ("10.0.0.1", "private"),
        ("169.254.169.254", "link-local"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "IPv4-mapped"),
        ("64:ff9b::7f00:1", "NAT64"),
        ("fe80::1%eth0", "link-local"),
        ("127.1", "not an address"),
        ("127.0.1", "not an address"),
        ("2130706433", "not an address"),
        ("0x7f000001", "not an address"),
        ("0x7f.0.0.1", "not an address"),
        ("0x7f.0x0.0x0.0x1", "not an address"),
        ("017700000001", "not an address"),
        ("0177.0.0.01", "not an address"),
        ("127.0.0.0x1", "not an address"),
        ("127.0.0.1..", "loopback"),
        ("127%2e0.0.1", "not an address"),
        ("127。0。0。1", "not an address"),
        ("a b.example", "not an address"),
        ("", "not an address"),
        (".", "not an address"),
        ("localhost", "private"),
        ("localhost.", "private"),
        ("feeds.localhost", "private"),
        ("printer.local", "private"),
        ("metadata.google.internal", "private"),
        ("router.lan", "private"),
        ("nas.home.arpa", "private"),
        ("nas", "private"),
        ("wiki.corp", "private"),
    ],
)
def test_what_a_proxy_may_be_told(host: str, kind: str | None) -> None:
    assert refusal_by_name(host, 443) == kind


@pytest.mark.parametrize(
    ("entry", "host", "port", "named"),
    [
        ("nas.lan:5000", "nas.lan", 5000, True),
        ("nas.lan:5000", "nas.lan", 80, False),
        ("192.168.0.0/16", "192.168.7.7", 80, True),
        ("192.168.0.0/16", "example.org", 80, False),
        ("[::1]:8080", "::1", 8080, True),
    ],
)
def test_which_places_are_the_operators_own(entry: str, host: str, port: int, named: bool) -> None:
    assert is_allowed(host, port, parse_allowed([entry])) == named
