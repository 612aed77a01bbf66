"""One GET, against real servers on loopback."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from bot.fetch import get
from bot.fetch.get import Fetcher, Limits
from bot.fetch.guard import Allowed, parse_allowed
from bot.model import Fetched, FetchFailed, Problem, Unchanged, Validators
from tests.fetch.server import Web, fetcher, serving

NO_VALIDATORS = Validators()
HERE = {"host": "127.0.0.1"}
FEED = b"<rss version='2.0'><channel><title>t</title></channel></rss>"


@pytest.fixture
async def site() -> AsyncIterator[Web]:
    async with serving() as site:
        yield site


@pytest.fixture
async def client() -> AsyncIterator[Fetcher]:
    async with fetcher() as client:
        yield client


async def test_a_whole_document_comes_with_all_that_is_known_of_it(site: Web, client: Fetcher) -> None:
    url = site.says(
        "/feed",
        FEED,
        headers={
            "Content-Type": "application/rss+xml; charset=koi8-r",
            "ETag": '"v1"',
            "Last-Modified": "Tue, 30 Apr 2024 10:00:00 GMT",
            "Cache-Control": "max-age=900",
        },
    )
    assert await client.get(url, NO_VALIDATORS) == Fetched(
        body=FEED,
        final_url=url,
        content_type="application/rss+xml; charset=koi8-r",
        validators=Validators(etag='"v1"', last_modified="Tue, 30 Apr 2024 10:00:00 GMT"),
        fresh_for=timedelta(minutes=15),
    )


async def test_a_first_request_is_polite_and_unconditional(site: Web, client: Fetcher) -> None:
    await client.get(site.says("/feed", FEED), NO_VALIDATORS)
    headers = site.requests[0].headers
    assert headers["User-Agent"] == "Feedbell/0.1.0 (+https://github.com/feedbell/feedbell)"
    assert "application/rss+xml" in headers["Accept"]
    assert {coding.strip() for coding in headers["Accept-Encoding"].split(",")} == {
        "gzip",
        "deflate",
        "br",
        "zstd",
    }
    assert not {"If-None-Match", "If-Modified-Since", "Cookie", "Referer"} & set(headers)


@pytest.mark.parametrize(
    "etag",
    [
        pytest.param('"abc"', id="a plain one"),
        pytest.param('W/"abc"', id="a weak one"),
        pytest.param("abc-no-quotes", id="one without its quotes"),
        pytest.param('"abc', id="one with a quote missing"),
        pytest.param('"a, b"', id="one that looks like a list"),
        pytest.param('"' + "x" * 300 + '"', id="one of 300 characters"),
        pytest.param('"naïve-日本"', id="one beyond ASCII"),
    ],
)
async def test_validators_go_back_byte_for_byte(site: Web, client: Fetcher, etag: str) -> None:
    url = site.says("/feed", FEED, headers={"ETag": etag, "Last-Modified": "tuesday-ish"})
    first = await client.get(url, NO_VALIDATORS)
    assert isinstance(first, Fetched)
    await client.get(url, first.validators)
    assert site.requests[1].headers["If-None-Match"] == etag
    assert site.requests[1].headers["If-Modified-Since"] == "tuesday-ish"


async def test_empty_validators_are_none(site: Web, client: Fetcher) -> None:
    """An empty If-None-Match makes some servers answer 400."""
    url = site.says("/feed", FEED, headers={"ETag": "", "Last-Modified": ""})
    result = await client.get(url, Validators(etag="", last_modified=""))
    assert isinstance(result, Fetched)
    assert result.validators == Validators()
    assert not {"If-None-Match", "If-Modified-Since"} & set(site.requests[0].headers)


async def test_not_modified_keeps_what_it_does_not_renew(site: Web, client: Fetcher) -> None:
    url = site.says("/feed", status=304, headers={"ETag": '"v2"', "Cache-Control": "max-age=60"})
    kept = Validators(etag='"v1"', last_modified="then", body_hash="h")
    assert await client.get(url, kept) == Unchanged(
        Validators(etag='"v2"', last_modified="then", body_hash="h"), timedelta(minutes=1)
    )


async def test_a_body_under_the_version_we_have_is_unchanged(site: Web, client: Fetcher) -> None:
    """Some servers send ETags and do not look at If-None-Match."""
    url = site.says("/feed", FEED, headers={"ETag": '"v1"'})
    assert await client.get(url, Validators(etag='"v1"', body_hash="h")) == Unchanged(
        Validators(etag='"v1"', body_hash="h"), None
    )


async def test_a_body_of_the_same_date_is_looked_at(site: Web, client: Fetcher) -> None:
    """Dates lie: servers are known that never change theirs. The body's hash tells, and nothing is missed."""
    url = site.says("/feed", FEED, headers={"Last-Modified": "then"})
    result = await client.get(url, Validators(last_modified="then", body_hash="h"))
    assert isinstance(result, Fetched)
    assert result.body == FEED


