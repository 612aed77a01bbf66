"""What stands below an alert: what there is to hear or see, where it is talked of, who says it and when, its tags.

Signs instead of words, so that it reads the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot.model import Article, Enclosure
from bot.telegram.fulltext.links import host_of, taken
from bot.telegram.marks import escape

_SOUNDS = ("mp3", "m4a", "ogg", "oga", "opus", "wav", "flac", "aac")
_FILMS = ("mp4", "m4v", "mov", "webm", "mkv", "avi", "mpg", "mpeg")
# Source: TDLib, a hashtag is at most 256 characters of letters, digits and "_", one of them a letter.
_LONGEST_TAG, _MOST_TAGS = 40, 6
_NOT_IN_TAG = re.compile(r"[^\w]+")
_MEANINGFUL_SIGNS = re.compile(r"[+#@:/]")


def foot_lines(article: Article, source: str, *, hashtags: bool) -> Iterator[str]:
    """Say in lines of Telegram HTML all that is there to say.

    Args:
        source: whose article it is; "" if nobody knows.
        hashtags: the article's tags are asked for.
    """
    yield from filter(None, (_plays(article), _talk(article), _source(article, source)))
    if hashtags and (tags := tag_line(article)):
        yield tags


def tag_line(article: Article) -> str:
    """Its tags as hashtags, the first few; "" if it has none."""
    tags = list(dict.fromkeys(filter(None, map(_hashtag, article.tags))))
    return " ".join(tags[:_MOST_TAGS])


def playable(article: Article) -> Enclosure | None:
    """The sound or film that hangs on it."""
    return next((file for file in article.enclosures if _sign(file) and taken(file.url)), None)


def _plays(article: Article) -> str:
    """Where to hear or see it, and how long it takes."""
    file = playable(article)
    if file is None:
        return ""
    words = clock(file.duration) if file.duration else _ending(file) or host_of(file.url)
    return f'{_sign(file)} <a href="{escape(file.url)}">{escape(words)}</a>'


def _sign(file: Enclosure) -> str:
    kind, ending = file.type.partition("/")[0], _ending(file)
    if kind == "audio" or (kind != "video" and ending in _SOUNDS):
        return "🎧"
    return "▶" if kind == "video" or ending in _FILMS else ""


def _ending(file: Enclosure) -> str:
    name = urlsplit(file.url).path.rpartition("/")[2].lower()
    ending = name.rpartition(".")[2]
    return ending if ending in _SOUNDS or ending in _FILMS else ""


def clock(seconds: int) -> str:
    """As players show it: 4:05, 1:02:33."""
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _talk(article: Article) -> str:
    """Where it is talked of, if that is somewhere else: a site's own comments stand below its article."""
    talk = article.comments
    if not talk or not taken(talk) or talk == article.url:
        return ""
    host = host_of(talk)
    if article.url and _site(host_of(article.url)) == _site(host):
        return ""
    return f'💬 <a href="{escape(talk)}">{escape(host)}</a>'


def _site(host: str) -> str:
    return ".".join(host.split(".")[-2:])


def _source(article: Article, source: str) -> str:
    return " · ".join(filter(None, (escape(source, quotes=False), moment(article.published))))


def moment(at: datetime | None) -> str:
    """Date and time, as HTML that the reader's client shows in their own zone and language; "" if no clock shows it."""
    tag = moment_tag(at, "Dt")
    return f"<{tag}>{utc(at, '%Y-%m-%d %H:%M')} UTC</tg-time>" if tag else ""


def moment_tag(at: datetime | None, form: str) -> str:
    """The tag that shows a moment in the reader's own zone and language; "" for what no clock shows.

    Args:
        form: D for the date, t for the time. Source: Bot API, MessageEntity, `date_time_format`.
    """
    unix = int(at.timestamp()) if at else 0
    return f'tg-time unix="{unix}" format="{form}"' if 0 < unix < 1 << 31 else ""


def utc(at: datetime | None, form: str) -> str:
    """For clients that know no such tag; "" without a moment."""
    return f"{at.astimezone(UTC):{form}}" if at else ""


def _hashtag(tag: str) -> str:
    """A tag as Telegram finds it; "" for what would be another one, as "C" for "C++"."""
    word = _NOT_IN_TAG.sub("_", tag.strip()).strip("_")
    if _MEANINGFUL_SIGNS.search(tag) or not any(map(str.isalpha, word)) or len(word) > _LONGEST_TAG:
        return ""
    return f"#{word}"
