"""Articles for filters to look at."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.model import Article, Enclosure

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def article(
    title: str = "",
    *,
    text: str = "",
    summary: str = "",
    author: str = "",
    tags: tuple[str, ...] = (),
    url: str | None = None,
    published: datetime | None = None,
    language: str = "",
    image: str | None = None,
    enclosures: tuple[Enclosure, ...] = (),
) -> Article:
    return Article(
        key="k",
        title=title,
        url=url,
        summary=summary,
        image=image,
        published=published,
        author=author,
        tags=tags,
        text=text,
        language=language,
        enclosures=enclosures,
    )