async def test_not_modified_to_a_plain_question_is_no_answer(site: Web, client: Fetcher) -> None:
    url = site.says("/feed", status=304)
    assert await client.get(url, Validators(body_hash="h")) == FetchFailed(
        Problem("fetch.broken_answer", HERE)
    )


@pytest.mark.parametrize(("size", "passes"), [(1 << 20, True), ((1 << 20) + 1, False)])
async def test_the_limit_itself_still_passes(site: Web, size: int, passes: bool) -> None:
    url = site.says("/feed", bytes(size))
    async with fetcher(limits=Limits(body=1 << 20)) as client:
        assert isinstance(await client.get(url, NO_VALIDATORS), Fetched) == passes


async def test_a_body_without_end_is_cut(site: Web, client: Fetcher) -> None:
    async def forever(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(1 << 16))

    result = await client.get(site.does("/feed", forever), NO_VALIDATORS)
    assert result == FetchFailed(Problem("fetch.too_large", {"host": "127.0.0.1", "limit": "10 MB"}))


async def test_a_body_that_trickles_ends_at_the_deadline(site: Web) -> None:
    """Each byte comes in time; all of them never do."""

    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"<")
            await asyncio.sleep(0.01)

    url = site.does("/feed", trickle)
    async with fetcher(limits=Limits(time=timedelta(seconds=0.2))) as client:
        assert await client.get(url, NO_VALIDATORS) == FetchFailed(Problem("fetch.too_slow", HERE))


