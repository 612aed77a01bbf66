"""The catalogue: key and language → text. Pure; where the texts come from is `loading`'s business."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

DEFAULT_LANGUAGE = "en"

# How Telegram's clients name the language they show (IETF tags), where it differs from the file's name.
# Traditional Chinese readers get simplified until their own file is there: nearer to them than English.
_SPOKEN_AS = {"zh": "zh_Hans"}


@dataclass(frozen=True, slots=True)
class Texts:
    """One language."""

    forms: Mapping[str, tuple[str, ...]]
    """By key; one form, or as many as the language has plurals."""
    plural_form: Callable[[int], int]
    """Which of the forms counts n things."""


class Catalogue:
    """Every text in every language."""

    def __init__(self, languages: Mapping[str, Texts]) -> None:
        self._languages = languages

    def languages(self) -> tuple[str, ...]:
        """Names such as `en` and `zh_Hans`, the default first."""
        return tuple(sorted(self._languages, key=lambda name: (name != DEFAULT_LANGUAGE, name)))

    def keys(self, language: str) -> frozenset[str]:
        """Every key that the language has a text for."""
        return frozenset(self._languages[language].forms)

    def has(self, key: str) -> bool:
        """Whether there is a text for it; a key that comes from data may be newer than the catalogue."""
        return key in self._languages[DEFAULT_LANGUAGE].forms

    def text(self, key: str, language: str, /, **values: object) -> str:
        """The text with its placeholders filled. An unknown language is answered in the default one.

        Raises:
            KeyError: no text has this key, or a placeholder has no value.
        """
        return self._in(language).forms[key][0].format_map(values)

    def plural(self, key: str, n: int, language: str, /, **values: object) -> str:
        """The form that counts n things, with `{n}` filled; else as `text`."""
        texts = self._in(language)
        forms = texts.forms[key]
        return forms[min(texts.plural_form(n), len(forms) - 1)].format_map({"n": n, **values})

    def match_language(self, telegram_code: str | None) -> str:
        """The language nearest to what a Telegram client names (`zh-hans`, `pt-br`; None if it names none)."""
        code = (telegram_code or "").lower().replace("_", "-")
        parts = code.split("-")
        names = {name.lower().replace("_", "-"): name for name in self._languages}
        for wanted in (code, _SPOKEN_AS.get(parts[0], "").lower().replace("_", "-"), parts[0]):
            if wanted in names:
                return names[wanted]
        return DEFAULT_LANGUAGE

    def _in(self, language: str) -> Texts:
        return self._languages.get(language) or self._languages[DEFAULT_LANGUAGE]
