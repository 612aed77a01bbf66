"""Telegram's HTML to text and entities, and its refusals word for word.

Telegram's own parser (`tdjson`) is asked where it is installed; elsewhere this reading of the same rules.
The rules are those of TDLib's `parse_html`: no HTML parser, but a scanner over bytes that knows fifteen
tags, four named references, and counts offsets in UTF-16 units.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bot.sandbox.links import checked_link
from bot.sandbox.refusals import bad_request
from bot.sandbox.shapes import Json

SPACES = b" \t\r\n\0\v"
PLAIN_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS = frozenset({*PLAIN_TAGS, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"})
NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
REFERENCE = re.compile(rb"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([A-Za-z]+));?")
# Which entity comes first where two begin and end together: td's get_type_priority.
PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}


def order(entity: Json) -> tuple[int, int, int]:
    """The sort key of entities: where they begin, the longer first, then by kind."""
    return entity["offset"], -entity["length"], PRIORITY.get(entity["type"], 50)


class Malformed(ValueError):
    """The text is not Telegram's HTML; the message is td's own."""


def parse_html(text: str) -> tuple[str, list[Json]]:
    """Text and entities of a message, untrimmed and without automatic entities.

    Raises Refused in the words of the Bot API.
    """
    try:
        return _parser()(text)
    except Malformed as wrong:
        raise bad_request(f"can't parse entities: {wrong}") from wrong


@cache
def _parser() -> Callable[[str], tuple[str, list[Json]]]:
    """Telegram's parser if it is here and starts; ours otherwise."""
    try:
        from bot.sandbox import td

        td.parse_html("<b>x</b>")
    except (ImportError, OSError):
        return parse_html_ourselves
    return td.parse_html


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int  # UTF-16 units
    start: int  # characters of the result
    time_format: str = ""


@dataclass(slots=True)
class _Scan:
    """A reader over the bytes, with a final zero as a guard, and what it has made so far."""

    raw: bytes
    at: int = 0
    out: list[str] = field(default_factory=list)
    offset: int = 0
    opened: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def here(self) -> int:
        return self.raw[self.at] if self.at < len(self.raw) else 0

    def skip_spaces(self) -> None:
        while self.at < len(self.raw) and self.here() in SPACES:
            self.at += 1

    def until(self, stops: bytes) -> bytes:
        """The bytes up to a space or one of `stops`."""
        begin = self.at
        while self.here() and self.here() not in SPACES and self.here() not in stops:
            self.at += 1
        return self.raw[begin : self.at]

    def put(self, text: str) -> None:
        self.out.append(text)
        self.offset += sum(1 + (ord(char) > 0xFFFF) for char in text)


