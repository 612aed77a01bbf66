"""Whether a feed gives only the start of an article, and whether its page gives the rest."""

from __future__ import annotations

from bot.condense.article import article_lines
from bot.condense.blocks import Kind, Line, Page, read
from bot.condense.echo import echo
from bot.condense.sentences import is_terminated, is_unfinished
from bot.condense.text import weight
from bot.condense.titles import plain_title
from bot.condense.words import READ_MORE
from bot.model import Entry

# Letters, as `weight` counts. A longer text is worth reading as it is, wherever it ends.
_LONGEST = 1_200
# A text of this length that ends without a full stop was cut more often than not; a shorter one may be a post.
_OPEN_END = 120
# Less is no article: a wall, an error, a player.
_SHORTEST = 200
# Of the words that the feed gives, so many must stand on the page.
_SAME = 0.5


def is_teaser(entry: Entry) -> bool:
    """Whether what a feed says of an article is cut, or nothing at all. Never for what is heard or watched."""
    if any(one.type.startswith(("audio/", "video/")) for one in entry.enclosures):
        return False
    page, lines = _given(entry)
    if not lines:
        return True
    if _size(lines) > _LONGEST:
        return False
    return _breaks_off(lines) or any(_leads_on(line) for line in page.lines[-2:])


def is_article_of(markup: str, entry: Entry) -> bool:
    """Whether what was found on an entry's page is its article, and more than the feed gives: not a wall of
    cookies, a login, another article, the teaser again.

    Args:
        markup: HTML.
    """
    title = plain_title(entry.title, feed_title="", link=entry.link)
    page = read(markup)
    _, given = _given(entry)
    known = f"{title} {_text(given)}"
    fuller = _size(article_lines(page, title)) > max(_size(given), _SHORTEST)
    return fuller and echo(known, _text(page.lines)) >= _SAME


def _given(entry: Entry) -> tuple[Page, tuple[Line, ...]]:
    """The longer of what the feed gives, and what of it is article."""
    title = plain_title(entry.title, feed_title="", link=entry.link)
    pages = [read(markup) for markup in (entry.content, entry.summary)]
    told = [(page, _telling(article_lines(page, title))) for page in pages]
    return max(told, key=lambda one: _size(one[1]))


def _telling(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Without captions, headings, and links that stand for themselves ("Comments")."""
    return tuple(
        line
        for line in lines
        if line.kind not in (Kind.CAPTION, Kind.HEADING) and line.linked * 10 < len(line.text) * 7
    )


def _breaks_off(lines: tuple[Line, ...]) -> bool:
    """With dots; or without a full stop, in a single line: cutting a text takes its markup too."""
    last = lines[-1]
    if is_unfinished(last.text):
        return True
    may_be_cut = len(lines) == 1 and last.kind is Kind.PROSE and weight(last.text) >= _OPEN_END
    return may_be_cut and not is_terminated(last.text)


def _leads_on(line: Line) -> bool:
    words = line.links[-1] if line.ends_in_link and line.links else line.text
    return READ_MORE.fullmatch(words) is not None


def _size(lines: tuple[Line, ...]) -> int:
    return sum(weight(line.text) for line in lines)


def _text(lines: tuple[Line, ...]) -> str:
    return "\n".join(line.text for line in lines)
