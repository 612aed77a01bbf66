"""The catalogue: key and language → text. Pure; where the texts come from is `loading`'s business."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.i18n.direction import lines_from_right

DEFAULT_LANGUAGE = "en"
_OWN_NAME = "language.name"

# How Telegram's clients name the language they show (IETF tags), where it is not the file's name: Chinese by the
# country it is spoken in. Source: Unicode CLDR, likely subtags.
_SPOKEN_AS = MappingProxyType(
    {"zh": "zh-hans", "zh-tw": "zh-hant", "zh-hk": "zh-hant", "zh-mo": "zh-hant", "yue": "zh-hant"}
)


@dataclass(frozen=True, slots=True)
class Texts:
    """One language."""

    forms: Mapping[str, tuple[str, ...]]
    """By key; one form, or as many as the language has plurals."""
    plural_form: Callable[[int], int]
    """Which of the forms counts n things."""
    number: Callable[[int], str] = str
    """A number as the language writes it."""
    from_right: bool = False
    """It is written from right to left."""


class Catalogue:
    """Every text in every language."""

    def __init__(self, languages: Mapping[str, Texts]) -> None:
        self._languages = languages
        self._names = {_spelled(name): name for name in languages} | {
            _spelled(texts.forms[_OWN_NAME][0]): name
            for name, texts in languages.items()
            if _OWN_NAME in texts.forms
        }

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
        form = forms[min(texts.plural_form(n), len(forms) - 1)]
        return form.format_map({"n": texts.number(n), **values})

    def lines(self, html: str, language: str) -> str:
        """A whole message, its lines beginning at the side where the language begins them."""
        return lines_from_right(html) if self._in(language).from_right else html

    def match_language(self, telegram_code: str | None) -> str:
        """The language nearest to what a Telegram client names (`zh-hans`, `pt-br`, `zh-hant-raw`; None if it names
        none); the default one if none is near."""
        return self.named(telegram_code or "") or DEFAULT_LANGUAGE

    def named(self, name: str) -> str | None:
        """The language that somebody names, by a code (`de-AT`, `zh_TW`) or as it calls itself; None if there is
        none."""
        code = _spelled(name)
        while code:
            meant = _SPOKEN_AS.get(code, code)
            if meant in self._names:
                return self._names[meant]
            # What stands behind says more: a script, a country, a form of Telegram's own.
            code = code.rpartition("-")[0]
        return None

    def _in(self, language: str) -> Texts:
        return self._languages.get(language) or self._languages[DEFAULT_LANGUAGE]


def _spelled(name: str) -> str:
    return name.strip().casefold().replace("_", "-")
