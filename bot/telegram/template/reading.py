"""Reads a template: draft → tree, with every mistake pointing at its sign.

Four forms, and all of them end in the same brace, so that there is one thing to forget:

    {title}            a field
    {link:words}       words that link; also comments and media, which are addresses too
    {?author:words}    words for articles that have an author
    {!author:words}    words for articles that have none

Signs rather than words like "if", since a person who writes Chinese has to type them too; a colon rather than a
closing twin as in Mustache (`{{#author}}…{{/author}}`), which is long on a telephone and has two ways to go wrong.
Mostly no condition is needed: a line whose fields are all empty is left out (`filling`). A large language as Jinja's
or Liquid's needs a sandbox against loops and growth; this one has none, and is done in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from bot.errors import TemplateError
from bot.telegram.template.tree import ADDRESSES, Draft, Field, If, Link, Name, Node, Template, Words

LONGEST = 1_000
"""Characters in one template."""
MOST_FIELDS = 40
"""Fields, links and conditions; a message holds a hundred entities."""
DEEPEST = 5
"""Links and conditions inside each other."""

# What no keyboard types, and what makes a template look like another one (bidi overrides).
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Chinese keyboards type the wide forms.
_OPEN, _CLOSE, _COLON = "{｛", "}｝", ":："
_WORDS = re.compile(r"\\[{}｛｝\\]|[^{}｛｝]")
_HEAD = re.compile(r"[{｛]\s*([?？!！]?)\s*([^\W\d_]*)\s*")
# As templates of other bots have it.
_DOUBLE = re.compile(r"\{\{\s*([^\W\d_]+)\s*\}\}")
_ALSO = MappingProxyType(
    {
        Name.TITLE: ("标题", "標題"),
        Name.SUMMARY: ("摘要", "text", "description"),
        Name.LINK: ("链接", "連結", "url"),
        Name.SOURCE: ("来源", "來源", "feed"),
        Name.AUTHOR: ("作者",),
        Name.DATE: ("日期",),
        Name.TIME: ("时间", "時間"),
        Name.TAGS: ("标签", "標籤", "hashtags"),
        Name.DURATION: (
            "时长",
            "時長",
        ),
        Name.MEDIA: (
            "媒体",
            "媒體",
        ),
        Name.COMMENTS: (
            "评论",
            "留言",
        ),
    }
)
_NAMES: Mapping[str, Name] = MappingProxyType(
    {typed: name for name, others in _ALSO.items() for typed in (name.value, *others)}
)
_LONGEST_NAME = 20


def parse(draft: Draft) -> Template:
    """Read a template.

    Raises:
        TemplateError: with the reason, the position, and in `offered` what was perhaps meant. Reasons:
            `template.empty`, `too_long`, `too_many`, `too_deep`, `control_character`, `unclosed`, `unopened`,
            `unknown_field`, `strange`, `no_words`, `takes_no_words`, `no_field`, each after `template.`.
    """
    # First, so that no later step sees a long text.
    if len(draft.text) > LONGEST:
        raise TemplateError("template.too_long", LONGEST)
    if not draft.text.strip():
        raise TemplateError("template.empty", 0)
    if hidden := _HIDDEN.search(draft.text):
        raise TemplateError("template.control_character", hidden.start())
    reader = _Reader(draft)
    template = reader.nodes(0, 0)
    if not reader.shows:
        raise TemplateError("template.no_field", len(draft.text))
    return template


class _Reader:
    def __init__(self, draft: Draft) -> None:
        self._text, self._dresses = draft.text, draft.dresses
        self._at = 0
        self._built = 0
        self.shows = False
        """Something of the article is shown."""

    def nodes(self, depth: int, opened: int) -> Template:
        """All up to the brace that closes what was opened at `opened`; at depth 0, to the end."""
        found: list[Node] = []
        while self._at < len(self._text):
            sign = self._text[self._at]
            if sign in _OPEN:
                found.append(self._brace(depth))
            elif sign not in _CLOSE:
                found.append(self._words())
            elif depth == 0:
                raise TemplateError("template.unopened", self._at)
            else:
                self._at += 1
                return tuple(found)
        if depth:
            raise TemplateError("template.unclosed", opened)
        return tuple(found)

    def _words(self) -> Words:
        """Up to the next brace, or to where they are formatted otherwise."""
        dress, words = self._dresses[self._at], ""
        while (sign := _WORDS.match(self._text, self._at)) and self._dresses[self._at] == dress:
            words += sign[0][-1]
            self._at = sign.end()
        return Words(words, dress)

    def _brace(self, depth: int) -> Node:
        start = self._at
        self._built += 1
        if self._built > MOST_FIELDS:
            raise TemplateError("template.too_many", start)
        if double := _DOUBLE.match(self._text, start):
            self._at = double.end()
            return self._field(self._name(double[1], double.start(1)), start)
        head = _HEAD.match(self._text, start)
        assert head is not None, "it begins with a brace"
        asks, name, self._at = head[1], self._name(head[2], head.start(2)), head.end()
        sign = self._text[self._at : self._at + 1]
        if not sign:
            raise TemplateError("template.unclosed", start)
        if sign not in _CLOSE + _COLON:
            raise TemplateError("template.strange", self._at)
        if asks and sign in _CLOSE:
            raise TemplateError("template.no_words", self._at)
        self._at += 1
        return self._field(name, start) if sign in _CLOSE else self._around(name, asks, start, depth + 1)

    def _field(self, name: Name, start: int) -> Field:
        self.shows = True
        return Field(name, self._dresses[start])

    def _around(self, name: Name, asks: str, start: int, depth: int) -> Link | If:
        """What a colon has begun."""
        if not asks and name not in ADDRESSES:
            raise TemplateError("template.takes_no_words", self._at - 1, f"{{?{name}:…}}")
        if depth > DEEPEST:
            raise TemplateError("template.too_deep", start)
        inside = self.nodes(depth, start)
        if not inside:
            raise TemplateError("template.no_words", self._at - 1)
        if asks:
            return If(name, asks in "?？", inside, self._dresses[start])
        self.shows = True
        return Link(name, inside, self._dresses[start])

    def _name(self, typed: str, position: int) -> Name:
        typed = typed.casefold()
        if typed not in _NAMES:
            near = get_close_matches(typed[:_LONGEST_NAME], _NAMES, n=1)
            raise TemplateError("template.unknown_field", position, f"{{{near[0]}}}" if near else "")
        return _NAMES[typed]
