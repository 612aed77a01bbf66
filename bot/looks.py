"""How an article is shown, and what is tried when Telegram refuses it. Pure.

An article never fails because its picture does: each refusal leads to a plainer look, down to bare words.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot.model import Alert, Article, Digest, Length, Letter, Look, Notice, Pictures, Post, Refused

# Source: Bot API, sendMediaGroup.
LARGEST_ALBUM = 10


def alert(
    article: Article, feed_title: str, language: str, pictures: Pictures, look: Look = Look.ADDRESSES
) -> Alert:
    """Show an article.

    Args:
        language: of the words around it.
        look: the richest that Telegram has not refused.
    """
    images = () if article.image is None else (article.image, *article.gallery)
    wanted = max(look, _richest(pictures) if images else Look.TEXT)
    return _dressed(Alert(article, feed_title, language), wanted, images, album=pictures is Pictures.ALBUM)


def told(article: Article, length: Length) -> Article:
    """With as much in its summary as is to be told of it; a full text that is not at hand is told at length."""
    match length:
        case Length.HEADLINE:
            return replace(article, summary="")
        case Length.SHORT:
            return article
        case Length.LONG | Length.FULL:
            return replace(article, summary=article.long or article.summary)
        case _:
            assert_never(length)


def pictures_beside(wished: Pictures, page: int | None, *, offers: bool) -> Pictures:
    """A full text has a card at most, above its first page; no button hangs on an album."""
    if wished is Pictures.NONE or page:
        return Pictures.NONE
    if page == 0:
        return Pictures.CARD
    return Pictures.PHOTO if offers and wished is Pictures.ALBUM else wished


def plainer(post: Post, refusal: Refused) -> Alert | Digest | None:
    """What to try next; None if that was the plainest."""
    match post:
        case Alert(look=Look.PLAIN) | Digest(look=Look.PLAIN) | Notice() | Letter():
            return None
        case Alert():
            look = Look.PLAIN if refusal.markup else Look(post.look + 1)
            return _dressed(post, look, post.pictures, album=True)
        case Digest():
            return replace(post, look=Look.PLAIN)
        case _:
            assert_never(post)


def messages_of(post: Post) -> int:
    """How many messages Telegram counts: an album counts as its pictures."""
    return max(1, len(post.pictures)) if isinstance(post, Alert) else 1


def _richest(pictures: Pictures) -> Look:
    match pictures:
        case Pictures.PHOTO | Pictures.ALBUM:
            return Look.ADDRESSES
        case Pictures.CARD:
            return Look.CARD
        case Pictures.NONE:
            return Look.TEXT
        case _:
            assert_never(pictures)


def _dressed(bare: Alert, look: Look, images: tuple[str, ...], *, album: bool) -> Alert:
    """With as many of the pictures as the look can show."""
    many = 0 if look > Look.CARD else LARGEST_ALBUM if album and look < Look.CARD else 1
    return replace(bare, look=look, pictures=images[:many])
