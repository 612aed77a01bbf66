"""Every message that the entries of a folder's feeds would become, shown to Telegram's own parser.

    python -m tests.referee FOLDER

FOLDER holds feed files and archived articles, in folders or not. For each length of an alert, in the usual form
and in some templates, and the whole article, it counts the messages, those that Telegram refuses, those over a limit,
those of which it drops a link in silence, and those whose words hold markup or entities that nobody wrote. Exits with
1 unless there are none. Needs `tdjson`.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot import feeds, looks
from bot.condense import condense, repeated
from bot.model import Article, Entry, Form, Look, ParsedFeed, Pictures
from bot.sandbox import td
from bot.sandbox.entities import MOST_ENTITIES, utf16
from bot.sandbox.html import Malformed
from bot.sandbox.shapes import Json
from bot.telegram.fulltext import MOST_PAGES, pages
from bot.telegram.render import alert_message
from bot.telegram.template import accepted
from bot.telegram.template.drafts import stored

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
HEAVIEST_ENTITIES, LONGEST_RAW = 9_000, 32_768
TEMPLATES = (
    "<b>{link:{title}}</b>\n{summary}\n\n{source} · {date} {time}{?author: · {author}}\n{tags}",
    "<b>{title}</b>\n<blockquote expandable>{summary}</blockquote>\n<i>by {author}</i>\n{link}\n🎧 {media:{duration}}",
    "{source}: {title}\n<tg-spoiler>{summary}</tg-spoiler>\n{comments:talk}{!comments:{link:read on}}",
    "<pre>{title}\n{author}, {date}</pre>\n{summary}\n{summary}\n<code>{link}</code>",
)
LEFTOVER = re.compile(
    r"</?(?:p|br|div|a|b|i|em|strong|span|img|ul|ol|li|h[1-6]|table|tr|td|font|code|pre|blockquote)\b[^<>]*>|"
    r"&(?:amp|lt|gt|quot|nbsp|#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});",
    re.I,
)


def main(folder: Path) -> int:
    """Print a line for each length; 0 if nothing is wrong with any."""
    counts: dict[str, Counter[str]] = {}
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        for entry, article, feed_title in _articles(file):
            for length, html, most in messages(article, entry, feed_title):
                counted = counts.setdefault(length, Counter())
                counted["messages"] += 1
                for wrong in faults(html, most):
                    counted[wrong] += 1
                    print(f"{wrong}: {length}: {file.name}: {article.key}", file=sys.stderr)
    for length, counted in counts.items():
        wrong = ", ".join(f"{counted[name]} {name}" for name in ("refused", "over", "dropped", "leftover"))
        print(f"{length}: {counted['messages']} messages, {wrong}")
    return int(any(len(counted) > 1 for counted in counts.values()))


def faults(html: str, most: int) -> Iterator[str]:
    """What is wrong with a message.

    Args:
        most: code points that it may have.
    """
    try:
        text, entities = td.parse_html(html)
    except Malformed as error:
        print(error, file=sys.stderr)
        yield "refused"
        return
    heavy = sum(30 + len(str(one.get("url", "")).encode()) for one in entities)
    automatic = td.automatic(text)
    over = (
        len(text) > most,
        len(entities) + len(automatic) > MOST_ENTITIES,
        heavy > HEAVIEST_ENTITIES,
        len(html.encode()) > LONGEST_RAW,
    )
    if any(over) or not text.strip():
        yield "over"
    if html.count("<a ") > sum(one["type"] == "text_link" for one in entities):
        yield "dropped"
    if LEFTOVER.search(words_alone(text, [*entities, *automatic])):
        yield "leftover"


def words_alone(text: str, entities: list[Json]) -> str:
    """The words that are no code, which may well be markup, and no address, which stays as its publisher has it."""
    units = text.encode("utf-16-le", "surrogatepass")
    for one in entities:
        if one["type"] in ("code", "pre", "url"):
            start, end = 2 * one["offset"], 2 * (one["offset"] + one["length"])
            units = units[:start] + b"-\0" * one["length"] + units[end:]
    assert len(units) == 2 * utf16(text)
    return units.decode("utf-16-le", "surrogatepass")


def _articles(file: Path) -> Iterator[tuple[Entry, Article, str]]:
    read = feeds.read(file.read_bytes(), url="", content_type="")
    if isinstance(read, ParsedFeed):
        standing = repeated(read.entries)
        for key, entry in feeds.keyed(read.entries):
            yield entry, condense(key, entry, feed_title=read.title, standing=standing), read.title


def messages(article: Article, entry: Entry, feed_title: str) -> Iterator[tuple[str, str, int]]:
    """Every message that an entry can become: its length and form, its HTML, and how many code points it may have."""
    lengths = {
        "headline": replace(article, summary=""),
        "short": article,
        "long": replace(article, summary=article.long or article.summary),
    }
    for length, one in lengths.items():
        alert = looks.alert(one, feed_title, "en", Pictures.CARD)
        yield length, alert_message(replace(alert, form=Form(hashtags=True))).html, LONGEST_TEXT
        photo = looks.alert(replace(one, image="https://example.org/a.jpg"), feed_title, "en", Pictures.PHOTO)
        yield f"{length} below a photo", alert_message(photo).html, LONGEST_CAPTION
        assert photo.look is Look.ADDRESSES
        for number, template in enumerate(TEMPLATES, 1):
            form = Form(template=accepted(stored(template)))
            yield f"{length}, template {number}", alert_message(replace(alert, form=form)).html, LONGEST_TEXT
            below = alert_message(replace(photo, form=form)).html
            yield f"{length} below a photo, template {number}", below, LONGEST_CAPTION
    head = alert_message(looks.alert(lengths["headline"], feed_title, "en", Pictures.NONE)).html
    whole = pages(head, entry.content or entry.summary, base=article.url or "")
    assert len(whole) <= MOST_PAGES
    for page in whole:
        yield "whole", page, LONGEST_TEXT


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
