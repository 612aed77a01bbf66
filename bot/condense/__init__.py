"""Article HTML → title, summary, pictures, plain text: what an alert says of an entry.

Pure: the same entry gives the same article. Nothing is invented; what the entry does not say is not said.
Read in this order: `blocks` (what is on the page), `article` (what of it is article), `lead` (what is told),
with `text` and `sentences` below them, `titles` and `pictures` beside.
"""

from __future__ import annotations

from bot.condense.article import article_lines
from bot.condense.blocks import Line, Page, read
from bot.condense.lead import MAX_SUMMARY, summarize
from bot.condense.pictures import gallery, picture
from bot.condense.retelling import retelling
from bot.condense.sentences import together
from bot.condense.teaser import is_article_of, is_teaser
from bot.condense.text import fingerprint
from bot.condense.titles import made_title, plain_title
from bot.model import Article, Entry

__all__ = ["MAX_SUMMARY", "condense", "is_article_of", "is_teaser", "retelling"]


def condense(key: str, entry: Entry, *, feed_title: str = "") -> Article:
    """Say in an editor's few words what an entry is about.

    Args:
        key: names the entry within its feed.
        entry: as its feed states it.
        feed_title: plain text; taken off the end of headlines that carry it. "" if unknown.
    """
    title = plain_title(entry.title, feed_title=feed_title, link=entry.link)
    body_page = read(entry.content)
    own_page = Page() if entry.summary == entry.content else read(entry.summary)
    own, body = article_lines(own_page, title), article_lines(body_page, title)
    text = whole_text(own, body)
    if title:
        summary = summarize(own, body, title=title, language=entry.language)
    else:
        title, rest = made_title(text.replace("\n", " "), entry.language)
        rest_lines = article_lines(read(rest), title)
        summary = summarize((), rest_lines, title=title, language=entry.language)
    pages = (body_page, own_page)
    image = picture(entry.image, entry.images, pages, entry.link)
    return Article(
        key=key,
        title=title,
        url=entry.link,
        summary=summary,
        image=image,
        gallery=gallery(image, entry.images, pages, entry.link),
        published=entry.published,
        author=entry.author,
        tags=entry.tags,
        text=text,
        language=entry.language,
        enclosures=entry.enclosures,
    )


def whole_text(own: tuple[Line, ...], body: tuple[Line, ...]) -> str:
    """All that filters look at: the body, and the publisher's summary before it unless the body says the same."""
    summary, text = plain(own), plain(body)
    if not (summary and text):
        return text or summary
    return text if fingerprint(summary) in fingerprint(text) else f"{summary}\n{text}"


def plain(lines: tuple[Line, ...]) -> str:
    """The article's plain text: a line for each block."""
    blocks: dict[int, list[str]] = {}
    for line in lines:
        blocks.setdefault(line.block, []).append(line.text)
    return "\n".join(together(texts) for texts in blocks.values())
