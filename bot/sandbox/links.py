"""Which links Telegram takes in a text or on a button, and how it writes them.

Source: TDLib's LinkManager::get_checked_link and parse_url: an http(s) address needs a host with a dot,
`tg:`, `ton:` and `tonsite:` need something after them, anything else is refused.
"""

import re

HTTP = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<user>[^/?#@\s]*@)?(?P<host>\[[0-9a-fA-F:.]+\]|[^/?#:\s\[\]]+)(?P<port>:\d{1,5})?"
    r"(?P<rest>[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
OWN_SCHEME = re.compile(r"(tg|ton|tonsite):(?://)?(.+)", re.IGNORECASE | re.DOTALL)


def checked_link(url: str) -> str | None:
    """The link as Telegram keeps it, or None if Telegram refuses it."""
    own = OWN_SCHEME.fullmatch(url)
    if own:
        return f"{own.group(1).lower()}://{own.group(2)}"
    found = HTTP.fullmatch(url)
    if found is None or any(ord(char) < 32 for char in url):
        return None
    host = found["host"].lower()
    if not _is_host(host) or int((found["port"] or ":80")[1:]) > 65535:
        return None
    rest = (found["rest"] or "/").replace(" ", "%20")
    if not rest.startswith("/"):
        rest = "/" + rest
    return f"{(found['scheme'] or 'http').lower()}://{found['user'] or ''}{host}{found['port'] or ''}{rest}"


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return ":" in host
    labels = host.split(".")
    return len(labels) > 1 and all(labels[:-1]) and all(char not in host for char in "<>\"'`!$,;()")
