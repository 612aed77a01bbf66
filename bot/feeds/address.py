"""What people type as an address → the address we keep."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

# A host as people type it: labels with at least one dot, or an IP literal, or localhost.
_HOST = re.compile(r"^(?:\[[0-9a-fA-F:.]+\]|localhost|(?:[^\s./:@\[\]]+\.)+[^\s./:@\[\]]+\.?)$")
_UNSAFE = "/%:@!$&'()*+,;=~-._?[]"
_LONGEST = 2048  # what browsers and servers agree to carry


def normal_url(text: str) -> str | None:
    """Read an address as typed or pasted.

    A bare host gets https; `feed:` becomes https (or what stands behind it); host and scheme go to lower case,
    international hosts to their ASCII form, white space and fragments go. Path and query stay byte for byte.

    Returns:
        An absolute http or https address; None if this is none.

    Source: RFC 3986 §6.2.2, RFC 5891; `feed:` as podcast and news programs wrote it.
    """
    text = text.strip().strip("<>").removeprefix("feed://").removeprefix("feed:")
    if not text or len(text) > _LONGEST or any(char.isspace() for char in text):
        return None
    if "://" not in text:
        text = "https://" + text
    try:
        parts = urlsplit(text)
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or host is None:
        return None
    login = parts.netloc.rpartition("@")[0]
    place = (f"{login}@" if login else "") + host + (f":{port}" if port else "")
    path = quote(parts.path or "/", safe=_UNSAFE)
    return urlunsplit((parts.scheme.lower(), place, path, quote(parts.query, safe=_UNSAFE), ""))


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
