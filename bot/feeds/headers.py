"""Which headers a subscriber may send with a feed of theirs. Pure."""

from __future__ import annotations

import re

# What servers ask for before they show a feed: who asks, a login, a language. Anything that frames a message
# (Host, Content-Length, Connection) or that conditions and codings depend on is ours to say.
_NAMES = re.compile(r"(?i:user-agent|authorization|cookie|accept|accept-language|referer|x-[a-z0-9-]{1,60})")
# No control characters: a line break would begin another header (RFC 9110 §5.5).
_VALUE = re.compile(r"[^\x00-\x1f\x7f]{1,4096}")


def may_send(name: str, value: str) -> bool:
    """Whether this header may be kept for a feed: one of the short list, its value on one line of at most 4096
    characters."""
    return _NAMES.fullmatch(name) is not None and _VALUE.fullmatch(value) is not None