async def test_a_server_that_says_nothing_ends_at_the_deadline(site: Web) -> None:
    async def silence(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(5)
        return web.Response()

    url = site.does("/feed", silence)
    async with fetcher(limits=Limits(time=timedelta(seconds=0.1))) as client:
        assert await client.get(url, NO_VALIDATORS) == FetchFailed(Problem("fetch.timeout", HERE))


async def test_waiting_for_ones_turn_costs_no_time(site: Web) -> None:
    """A slow host with many feeds must not make the last of them fail."""

    async def slow(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.2)
        return web.Response(body=FEED)

    url = site.does("/feed", slow)
    async with fetcher(limits=Limits(time=timedelta(seconds=0.5), at_one_host=1)) as client:
        results = await asyncio.gather(*(client.get(url, NO_VALIDATORS) for _ in range(4)))
    assert all(isinstance(result, Fetched) for result in results)


async def test_at_most_two_requests_a_host_at_the_same_time(site: Web, client: Fetcher) -> None:
    at_once: list[int] = [0]
    most: list[int] = [0]

    async def count(_: web.Request) -> web.StreamResponse:
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        await asyncio.sleep(0.01)
        at_once[0] -= 1
        return web.Response(body=FEED)

    url = site.does("/feed", count)
    await asyncio.gather(*(client.get(url, NO_VALIDATORS) for _ in range(12)))
    assert most == [2]


async def test_an_empty_body_is_a_body(site: Web, client: Fetcher) -> None:
    """What it means is for the reading to say."""
    result = await client.get(site.says("/feed"), NO_VALIDATORS)
    assert isinstance(result, Fetched)
    assert result.body == b""


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        pytest.param([302], None, id="a temporary redirect moves nothing"),
        pytest.param([303], None, id="nor does see-other"),
        pytest.param([307], None, id="nor does 307"),
        pytest.param([301], "/1", id="a permanent one does"),
        pytest.param([308], "/1", id="so does 308"),
        pytest.param([301, 308], "/2", id="two permanent ones move twice"),
        pytest.param([301, 302], "/1", id="up to the first temporary one"),
        pytest.param([302, 301], None, id="none after a temporary one"),
        pytest.param([301, 302, 301], "/1", id="the row is broken once and for all"),
        pytest.param([301] * 5, "/5", id="five are followed"),
    ],
)
async def test_an_unbroken_row_of_permanent_redirects_moves_a_feed(
    site: Web, client: Fetcher, statuses: list[int], moved_to: str | None
) -> None:
    for number, status in enumerate(statuses):
        site.redirects(f"/{number}", f"/{number + 1}", status)
    last = site.says(f"/{len(statuses)}", FEED)
    result = await client.get(site.base + "/0", NO_VALIDATORS)
    assert isinstance(result, Fetched)
    assert result.moved_to == (site.base + moved_to if moved_to else None)
    assert result.final_url == last


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        pytest.param([301], "/1", id="one that is permanent"),
        pytest.param([308, 302], "/1", id="up to the first temporary one"),
        pytest.param([302, 308], None, id="none after a temporary one"),
    ],
)
@pytest.mark.parametrize(
    ("status", "headers"),
    [
        pytest.param(304, {}, id="not modified there"),
        pytest.param(200, {"ETag": '"v1"'}, id="the version we have there"),
    ],
)
async def test_an_unchanged_feed_moves_as_well(
    site: Web,
    client: Fetcher,
    statuses: list[int],
    moved_to: str | None,
    status: int,
    headers: dict[str, str],
) -> None:
    """A quiet feed would go through its old address for ever."""
    for number, redirect in enumerate(statuses):
        site.redirects(f"/{number}", f"/{number + 1}", redirect)
    site.says(f"/{len(statuses)}", FEED, status=status, headers=headers)
    known = Validators(etag='"v1"')
    assert await client.get(site.base + "/0", known) == Unchanged(
        known, None, moved_to=site.base + moved_to if moved_to else None
    )


async def test_redirects_in_a_circle_end(site: Web, client: Fetcher) -> None:
    url = site.redirects("/a", "/b", 301)
    site.redirects("/b", "/a", 301)
    assert await client.get(url, NO_VALIDATORS) == FetchFailed(Problem("fetch.too_many_redirects", HERE))
    assert len(site.requests) == 6


@pytest.mark.parametrize(
    "location",
    [
        pytest.param("", id="nowhere"),
        pytest.param("ftp://example.org/feed", id="to another scheme"),
        pytest.param("file:///etc/passwd", id="to a file"),
        pytest.param("javascript:alert(1)", id="to a script"),
        pytest.param("https://", id="to no host"),
        pytest.param("http://[::1/feed", id="to a host that cannot be read"),
        pytest.param("http://127.0.0.1:99999/", id="to a port that is none"),
    ],
)
async def test_a_redirect_that_leads_nowhere_is_told(site: Web, client: Fetcher, location: str) -> None:
    url = site.redirects("/feed", location)
    assert await client.get(url, NO_VALIDATORS) == FetchFailed(Problem("fetch.bad_redirect", HERE))


