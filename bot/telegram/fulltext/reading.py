"""An article's tree → its lines: paragraphs, headings, lists, quotes, code, tables, pictures; no share blocks.

The walk keeps its own stack, so no depth of nesting can exhaust Python's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from bs4.element import NavigableString, PageElement, RubyTextString, Tag

from bot.condense.article import is_date
from bot.condense.text import tidy
from bot.condense.words import ABOUT_THE_POST, ASIDE_NAMES, READ_MORE, SHARE
from bot.telegram.fulltext.captions import captioned
from bot.telegram.fulltext.lines import Frame, Line, Span
from bot.telegram.fulltext.links import absolute
from bot.telegram.fulltext.media import picture, player
from bot.telegram.fulltext.opening import names_of, opened
from bot.telegram.fulltext.tables import Numbers, layouts, rows
from bot.telegram.fulltext.writer import Place, Writer

_SKIPPED = frozenset((
    "script", "style", "noscript", "template", "svg", "button", "form", "select", "option", "textarea",
    "label", "map", "canvas", "head", "title", "meta", "link", "nav", "dialog", "rp", "source", "track", "param",
))  # fmt: skip
_PLAYERS = frozenset(("video", "audio", "iframe", "object", "embed"))
_MARKS = {
    **dict.fromkeys(("b", "strong", "th"), "b"),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var", "figcaption", "caption"), "i"),
    **dict.fromkeys(("u", "ins"), "u"),
    **dict.fromkeys(("s", "strike", "del"), "s"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary", "legend"), "b"),
}
_STYLES = (
    ("font-weight:bold", "b"), ("font-weight:700", "b"), ("font-style:italic", "i"),
    ("text-decoration:underline", "u"), ("text-decoration:line-through", "s"),
)  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "summary"))
_PARAGRAPHS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "figure", "details", "section",
    "article",
))  # fmt: skip
_BLOCKS = _PARAGRAPHS | {
    "div", "li", "dt", "dd", "tr", "td", "th", "header", "footer", "aside", "figcaption", "center", "address",
    "main", "summary", "fieldset", "legend", "caption", "menu", "dir",
}  # fmt: skip
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
# What publishers call aside and readers of the whole article want all the same.
_WANTED = frozenset(
    ("footnote", "footnotes", "copyright", "disclaimer", "disclosure", "attribution", "comments")
)
_NOT_ARTICLE = ASIDE_NAMES - _WANTED
_GUTTER = frozenset(
    ("gutter", "lineno", "linenos", "line-numbers", "anchorjs-link", "screen-reader-text", "sr-only")
)
_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language|lang|highlight-source)-([\w+#.-]{1,30})|brush:\s*([\w+#-]{1,30})"
)
# Links within the page lead nowhere in a chat; of these not even the words say anything.
_ANCHORS = frozenset("#¶§🔗↩↑^⤴⏎") | {"", "↩︎", "⤴︎"}
# Comments, scripts and their like are strings too.
_WORDS = (NavigableString, RubyTextString)
_RULE = "———"
# Left of a link or picture that is gone.
_LONE_MARKS = frozenset(".,;:·|/-–—")
_LONGEST_FOOTER = 400
_LONGEST_CHAFF = 80
# Code points: half as much again as all messages of an article hold.
ENOUGH = 60_000

Step = Callable[[], None]


def article_lines(html: str, base: str) -> list[Line]:
    """Read an article.

    Args:
        base: the address that relative links are read against.
    """
    writer = Writer()
    content, verbatim = opened(html)
    if isinstance(content, str):
        writer.text(content[:ENOUGH], Place(verbatim=True))
    else:
        _Walk(writer, base, content).walk(Place(verbatim=verbatim))
    writer.end_line()
    return captioned(_without_chaff(writer.lines))


@dataclass(slots=True)
class _Walk:
    """One way through a tree."""

    writer: Writer
    base: str
    root: Tag
    _lengths: dict[int, int] = field(default_factory=dict)
    """Of the text in each element, by its id; empty until somebody asks."""
    _layouts: frozenset[int] | None = None
    _stack: list[tuple[PageElement | Step, Place]] = field(default_factory=list)
    _frames: int = 0

    def walk(self, place: Place) -> None:
        self._into(self.root, place)
        while self._stack and self.writer.length < ENOUGH:
            node, here = self._stack.pop()
            if isinstance(node, Tag):
                self._enter(node, here)
            elif not isinstance(node, PageElement):
                node()
            elif isinstance(node, NavigableString) and type(node) in _WORDS:
                self.writer.text(node, here)

    def _into(self, tag: Tag, place: Place) -> None:
        self._stack.extend((child, place) for child in reversed(tag.contents))

    def _later(self, step: Step, place: Place) -> None:
        self._stack.append((step, place))

    def _enter(self, tag: Tag, here: Place) -> None:
        if tag.name in _SKIPPED or self._is_aside(tag, here):
            return
        here = _styled(tag, here)
        special = _SPECIAL.get(tag.name)
        if special is not None:
            special(self, tag, here)
        elif tag.name in _BLOCKS:
            self._block(tag, here)
        else:
            self._into(tag, here)

    def _is_aside(self, tag: Tag, here: Place) -> bool:
        """Whether a part is none of the article: hidden, or named as what stands around one."""
        attributes = tag.attrs
        if tag.name == "footer" and here.frame is None:
            return self._is_minor(tag)
        if not attributes:
            return False
        style = str(attributes.get("style", "")).replace(" ", "").lower()
        if "hidden" in attributes or attributes.get("aria-hidden") == "true" or "display:none" in style:
            return True
        names = names_of(attributes)
        return (
            bool(names & _GUTTER)
            or "invisible" in names
            or (bool(names & _NOT_ARTICLE) and self._is_minor(tag))
        )

    def _is_minor(self, tag: Tag) -> bool:
        """The names of parts mislead, as "share_notice" around a whole post does."""
        if not self._lengths:
            self._lengths = _text_lengths(self.root)
        return self._lengths.get(id(tag), 0) * 2 < self._lengths[id(self.root)]

    def _block(self, tag: Tag, here: Place) -> None:
        gap = 2 if tag.name in _PARAGRAPHS and not here.depth else 1
        self.writer.end_block(gap)
        self._later(lambda: self.writer.end_block(gap), here)
        if tag.name in _HEADINGS:
            here = replace(here, heading=True)
        self._into(tag, here)

    def _link(self, tag: Tag, here: Place) -> None:
        href = str(tag.attrs.get("href") or "")
        if _is_here(href, self.base):
            if tag.get_text().strip() not in _ANCHORS:
                self._into(tag, here)
            return
        address = absolute(href, self.base) if href else None
        self._into(tag, replace(here, href=address) if address else here)

    def _list(self, tag: Tag, here: Place) -> None:
        """Each item behind a bullet or its number."""
        gap = 1 if here.depth else 2
        self.writer.end_block(gap)
        self._later(lambda: self.writer.end_block(gap), here)
        inside = replace(here, depth=here.depth + 1)
        numbers = Numbers(tag) if tag.name == "ol" else None
        bullet = "•" if here.depth % 2 == 0 else "◦"
        steps: list[tuple[PageElement | Step, Place]] = []
        for child in tag.contents:
            if isinstance(child, Tag) and child.name == "li":
                marker = f"{numbers.next(child)}. " if numbers else f"{bullet} "
                steps.append((self._marked(marker), inside))
            steps.append((child, inside))
        self._stack.extend(reversed(steps))

    def _marked(self, marker: str) -> Step:
        def mark() -> None:
            self.writer.end_block(1)
            self.writer.mark(marker)

        return mark

    def _quote(self, tag: Tag, here: Place, kind: str = "blockquote") -> None:
        """Telegram's quotes do not nest: one inside another is part of it."""
        self.writer.end_block(2)
        self._later(lambda: self.writer.end_block(2), here)
        self._into(tag, here if here.frame else replace(here, frame=self._frame(kind)))

    def _frame(self, kind: str, language: str = "") -> Frame:
        self._frames += 1
        return Frame(kind, self._frames, language)

    def _details(self, tag: Tag, here: Place) -> None:
        """The summary as a heading, the rest folded below it."""
        summary = tag.find("summary", recursive=False)
        if isinstance(summary, Tag):
            summary.extract()
        self._quote(tag, here, "blockquote expandable")
        if isinstance(summary, Tag):
            self._stack.append((summary, here))

    def _code(self, tag: Tag, here: Place) -> None:
        if "pre-wrap" in str(
            tag.attrs.get("style", "")
        ):  # prose in a <pre>, as GitHub writes commit messages
            self.writer.end_block(2)
            self._later(lambda: self.writer.end_block(2), here)
            self._into(tag, replace(here, verbatim=True))
            return
        for line_break in tag.find_all("br"):
            line_break.replace_with("\n")
        self.writer.code(tag.get_text(), self._frame("pre", _language(tag)))

    def _table(self, tag: Tag, here: Place) -> None:
        """Rows of cells; a table that only lays out a page is read as its parts."""
        if self._layouts is None:
            self._layouts = layouts(self.root)
        if id(tag) in self._layouts:
            self._block(tag, here)
            return
        self.writer.end_block(2)
        self._later(lambda: self.writer.end_block(2), here)
        steps: list[tuple[PageElement | Step, Place]] = []
        for cells in rows(tag):
            steps.append((lambda: self.writer.end_block(1), here))
            for number, cell in enumerate(cells):
                if number:
                    steps.append((self.writer.separate, here))
                inside = _styled(cell, here)
                steps += [(child, inside) for child in cell.contents]
        self._stack.extend(reversed(steps))

    def _picture(self, tag: Tag, here: Place) -> None:
        self._medium(picture(tag, self.base), here)

    def _player(self, tag: Tag, here: Place) -> None:
        self._medium(player(tag, self.base), here)

    def _medium(self, span: Span | None, here: Place) -> None:
        if span is None:
            return
        if span.href is None:  # it stands for words
            self.writer.add(span._replace(href=here.href), here)
            return
        self.writer.end_block(1)
        self.writer.add(span, here)
        self.writer.end_block(1)

    def _break(self, tag: Tag, here: Place) -> None:
        self.writer.line_break()
        self._into(tag, here)

    def _rule(self, tag: Tag, here: Place) -> None:
        self.writer.end_block(2)
        if self.writer.lines and self.writer.lines[-1].text != _RULE:
            self.writer.add(Span(_RULE), here)
        self.writer.end_block(2)
        self._into(tag, here)

    def _script(self, tag: Tag, here: Place) -> None:
        self._into(tag, replace(here, script="sup" if tag.name == "sup" else "sub"))

    def _around(self, before: str, after: str) -> Callable[[Tag, Place], None]:
        def quoted(tag: Tag, here: Place) -> None:
            self.writer.add(Span(before), here)
            self._later(lambda: self.writer.add(Span(after), here), here)
            self._into(tag, here)

        return quoted

    def _said(self, tag: Tag, here: Place) -> None:
        self._around("“", "”")(tag, here)

    def _reading(self, tag: Tag, here: Place) -> None:
        self._around("(", ")")(tag, here)

    def _formula(self, tag: Tag, here: Place) -> None:
        source = tag.find("annotation") or tag
        words = tidy(str(tag.attrs.get("alttext") or source.get_text()))
        self.writer.add(Span(words, ("code",)), here)

    def _box(self, tag: Tag, here: Place) -> None:
        """The box of a list of tasks."""
        if tag.attrs.get("type") == "checkbox":
            self.writer.add(Span("☑ " if "checked" in tag.attrs else "☐ "), here)


