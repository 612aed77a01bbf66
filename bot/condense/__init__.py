"""Article HTML → title, summary, pictures, plain text: what an alert says of an entry.

Pure: the same entry gives the same article. Nothing is invented; what the entry does not say is not said.
Read in this order: `blocks` (what is on the page), `article` (what of it is article), `lead` (what is told),
with `text` and `sentences` below them, `titles`, `pictures` and `repetition` beside.
"""

from __future__ import annotations

from bot.condense.article import article_lines
from bot.condense.blocks import Line, Page, read
from bot.condense.lead import MAX_LONG, MAX_SUMMARY, Known, summarize
from bot.condense.pictures import gallery, picture
from bot.condense.repetition import repeated, without
from bot.condense.retelling import retelling
from bot.condense.sentences import together
from bot.condense.teaser import is_article_of, is_teaser
from bot.condense.text import balanced, fingerprint, tidy, weight
from bot.condense.titles import made_title, plain_title
from bot.model import Article, Entry

__all__ = ["MAX_LONG", "MAX_SUMMARY", "condense", "is_article_of", "is_teaser", "repeated", "retelling"]

# Letters; what is left of a summary without its feed's standing words says too little if it is shorter.
_SCRAP = 25


def condense(
    key: str, entry: Entry, *, feed_title: str = "", standing: frozenset[str] = frozenset()
) -> Article:
    """Say in an editor's few words what an entry is about.

    Args:
        key: names the entry within its feed.
        entry: as its feed states it.
        feed_title: plain text; taken off the end of headlines that carry it. "" if unknown.
        standing: what its feed says in every entry, as `repeated` found it.
    """
    title = plain_title(entry.title, feed_title=feed_title, link=entry.link)
    body_page = without(read(entry.content), standing)
    own_page = Page() if entry.summary == entry.content else without(read(entry.summary), standing)
    own, body = article_lines(own_page, title), article_lines(body_page, title)
    text = whole_text(own, body)
    if not title:
        title, rest = made_title(tidy(text), entry.language)
        own, body = (), article_lines(read(rest), title)
    told = summarize(own, body, Known(title, entry.language, standing))
    if standing and 0 < weight(told.short) < _SCRAP:
        # "Video 4." behind a series' name: with the name it says at least what it is part of.
        return condense(key, entry, feed_title=feed_title)
    pages = (body_page, own_page)
    image = picture(entry.image, entry.images, pages, entry.link)
    return Article(
        key=key,
        title=balanced(title),
        url=entry.link,
        summary=balanced(told.short),
        long=balanced(told.long),
        image=image,
        gallery=gallery(image, entry.images, pages, entry.link),
        published=entry.published,
        author=entry.author,
        tags=entry.tags,
        text=text,
        language=entry.language,
        enclosures=entry.enclosures,
        comments=entry.comments,
        html=entry.content or entry.summary,
    )


def whole_text(own: tuple[Line, ...], body: tuple[Line, ...]) -> str:
    """All that filters look at: the body, and the publisher's summary before it unless the body says the same."""
    summary, text = plain(own), plain(body)
    if not (summary and text):
        return text or summary
    is_in = summary in text or fingerprint(summary) in fingerprint(text)
    return text if is_in else f"{summary}\n{text}"


def plain(lines: tuple[Line, ...]) -> str:
    """The article's plain text: a line for each block."""
    blocks: dict[int, list[str]] = {}
    for line in lines:
        blocks.setdefault(line.block, []).append(line.text)
    # Tidied once more where two lines together might read as one tag.
    texts = (together(texts) for texts in blocks.values())
    return "\n".join(tidy(text) if "<" in text else text for text in texts)
