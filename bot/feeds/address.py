"""What people type as an address → the address we keep."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

from bot.feeds.links import without_campaign

# A host as people type it: labels with at least one dot, or an IP literal, or localhost.
_HOST = re.compile(r"^(?:\[[0-9a-fA-F:.]+\]|localhost|(?:[^\s./:@\[\]]+\.)+[^\s./:@\[\]]+\.?)$")
_UNSAFE = "/%:@!$&'()*+,;=~-._?[]"
_LONGEST = 2048  # what browsers and servers agree to carry
# Brackets and quotation marks that come along when an address is copied out of a text.
_AROUND = "<>\"'`“”‘’„«»「」『』《》〈〉"
# Schemes by which web pages called up programs for news and podcasts; what stands behind is on the web.
_PROGRAMS = re.compile(r"^(?:feed|rss|itpcs?|pcast|podcast)s?:(?://)?", re.IGNORECASE)


def normal_url(text: str) -> str | None:
    """Read an address as typed or pasted.

    A bare host gets https; so does what a program's scheme (`feed://`, `podcast://`) stands before, unless it
    names its own. Host and scheme go to lower case, international hosts to their ASCII form; white space, quotes
    around it, fragments and the parameters of campaigns go. Path and the rest of the query stay byte for byte.

    Returns:
        An absolute http or https address; None if this is none.

    Source: RFC 3986 §6.2.2, RFC 5891; `feed:` and `itpc:` as news and podcast programs wrote them.
    """
    text = _bare(text)
    if not text or len(text) > _LONGEST or any(char.isspace() for char in text):
        return None
    if "://" not in text:
        text = "https://" + text
    try:
        parts = urlsplit(without_campaign(text))
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or host is None:
        return None
    login = parts.netloc.rpartition("@")[0]
    place = (f"{login}@" if login else "") + host + (f":{port}" if port else "")
    path = quote(parts.path or "/", safe=_UNSAFE)
    return urlunsplit((parts.scheme.lower(), place, path, quote(parts.query, safe=_UNSAFE), ""))


def plain_url(text: str) -> str | None:
    """The same over http, where the person left open how to get there; None where they said it, or it is none."""
    url = None if "://" in _bare(text) else normal_url(text)
    return url and url.replace("https://", "http://", 1)


def _bare(text: str) -> str:
    """What was copied, without what came along."""
    return _PROGRAMS.sub("", text.strip().strip(_AROUND).strip())


def _ascii_host(host: str) -> str | None:
    if ":" in host:
        host = f"[{host}]"
    if not _HOST.match(host):
        return None
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
