"""Faults an operator or a test asks for: errors, delays and broken connections, counted down."""

from dataclasses import dataclass
from typing import Any, Literal, Self

Drop = Literal["before", "after"]


@dataclass(slots=True)
class Fault:
    """One rule. `method` (lower case) and `chat` None mean any; `times` is how often it still strikes."""

    method: str | None = None
    chat: int | None = None
    times: int = 1
    status: int | None = None
    description: str | None = None
    retry_after: int | None = None
    drop: Drop | None = None
    delay: float = 0.0  # seconds before anything is done

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Self:
        """From the control interface's JSON. Raises ValueError with a sentence for what makes no sense."""
        unknown = raw.keys() - cls.__slots__
        if unknown:
            raise ValueError(f"a fault has no field {sorted(unknown)[0]!r}")
        if raw.get("drop") not in (None, "before", "after"):
            raise ValueError('"drop" is "before", "after" or absent')
        given = {name: value for name, value in raw.items() if value is not None}
        if "method" in given:
            given["method"] = str(given["method"]).lower()
        return cls(**given)

    def shape(self) -> dict[str, Any]:
        """As the control interface lists it."""
        return {name: getattr(self, name) for name in self.__slots__}

    def refuses(self) -> bool:
        """Whether the call is answered with an error instead of being done."""
        return self.status is not None or self.retry_after is not None

    def answer(self) -> tuple[int, dict[str, Any]]:
        """The status and the body of the error."""
        status = self.status or 429
        text = self.description or _usual_text(status, self.retry_after)
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": text}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return status, body


@dataclass(slots=True)
class Faults:
    """All faults still to come, oldest first."""

    waiting: list[Fault]

    def strike(self, method: str, chat: int | None) -> Fault | None:
        """The first fault that fits this call, counted down; None if the call goes through."""
        for fault in self.waiting:
            if fault.method in (None, method) and fault.chat in (None, chat):
                fault.times -= 1
                self.waiting = [one for one in self.waiting if one.times > 0]
                return fault
        return None


def _usual_text(status: int, retry_after: int | None) -> str:
    known = {
        400: "Bad Request",
        401: "Unauthorized",
        403: "Forbidden: bot was blocked by the user",
        404: "Not Found",
        409: "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
        413: "Request Entity Too Large",
        429: f"Too Many Requests: retry after {retry_after or 1}",
        500: "Internal Server Error: restart",
        502: "Bad Gateway",
        504: "Gateway Timeout",
    }
    return known.get(status, "Internal Server Error")
