"""Texts of the catalogue → Telegram's HTML: every value escaped, every length kept."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import FilterError
from bot.i18n import Catalogue
from bot.model import Problem, Subscription

# A link longer than this is not worth its place: all entities of a message share about 9.5 kB, and what is over
# is dropped in silence (measured on the official server).
_LONGEST_LINK = 300

# Around the place where a filter went wrong: enough to recognise it on a phone's line.
_BEFORE, _AFTER = 40, 20


class Html(str):
    """Markup made here, on purpose; it is not escaped again."""

    __slots__ = ()


def escape(text: str) -> Html:
    """Telegram decodes these four and no other named entity. Source: Bot API, "HTML style"."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return Html(safe)


def cut(text: str, most: int) -> str:
    """In one line of at most `most` code points; what is cut off ends in "…"."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def link(text: str, url: str) -> Html:
    """The text as a link; bold text where the address is too long to be one."""
    if len(url) > _LONGEST_LINK:
        return Html(f"<b>{escape(text)}</b>")
    return Html(f'<a href="{escape(url)}">{escape(text)}</a>')


def code(text: str) -> Html:
    """To be tapped and copied."""
    return Html(f"<code>{escape(text)}</code>")


class Words:
    """The catalogue in one language, as HTML."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        self._catalogue = catalogue
        self.language = language

    def html(self, key: str, /, **values: object) -> Html:
        """The text with every value escaped that is not Html yet."""
        return Html(self._catalogue.text(key, self.language, **_escaped(values)))

    def count(self, key: str, n: int, /, **values: object) -> Html:
        """The form that counts n things."""
        return Html(self._catalogue.plural(key, n, self.language, **_escaped(values)))

    def counted(self, key: str, n: int, /, **values: object) -> str:
        """The form that counts n things, where markup would be shown as it stands."""
        return self._catalogue.plural(key, n, self.language, **values)

    def plain(self, key: str, /, **values: object) -> str:
        """For buttons, menus and notices, where markup would be shown as it stands."""
        return self._catalogue.text(key, self.language, **values)

    def problem(self, problem: Problem) -> str:
        """One plain sentence. What is stored may be older than the catalogue: then the general one."""
        key = problem.key if self._catalogue.has(problem.key) else "error.internal"
        try:
            return self.plain(key, **problem.values)
        except KeyError:  # a value the sentence names is missing
            return self.plain("error.internal")

    def filter_error(self, error: FilterError, typed: str) -> Html:
        """What is wrong, where, and what would be right.

        Args:
            typed: the filter as the person wrote it; `error.position` counts in it.
        """
        lines = [
            self.html("filters.refused", reason=self.plain(error.reason)),
            pointer(typed, error.position),
        ]
        if error.offered:
            lines.append(self.html("filters.offered", text=code(cut(error.offered, 500))))
        return Html("\n".join(lines))

    def title(self, subscription: Subscription, most: int = 100) -> str:
        """What a feed is called here; its address if it has no name."""
        return cut(subscription.title or subscription.feed_url, most)

    def linked(self, subscription: Subscription, most: int = 100) -> Html:
        """The feed's title as a link to it; one that is read with a login is marked."""
        linked = link(self.title(subscription, most), subscription.feed_url)
        return Html(f"🔒 {linked}") if subscription.private else linked


def pointer(typed: str, position: int) -> Html:
    """The filter in one line with "👉" before the character at `position`; the far ends cut off."""
    position = max(0, min(position, len(typed)))
    before, after = typed[:position], typed[position:]
    start = "…" + before[-_BEFORE:] if len(before) > _BEFORE else before
    end = after[:_AFTER] + "…" if len(after) > _AFTER else after
    return code(f"{start}👉{end}".replace("\n", " "))


def _escaped(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: escape(value) if isinstance(value, str) and not isinstance(value, Html) else value
        for name, value in values.items()
    }
