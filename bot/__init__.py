"""Feedbell: feeds in, well-written alerts out."""

__version__ = "0.1.0"
