"""The demo newsroom: made-up papers in every form of feed, so that alerts come without the internet."""

from bot.sandbox.newsroom.desk import DemoFeed, Newsroom
from bot.sandbox.newsroom.run import demo_newsroom
from bot.sandbox.newsroom.shelf import Post

__all__ = ["DemoFeed", "Newsroom", "Post", "demo_newsroom"]
