"""One GET, politely and safely, and the reading of what came: feeds, pictures to be uploaded, articles' pages.

Beside it the operator's own endpoint, if there is one, that writes summaries."""

from collections.abc import Iterable

from bot.fetch.children import Children
from bot.fetch.endpoint import Endpoint, Machine
from bot.fetch.get import Fetcher
from bot.fetch.guard import parse_allowed
from bot.fetch.pages import ACCEPT, LIMITS, WebPages, check_extra
from bot.fetch.pictures import WebPictures
from bot.fetch.reader import WebReader
from bot.fetch.ways import parse_proxy
from bot.ports import Clock

__all__ = [
    "Children",
    "Endpoint",
    "Fetcher",
    "Machine",
    "WebPages",
    "WebPictures",
    "WebReader",
    "check_extra",
    "parse_allowed",
    "parse_proxy",
    "web_pages",
    "web_pictures",
    "web_reader",
]


def web_reader(allow_private: Iterable[str], clock: Clock, proxy: str | None = None) -> WebReader:
    """The open web as an operator allows it; an async context manager.

    Args:
        allow_private: as in the setting: `host:port`, addresses, networks.
        proxy: as in the setting: an address of http, https, socks5 or socks5h; None for none.

    Raises:
        SettingsError: with one sentence for each entry that is none of these.
    """
    fetcher = Fetcher(clock, allowed=parse_allowed(allow_private), proxy=parse_proxy(proxy))
    return WebReader(fetcher, Children())


def web_pictures(allow_private: Iterable[str], clock: Clock, proxy: str | None = None) -> WebPictures:
    """Pictures of the open web as an operator allows it; an async context manager. As `web_reader`."""
    return WebPictures(clock, allowed=parse_allowed(allow_private), proxy=parse_proxy(proxy))


def web_pages(
    allow_private: Iterable[str], clock: Clock, proxy: str | None = None, *, beside: WebReader
) -> WebPages:
    """Articles' pages, in the turns of the feeds; an async context manager. As `web_reader`.

    Raises:
        SettingsError: also if what reads pages is not installed.
    """
    check_extra()
    fetcher = Fetcher(
        clock,
        allowed=parse_allowed(allow_private),
        limits=LIMITS,
        proxy=parse_proxy(proxy),
        accept=ACCEPT,
        turns=beside.turns,
    )
    return WebPages(fetcher, clock)
