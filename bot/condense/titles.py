"""An entry's headline in one line of plain text; the first words where a publisher gives none."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.condense.sentences import cut, language_of, split
from bot.condense.text import decode, fingerprint, tidy

# As long as a headline in print; Telegram shows about two lines of it.
_MAX_MADE = 160
# Of what a feed calls a headline; behind that it is an article in the wrong place.
_LONGEST = 1_000
_FORMATTING = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|kbd|mark|p|q|s|small|span|strike|strong|sub|sup|"
    r"time|tt|u|wbr)(?:\s[^<>]*)?/?>|<!--.*?-->",
    re.I | re.S,
)
_CDATA = re.compile(r"^\s*<!\[CDATA\[(.*)\]\]>\s*$", re.S)
_SUFFIX = re.compile(r"\s+[-–—|·•»:]+\s+|\s*[|｜]\s*|\s*_\s*(?=[^_]+$)")
# What a Chinese broadcaster or agency calls itself at the end of a headline, where the feed does not name it.
_OUTLET = re.compile(
    r"[\u4e00-\u9fff]{2,12}(?:电台|電台|电视台|電視台|新闻网|新聞網|通讯社|通訊社|中文网|中文網)"
)
_FEED_PARTS = re.compile(r"\s+[-–—|·•»/]+\s+|\s*[:|｜]\s*")


def plain_title(title: str, *, feed_title: str, link: str | None) -> str:
    """A headline without markup, entities and its own site's name at the end; "" if there is none."""
    title = decode(title[:_LONGEST])
    title = _CDATA.sub(r"\1", title)
    title = tidy(
        _FORMATTING.sub(lambda tag: " " if tag[0].lower().startswith(("<br", "<p", "<div")) else "", title)
    )
    return _without_site(title, _site_names(feed_title[:_LONGEST], link))


def _site_names(feed_title: str, link: str | None) -> set[str]:
    """What a site may call itself: its feed's title, that title's parts, its host's name."""
    names = {feed_title, *_FEED_PARTS.split(feed_title)}
    try:
        host = urlsplit(link or "").hostname or ""
    except ValueError:
        host = ""
    labels = host.removeprefix("www.").split(".")
    names.add(".".join(labels))
    # "BBC" for bbc.co.uk and feeds.bbc.co.uk; public suffixes are shorter than four letters or well known.
    names.update(
        label for label in labels[:-1] if label not in ("com", "co", "org", "net", "blog", "news", "cn", "en")
    )
    return {mark for name in names if len(mark := fingerprint(name)) > 1}


def _without_site(title: str, names: set[str]) -> str:
    for _ in range(2):
        found = [match for match in _SUFFIX.finditer(title) if match.start() > 0]
        if not found:
            return title
        tail = title[found[-1].end() :]
        if fingerprint(tail) not in names and not _OUTLET.fullmatch(tail):
            return title
        title = title[: found[-1].start()].rstrip()
    return title


def made_title(text: str, language: str) -> tuple[str, str]:
    """Make a headline of a text's first words.

    Returns:
        The headline, and what the text says after it: nothing is in both.
    """
    sentences = split(text, language_of(text, language))
    if not sentences:
        return "", ""
    first = sentences[0]
    if len(first) <= _MAX_MADE:
        return first, text[len(first) :].strip() if text.startswith(first) else " ".join(sentences[1:])
    title = cut(first, _MAX_MADE)
    return title, "…" + text[len(title) - 1 :].lstrip(" ,;:，、；：،؛-–—·")
