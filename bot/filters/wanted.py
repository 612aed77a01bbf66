"""What a chat wants of a feed, all its filters together: the one place that knows which of them goes before which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.errors import FilterError
from bot.filters.expression import And, Everything, Expression, Not, Or
from bot.filters.parse import parse


@dataclass(frozen=True, slots=True)
class Wants:
    """Filters as saved; one that an older Feedbell saved in words we no longer read holds nothing back."""

    own: str
    """The feed's; "" lets everything through."""
    mute: str = ""
    """What is muted where the articles go."""
    follows: tuple[str, ...] = ()
    """The chat's."""

    @property
    def is_everything(self) -> bool:
        """Nothing is held back."""
        return not (self.own or self.mute)

    @property
    def texts(self) -> Iterator[str]:
        """Every filter that is there."""
        return (text for text in (self.own, self.mute, *self.follows) if text)


def wanted(wants: Wants, read: Mapping[str, Expression | None] | None = None) -> Expression:
    """What is muted never comes; of the rest comes what the feed's filter or a follow lets through.

    Args:
        read: what each of the texts says, if that is known already; None for what cannot be read.
    """
    said = {text: readable(text) for text in wants.texts} if read is None else read
    own = said.get(wants.own) or Everything()
    follows = [one for text in wants.follows if (one := said.get(text))]
    mute = said.get(wants.mute)
    through = own if isinstance(own, Everything) or not follows else Or((own, *follows))
    if mute is None:
        return through
    return Not(mute) if isinstance(through, Everything) else And((through, Not(mute)))


def readable(text: str) -> Expression | None:
    """What a saved filter says; None if it cannot be read any more: better too much than an article lost."""
    try:
        return parse(text)
    except FilterError:
        return None
