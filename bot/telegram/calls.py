"""Calls of the Bot API whose answers are taken as they are.

Python-telegram-bot's own way turns arguments and answers into objects and back, which costs a fifth of a send. Its
errors are the same here: its `BaseRequest` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from telegram import Bot
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

# What JSON has a word for; anything else may hold a file.
_PLAIN = frozenset({str, int, float, bool, dict})


class Calls:
    """Calls in the name of a bot, on its connections."""

    def __init__(self, bot: Bot) -> None:
        self._request = bot.request
        self._address = f"{bot.base_url}/"

    async def post(self, method: str, arguments: Mapping[str, Any]) -> Any:
        """Make one call.

        Args:
            method: as the Bot API spells it: `sendMessage`.
            arguments: by the Bot API's names; None is left out. A dict stands for itself. Files are PTB's
                `InputFile` and what holds them, such as a list of `InputMediaPhoto`.

        Returns:
            The `result` of the answer: a dict, a list or a bool.

        Raises:
            TelegramError: as from any of PTB's methods, but for a method that is not there: InvalidToken.
            KeyError, TypeError: the answer is JSON, and no answer of Telegram's.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        if _PLAIN.issuperset(map(type, given.values())):
            data = cast(RequestData, _Plain(given))
        else:
            data = RequestData([RequestParameter.from_input(name, value) for name, value in given.items()])
        return await self._request.post(self._address + method, data)


class _Plain:
    """What a request asks of RequestData, for arguments that are JSON as they stand."""

    __slots__ = ("parameters",)

    contains_files = False

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.parameters = parameters
