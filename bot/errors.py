"""Every error we raise on purpose.

    FeedbellError
    ├── SettingsError        the operator must change a setting
    ├── StoreError           the database cannot do it now; the unit of work is tried again
    │   └── SchemaTooNew     a newer Feedbell wrote this database
    ├── FilterError          a filter cannot be read; points at the character
    ├── TemplateError        a template cannot be read; points at the character
    ├── SourceError          a file or address given on the command line cannot be read
    └── TokenRefused         Telegram refuses the token

Expected endings (a feed that fails, a message that is refused) are values in `model`, not errors. Each class
names a key of the catalogue; it becomes a sentence at the edge.
"""

from __future__ import annotations

from typing import ClassVar


class FeedbellError(Exception):
    """Something that this unit of work cannot go on after."""

    key: ClassVar[str] = "error.internal"


class SettingsError(FeedbellError):
    """The settings do not hold together; `mistakes` has one sentence for each."""

    key = "error.settings"

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = mistakes


class StoreError(FeedbellError):
    """The database cannot do it now."""

    key = "error.store"


class SchemaTooNew(StoreError):
    """The database was written by a newer Feedbell."""

    key = "error.schema_too_new"


class FilterError(FeedbellError):
    """A filter that does not parse.

    Args:
        reason: a key of the catalogue, e.g. `filter.unbalanced_quote`.
        position: the character (code point, from 0) where it went wrong.
        offered: the nearest text that would parse; "" if there is none.
    """

    key = "error.filter"

    def __init__(self, reason: str, position: int, offered: str = "") -> None:
        super().__init__(f"{reason} at character {position}")
        self.reason = reason
        self.position = position
        self.offered = offered


class TemplateError(FeedbellError):
    """A template that does not parse.

    Args:
        reason: a key of the catalogue, e.g. `template.unclosed`.
        position: the character (code point, from 0) where it went wrong.
        offered: what was perhaps meant there; "" if nobody knows.
    """

    key = "error.template"

    def __init__(self, reason: str, position: int, offered: str = "") -> None:
        super().__init__(f"{reason} at character {position}")
        self.reason = reason
        self.position = position
        self.offered = offered


class SourceError(FeedbellError):
    """A file or address given on the command line cannot be read; the text is the sentence."""

    key = "error.source"


class TokenRefused(FeedbellError):
    """Telegram refuses the token (401, or a proxy's 404)."""

    key = "error.token_refused"
