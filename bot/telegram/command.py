"""What a command is made of. Help, menu, dispatch and rights are all read from these descriptors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.telegram.talk import Talk

Run = Callable[["Talk", str], Awaitable[None]]
"""Does it: with what stands behind the command's name (or the verb's colon), "" if nothing does."""


def never(_argument: str) -> bool:
    """Only reads: everybody may."""
    return False


def always(_argument: str) -> bool:
    """Changes what the chat follows: in groups, administrators only."""
    return True


NUMBER = r"\d{1,15}"
"""An id or a page: fits every database's integer."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a button or the answer to a question does."""

    verb: str
    """What its data, or its question's mark, begins with."""
    run: Run
    changes: Callable[[str], bool]
    """Whether it changes something, given its argument."""
    takes: str = NUMBER
    """A pattern for what stands behind the verb. A changed client can send any data it likes; what does not fit
    is answered like a button that is out of date."""
    takes_file: bool = False
    """Whether a file without a word is an answer, too."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. The catalogue has `menu.<name>` (one line) and `help.<name>` (how to use it)."""

    name: str
    run: Run
    changes: Callable[[str], bool]
    """Whether it changes something, given its argument."""
    refuse: Run | None = None
    """Answers who may not change what the chat follows; None: in the usual words."""
    aliases: tuple[str, ...] = ()
    for_channels: bool = True
    """Whether a channel's @name may stand before its argument."""
    for_private: bool = False
    """Offered in private only; elsewhere it says why not."""
    is_secret: Callable[[str], bool] = never
    """Whether its message holds a secret, given its argument: then it is deleted at once."""
    for_owners: bool = False
    """Only those who run the bot have it, in private; for others there is no such command."""
    presses: tuple[Act, ...] = ()
    """Its buttons."""
    answers: tuple[Act, ...] = ()
    """What is replied to its questions."""

    @property
    def names(self) -> tuple[str, ...]:
        """All that may be typed, the menu's first."""
        return (self.name, *self.aliases)
