"""Bytes → entries: what a document is, what stands in it, and what of that is new. Pure.

The one door: `read` for documents of any dialect, `discover` for web pages.
"""

from bot.feeds.recognise import read
from bot.feeds.webpage import discover

__all__ = ["discover", "read"]
