"""Every language says everything, with the same placeholders, and nothing that nobody asks for."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path
from unicodedata import bidirectional, east_asian_width

import pytest
from babel import Locale

import bot
from bot import errors, i18n
from bot.i18n.catalogue import Catalogue, Texts
from bot.telegram.commands import COMMANDS

CATALOGUE = i18n.load()
LANGUAGES = CATALOGUE.languages()
KEYS = sorted(CATALOGUE.keys("en"))

REASONS = (
    "url.not_a_url",
    "fetch.private_address",
    "fetch.port",
    "fetch.no_such_host",
    "fetch.lookup",
    "fetch.proxy",
    "fetch.refused",
    "fetch.connect_timeout",
    "fetch.timeout",
    "fetch.too_slow",
    "fetch.tls",
    "fetch.tls_none",
    "fetch.tls_expired",
    "fetch.tls_untrusted",
    "fetch.tls_wrong_host",
    "fetch.tls_outdated",
    "fetch.too_large",
    "fetch.too_many_redirects",
    "fetch.bad_redirect",
    "fetch.status",
    "fetch.not_found",
    "fetch.gone",
    "fetch.login",
    "fetch.forbidden",
    "fetch.too_many_requests",
    "fetch.server_error",
    "fetch.broken_answer",
    "fetch.challenge",
    "parse.empty",
    "parse.not_a_feed",
    "parse.web_page",
    "parse.web_page_with_feeds",
    "parse.challenge",
    "parse.broken",
    "parse.cut",
    "parse.sitemap",
    "parse.opml",
    "parse.timeout",
    "parse.crashed",
    "site.needs_bridge",
    "opml.no_feeds",
    "opml.too_large",
    "opml.too_deep",
    "opml.too_many",
    "opml.lost",
    "backup.version",
    "backup.broken",
    "parse.memory",
    "offer.gone",
    "subscription.gone",
    "limit.feeds",
    "limit.follows",
    "filter.empty",
    "filter.unbalanced_quote",
    "filter.unbalanced_parenthesis",
    "filter.empty_group",
    "filter.empty_term",
    "filter.missing_operand",
    "filter.unknown_field",
    "filter.too_long",
    "filter.too_many_terms",
    "filter.control_character",
    "filter.unknown_media",
    "filter.unknown_age",
    "filter.bad_regex",
    "filter.regex_too_large",
    "filter.regex_boundary",
    "filter.regex_empty",
    "filter.only_without",
    "filter.too_deep",
    "template.empty",
    "template.too_long",
    "template.too_many",
    "template.too_deep",
    "template.control_character",
    "template.unclosed",
    "template.unopened",
    "template.unknown_field",
    "template.strange",
    "template.no_words",
    "template.takes_no_words",
    "template.no_field",
)
"""Every reason that a value or an error may carry."""

# What a reason may name, and no other; the rooms that give them fill exactly these.
REASON_VALUES = {
    "fetch": {"host", "status", "limit", "reason", "port"},
    "url": {"url"},
    "opml": {"limit"},
    "template": {"most", "fields"},
    "limit": {"limit"},
}

# Put together from parts: the menu and the help of each command.
MADE = {f"{kind}.{command.name}" for kind in ("menu", "help") for command in COMMANDS}

PLAIN = (
    "button.",
    "menu.",
    "press.",
    "length.",
    "pictures.",
    "url.",
    "fetch.",
    "parse.",
    "site.",
    "opml.",
    "backup.",
    "filter.",
    "template.",
    "error.",
    "offer.",
    "digest.",
    "notice.",
    "trouble.",
    "limit.",
)


def texts_of(key: str, language: str) -> tuple[str, ...]:
    """Every form of a text, unfilled."""
    return CATALOGUE._in(language).forms[key]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def literals() -> set[str]:
    """Every string in the source that could be a key."""
    found: set[str] = set()
    for file in Path(bot.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_every_language_has_the_same_keys() -> None:
    assert {language: CATALOGUE.keys(language) ^ CATALOGUE.keys("en") for language in LANGUAGES} == {
        language: frozenset() for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_the_same_placeholders(language: str) -> None:
    wrong = {
        key: texts_of(key, language)
        for key in KEYS
        if {name for form in texts_of(key, language) for name in placeholders(form)}
        != {name for form in texts_of(key, "en") for name in placeholders(form)}
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    assert [key for key in KEYS if not all(form.strip() for form in texts_of(key, language))] == []


def test_the_languages_that_are_there() -> None:
    assert LANGUAGES == ("en", "de", "es", "fa", "fr", "ja", "ru", "zh_Hans", "zh_Hant")


@pytest.mark.parametrize("key", REASONS)
def test_every_reason_has_a_sentence_that_needs_no_more_than_the_reason_carries(key: str) -> None:
    allowed = REASON_VALUES.get(key.split(".")[0], set())
    assert placeholders(CATALOGUE._in("en").forms[key][0]) <= allowed


def every_error(base: type[errors.FeedbellError]) -> list[type[errors.FeedbellError]]:
    return [base, *(below for child in base.__subclasses__() for below in every_error(child))]


@pytest.mark.parametrize("error", every_error(errors.FeedbellError))
def test_every_error_class_has_a_sentence(error: type[errors.FeedbellError]) -> None:
    assert CATALOGUE.has(error.key)


def test_every_key_in_the_source_has_a_text() -> None:
    """Reasons, errors and texts are found by their prefix; what is only a log's event has another."""
    prefixes = {key.split(".")[0] for key in KEYS} - {"feed"}
    shape = re.compile(rf"({'|'.join(sorted(prefixes))})\.[a-z_]+")
    # Events of the log, module paths and attribute names look the same and are none.
    beside = {"fetch.guard"}
    used = {one for one in literals() if shape.fullmatch(one)} - beside
    assert used - set(KEYS) == set()