@pytest.mark.parametrize(
    ("location", "path"),
    [
        pytest.param("/new?a=%2f&b=%41", "/new?a=%2f&b=%41", id="as it was quoted"),
        pytest.param("/n e w", "/n%20e%20w", id="with spaces"),
        pytest.param("/новый", "/%D0%BD%D0%BE%D0%B2%D1%8B%D0%B9", id="in raw UTF-8"),
    ],
)
async def test_a_redirect_is_followed_as_written(
    site: Web, client: Fetcher, location: str, path: str
) -> None:
    url = site.redirects("/feed", location)
    for there in ("/new", "/n e w", "/новый"):
        site.says(there, FEED)
    assert isinstance(await client.get(url, NO_VALIDATORS), Fetched)
    assert site.requests[1].raw_path == path


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("127.0.0.1", "fetch.private_address"),
        ("localhost", "fetch.private_address"),
        ("0.0.0.0", "fetch.private_address"),
        ("0x7f000001", "fetch.private_address"),
        ("[::1]", "fetch.private_address"),
        ("[::ffff:127.0.0.1]", "fetch.private_address"),
        # aiohttp stops these before they are looked up.
        ("127.1", "fetch.no_such_host"),
        ("2130706433", "fetch.no_such_host"),
        ("0177.0.0.1", "fetch.no_such_host"),
    ],
)
async def test_no_spelling_of_a_private_address_gets_past_the_guard(site: Web, place: str, key: str) -> None:
    url = site.says("/feed", FEED).replace("127.0.0.1", place)
    async with fetcher(allowed=Allowed()) as client:
        result = await client.get(url, NO_VALIDATORS)
    assert result == FetchFailed(Problem(key, {"host": place.strip("[]")}))
    assert site.requests == []


async def test_a_redirect_to_a_private_address_is_refused(site: Web) -> None:
    async with serving() as secret:
        url = site.redirects("/feed", secret.says("/secret", FEED))
        async with fetcher(allowed=parse_allowed([site.base.removeprefix("http://")])) as client:
            result = await client.get(url, NO_VALIDATORS)
        assert result == FetchFailed(Problem("fetch.private_address", HERE))
        assert secret.requests == []


async def test_a_name_the_operator_allows_may_be_private(site: Web) -> None:
    url = site.says("/feed", FEED).replace("127.0.0.1", "LocalHost")
    async with fetcher(allowed=parse_allowed([f"localhost:{url.split(':')[2].split('/')[0]}"])) as client:
        assert isinstance(await client.get(url, NO_VALIDATORS), Fetched)


@pytest.mark.parametrize(
    ("status", "key", "values"),
    [
        (300, "fetch.status", {"status": "300"}),
        (400, "fetch.status", {"status": "400"}),
        (401, "fetch.login", {}),
        (402, "fetch.status", {"status": "402"}),
        (403, "fetch.forbidden", {}),
        (404, "fetch.not_found", {}),
        (407, "fetch.proxy", {}),
        (410, "fetch.gone", {}),
        (418, "fetch.status", {"status": "418"}),
        (429, "fetch.too_many_requests", {}),
        (451, "fetch.status", {"status": "451"}),
        (500, "fetch.server_error", {"status": "500"}),
        (502, "fetch.server_error", {"status": "502"}),
        (503, "fetch.server_error", {"status": "503"}),
        (530, "fetch.server_error", {"status": "530"}),
    ],
)
async def test_what_a_status_means(
    site: Web, client: Fetcher, status: int, key: str, values: dict[str, str]
) -> None:
    url = site.says("/feed", b"<html>no</html>", status=status)
    assert await client.get(url, NO_VALIDATORS) == FetchFailed(Problem(key, HERE | values))


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        pytest.param(429, {"Retry-After": "90"}, timedelta(seconds=90), id="429, seconds"),
        pytest.param(503, {"Retry-After": "90"}, timedelta(seconds=90), id="503, seconds"),
        pytest.param(
            429,
            {"Retry-After": "Wed, 01 May 2024 12:01:00 GMT", "Date": "Wed, 01 May 2024 12:00:00 GMT"},
            timedelta(minutes=1),
            id="429, a date",
        ),
        pytest.param(429, {}, None, id="429 that names no time"),
        pytest.param(404, {"Retry-After": "90"}, None, id="elsewhere it means nothing"),
    ],
)
async def test_how_long_a_server_asks_us_to_stay_away(
    site: Web, client: Fetcher, status: int, headers: dict[str, str], wait: timedelta | None
) -> None:
    result = await client.get(site.says("/feed", status=status, headers=headers), NO_VALIDATORS)
    assert isinstance(result, FetchFailed)
    assert result.retry_after == wait


