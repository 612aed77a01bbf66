"""An article as an alert of it will look."""

from __future__ import annotations

from dataclasses import replace

from bot import looks
from bot.model import Article, Form, Post, Refused, Shown
from bot.telegram.talk import Talk
from bot.telegram.template import own_html


async def show_sample(talk: Talk, article: Article, feed_title: str, how: Shown) -> bool:
    """Show it. One that does not arrive is no loss; how alerts fare is delivery's business.

    Returns:
        Whether it has the form that was asked for: an article that does not fit a template comes in the usual one.
    """
    alert = looks.alert(looks.told(article, how.length), feed_title, talk.words.language, how.pictures)
    alert = replace(alert, form=Form(how.hashtags, template=how.template))
    post: Post | None = alert
    while post is not None:
        sent = await talk.desk.messenger.send(talk.home, talk.home_thread_id, post)
        post = looks.plainer(post, sent) if isinstance(sent, Refused) else None
    return not how.template or own_html(alert) is not None
