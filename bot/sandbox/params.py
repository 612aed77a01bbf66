"""The parameters of a Bot API call, whichever of the four ways they came in, read as Telegram reads them."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.refusals import bad_request
from bot.sandbox.shapes import Json


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in the call."""

    name: str
    content: bytes
    mime: str | None


@dataclass(frozen=True, slots=True)
class Params:
    """Values by name: text as in a form, or any JSON value where the body was JSON."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text; empty if absent."""
        value = self.values.get(name)
        return "" if value is None else value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; the default if absent or no number, as Telegram has it."""
        return whole(self.values.get(name), default)

    def flag(self, name: str) -> bool:
        """A boolean in any spelling Telegram takes."""
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def structure(self, name: str) -> Any:
        """A JSON value; None if absent. Raises Refused if it is no JSON."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as wrong:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from wrong

    def mapping(self, name: str) -> Json | None:
        """A JSON object; None if absent."""
        value = self.structure(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return value

    def items(self, name: str) -> list[Any]:
        """A JSON array; empty if absent."""
        value = self.structure(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise bad_request(f"expected an Array of {name.replace('_', ' ')}")
        return value

    def objects(self, name: str) -> list[Json]:
        """A JSON array of objects; empty if absent."""
        items = self.items(name)
        if not all(isinstance(one, dict) for one in items):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: expected an Object")
        return items

    def integers(self, name: str) -> list[int]:
        """A JSON array of whole numbers; empty if absent."""
        try:
            return [int(one) for one in self.items(name)]
        except (TypeError, ValueError, OverflowError) as wrong:
            raise bad_request(f"can't parse {name.replace('_', ' ')}: expected a Number") from wrong

    def within(self, values: Json) -> "Params":
        """The same uploads with other values: one item of an album."""
        return Params(values, self.uploads)

    def summary(self) -> Json:
        """The values for the log of calls, cut to a line each."""
        short = {name: _short(value) for name, value in self.values.items()}
        return short | {name: f"<{len(one.content)} bytes>" for name, one in self.uploads.items()}


def whole(value: Any, default: int = 0) -> int:
    """A value of a call as a whole number; the default where Telegram would not read one."""
    try:
        return default if value is None or value == "" else int(value)
    except (TypeError, ValueError, OverflowError):
        return default


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > 200:
        return value[:200] + "…"
    if isinstance(value, dict | list):
        return _short(json.dumps(value, ensure_ascii=False))
    return value
