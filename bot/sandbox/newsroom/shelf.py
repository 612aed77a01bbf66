"""The articles we wrote, and what becomes of one when it is published.

The articles are data files in `articles/`, one for each source; each begins with what it shows.
"""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Article:
    """One handwritten article."""

    slug: str  # in the article's own language; percent-encoded in its address
    headline: str | None  # None for a short note without a title
    author: str
    tags: tuple[str, ...]
    body: tuple[str, ...]  # plain paragraphs; the first is the lead
    sound: bool  # whether a recording comes with it


@dataclass(frozen=True, slots=True)
class Source:
    """A paper: its name in addresses, what it says about itself, and its pool of articles."""

    name: str
    title: str
    about: str
    language: str  # BCP 47
    again: str  # the headline when the pool is used up; `{headline}` and `{edition}`
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """An article as it was published once."""

    source: str
    number: int  # counts up from 1 in each source
    key: str  # unique over restarts of the newsroom too
    headline: str | None
    article: Article
    url: str  # absolute
    picture: str  # absolute; 800 x 450 PNG
    gallery: tuple[str, ...]  # two more, for sources that attach several
    sound: str | None  # absolute; WAV
    published: datetime  # aware UTC, whole seconds


@dataclass(frozen=True, slots=True)
class Press:
    """Turns articles into posts for one run of the newsroom.

    `stamp` differs from run to run: without it a bot that kept its database would take every
    article after a restart for one it has already seen.
    """

    base: str  # where the newsroom is served, without a slash at the end
    stamp: str

    def post(self, source: Source, number: int, published: datetime) -> Post:
        """Publish the `number`th article of a source; past the end of the pool a new edition begins."""
        edition, place = divmod(number - 1, len(source.articles))
        article = source.articles[place]
        key = f"{self.stamp}-{number}"
        pictures = [
            f"{self.base}/media/{source.name}/w:800/p:16x9/{n}.png" for n in range(number, number + 3)
        ]
        return Post(
            source=source.name,
            number=number,
            key=key,
            headline=_headline(source, article, edition + 1),
            article=_edition(article, edition + 1),
            url=f"{self.base}/{source.name}/{key}/{quote(article.slug)}",
            picture=pictures[0],
            gallery=tuple(pictures[1:]),
            sound=f"{self.base}/media/{source.name}/{number}.wav" if article.sound else None,
            published=published.replace(microsecond=0),
        )


def sources() -> tuple[Source, ...]:
    """Read every source in `articles/`, by name."""
    folder = resources.files("bot.sandbox.newsroom") / "articles"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(_source(f.name.removesuffix(".toml"), f.read_text(encoding="utf-8")) for f in files)


def _source(name: str, text: str) -> Source:
    told = tomllib.loads(text)
    return Source(
        name=name,
        title=told["title"],
        about=told["about"],
        language=told["language"],
        again=told["again"],
        articles=tuple(_article(entry) for entry in told["article"]),
    )


def _article(entry: dict[str, Any]) -> Article:
    return Article(
        slug=entry["slug"],
        headline=entry.get("headline"),
        author=entry["author"],
        tags=tuple(entry["tags"]),
        body=tuple(entry["body"]),
        sound=entry.get("sound", False),
    )


def _headline(source: Source, article: Article, edition: int) -> str | None:
    if article.headline is None or edition == 1:
        return article.headline
    return source.again.format(headline=article.headline, edition=edition)


def _edition(article: Article, edition: int) -> Article:
    """A note without a headline says in its text which time it is, so that no two are the same."""
    if article.headline is not None or edition == 1:
        return article
    first, *rest = article.body
    body = (f"Note {edition}: {first}", *rest)
    return Article(article.slug, None, article.author, article.tags, body, article.sound)
