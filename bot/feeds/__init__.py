"""Bytes → entries: what a document is, what stands in it, and what of that is new. Pure.

The one door: `read` for documents of any dialect, `discover` for web pages, `news` and `newest` for what nobody
has been told yet, `body_hash` for bodies that need no reading, `may_send` for the headers of a feed, `read_opml`
and `write_opml` for lists of feeds.
"""

from bot.feeds.fingerprint import body_hash
from bot.feeds.headers import may_send
from bot.feeds.identity import News, keyed, news, past
from bot.feeds.opml import FeedList, Outline, read_opml, write_opml
from bot.feeds.recognise import read
from bot.feeds.webpage import discover

__all__ = [
    "FeedList",
    "News",
    "Outline",
    "body_hash",
    "discover",
    "keyed",
    "may_send",
    "news",
    "past",
    "read",
    "read_opml",
    "write_opml",
]
