"""Articles for filters to look at."""

from __future__ import annotations

from bot.model import Article


def article(
    title: str = "",
    *,
    text: str = "",
    summary: str = "",
    author: str = "",
    tags: tuple[str, ...] = (),
    url: str | None = None,
) -> Article:
    return Article(
        key="k",
        title=title,
        url=url,
        summary=summary,
        image=None,
        published=None,
        author=author,
        tags=tags,
        text=text,
    )
