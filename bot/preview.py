"""What alerts would look like, and which entries a filter lets through: of feeds named on the command line."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot import feeds, filters, i18n
from bot.clock import SystemClock
from bot.condense import condense, repeated
from bot.config import Settings
from bot.errors import SourceError
from bot.fetch import Children, WebReader, web_reader
from bot.model import Article, FeedRead, FetchFailed, NotAFeed, ParsedFeed, Problem, Unchanged, Validators
from bot.telegram.render import article_html

# As for feeds from the web: more is no feed.
MOST_BYTES = 10_000_000
DEADLINE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A source that is no feed, and why in one sentence."""

    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry of a source, condensed."""

    source: str
    index: int
    feed_title: str
    article: Article

    def as_json(self) -> dict[str, Any]:
        """The line that `preview --json` prints."""
        article = self.article
        return {
            "source": self.source,
            "index": self.index,
            "key": article.key,
            "title": article.title,
            "url": article.url,
            "summary": article.summary,
            "image": article.image,
            "published": article.published.isoformat() if article.published else None,
            "author": article.author,
            "tags": list(article.tags),
            "html": article_html(article, self.feed_title),
        }

    def as_text(self) -> str:
        """For people: headline, summary, link, picture."""
        article = self.article
        picture = f"[{article.image}]" if article.image else ""
        return "\n".join(filter(None, [article.title, article.summary, article.url, picture])) + "\n"


def sentence(problem: Problem) -> str:
    """The problem in one English sentence."""
    return i18n.load().text(problem.key, i18n.DEFAULT_LANGUAGE, **problem.values)


async def show(
    sources: tuple[str, ...], settings: Settings, *, progress: Callable[[int, str], None]
) -> AsyncIterator[Shown | Unreadable]:
    """Read each source: a feed's address, a feed file, or an archived article; entries in file order.

    Args:
        progress: told the number (from 1) and name of each source as its turn comes.
    """
    web = web_reader(settings.allow_private, SystemClock(), settings.feed_proxy_url)
    async with web as reader, Children() as children:
        for number, source in enumerate(sources, 1):
            progress(number, source)
            try:
                found = await _read(source, reader, children)
            except SourceError as error:
                yield Unreadable(source, str(error))
                continue
            if isinstance(found, ParsedFeed):
                for shown in _entries(source, found):
                    yield shown
            else:
                yield Unreadable(source, _why(found))


def judged(shown: Shown, expression: filters.Expression) -> dict[str, Any]:
    """The line that `match --json` prints."""
    now = SystemClock().now()
    verdict = filters.matches(expression, shown.article, now=now, feed=shown.feed_title)
    because = [
        {"term": reason.term, "field": reason.field, "words": reason.words or None}
        for reason in verdict.because
    ]
    return {"source": shown.source, "index": shown.index, "matches": verdict.holds, "because": because}


async def _read(source: str, reader: WebReader, children: Children) -> ParsedFeed | NotAFeed | FetchFailed:
    if not source.startswith(("http://", "https://")):
        return await children.read(_bytes(source), url="", content_type="", deadline=DEADLINE)
    match await reader.read(source, Validators()):
        case FeedRead(feed):
            return feed
        case Unchanged():  # we sent no validators: a server that says so is broken
            return FetchFailed(Problem("fetch.broken_answer", {"host": source}))
        case NotAFeed() | FetchFailed() as failed:
            return failed


def _why(failed: NotAFeed | FetchFailed) -> str:
    if isinstance(failed, NotAFeed) and failed.found:
        return "a web page, not a feed; it names these feeds: " + ", ".join(link.url for link in failed.found)
    return sentence(failed.problem)


def _bytes(name: str) -> bytes:
    path = Path(name)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SourceError(f"larger than {MOST_BYTES:,} bytes; no feed is")
        return path.read_bytes()
    except OSError as error:
        raise SourceError(str(error.strerror)) from error


def _entries(source: str, feed: ParsedFeed) -> Iterator[Shown]:
    standing = repeated(feed.entries)
    for index, (key, entry) in enumerate(feeds.keyed(feed.entries)):
        article = condense(key, entry, feed_title=feed.title, standing=standing)
        yield Shown(source, index, feed.title, article)
