"""The newsroom itself: which posts are out, and the HTTP answers about them."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from aiohttp import web

from bot.sandbox.newsroom import forms, media, pages
from bot.sandbox.newsroom.shelf import Post, Press, Source

KEPT = 20  # posts in a feed, as most publishers keep
STOCK = 3  # posts that are out before the newsroom opens: a new subscriber wants to see a sample
PICTURES = 24  # different pictures a source; each is drawn once, and 24 are about 400 kB


@dataclass(frozen=True, slots=True)
class DemoFeed:
    """An address a person can subscribe to."""

    name: str  # for `publish`
    title: str
    url: str
    language: str  # BCP 47
    form: str  # in words


@dataclass(frozen=True, slots=True)
class _Edition:
    """One document a source publishes itself in."""

    file: str
    media_type: str
    title: str
    write: forms.Form


@dataclass(frozen=True, slots=True)
class _Paper:
    """What a source offers: the form shown to people, the file they subscribe to, its editions."""

    form: str
    entrance: str  # "" is the front page, which only names the feeds
    editions: tuple[_Edition, ...]


@dataclass(frozen=True, slots=True)
class _Out:
    """The state of one source."""

    source: Source
    paper: _Paper
    posts: deque[Post]  # newest first
    numbers: Iterator[int] = field(default_factory=lambda: count(1))


def _papers() -> dict[str, _Paper]:
    atom, rss = "application/atom+xml", "application/rss+xml"
    return {
        "harbour": _Paper("Atom", "feed.atom", (_Edition("feed.atom", atom, "Posts", forms.blog_atom),)),
        "jianghai": _Paper("RSS 2.0", "rss.xml", (_Edition("rss.xml", rss, "全文", forms.proxied_rss),)),
        "pocket": _Paper(
            "JSON Feed",
            "feed.json",
            (_Edition("feed.json", "application/feed+json", "Notes", forms.notes_json),),
        ),
        "rojiura": _Paper("RSS 1.0", "index.rdf", (_Edition("index.rdf", rss, "日記", forms.diary_rdf),)),
        "gazette": _Paper(
            "web page that names two feeds",
            "",
            (
                _Edition("headlines.rss", rss, "Headlines", forms.headlines_rss),
                _Edition("full.atom", atom, "Full text", forms.paper_atom),
            ),
        ),
    }


class Newsroom:
    """Publishes posts and answers for them. Single-threaded; one event loop."""

    def __init__(self, sources: tuple[Source, ...], press: Press, clock: Callable[[], datetime]) -> None:
        self._press = press
        self._clock = clock
        self._drawn: dict[tuple[str, int], bytes] = {}
        papers = _papers()
        self._out = {s.name: _Out(s, papers[s.name], deque(maxlen=KEPT)) for s in sources}
        for out in self._out.values():
            for age in range(STOCK, 0, -1):
                self._print(out, clock() - timedelta(hours=3 * age))

    @property
    def url(self) -> str:
        return self._press.base

    @property
    def port(self) -> int:
        return int(self._press.base.rsplit(":", 1)[1])

    @property
    def feeds(self) -> list[DemoFeed]:
        return [
            DemoFeed(
                name=name,
                title=out.source.title,
                url=f"{self.url}/{name}/{out.paper.entrance}",
                language=out.source.language,
                form=out.paper.form,
            )
            for name, out in self._out.items()
        ]

    def publish(self, name: str) -> Post:
        """Publish the next article of a source at once. Raises KeyError for a name that is not there."""
        return self._print(self._out[name], self._clock())

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._index),
            web.post("/publish/{name}", self._publish),
            web.get("/media/{name}/w:800/p:16x9/{number:\\d+}.png", self._picture),
            web.get("/media/{name}/{number:\\d+}.wav", self._sound),
            web.get("/{name}/", self._front),
            web.get("/{name}/{file}", self._feed),
            web.get("/{name}/{key}/{slug}", self._article),
        ]

    def _print(self, out: _Out, moment: datetime) -> Post:
        post = self._press.post(out.source, next(out.numbers), moment)
        out.posts.appendleft(post)
        return post

    def _of(self, request: web.Request) -> _Out:
        out = self._out.get(request.match_info["name"])
        if out is None:
            raise web.HTTPNotFound(text="There is no such paper.\n")
        return out

    async def _index(self, request: web.Request) -> web.Response:
        rows = [(feed.name, feed.title, feed.form, feed.url) for feed in self.feeds]
        named = [each for out in self._out.values() for each in _alternates(out)]
        return _html(pages.index(rows, named))

    async def _publish(self, request: web.Request) -> web.Response:
        """Publish from outside; a browser is led back to the list, a program gets the post."""
        post = self.publish(self._of(request).source.name)
        if "text/html" in request.headers.get("Accept", ""):
            raise web.HTTPSeeOther("/")
        return web.json_response(
            {"source": post.source, "title": post.headline, "url": post.url, "key": post.key}
        )

    async def _front(self, request: web.Request) -> web.Response:
        out = self._of(request)
        return _html(pages.front(out.source, out.posts, _alternates(out)))

    async def _feed(self, request: web.Request) -> web.Response:
        out = self._of(request)
        for edition in out.paper.editions:
            if edition.file == request.match_info["file"]:
                text = edition.write(out.source, list(out.posts), self.url)
                return _revalidated(request, text.encode(), edition.media_type, out.posts[0].published)
        raise web.HTTPNotFound(text="This paper has no such feed.\n")

    async def _article(self, request: web.Request) -> web.Response:
        """Every post ever published can be read, not only those still in the feed."""
        out = self._of(request)
        stamp, _, number = request.match_info["key"].rpartition("-")
        newest = out.posts[0]
        if (
            stamp != newest.key.rpartition("-")[0]
            or not number.isdecimal()
            or not 1 <= int(number) <= newest.number
        ):
            raise web.HTTPNotFound(
                text="There is no such article. It was published before the last restart?\n"
            )
        kept = {post.number: post for post in out.posts}
        post = kept.get(int(number)) or self._press.post(out.source, int(number), newest.published)
        return _html(pages.article(out.source, post))

    async def _picture(self, request: web.Request) -> web.Response:
        out, place = self._of(request), int(request.match_info["number"]) % PICTURES
        name = out.source.name
        if (name, place) not in self._drawn:
            self._drawn[name, place] = media.picture(place + PICTURES * list(self._out).index(name))
        return web.Response(body=self._drawn[name, place], content_type="image/png", headers=_FRESH)

    async def _sound(self, request: web.Request) -> web.Response:
        self._of(request)
        body = media.sound(int(request.match_info["number"]) % 12)
        return web.Response(body=body, content_type="audio/wav", headers=_FRESH)


_FRESH = {"Cache-Control": "public, max-age=86400"}


def _alternates(out: _Out) -> list[pages.Alternate]:
    title, name = out.source.title, out.source.name
    return [
        pages.Alternate(f"{title}: {e.title}", e.media_type, f"/{name}/{e.file}") for e in out.paper.editions
    ]


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")


def _revalidated(request: web.Request, body: bytes, media_type: str, changed: datetime) -> web.Response:
    """Answer 304 if the reader has this already. ETag goes before the date: RFC 9110 §13.2.2."""
    etag = hashlib.sha256(body).hexdigest()[:20]
    wanted, since = request.if_none_match, request.if_modified_since
    if wanted is not None:
        unchanged = any(tag.value in {etag, "*"} for tag in wanted)
    else:
        unchanged = since is not None and changed.astimezone(UTC) <= since
    answer = web.Response(status=304) if unchanged else web.Response(body=body)
    if not unchanged:
        answer.headers["Content-Type"] = f"{media_type}; charset=utf-8"
    answer.etag = etag
    answer.last_modified = changed
    return answer
