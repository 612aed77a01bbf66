"""One page of an article's full text → the message as Telegram gets it. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Alert
from bot.telegram.fulltext import pages
from bot.telegram.marks import words_of
from bot.telegram.render import Message, alert_message


def page_message(alert: Alert) -> tuple[Message | None, bool]:
    """One page of the article's full text, and whether there are more; the first begins with headline and source.

    Returns:
        None if it has fewer pages.
    """
    head = alert_message(replace(alert, article=replace(alert.article, summary="")))
    texts = pages(head.html, alert.article.html, base=alert.article.url or "", marks=alert.form.marks)
    page = alert.page or 0
    if page >= len(texts):
        return None, False
    return Message(texts[page], words_of(texts[page]), head.preview), page + 1 < len(texts)