_Special = Callable[[_Walk, Tag, Place], None]
_SPECIAL: Mapping[str, _Special] = MappingProxyType({
    **dict.fromkeys(_LISTS, _Walk._list),
    **dict.fromkeys(_PLAYERS, _Walk._player),
    "a": _Walk._link,
    "img": _Walk._picture,
    "br": _Walk._break,
    "hr": _Walk._rule,
    "pre": _Walk._code,
    "blockquote": _Walk._quote,
    "details": _Walk._details,
    "table": _Walk._table,
    "sup": _Walk._script,
    "sub": _Walk._script,
    "q": _Walk._said,
    "rt": _Walk._reading,
    "math": _Walk._formula,
    "input": _Walk._box,
})  # fmt: skip


def _text_lengths(root: Tag) -> dict[int, int]:
    """How much text each element holds, counted from the innermost out: one pass, however deep they lie."""
    lengths: Counter[int] = Counter({id(root): 0})
    for node in reversed(list(root.descendants)):
        length = lengths[id(node)] if isinstance(node, Tag) else len(str(node))
        lengths[id(node.parent)] += length
    return lengths


def _is_here(href: str, base: str) -> bool:
    """Whether a link leads to a part of the article itself; feeds with absolute links write these absolute too."""
    page, mark, _ = href.partition("#")
    return bool(mark) and page in ("", base.partition("#")[0])