def test_no_text_is_unused() -> None:
    assert set(KEYS) - literals() - set(REASONS) - MADE == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_shown_where_tags_mean_nothing_have_none(language: str) -> None:
    tagged = [
        key for key in KEYS if key.startswith(PLAIN) and any("<" in form for form in texts_of(key, language))
    ]
    assert tagged == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_tags_are_the_few_we_use_and_all_closed(language: str) -> None:
    for key in KEYS:
        for form in texts_of(key, language):
            tags = re.findall(r"<[^>]*>", form)
            assert set(tags) <= {"<b>", "</b>", "<i>", "</i>", "<code>", "</code>"}, key
            assert [tag for tag in tags if "/" not in tag] == [
                tag.replace("/", "") for tag in tags if "/" in tag
            ], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_have_the_length_that_telegram_shows(language: str) -> None:
    """Notices 200 (answerCallbackQuery), menu lines 256 (BotCommand); below them, what a phone shows in few lines, and
    a button in one. An ideograph is as wide as two letters."""
    most = {
        "press.": 140,
        "trouble.": 200,
        "menu.": 60,
        "button.": 26,
        "inline.": 50,
    }  # room for a title in a notice
    long = {
        key: form
        for key in KEYS
        for prefix, length in most.items()
        for form in texts_of(key, language)
        if key.startswith(prefix) and width(form) > length
    }
    assert long == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    """As CLDR counts whole things up to a thousand; what it keeps for millions, nobody follows."""
    counts = range(1000)
    ours, cldr = CATALOGUE._in(language).plural_form, Locale.parse(language).plural_form
    pairs = {(ours(n), cldr(n)) for n in counts}
    kinds = {kind for _, kind in pairs}
    assert len(pairs) == len(kinds) == len({form for form, _ in pairs})
    texts = {key: len(texts_of(key, language)) for key in KEYS if len(texts_of(key, "en")) > 1}
    assert {key: forms for key, forms in texts.items() if forms != len(kinds)} == {}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if Locale.parse(one).text_direction == "rtl"])
