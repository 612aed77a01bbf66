"""One GET, politely and safely, and the reading of what came: feeds, and pictures to be uploaded."""

from collections.abc import Iterable

from bot.fetch.children import Children
from bot.fetch.get import Fetcher
from bot.fetch.guard import parse_allowed
from bot.fetch.pictures import WebPictures
from bot.fetch.reader import WebReader
from bot.ports import Clock

__all__ = ["Children", "Fetcher", "WebPictures", "WebReader", "parse_allowed", "web_pictures", "web_reader"]


def web_reader(allow_private: Iterable[str], clock: Clock) -> WebReader:
    """The open web as an operator allows it; an async context manager.

    Args:
        allow_private: as in the setting: `host:port`, addresses, networks.

    Raises:
        SettingsError: with one sentence for each entry that is none of these.
    """
    return WebReader(Fetcher(clock, allowed=parse_allowed(allow_private)), Children())


def web_pictures(allow_private: Iterable[str], clock: Clock) -> WebPictures:
    """Pictures of the open web as an operator allows it; an async context manager. As `web_reader`."""
    return WebPictures(clock, allowed=parse_allowed(allow_private))
