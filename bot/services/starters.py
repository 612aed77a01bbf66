"""Good feeds to begin with, by language and subject, from a file that the operator may replace."""

from __future__ import annotations

import tomllib
import zlib
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingsError
from bot.feeds.address import normal_url

OURS = Path(__file__).with_name("starters.toml")

# Where a language has none of its own.
_EVERYBODYS = "en"


@dataclass(frozen=True, slots=True)
class Starter:
    """One feed somebody may begin with."""

    subject: str
    name: str
    url: str
    language: str
    """Of the catalogue; "" for every language."""

    @property
    def id(self) -> int:
        """For a button, the same as long as the address is."""
        return number_of(self.url)


class Starters:
    """All of them, in the file's order."""

    def __init__(self, those: tuple[Starter, ...] = ()) -> None:
        self._those = those

    def subjects(self, language: str) -> tuple[str, ...]:
        """What there is to choose from for readers of this language."""
        return tuple(dict.fromkeys(one.subject for one in self._of(language)))

    def about(self, subject_number: int, language: str) -> tuple[Starter, ...]:
        """The feeds of a subject, by its `number_of`; empty if the file has it no longer."""
        return tuple(one for one in self._of(language) if number_of(one.subject) == subject_number)

    def one(self, number: int) -> Starter | None:
        """None if the file has it no longer."""
        return next((one for one in self._those if one.id == number), None)

    def _of(self, language: str) -> tuple[Starter, ...]:
        own = tuple(one for one in self._those if one.language in ("", language))
        return own or tuple(one for one in self._those if one.language == _EVERYBODYS)


def number_of(text: str) -> int:
    """A number that stands for a subject or an address in a button."""
    return zlib.crc32(text.encode())


def read_starters(path: Path | None) -> Starters:
    """Read the operator's file; None: ours.

    Raises:
        SettingsError: it is missing, or not as it should be.
    """
    try:
        tables = tomllib.loads((path or OURS).read_text(encoding="utf-8")).get("feed", [])
        return Starters(
            tuple(
                Starter(str(one["subject"]), str(one["name"]), _url(one["url"]), str(one.get("language", "")))
                for one in tables
            )
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError((f"FEEDBELL_STARTERS={str(path)!r}: {error!r}",)) from error


def _url(text: object) -> str:
    url = normal_url(str(text))
    if url is None:
        raise ValueError(f"{text!r} is no address")
    return url
