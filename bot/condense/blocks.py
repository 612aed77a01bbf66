"""HTML of any shape → a flat row of lines, each knowing where it stood; nothing is judged here.

bs4 with lxml reads the markup. The walk keeps its own stack, so no depth of nesting can exhaust Python's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from bot.condense.text import decode, tidy
from bot.condense.words import ASIDE_NAMES, CAPTION_NAMES

# The longest article of 2,100 real entries has 140,000 characters; behind that nobody reads an alert.
MAX_HTML = 200_000
# Parsing costs by the tag: 15,000 take about 0.1 s. More is an attack or a table dump; its text is enough.
MAX_TAGS = 15_000

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_ANY_TAG = re.compile(r"<[^<>]*>")
_BLOCK_MARKUP = re.compile(r"<(?:p|br|div|li|tr|td|h[1-6]|pre|blockquote|section|article|table)\b", re.I)
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|br|div|a|b|i|em|strong|span|img|ul|ol|li|h[1-6]|table|font)\b", re.I)
_CODE = re.compile(r"<(?:code|pre|tt|kbd|samp|textarea)\b", re.I)
_NAME_PARTS = re.compile(r"[\s_-]+|(?<=[a-z])(?=[A-Z])")
SHARE_LINK = re.compile(
    r"whatsapp:|(?:facebook|fb)\.com/(?:sharer?|dialog|share)|(?:twitter|x)\.com/(?:intent|share|home\?status)|"
    r"(?:t|telegram)\.me/share|reddit\.com/submit|linkedin\.com/(?:share|cws)|pinterest\.\w+/pin/create|"
    r"mailto:\?|service\.weibo\.com/share|connect\.qq\.com|line\.me/R|vk\.com/share|feeds\.feedburner\.com/~ff/",
    re.I,
)
# A share block's visible label ("Share this:", "分享 :") is no longer than this, all its links' words included.
_SHARE_TEXT = 80

_SKIPPED = frozenset((
    "script", "style", "noscript", "template", "iframe", "svg", "math", "button", "form", "select",
    "option", "textarea", "input", "label", "object", "embed", "applet", "map", "audio", "video",
    "canvas", "head", "title", "meta", "link", "nav", "footer", "dialog", "rt", "rp",
))  # fmt: skip
_BLOCKS = frozenset((
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr", "td", "th", "tbody", "thead", "h1",
    "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "section", "article", "header", "aside",
    "figure", "figcaption", "center", "address", "main", "details", "summary", "fieldset", "body",
    "html",
))  # fmt: skip


class Kind(Enum):
    """What a line is by its markup."""

    PROSE = auto()
    HEADING = auto()
    ITEM = auto()
    CELL = auto()
    CODE = auto()
    CAPTION = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """Where text stands: what the elements around it say of it."""

    kind: Kind = Kind.PROSE
    linked: bool = False
    leads_to: str = ""
    """Of the innermost link, as written."""
    aside: bool = False
    """In a part that its publisher names share, related, newsletter and the like."""
    slanted: bool = False
    muted: bool = False
    """Small or grey."""
    verbatim: bool = False
    """Line ends in the source are line ends on the page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One visible line, plain text."""

    text: str
    kind: Kind
    block: int
    """Lines of one block share it; it only grows."""
    linked: int = 0
    """Characters that are links."""
    links: tuple[str, ...] = ()
    """The words of each link."""
    ends_in_link: bool = False
    aside: bool = False
    slanted: bool = False
    muted: bool = False
    after_rule: int = 0
    """How many <hr> stand before it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An <img>, as written."""

    attributes: Mapping[str, str]
    aside: bool
    leads_to: str = ""
    """What it links to, as written; "" if nothing."""


@dataclass(frozen=True, slots=True)
class Page:
    """All that is visible of a piece of HTML, in order."""

    lines: tuple[Line, ...] = ()
    pictures: tuple[Picture, ...] = ()


def read(markup: str) -> Page:
    """Read HTML, or plain text whose line ends mean something, or HTML that was escaped once too often."""
    markup = once_escaped(markup[:MAX_HTML].replace("\r\n", "\n").replace("\r", "\n"))
    writer = _Writer()
    if not _TAG.search(markup):
        writer.text(markup, Place(verbatim=True))
    elif markup.count("<") > MAX_TAGS:
        writer.text(_ANY_TAG.sub("\n\n", markup), Place(verbatim=True))
    else:
        # The <body> keeps bs4 from taking a short text for a file's name, or XHTML for XML.
        # Attributes as they are written: bs4's splitting of class lists is a fifth of its time.
        soup = BeautifulSoup(f"<body>{markup}</body>", "lxml", multi_valued_attributes=None)
        _drop_share_blocks(soup)
        _walk(soup, Place(verbatim=not _BLOCK_MARKUP.search(markup)), writer)
    writer.end_block()
    return Page(tuple(writer.lines), tuple(writer.pictures))


def once_escaped(markup: str) -> str:
    """Undo escaping of markup itself, of the whole or of a part, unless the text is about markup and sets it apart."""
    for _ in range(2):
        if not _ESCAPED_TAG.search(markup) or (_TAG.search(markup) and _sets_code_apart(markup)):
            break
        markup = decode(markup)
    return markup


def _sets_code_apart(markup: str) -> bool:
    return len(_ESCAPED_TAG.findall(markup)) < 2 or bool(_CODE.search(markup))


def _drop_share_blocks(soup: BeautifulSoup) -> None:
    """Take out what holds nothing but links to share, its label included."""
    for link in soup.find_all("a", href=SHARE_LINK):
        if link.decomposed:
            continue
        block: Tag = link
        while (above := block.parent) is not None and above.name != "body" and _is_short(above):
            block = above
        block.decompose()


def _is_short(element: Tag) -> bool:
    length = 0
    for piece in element.strings:
        length += len(piece.strip())
        if length > _SHARE_TEXT:
            return False
    return element.find(("img", "p")) is None or length == 0


def _walk(root: Tag, place: Place, writer: _Writer) -> None:
    # None marks the end of a block element.
    stack: list[tuple[PageElement | None, Place]] = [(child, place) for child in reversed(root.contents)]
    while stack:
        node, here = stack.pop()
        if node is None:
            writer.end_block()
        elif isinstance(node, Tag):
            _enter(node, here, writer, stack)
        elif type(node) is NavigableString:
            writer.text(node, here)


def _enter(tag: Tag, here: Place, writer: _Writer, stack: list[tuple[PageElement | None, Place]]) -> None:
    name = tag.name
    if name == "img":
        writer.picture(tag, here)
    elif name == "br":
        writer.end_line()
    elif name == "hr":
        writer.rule()
    elif name not in _SKIPPED:
        here = _place(tag, name, here)
        if name in _BLOCKS:
            writer.end_block()
            stack.append((None, here))
        if name == "a":
            writer.begin_link()
        stack.extend((child, here) for child in reversed(tag.contents))


_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "dt"), Kind.HEADING),
    **dict.fromkeys(("li", "dd"), Kind.ITEM),
    **dict.fromkeys(("td", "th"), Kind.CELL),
    "pre": Kind.CODE,
    "figcaption": Kind.CAPTION,
}


def _place(tag: Tag, name: str, here: Place) -> Place:
    """The place inside a tag; the same object when the tag changes nothing, as most do."""
    kind = _KINDS.get(name)
    if kind is not None and here.kind is not Kind.CAPTION:
        here = replace(here, kind=kind, verbatim=here.verbatim or kind is Kind.CODE)
    if name == "a":
        here = replace(here, linked=True, leads_to=str(tag.attrs.get("href", "")))
    elif name in ("i", "em", "cite"):
        here = replace(here, slanted=True)
    elif name == "small":
        here = replace(here, muted=True)
    elif name == "aside":
        here = replace(here, aside=True)
    return _styled(tag.attrs, here) if tag.attrs else here


def _styled(attributes: Mapping[str, object], here: Place) -> Place:
    names = _names(attributes)
    if names & ASIDE_NAMES:
        here = replace(here, aside=True)
    if names & CAPTION_NAMES:
        here = replace(here, kind=Kind.CAPTION)
    style = str(attributes.get("style", "")).replace(" ", "").lower()
    if not style:
        return here
    if "display:none" in style:
        return replace(here, aside=True)
    if "font-style:" in style:
        here = replace(here, slanted="font-style:italic" in style)
    if "color:gray" in style or "color:grey" in style or "color:#999" in style:
        here = replace(here, muted=True)
    if "white-space:pre-wrap" in style and here.kind is Kind.CODE:
        # Prose in a <pre>, as GitHub writes commit messages.
        here = replace(here, kind=Kind.PROSE)
    return here


def _names(attributes: Mapping[str, object]) -> set[str]:
    """The words of class and id, lower case: `post-share-buttons` → post, share, buttons."""
    values = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
    names = {part.lower() for value in values for part in _NAME_PARTS.split(value)}
    names.update(value.lower() for value in values)
    return names


@dataclass(slots=True)
class _Writer:
    """Gathers text into lines and lines into blocks."""

    lines: list[Line] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    _pieces: list[tuple[str, Place]] = field(default_factory=list)
    _links: list[str] = field(default_factory=list)
    _block: int = 0
    _rules: int = 0

    def text(self, text: str, place: Place) -> None:
        if not place.verbatim or "\n" not in text:
            self._add(text, place)
            return
        for number, paragraph in enumerate(re.split(r"\n[^\S\n]*\n\s*", text)):
            if number:
                self.end_block()
            for row, line in enumerate(paragraph.split("\n")):
                if row:
                    self.end_line()
                self._add(line, place)

    def _add(self, text: str, place: Place) -> None:
        self._pieces.append((text, place))
        if place.linked and self._links:
            self._links[-1] += text

    def begin_link(self) -> None:
        self._links.append("")

    def picture(self, tag: Tag, place: Place) -> None:
        attributes = {name: str(value) for name, value in tag.attrs.items()}
        self.pictures.append(Picture(attributes, place.aside, place.leads_to))

    def rule(self) -> None:
        self.end_block()
        self._rules += 1

    def end_block(self) -> None:
        self.end_line()
        self._block += 1

    def end_line(self) -> None:
        pieces, self._pieces = self._pieces, []
        links, self._links = self._links, []
        if not pieces:
            return
        text = tidy("".join(piece for piece, _ in pieces))
        if text:
            self.lines.append(
                self._line(text, [(len(p.strip()), where) for p, where in pieces if p.strip()], links)
            )

    def _line(self, text: str, parts: list[tuple[int, Place]], links: list[str]) -> Line:
        places = [place for _, place in parts]
        kind = places[0].kind if places else Kind.PROSE
        return Line(
            text=text,
            kind=kind,
            block=self._block,
            linked=min(sum(length for length, place in parts if place.linked), len(text)),
            links=tuple(words for link in links if (words := tidy(link))),
            ends_in_link=bool(places) and places[-1].linked,
            aside=bool(places) and all(place.aside for place in places),
            slanted=bool(places) and all(place.slanted for place in places),
            muted=bool(places) and all(place.muted for place in places),
            after_rule=self._rules,
        )
