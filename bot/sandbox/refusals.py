"""How Telegram says no: one exception, carried to the answer of a Bot API call in Telegram's words."""

from typing import Any


class Refused(Exception):
    """A Bot API call that Telegram answers with `ok: false`.

    `description` is the whole text as Telegram sends it, with its "Bad Request: " in front.
    `parameters` are `retry_after` or `migrate_to_chat_id`; empty for most.
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def answer(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(text: str) -> Refused:
    """A 400; `text` without its prefix."""
    return Refused(400, f"Bad Request: {text}")


def forbidden(text: str) -> Refused:
    """A 403; `text` without its prefix."""
    return Refused(403, f"Forbidden: {text}")


def too_fast(wait: int) -> Refused:
    """A 429; `wait` in whole seconds."""
    return Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