async def test_a_wish_is_heard_though_its_page_trickles(
    site: Web, client: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get, "_GLANCE", 0.1)

    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=429, headers={"Retry-After": "90"})
        await response.prepare(request)
        while True:
            await response.write(b"<")
            await asyncio.sleep(0.01)

    assert await client.get(site.does("/feed", trickle), NO_VALIDATORS) == FetchFailed(
        Problem("fetch.too_many_requests", HERE), timedelta(seconds=90)
    )


async def test_a_header_of_20_kb_is_no_hindrance(site: Web, client: Fetcher) -> None:
    url = site.says("/feed", FEED, headers={"Content-Security-Policy": "x" * 20_000})
    assert isinstance(await client.get(url, NO_VALIDATORS), Fetched)


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        pytest.param(403, {"cf-mitigated": "challenge"}, b"", id="Cloudflare's header"),
        pytest.param(403, {}, b"<script>window._cf_chl_opt={}</script>", id="Cloudflare's page"),
        pytest.param(
            503, {}, b'<script src="/cdn-cgi/challenge-platform/x.js">', id="Cloudflare's older page"
        ),
        pytest.param(403, {"Server": "ddos-guard"}, b"<title>ddos-guard</title>", id="DDoS-Guard"),
        pytest.param(
            401, {}, b'<script src="/.within.website/x/cmd/anubis/static/js/main.mjs">', id="Anubis"
        ),
        pytest.param(429, {}, b'<form action="/_sec/cp_challenge/verify">', id="Akamai"),
        pytest.param(403, {}, b"<script src='https://ct.captcha-delivery.com/c.js'>", id="DataDome"),
        pytest.param(403, {}, b'<div id="px-captcha">', id="HUMAN"),
        pytest.param(403, {}, b'<iframe src="/_Incapsula_Resource?x=1">', id="Imperva"),
        pytest.param(403, {}, b"<script>sucuri_cloudproxy_js='';</script>", id="Sucuri"),
        pytest.param(202, {"x-amzn-waf-action": "challenge"}, b"<html>", id="AWS, which calls it accepted"),
        pytest.param(405, {"x-amzn-waf-action": "captcha"}, b"<html>", id="AWS with a captcha"),
        pytest.param(429, {"x-vercel-mitigated": "challenge"}, b"", id="Vercel"),
        pytest.param(403, {"Content-Encoding": "gzip"}, gzip.compress(b"_cf_chl_opt"), id="a zipped one"),
        pytest.param(403, {}, b" " * 60_000 + b"_cf_chl_opt" + b" " * 9_000_000, id="an endless one"),
    ],
)
async def test_a_browser_check_is_told_from_a_refusal(
    site: Web, client: Fetcher, status: int, headers: dict[str, str], body: bytes
) -> None:
    url = site.says("/feed", body, status=status, headers=headers)
    assert await client.get(url, NO_VALIDATORS) == FetchFailed(Problem("fetch.challenge", HERE))


@pytest.mark.parametrize(
    ("status", "key"),
    [
        pytest.param(401, "fetch.login", id="a login is wanted"),
        pytest.param(403, "fetch.forbidden", id="Akamai, WordPress and many others just refuse"),
    ],
)
async def test_a_refusal_is_not_called_a_browser_check(
    site: Web, client: Fetcher, status: int, key: str
) -> None:
    body = b"<title>Access Denied</title> Reference #18.2d351ab8 https://errors.edgesuite.net/18.2d351ab8"
    url = site.says("/feed", body, status=status)
    assert await client.get(url, NO_VALIDATORS) == FetchFailed(Problem(key, HERE))