def test_what_is_sent_as_it_stands_begins_at_the_right(language: str) -> None:
    """Whole messages get marks (`Talk`); these are shown bare, and the first letter gives the line its direction."""
    bare = [key for key in KEYS if key.startswith(PLAIN) or key in {"start.group", "access.closed"}]
    wrong = {
        key: line
        for key in bare
        for form in texts_of(key, language)
        for line in re.sub("<[^>]*>|\u2068.*?\u2069", "", form, flags=re.S).split("\n")
        if [way for way in map(bidirectional, line) if way in {"L", "R", "AL"}][:1] == ["L"]
    }
    assert wrong == {}


def width(text: str) -> int:
    """In letters."""
    shown = re.sub("[\u200f\u2068\u2069]", "", text)
    return sum(2 if east_asian_width(sign) in {"W", "F"} else 1 for sign in shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_speaks_our_jargon(language: str) -> None:
    jargon = re.compile(
        r"\bguid|HTTP|304|parse|validator|subscription_id|null|outbox|XML|redirect|host\b", re.I
    )
    spoken = {
        key: form
        for key in KEYS
        for form in texts_of(key, language)
        if jargon.search(re.sub(r"\{\w+\}|https?://\S*", "", form))
    }
    assert spoken == {}


# --- the catalogue itself ---

SMALL = Catalogue(
    {
        "en": Texts(
            {"apples": ("{n} apple of {who}", "{n} apples of {who}"), "only": ("here",)},
            lambda n: int(n != 1),
        ),
        "zh_Hans": Texts({"apples": ("{who}的{n}个苹果",), "only": ("这里",)}, lambda n: 0),
    }
)


@pytest.mark.parametrize(
    ("n", "language", "text"),
    [
        (1, "en", "1 apple of Ada"),
        (0, "en", "0 apples of Ada"),
        (2, "en", "2 apples of Ada"),
        (2, "zh_Hans", "Ada的2个苹果"),
    ],
)
def test_plurals_follow_the_language(n: int, language: str, text: str) -> None:
    assert SMALL.plural("apples", n, language, who="Ada") == text


@pytest.mark.parametrize(
    ("n", "language", "text"),
    [
        pytest.param(12, "en", "12 new articles", id="a small number"),
        pytest.param(1234, "en", "1,234 new articles", id="thousands are set apart"),
        pytest.param(1234, "de", "1.234 neue Artikel", id="as in German"),
        pytest.param(1234, "fr", "1\u202f234 nouveaux articles", id="as in French"),
        pytest.param(22, "ru", "22 новые статьи", id="with one of three forms"),
        pytest.param(1234, "fa", "\u2068۱٬۲۳۴\u2069 مقالهٔ تازه", id="in digits of its own, set apart"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(n: int, language: str, text: str) -> None:
    assert CATALOGUE.plural("digest.heading", n, language) == text


def test_an_unknown_language_is_answered_in_the_default_one() -> None:
    """A chat may have been kept with a language that a later version no longer has."""
    assert SMALL.text("only", "tlh") == "here"


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        SMALL.text("apples", "en", n=1)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        pytest.param(None, "en", id="the client names none"),
        pytest.param("en-GB", "en", id="a region of English"),
        pytest.param("zh-hans", "zh_Hans", id="simplified"),
        pytest.param("zh", "zh_Hans", id="Chinese"),
        pytest.param("zh-CN", "zh_Hans", id="Chinese in China"),
        pytest.param("zh-hans-raw", "zh_Hans", id="a form of Telegram's own"),
        pytest.param("ZH_sg", "zh_Hans", id="with an underscore, in any case"),
        pytest.param("zh-hant", "zh_Hant", id="traditional"),
        pytest.param("zh-hant-raw", "zh_Hant", id="traditional, in a form of Telegram's own"),
        pytest.param("zh_TW", "zh_Hant", id="Chinese in Taiwan"),
        pytest.param("zh-hk", "zh_Hant", id="Chinese in Hong Kong"),
        pytest.param("de-AT", "de", id="a region of German"),
        pytest.param("fa", "fa", id="Persian"),
        pytest.param("pt-br", "en", id="a language we do not have"),
        pytest.param("", "en", id="nothing at all"),
    ],
)
def test_the_language_nearest_to_a_clients(code: str | None, language: str) -> None:
    assert CATALOGUE.match_language(code) == language