def parse_html_ourselves(text: str) -> tuple[str, list[Json]]:
    """Read Telegram's HTML without Telegram's library. Raises Malformed."""
    scan = _Scan(text.encode("utf-8", "surrogatepass"))
    while scan.at < len(scan.raw):
        match scan.here():
            case 0x26:  # &
                scan.put(_reference(scan) or _literal(scan))
            case 0x3C:  # <
                _tag(scan)
            case _:
                scan.put(_literal(scan))
    if scan.opened:
        raise Malformed(f'Can\'t find end tag corresponding to start tag "{scan.opened[-1].tag}"')
    result = "".join(scan.out)
    if any(0xD800 <= ord(char) <= 0xDFFF for char in result):
        raise Malformed(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    for entity in scan.entities:
        entity.pop("pending_language", None)
    return result, sorted(scan.entities, key=order)


def _literal(scan: _Scan) -> str:
    """The text up to the next `&` or `<`, at least one byte of it."""
    begin = scan.at
    scan.at += 1
    while scan.at < len(scan.raw) and scan.here() not in b"&<":
        scan.at += 1
    return scan.raw[begin : scan.at].decode("utf-8", "surrogatepass")


def _reference(scan: _Scan) -> str | None:
    """The character a reference stands for, stepping over it; None if it is none of Telegram's."""
    found = REFERENCE.match(scan.raw, scan.at)
    if found is None:
        return None
    hexadecimal, decimal, name = found.groups()
    if name is not None:
        char = NAMED.get(name)
    else:
        digits = hexadecimal if hexadecimal is not None else decimal
        code = int(digits or b"0", 16 if hexadecimal is not None else 10)
        length = found.end() - scan.at - found.group().endswith(b";")
        char = chr(code) if 0 < code < 0x10FFFF and length < 10 else None
    if char is not None:
        scan.at = found.end()
    return char


def _tag(scan: _Scan) -> None:
    begin = scan.at
    scan.at += 1
    if scan.here() == 0x2F:  # /
        _end_tag(scan, begin)
    else:
        _start_tag(scan, begin)


def _start_tag(scan: _Scan, begin: int) -> None:
    tag = scan.until(b">").decode("utf-8", "replace").lower()
    if scan.at >= len(scan.raw):
        raise Malformed(f"Unclosed start tag at byte offset {begin}")
    if tag not in TAGS:
        raise Malformed(f'Unsupported start tag "{tag}" at byte offset {begin}')
    opened = _Open(tag, "", scan.offset, sum(map(len, scan.out)))
    while (attribute := _attribute(scan, tag, begin)) is not None:
        _remember(opened, *attribute)
    scan.at += 1
    if tag == "span" and opened.argument != "spoiler":
        raise Malformed(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
    if tag == "tg-time":
        opened.time_format = _time_format(opened.time_format)
    scan.opened.append(opened)


def _attribute(scan: _Scan, tag: str, begin: int) -> tuple[str, str | None] | None:
    """The next attribute and its value (None without `=`); None at the end of the tag."""
    scan.skip_spaces()
    if scan.here() == 0x3E:  # >
        return None
    name = scan.until(b"=>/\"'").decode("utf-8", "replace").lower()
    if not name:
        if scan.at >= len(scan.raw):
            raise Malformed(f'Unclosed start tag "{tag}" at byte offset {begin}')
        raise Malformed(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
    scan.skip_spaces()
    if scan.here() != 0x3D:  # =
        if scan.at >= len(scan.raw):
            raise Malformed(f'Unclosed start tag "{tag}" at byte offset {begin}')
        return name, None
    scan.at += 1
    scan.skip_spaces()
    if scan.at >= len(scan.raw):
        raise Malformed(f'Unclosed start tag "{tag}" at byte offset {begin}')
    value = _quoted(scan) if scan.here() in b"\"'" else _token(scan)
    if scan.at >= len(scan.raw):
        raise Malformed(f"Unclosed start tag at byte offset {begin}")
    return name, value


def _token(scan: _Scan) -> str:
    begin = scan.at
    while chr(scan.here()).isascii() and (chr(scan.here()).isalnum() or scan.here() in b".-"):
        scan.at += 1
    if scan.here() not in SPACES + b">" or scan.at >= len(scan.raw):
        raise Malformed(f"Unexpected end of name token at byte offset {begin}")
    return scan.raw[begin : scan.at].decode().lower()


def _quoted(scan: _Scan) -> str:
    quote = scan.here()
    scan.at += 1
    value = bytearray()
    while scan.at < len(scan.raw) and scan.here() != quote:
        char = _reference(scan)
        if char is not None:
            value += char.encode("utf-8", "surrogatepass")
        else:
            value.append(scan.here())
            scan.at += 1
    scan.at += 1
    return value.decode("utf-8", "surrogatepass")


def _remember(opened: _Open, name: str, value: str | None) -> None:
    """Keep the one attribute of a tag that means something; the others are allowed and ignored."""
    match opened.tag, name, value:
        case "blockquote", "expandable", _:
            opened.argument = "1"
        case "a", "href", str(url):
            opened.argument = url
        case "tg-emoji", "emoji-id", str(emoji):
            opened.argument = emoji
        case "tg-time", "unix", str(moment):
            opened.argument = moment
        case "tg-time", "format" | ",format", str(wish):
            opened.time_format = wish
        case "code", "class", str(language) if language.startswith("language-"):
            opened.argument = language[9:]
        case "span", "class", str(kind) if kind.startswith("tg-"):
            opened.argument = kind[3:]


def _end_tag(scan: _Scan, begin: int) -> None:
    if not scan.opened:
        raise Malformed(f"Unexpected end tag at byte offset {begin}")
    scan.at += 1
    name = scan.until(b">").decode("utf-8", "replace").lower()
    scan.skip_spaces()
    if scan.here() != 0x3E:  # >
        raise Malformed(f"Unclosed end tag at byte offset {begin}")
    scan.at += 1
    opened = scan.opened.pop()
    if name not in ("", opened.tag):
        raise Malformed(
            f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{name}>"'
        )
    if scan.offset > opened.offset:
        _close(scan, opened)


def _close(scan: _Scan, opened: _Open) -> None:
    place: Json = {"offset": opened.offset, "length": scan.offset - opened.offset}
    if opened.tag in PLAIN_TAGS:
        scan.entities.append({"type": PLAIN_TAGS[opened.tag], **place})
    elif opened.tag in ("code", "pre"):
        _close_code(scan, opened, place)
    elif opened.tag == "blockquote":
        scan.entities.append({"type": "expandable_blockquote" if opened.argument else "blockquote", **place})
    elif opened.tag == "tg-emoji":
        _close_emoji(scan, opened, place)
    elif opened.tag == "tg-time":
        _close_time(scan, opened, place)
    else:
        _close_link(scan, opened, place)


def _close_code(scan: _Scan, opened: _Open, place: Json) -> None:
    """`pre` and `code` around exactly the same text are one block in a language, in either order."""
    last = scan.entities[-1] if scan.entities else {}
    twin = all(last.get(name) == place[name] for name in place)
    if opened.tag == "pre" and twin and last["type"] == "code" and last.get("pending_language"):
        last["language"] = last.pop("pending_language")
        last["type"] = "pre"
    elif opened.tag == "code" and twin and last["type"] == "pre" and opened.argument:
        last["language"] = opened.argument
    else:
        pending = {"pending_language": opened.argument} if opened.tag == "code" and opened.argument else {}
        scan.entities.append({"type": opened.tag, **place, **pending})


def _close_emoji(scan: _Scan, opened: _Open, place: Json) -> None:
    if not opened.argument.isdecimal() or int(opened.argument) == 0:
        raise Malformed("Invalid custom emoji identifier specified")
    scan.entities.append({"type": "custom_emoji", **place, "custom_emoji_id": str(int(opened.argument))})


def _close_time(scan: _Scan, opened: _Open, place: Json) -> None:
    if not opened.argument.isdecimal() or int(opened.argument) == 0:
        raise Malformed("Invalid date specified")
    moment = {"unix_time": int(opened.argument), "date_time_format": opened.time_format}
    scan.entities.append({"type": "date_time", **place, **moment})


def _close_link(scan: _Scan, opened: _Open, place: Json) -> None:
    url = opened.argument or "".join(scan.out)[opened.start :]
    user = re.fullmatch(r"tg://user/?\?id=(\d+)", url, re.IGNORECASE)
    if user:
        scan.entities.append({"type": "text_mention", **place, "user_id": int(user.group(1))})
    elif link := checked_link(url):
        # A link Telegram does not like is dropped in silence; its text stays.
        scan.entities.append({"type": "text_link", **place, "url": link})


def _time_format(wish: str) -> str:
    """The canonical form of a date format. Raises Malformed for letters Telegram does not know."""
    if wish == "r":
        return "r"
    if set(wish) - set("tTdDwW"):
        raise Malformed("Invalid date format used")
    # Of a short and a long form asked for together the short one wins, as in td's textEntityTypeDateTime.
    chosen = (("w", "wW"), ("d", "d"), ("D", "D"), ("t", "t"), ("T", "T"))
    letters = [letter for letter, asked in chosen if set(asked) & set(wish)]
    return "".join(letter for letter in letters if letter.islower() or letter.lower() not in letters)


def to_json(value: Any) -> bytes:
    """Compact JSON, as td reads it."""
    return json.dumps(value).encode()