async def test_a_refusal_whose_page_cannot_be_unzipped_is_still_a_refusal(site: Web, client: Fetcher) -> None:
    url = site.says("/feed", b"<html>", status=403, headers={"Content-Encoding": "gzip"})
    assert await client.get(url, NO_VALIDATORS) == FetchFailed(Problem("fetch.forbidden", HERE))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "http://a:b/",
        "http://a:0/",
    ],
)
async def test_what_is_no_address_is_told(client: Fetcher, url: str) -> None:
    assert await client.get(url, NO_VALIDATORS) == FetchFailed(Problem("url.not_a_url", {"url": url}))


async def test_a_name_that_cannot_be_one_is_no_host(client: Fetcher) -> None:
    """Longer than a label may be: no resolver is asked."""
    host = "x" * 64 + ".invalid"
    assert await client.get(f"http://{host}/", NO_VALIDATORS) == FetchFailed(
        Problem("fetch.no_such_host", {"host": host})
    )


async def test_a_closed_port_is_a_refusal(client: Fetcher) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    assert await client.get(f"http://127.0.0.1:{port}/", NO_VALIDATORS) == FetchFailed(
        Problem("fetch.refused", HERE)
    )


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="it hangs up"),
        pytest.param(b"220 smtp.example.org ESMTP\r\n", id="it speaks another language"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n<rss", id="it stops in the middle"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="its chunks are none"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n<rss",
            id="it is not zipped",
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", id="a header of 100 KB"),
    ],
)
async def test_an_answer_that_is_none_is_told(client: Fetcher, answer: bytes) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        result = await client.get(f"http://127.0.0.1:{port}/", NO_VALIDATORS)
    assert result == FetchFailed(Problem("fetch.broken_answer", HERE))


async def test_cookies_are_not_kept(site: Web, client: Fetcher) -> None:
    url = site.says("/feed", FEED, headers={"Set-Cookie": "id=1; Path=/"})
    await client.get(url, NO_VALIDATORS)
    await client.get(url, NO_VALIDATORS)
    assert "Cookie" not in site.requests[1].headers


async def test_proxies_of_the_environment_are_not_used(
    site: Web, client: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base)
        monkeypatch.setenv("http_proxy", proxy.base)
        assert isinstance(await client.get(site.says("/feed", FEED), NO_VALIDATORS), Fetched)
        assert proxy.requests == []


async def test_a_login_reaches_its_host_alone(site: Web, client: Fetcher) -> None:
    async with serving() as other:
        target = other.says("/feed", FEED)
        url = site.redirects("/feed", target).replace("http://", "http://me:s%3Acret@")
        result = await client.get(url, NO_VALIDATORS)
        assert site.requests[0].headers["Authorization"] == aiohttp.encode_basic_auth("me", "s:cret")
        assert "Authorization" not in other.requests[0].headers
    assert isinstance(result, Fetched)


async def test_a_login_does_not_travel_with_links(site: Web, client: Fetcher) -> None:
    plain = site.says("/feed", FEED)
    result = await client.get(plain.replace("http://", "http://me:secret@"), NO_VALIDATORS)
    assert isinstance(result, Fetched)
    assert result.final_url == plain


@pytest.mark.parametrize(
    "path",
    ["/feed?sig=a%2Bb%3D&x=%41%7e", "/a%2Fb", "/feed?q=a+b&empty=&;", "/~me/feed;v=1?a[]=1"],
)
async def test_an_address_is_sent_byte_for_byte(site: Web, client: Fetcher, path: str) -> None:
    """A signed address dies of being quoted anew."""

    async def anything(_: web.Request) -> web.StreamResponse:
        return web.Response(body=FEED)

    for there in ("/feed", "/a/b", "/a%2Fb", "/~me/feed;v=1"):
        site.does(there, anything)
    await client.get(site.base + path, NO_VALIDATORS)
    assert site.requests[0].raw_path == path


async def test_an_address_without_a_path_asks_for_the_root(site: Web, client: Fetcher) -> None:
    site.says("/", FEED)
    assert isinstance(await client.get(site.base, NO_VALIDATORS), Fetched)
