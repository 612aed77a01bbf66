"""Logs: one line an event, for people or as JSON; never a token.

Rests on structlog over the standard library, so that python-telegram-bot's and APScheduler's lines pass through
the same filter. The token leaks through telegram.Bot at DEBUG and `repr(bot)`.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Literal

import structlog

LogFormat = Literal["console", "json"]

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")


def without_tokens(text: str) -> str:
    """Put `<token>` for whatever looks like a bot's token."""
    return _TOKEN.sub("<token>", text)


class _TokenlessFormatter(structlog.stdlib.ProcessorFormatter):
    """Cleans the finished line: whatever was logged, also inside tracebacks and other objects' `repr`."""

    def format(self, record: logging.LogRecord) -> str:
        return without_tokens(super().format(record))


def configure(log_format: LogFormat, *, quiet: bool = False) -> None:
    """Set the process's logging up, once, at the top.

    Args:
        quiet: warnings and worse only, for commands whose output is their answer.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    render: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _TokenlessFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("bot").setLevel(logging.WARNING if quiet else logging.INFO)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=_feedbell_logger,
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _feedbell_logger(*_: object) -> logging.Logger:
    return logging.getLogger("bot")
