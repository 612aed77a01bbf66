"""HTML of any shape → a flat row of lines, each knowing where it stood; nothing is judged here.

lxml reads the markup, without BeautifulSoup around it: that takes 2.7 ms for 10 KB, lxml alone 0.14 ms, for the
same tree. The walk keeps its own stack, so no depth of nesting can exhaust Python's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from lxml import etree

from bot.condense.text import decode, tidy
from bot.condense.words import ASIDE_NAMES, CAPTION_NAMES

# The longest article of 2,100 real entries has 140,000 characters; behind that nobody reads an alert.
MAX_HTML = 200_000
# Parsing costs by the tag: 15,000 take about 0.1 s. More is an attack or a table dump; its text is enough.
MAX_TAGS = 15_000

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_ANY_TAG = re.compile(r"<[^<>]*>")
_BLOCK_MARKUP = re.compile(r"<(?i:p|br|div|li|tr|td|h[1-6]|pre|blockquote|section|article|table)\b")
_ESCAPED_TAG = re.compile(r"&lt;/?(?i:p|br|div|a|b|i|em|strong|span|img|ul|ol|li|h[1-6]|table|font)\b")
_CONTROL = bytes((*range(9), 11, *range(14, 32)))
_CODE = re.compile(r"<(?i:code|pre|tt|kbd|samp|textarea)\b")
_NAME_PARTS = re.compile(r"[\s_-]+|(?<=[a-z])(?=[A-Z])")
SHARE_LINK = re.compile(
    r"(?:https?:)?//(?:[\w-]+\.)*(?:(?:facebook|fb)\.com/(?:sharer?|dialog|share)|(?:twitter|x)\.com/(?:intent|share|"
    r"home\?status)|(?:t|telegram)\.me/share|reddit\.com/submit|linkedin\.com/(?:share|cws)|pinterest\.\w+/pin/create|"
    r"service\.weibo\.com/share|connect\.qq\.com|line\.me/R|vk\.com/share|feeds\.feedburner\.com/~ff/)|"
    r"whatsapp:|mailto:\?",
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


class Place(NamedTuple):
    """Where text stands: what the elements around it say of it.

    A tuple, which is made in a third of a dataclass's time: there is one for every link and every styled element.
    """

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

    @property
    def is_plain(self) -> bool:
        return not (self.linked or self.aside or self.slanted or self.muted)


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
    elif (root := _parsed(markup)) is None:
        writer.text(_ANY_TAG.sub("\n\n", markup), Place(verbatim=True))
    else:
        _drop_share_blocks(root)
        _walk(root, Place(verbatim=not _BLOCK_MARKUP.search(markup)), writer)
    writer.end_block()
    return Page(tuple(writer.lines), tuple(writer.pictures))


def _parsed(markup: str) -> etree._Element | None:
    """The tree of a piece of HTML; None if there are more tags, or nested deeper, than anybody writes."""
    if markup.count("<") > MAX_TAGS:
        return None
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    # In a <body> an empty text has a root, and a <meta> in it does not change the encoding.
    page = f"<body>{markup}</body>".encode("utf-8", "ignore")
    root = etree.fromstring(page.translate(None, _CONTROL), parser)
    # Deeper than 2,048 libxml2 gives up, and what is there may be half of it.
    return None if parser.error_log.filter_from_fatals() else root


def once_escaped(markup: str) -> str:
    """Undo escaping of markup itself, of the whole or of a part, unless the text is about markup and sets it apart."""
    for _ in range(2):
        if not _ESCAPED_TAG.search(markup) or (_TAG.search(markup) and _sets_code_apart(markup)):
            break
        markup = decode(markup)
    return markup


def _sets_code_apart(markup: str) -> bool:
    return len(_ESCAPED_TAG.findall(markup)) < 2 or bool(_CODE.search(markup))


def _drop_share_blocks(root: etree._Element) -> None:
    """Take out what holds nothing but links to share, its label included."""
    for link in list(root.iter("a")):
        if not SHARE_LINK.match(link.get("href", "").lstrip()) or _is_gone(link, root):
            continue
        block = link
        while (above := block.getparent()) is not None and above.tag != "body" and _is_short(above):
            block = above
        _drop(block)


def _is_gone(element: etree._Element, root: etree._Element) -> bool:
    return element is not root and next(element.iterancestors("html"), None) is not root


def _drop(element: etree._Element) -> None:
    """Empty an element, rather than take it out: what stands behind it stays where it is."""
    tail = element.tail
    element.clear()
    element.tail = tail


def _is_short(element: etree._Element) -> bool:
    length = 0
    for piece in element.itertext():
        length += len(piece.strip())
        if length > _SHARE_TEXT:
            return False
    return length == 0 or next(element.iter("img", "p"), element) is element


def _walk(root: etree._Element, place: Place, writer: _Writer) -> None:
    walk = etree.iterwalk(root, events=("start", "end"))
    places: list[Place] = [place]
    for event, element in walk:
        if event == "end":
            if element.tag in _BLOCKS:
                writer.end_block()
            places.pop()
            if element.tail:
                writer.text(element.tail, places[-1])
            continue
        inside = _enter(element, places[-1], writer)
        if inside is None:
            walk.skip_subtree()
        elif element.text:
            writer.text(element.text, inside)
        places.append(inside or places[-1])


def _enter(element: etree._Element, here: Place, writer: _Writer) -> Place | None:
    """Begin an element; the place inside it, None if nothing in it is seen."""
    name = element.tag
    if name in _SKIPPED:
        return None
    if name in _BLOCKS:
        writer.end_block()
    elif name == "a":
        writer.begin_link()
    elif name == "br":
        writer.end_line()
    elif name == "img":
        writer.picture(element, here)
    elif name == "hr":
        writer.rule()
    if name in _MARKS:
        here = _marked(element, name, here)
    return _styled(element, here, writer) if element.keys() else here


_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "dt"), Kind.HEADING),
    **dict.fromkeys(("li", "dd"), Kind.ITEM),
    **dict.fromkeys(("td", "th"), Kind.CELL),
    "pre": Kind.CODE,
    "figcaption": Kind.CAPTION,
}


# What says something of the text in it; most elements do not.
_MARKS = frozenset((*_KINDS, "a", "i", "em", "cite", "small", "aside"))


def _marked(element: etree._Element, name: str, here: Place) -> Place:
    """The place inside an element that says something of it by its name."""
    kind = _KINDS.get(name)
    if kind is not None:
        if kind is here.kind or here.kind is Kind.CAPTION:
            return here
        return here._replace(kind=kind, verbatim=here.verbatim or kind is Kind.CODE)
    if name == "a":
        return here._replace(linked=True, leads_to=element.get("href", ""))
    if name == "small":
        return here._replace(muted=True)
    if name == "aside":
        return here._replace(aside=True)
    return here if here.slanted else here._replace(slanted=True)


def _styled(element: etree._Element, here: Place, writer: _Writer) -> Place:
    if names := f"{element.get('class', '')} {element.get('id', '')}".strip():
        aside, caption = writer.part(names)
        if aside:
            here = here._replace(aside=True)
        if caption:
            here = here._replace(kind=Kind.CAPTION)
    style = element.get("style", "").replace(" ", "").lower()
    return _in_style(style, here) if style else here


def _in_style(style: str, here: Place) -> Place:
    if "display:none" in style:
        return here._replace(aside=True)
    if "font-style:" in style:
        here = here._replace(slanted="font-style:italic" in style)
    if "color:gray" in style or "color:grey" in style or "color:#999" in style:
        here = here._replace(muted=True)
    if "white-space:pre-wrap" in style and here.kind is Kind.CODE:
        # Prose in a <pre>, as GitHub writes commit messages.
        here = here._replace(kind=Kind.PROSE)
    return here


def _names(values: str) -> set[str]:
    """The words of class and id, lower case: `post-share-buttons` → post, share, buttons."""
    names = {part.lower() for part in _NAME_PARTS.split(values)}
    names.update(values.lower().split())
    return names


@dataclass(slots=True)
class _Writer:
    """Gathers text into lines and lines into blocks."""

    lines: list[Line] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    _pieces: list[tuple[str, Place]] = field(default_factory=list)
    _links: list[str] = field(default_factory=list)
    _parts: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    _block: int = 0
    _rules: int = 0

    def part(self, values: str) -> tuple[bool, bool]:
        """Whether class and id name something aside, and whether a caption; most pages have few of them."""
        said = self._parts.get(values)
        if said is None:
            names = _names(values)
            said = self._parts[values] = bool(names & ASIDE_NAMES), bool(names & CAPTION_NAMES)
        return said

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

    def picture(self, element: etree._Element, place: Place) -> None:
        attributes = {str(name): str(value) for name, value in element.items()}
        self.pictures.append(Picture(attributes, place.aside, place.leads_to))

    def rule(self) -> None:
        self.end_block()
        self._rules += 1

    def end_block(self) -> None:
        self.end_line()
        self._block += 1

    def end_line(self) -> None:
        if not self._pieces:
            self._links.clear()
            return
        pieces, self._pieces = self._pieces, []
        links, self._links = self._links, []
        text = "".join([piece for piece, _ in pieces])
        # Between two blocks there is often nothing but a line end.
        if text and not text.isspace() and (text := tidy(text)):
            self.lines.append(
                self._line(text, [one for one in pieces if one[0] and not one[0].isspace()], links)
            )

    def _line(self, text: str, pieces: list[tuple[str, Place]], links: list[str]) -> Line:
        kind = pieces[0][1].kind if pieces else Kind.PROSE
        if not links and all(place.is_plain for _, place in pieces):
            return Line(text, kind, self._block, after_rule=self._rules)
        places = [place for _, place in pieces]
        return Line(
            text=text,
            kind=kind,
            block=self._block,
            linked=min(sum(len(piece.strip()) for piece, place in pieces if place.linked), len(text)),
            links=tuple(words for link in links if (words := tidy(link))),
            ends_in_link=bool(places) and places[-1].linked,
            aside=bool(places) and all(place.aside for place in places),
            slanted=bool(places) and all(place.slanted for place in places),
            muted=bool(places) and all(place.muted for place in places),
            after_rule=self._rules,
        )
