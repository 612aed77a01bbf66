"""Which addresses Telegram takes as links; what it does not take is words alone.

Source: TDLib's LinkManager::get_checked_link: http and https, a host with a dot. It refuses others in silence.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

# Entities may weigh about 9.5 kB in all, most of it addresses; browsers stop at 2,048 too.
LONGEST_LINK = 2048
_HOST = re.compile(r"(?:[^\s.<>\"'`!$,;()\\\[\]%@]+\.)+[^\s.<>\"'`!$,;()\\\[\]%@]+\.?")
_HIDDEN = re.compile(r"[\x00-\x20\x7f]")


def absolute(href: str, base: str) -> str | None:
    """The address as Telegram takes it; None if it does not."""
    try:
        address = urljoin(base, _HIDDEN.sub(_percent, href.strip().replace("\n", "").replace("\t", "")))
    except ValueError:
        return None
    return address if taken(address) else None


def taken(address: str) -> bool:
    """Whether Telegram makes a link of it. Addresses with a name before the host are none: they are made to deceive."""
    if len(address.encode("utf-8", "replace")) > LONGEST_LINK or _HIDDEN.search(address):
        return False
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if "@" in parts.netloc or parts.netloc.endswith(":"):
        return False
    return parts.scheme in ("http", "https") and bool(_HOST.fullmatch(host))


def host_of(address: str) -> str:
    """Who gives it, as people say it."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _percent(hidden: re.Match[str]) -> str:
    return f"%{ord(hidden[0]):02X}"
