"""What the services need from outside, as Protocols: a clock, a feed reader, a messenger, a store, jobs.

One adapter each stands above (`fetch`, `telegram`, `store`, `engine`), one fake each in `tests/fakes.py`; the
store's fake is SQLite in memory.
"""

from bot.ports.outside import (
    Clock,
    FeedReader,
    Jobs,
    Messenger,
    PageSource,
    PictureSource,
    Rights,
    Road,
    Summarizer,
)
from bot.ports.store import Store, Transaction

__all__ = [
    "Clock",
    "FeedReader",
    "Jobs",
    "Messenger",
    "PageSource",
    "PictureSource",
    "Rights",
    "Road",
    "Store",
    "Summarizer",
    "Transaction",
]
