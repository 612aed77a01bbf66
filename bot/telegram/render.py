"""An alert, a digest or a notice → the message as Telegram gets it. Pure.

Rests on Telegram's HTML mode, which knows few tags, decodes only `&lt; &gt; &amp; &quot;`, and refuses a whole
message for one mistake (Bot API, "HTML style").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot import looks
from bot.model import Alert, Article, Digest, Headline, Look, Pictures
from bot.telegram.cuts import (
    LONGEST_CAPTION,
    LONGEST_SOURCE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    cut,
    first_seen,
    fitting,
    graphemes,
)
from bot.telegram.foot import foot_lines
from bot.telegram.fulltext.links import taken
from bot.telegram.marks import escape, marked, words_of
from bot.telegram.template import own_html

# All entities of a message together, in bytes, and what each weighs beside its address; both on the safe side.
_ENTITIES, _ENTITY = 9000, 30
# Headlines and feed titles of a digest are cut to the first pair with which everything fits.
_WIDTHS = ((120, 60), (80, 40), (60, 20), (30, 10))


@dataclass(frozen=True, slots=True)
class Message:
    """One text message, ready to send."""

    html: str
    plain: str
    """The same without markup, for when Telegram refuses the HTML."""
    preview: str | None
    """The picture that stands above the text, as the card of its own address; None for no card, and with photos.

    Not the article's page: its card would say headline and summary once more."""


@dataclass(frozen=True, slots=True)
class DigestWords:
    """The words around a digest's headlines, in the reader's language; no markup."""

    heading: str
    missed: str | None
    """Says that some articles were not kept; None if there are none."""


def alert_message(alert: Alert) -> Message:
    """An article as its reader's own template has it; else in the usual form."""
    link = _link(alert.article)
    html = own_html(alert) or _usual(alert, link)
    return Message(
        html=html,
        plain="\n\n".join(filter(None, [words_of(html), link])),
        preview=alert.pictures[0] if alert.look is Look.CARD else None,
    )


def _usual(alert: Alert, link: str | None) -> str:
    """Headline that links, summary, what it holds to hear or see, where it is talked of, source, time and tags."""
    article = alert.article
    title = graphemes(first_seen(article.title, article.url, alert.feed_title), LONGEST_TITLE)
    headline = _headline(title, link)
    foot = "\n".join(
        foot_lines(article, graphemes(alert.feed_title, LONGEST_SOURCE), hashtags=alert.form.hashtags)
    )
    most = LONGEST_CAPTION if alert.look < Look.CARD else LONGEST_TEXT
    room = most - len(words_of(f"{headline}{foot}")) - len("\n\n\n\n")
    summary = marked(fitting(article.summary, room, article.language), alert.form.marks)
    return "\n\n".join(filter(None, [headline, summary, foot]))


def _link(article: Article) -> str | None:
    return article.url if article.url and taken(article.url) else None


def digest_message(digest: Digest, words: DigestWords) -> Message:
    """Headlines as links, below the titles of their feeds.

    Fits Telegram's 4,096 code points, 100 entities and their 9.5 kB with up to 48 headlines, whatever is in them;
    the longest addresses are left out where they would not.
    """
    linked = _affordable(digest.headlines)
    for widths in _WIDTHS:
        plain = _digest(digest.headlines, words, widths, _Plain())
        if len(plain) <= LONGEST_TEXT:
            break
    html = _digest(digest.headlines, words, widths, _Markup(linked))
    with_addresses = _digest(digest.headlines, words, widths, _Addresses())
    return Message(html, with_addresses if len(with_addresses) <= LONGEST_TEXT else plain, preview=None)


def notice_message(text: str) -> Message:
    """A plain text of the catalogue."""
    return Message(escape(text), text, preview=None)


def article_html(article: Article, feed_title: str) -> str:
    """The message text of an article, for previews."""
    return alert_message(looks.alert(article, feed_title, "en", Pictures.NONE)).html


def _headline(title: str, link: str | None) -> str:
    if link is None:
        return f"<b>{escape(title)}</b>"
    return f'<b><a href="{escape(link)}">{escape(title)}</a></b>'


class _Plain:
    """The lines of a digest as text."""

    def strong(self, text: str) -> str:
        return text

    def faint(self, text: str) -> str:
        return text

    def headline(self, text: str, url: str | None) -> str:
        return text


class _Addresses(_Plain):
    """With each address below its headline, where markup is refused."""

    def headline(self, text: str, url: str | None) -> str:
        return f"{text}\n{url}" if url else text


class _Markup(_Plain):
    """As HTML."""

    def __init__(self, linked: frozenset[str]) -> None:
        self._linked = linked

    def strong(self, text: str) -> str:
        return f"<b>{escape(text)}</b>"

    def faint(self, text: str) -> str:
        return f"<i>{escape(text)}</i>"

    def headline(self, text: str, url: str | None) -> str:
        return f'<a href="{escape(url)}">{escape(text)}</a>' if url in self._linked else escape(text)


def _digest(headlines: Sequence[Headline], words: DigestWords, widths: tuple[int, int], form: _Plain) -> str:
    title_width, feed_width = widths
    blocks = [form.strong(words.heading)]
    for feed_title, group in _by_feed(headlines).items():
        lines = [form.strong(_line(feed_title, feed_width))] if feed_title.strip() else []
        for one in group:
            lines.append(
                "• " + form.headline(_line(one.title or one.url or feed_title, title_width), one.url)
            )
        blocks.append("\n".join(lines))
    if words.missed is not None:
        blocks.append(form.faint(words.missed))
    return "\n\n".join(blocks)


def _by_feed(headlines: Sequence[Headline]) -> dict[str, list[Headline]]:
    """In the order in which each feed comes first."""
    groups: dict[str, list[Headline]] = {}
    for one in headlines:
        groups.setdefault(one.feed_title, []).append(one)
    return groups


def _line(text: str, longest: int) -> str:
    """Shorten, in one line."""
    return cut(" ".join(text.split()), longest)


def _affordable(headlines: Sequence[Headline]) -> frozenset[str]:
    """The addresses that may be links; the shortest first, so that as many as can be are."""
    left = _ENTITIES - _ENTITY * (len(_by_feed(headlines)) + 2)  # feed titles, heading and last line are bold
    linked = set()
    times = Counter(one.url for one in headlines if one.url)
    for url in sorted(times, key=len):
        left -= (len(url.encode()) + _ENTITY) * times[url]
        if left < 0:
            break
        linked.add(url)
    return frozenset(linked)
