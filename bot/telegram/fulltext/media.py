"""Pictures, films and sounds inside an article: each a link that says what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from bs4.element import Tag

from bot.condense.blocks import Picture
from bot.condense.pictures import address_of
from bot.condense.text import tidy
from bot.telegram.fulltext.lines import Span
from bot.telegram.fulltext.links import absolute, host_of

PICTURE = "🖼"
_LONGEST_WORDS = 200
# Of a picture's alt text: what editors' programs put there.
_NO_WORDS = re.compile(
    r"(?:image|img|photo|picture|untitled|bild|foto|图片|圖片|画像|写真|이미지)?[\W\d_]*|\S+\.(?:jpe?g|png|gif|webp|heic)",
    re.I,
)
_FORMULA = re.compile(r"latex|mathtex|codecogs|\bmath\b", re.I)
_YOUTUBE = re.compile(r"//(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{6,20})")
_VIMEO = re.compile(r"//player\.vimeo\.com/video/(\d{4,12})")
_SOUNDS = re.compile(r"\.(?:mp3|m4a|ogg|oga|opus|wav|flac|aac)$", re.I)
_NOT_SHOWN = re.compile(
    r"(?:^|\.)(?:doubleclick|googlesyndication|amazon-adsystem|google-analytics|facebook)\.", re.I
)


def picture(tag: Tag, base: str) -> Span | None:
    """An <img> as a link to it; as words if it stands for some, a formula or an emoji; None if for nothing."""
    attributes = {name: str(value) for name, value in tag.attrs.items()}
    words = tidy(attributes.get("alt") or attributes.get("title") or "")[:_LONGEST_WORDS]
    if words and _FORMULA.search(f"{attributes.get('class', '')} {attributes.get('src', '')}"):
        return Span(words, ("code",))
    address = address_of(Picture(attributes, aside=False), base or None)
    if address is None:
        return Span(words) if _is_emoji(words) else None
    if _NO_WORDS.fullmatch(words):
        words = ""
    return Span(f"{PICTURE} {words}".rstrip(), href=absolute(address, base))


def _is_emoji(words: str) -> bool:
    return 0 < len(words) < 9 and not any(sign.isalnum() or sign.isspace() for sign in words)


def player(tag: Tag, base: str) -> Span | None:
    """A <video>, <audio>, <iframe>, <object> or <embed> as a link to what it plays; None if to nothing."""
    address = next(
        filter(None, (_address(one, base) for one in (tag, *tag.find_all(("source", "embed", "a"))))), None
    )
    if address is None or _is_hidden(tag.attrs) or _NOT_SHOWN.search(urlsplit(address).netloc):
        return None
    sound = tag.name == "audio" or _SOUNDS.search(urlsplit(address).path)
    words = tidy(str(tag.attrs.get("title") or tag.attrs.get("aria-label") or ""))[:_LONGEST_WORDS]
    return Span(f"{'🎧' if sound else '▶'} {words or host_of(address)}", href=address)


def _address(tag: Tag, base: str) -> str | None:
    for name in ("src", "data-src", "data", "href"):
        if written := str(tag.attrs.get(name) or ""):
            return _page_of(absolute(written, base))
    return None


def _page_of(address: str | None) -> str | None:
    """The page where a film is shown, since its player is nothing to open by itself."""
    if address is None:
        return None
    if film := _YOUTUBE.search(address):
        return f"https://www.youtube.com/watch?v={film[1]}"
    if film := _VIMEO.search(address):
        return f"https://vimeo.com/{film[1]}"
    return address


def _is_hidden(attributes: Mapping[str, object]) -> bool:
    return any(str(attributes.get(side, "")).removesuffix("px") in ("0", "1") for side in ("width", "height"))
