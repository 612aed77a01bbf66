"""Addresses: freed of tracking, and told apart."""

from __future__ import annotations

import pytest

from bot.feeds.links import canonical, untracked, with_absolute_links


@pytest.mark.parametrize(
    "name",
    [
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_term",
        "utm_content",
        "utm-source",
        "pk_campaign",
        "mtm_source",
        "matomo_kwd",
        "fbclid",
        "fb_ref",
        "gclid",
        "dclid",
        "gbraid",
        "wbraid",
        "gclsrc",
        "gad_source",
        "srsltid",
        "_ga",
        "_gl",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "li_fat_id",
        "epik",
        "igshid",
        "igsh",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_hsenc",
        "_hsmi",
        "__hstc",
        "vero_id",
        "oly_enc_id",
        "at_medium",
        "ns_campaign",
        "wt_mc",
        "xtor",
        "cmpid",
        "ocid",
        "_openstat",
        "spm",
        "ref_src",
    ],
)
def test_a_parameter_that_only_counts_visitors_is_cut(name: str) -> None:
    assert untracked(f"http://a.example/x?b=%C3%A9&{name}=v%2F1&a=") == "http://a.example/x?b=%C3%A9&a="


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param("utm=32633", id="a map's coordinates"),
        pytest.param("gclid_help=1", id="a longer name"),
        pytest.param("ref=main", id="a branch"),
        pytest.param("source=1", id="a number"),
        pytest.param("from=berlin", id="a journey's beginning"),
        pytest.param("mod=News", id="a part of the site"),
        pytest.param("src=photo.jpg", id="a picture"),
        pytest.param("r=rss20060830", id="a weather report of one day"),
        pytest.param("si=7", id="a short name"),
        pytest.param("v=abc", id="a film"),
        pytest.param("", id="nothing, between two signs"),
    ],
)
def test_a_parameter_that_may_mean_something_stays(pair: str) -> None:
    assert untracked(f"http://a.example/x?b=1&{pair}&a=2") == f"http://a.example/x?b=1&{pair}&a=2"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("http://a.example/?utm_source=x", "http://a.example/", id="the only parameter"),
        pytest.param(
            "http://a.example/?b=2&utm_source=x&a=%E4%B8%AD&fbclid=y",
            "http://a.example/?b=2&a=%E4%B8%AD",
            id="order and encoding of the rest stay",
        ),
        pytest.param(
            "http://a.example/?a=1&amp;utm_medium=x", "http://a.example/?a=1", id="an ampersand escaped twice"
        ),
        pytest.param("http://a.example/?at_medium=RSS&at_campaign=rss", "http://a.example/", id="the BBC's"),
        pytest.param(
            "http://a.example/?src=rss&mod=rss_main&_location=rss&campaign_id=rss_daily&smid=rss",
            "http://a.example/",
            id="publishers' own, when they say rss",
        ),
        pytest.param(
            "http://a.example/?q=%7e+%E4&Z=1&a=b;c&UTM_Source=x",
            "http://a.example/?q=%7e+%E4&Z=1&a=b;c",
            id="odd encodings and capitals stay",
        ),
        pytest.param("http://a.example/?ref=rss&id=1", "http://a.example/?id=1", id="ref, when it says rss"),
        pytest.param(
            "http://a.example/?ref=heads/main",
            "http://a.example/?ref=heads/main",
            id="ref, when it says something else",
        ),
        pytest.param("http://a.example/x?rss=1", "http://a.example/x", id="came by feed"),
        pytest.param("http://a.example/x#xtor=RSS-1", "http://a.example/x", id="tracking in the fragment"),
        pytest.param(
            "http://a.example/x?utm_source=y#part", "http://a.example/x#part", id="an honest fragment stays"
        ),
        pytest.param("http://a.example/x?", "http://a.example/x?", id="an empty query stays"),
        pytest.param(
            "http://a.example/?q=utm_source",
            "http://a.example/?q=utm_source",
            id="a value that looks like one",
        ),
    ],
)
def test_untracked(address: str, expected: str) -> None:
    assert untracked(address) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(
            "http://a.example/x", "https://www.a.example/x/", True, id="scheme, www and closing slash"
        ),
        pytest.param("http://A.example:80/x", "http://a.example/x", True, id="capitals and the usual port"),
        pytest.param("http://a.example//x", "http://a.example/x", True, id="doubled slashes"),
        pytest.param("http://a.example/x?utm_source=1", "http://a.example/x", True, id="tracking"),
        pytest.param("http://a.example/x?id=1", "http://a.example/x?id=2", False, id="another parameter"),
        pytest.param(
            "http://a.example/x#1", "http://a.example/x#2", False, id="another paragraph of one page"
        ),
        pytest.param("http://a.example/X", "http://a.example/x", False, id="capitals in the path"),
    ],
)
def test_canonical(one: str, other: str, same: bool) -> None:
    assert (canonical(one) == canonical(other)) is same


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param(
            '<img alt="a" src="i.png">', '<img alt="a" src="https://a.example/b/i.png">', id="relative"
        ),
        pytest.param(
            "<a href='/x?a=1&amp;b=2'>",
            "<a href='https://a.example/x?a=1&amp;b=2'>",
            id="entities stay entities",
        ),
        pytest.param(
            '<img src="//cdn.example/i.png">', '<img src="https://cdn.example/i.png">', id="without a scheme"
        ),
        pytest.param('<A HREF="x">', '<A HREF="https://a.example/b/x">', id="capitals"),
        pytest.param("<a href=/x?a=1 b>", "<a href=https://a.example/x?a=1 b>", id="without quotes"),
        pytest.param("<Image src={cover} />", "<Image src={cover} />", id="a program's brackets"),
        pytest.param('<a href = "x">', '<a href = "https://a.example/b/x">', id="spaces around the sign"),
        pytest.param('<a href="">', '<a href="">', id="empty"),
        pytest.param("<a href=http://b.example/>", "<a href=http://b.example/>", id="whole, without quotes"),
        pytest.param('<a href="/b/../x">', '<a href="https://a.example/x">', id="dots"),
        pytest.param('<a href="?q=1">', '<a href="https://a.example/b/c.html?q=1">', id="a query alone"),
        pytest.param('<a href="#note">', '<a href="#note">', id="within the page"),
        pytest.param('<img src="data:image/png;base64,x">', '<img src="data:image/png;base64,x">', id="data"),
        pytest.param('<p>src="i.png"</p>', '<p>src="i.png"</p>', id="words that look like an attribute"),
        pytest.param(
            '<a href="x"><img src="y">',
            '<a href="https://a.example/b/x"><img src="https://a.example/b/y">',
            id="two",
        ),
    ],
)
def test_links_within_markup(markup: str, expected: str) -> None:
    assert with_absolute_links(markup, "https://a.example/b/c.html") == expected