def _styled(tag: Tag, here: Place) -> Place:
    """The place inside a tag by its name, its style and its class."""
    if mark := _MARKS.get(tag.name):
        here = here.marked(mark)
    if not tag.attrs:
        return here
    if any("spoiler" in name for name in names_of(tag.attrs)) and tag.name in ("span", "a", "p", "div"):
        here = here.marked("tg-spoiler")
    style = str(tag.attrs.get("style") or "").replace(" ", "").lower()
    return here.marked(*(mark for css, mark in _STYLES if css in style)) if style else here


def _language(tag: Tag) -> str:
    """The language of a block of code, from the classes that highlighters give it; "" if unknown."""
    code = tag.find("code")
    around = (tag, code, tag.parent)
    for one in around:
        if isinstance(one, Tag) and (found := _LANGUAGE.search(str(one.attrs.get("class") or ""))):
            return (found[1] or found[2]).lower()
    return ""


def _without_chaff(lines: list[Line]) -> list[Line]:
    """Lines without dates, share words, "read more", notes of plugins, and a footer; without a rule at the end."""
    kept = _above_footer([line for line in lines if not _is_chaff(line)])
    while kept and kept[-1].text == _RULE:
        kept.pop()
    return kept


def _above_footer(lines: list[Line]) -> list[Line]:
    """As condensing does: what stands below the last rule is a footer if it is short and a third of it links."""
    last = max((at for at, line in enumerate(lines) if line.text == _RULE), default=0)
    spans = [span for line in lines[last + 1 :] for span in line.spans]
    size = sum(len(span.text) for span in spans)
    linked = sum(len(span.text) for span in spans if span.href)
    is_footer = last > 0 and size <= _LONGEST_FOOTER and 3 * linked >= size
    return lines[:last] if is_footer else lines


def _is_chaff(line: Line) -> bool:
    if line.frame is not None:
        return False
    text = line.text.strip()
    if is_date(text) or text in _LONE_MARKS:  # the foot of the head says when
        return True
    if len(text) < _LONGEST_CHAFF and (SHARE.fullmatch(text) or READ_MORE.fullmatch(text)):
        return True
    return len(text) < 4 * _LONGEST_CHAFF and bool(ABOUT_THE_POST.match(text))
