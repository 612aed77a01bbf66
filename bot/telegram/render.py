"""An alert → the message as Telegram gets it. Pure.

Rests on Telegram's HTML mode, which knows few tags, decodes only `&lt; &gt; &amp; &quot;`, and refuses a whole
message for one mistake (Bot API, "HTML style").
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Alert, Article

# Headlines beyond this are no headlines; the whole message stays far below the 4,096 code points of a text.
_LONGEST_TITLE = 300
_LONGEST_SOURCE = 100
# Entities may weigh about 9.5 kB in all, most of it addresses; browsers stop at 2,048 too.
_LONGEST_LINK = 2048


@dataclass(frozen=True, slots=True)
class Message:
    """One text message, ready to send."""

    html: str
    plain: str
    """The same without markup, for when Telegram refuses the HTML."""
    preview: str | None
    """The picture that stands above the text, as the card of its own address; None for no card.

    Not the article's page: its card would say headline and summary once more."""


def escape(text: str) -> str:
    """Make any text safe between tags and inside attribute values in double quotes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def cut(text: str, longest: int) -> str:
    """Shorten to `longest` code points, the last of them an ellipsis."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def alert_message(alert: Alert) -> Message:
    """Headline that links, summary, source."""
    article = alert.article
    link = article.url if article.url and len(article.url) <= _LONGEST_LINK else None
    title = cut(article.title or article.url or alert.feed_title, _LONGEST_TITLE)
    source = cut(alert.feed_title, _LONGEST_SOURCE)
    blocks = [_headline(title, link), escape(article.summary), escape(source)]
    plain = [title, article.summary, source, link or ""]
    return Message(
        html="\n\n".join(filter(None, blocks)),
        plain="\n\n".join(filter(None, plain)),
        preview=article.image,
    )


def article_html(article: Article, feed_title: str) -> str:
    """The message text of an article, for previews."""
    return alert_message(Alert(article, feed_title, language="en")).html


def _headline(title: str, link: str | None) -> str:
    if link is None:
        return f"<b>{escape(title)}</b>"
    return f'<b><a href="{escape(link)}">{escape(title)}</a></b>'
