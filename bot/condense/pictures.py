"""The picture of an article: the publisher's own, else the first of the body that shows something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urljoin, urlsplit

from bot.condense.blocks import Page, Picture

# Where lazy loading keeps the address while `src` holds a placeholder; the commonest first.
_ADDRESSES = (
    "data-src", "data-original", "data-lazy-src", "data-orig-file", "data-original-src", "data-actualsrc",
    "data-lazy", "data-url", "data-hi-res-src", "data-full-url", "src",
)  # fmt: skip
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
# Smaller than this on a side is an icon, smiley or tracker; feeds' thumbnails begin at 72.
_SMALLEST = 49

_NOT_A_PICTURE = re.compile(
    r"(?:^|[^a-z])(?:[a-z]*icons|latex|mathtex|codecogs|smil(?:ey|ies|e)s?|emojis?|emoticons?|avatars?|gravatar|favicon|icons?|pixel|spacer|blank|transparent|"
    r"placeholder|lazy-?load|loading|grey|badges?|buttons?|btn|share|sharethis|tracking|track(?:er)?|counter|clear|"
    r"default-(?:image|thumbnail)|logo|rss|twcards?|(?:og|fb|facebook|tw|twitter|social|share)[-_](?:card|image|img|default)|1x1|1px|dot|bullet|arrow|divider|captcha|flattr|paypal|donate)(?:[^a-z]|$)",
    re.I,
)
# "RFI_FB.png": one picture that a site shows for whatever has none.
_FOR_A_CARD = re.compile(r"[-_](?:fb|og|facebook|twitter|opengraph)\.\w{3,4}$", re.I)
_NO_IMAGE_FILE = (
    ".svg",
    ".js",
    ".php",
    ".mp4",
    ".m3u8",
    ".webm",
    ".mov",
    ".mp3",
    ".m4a",
    ".ogg",
    ".pdf",
    ".html",
)
_TRACKING_HOST = re.compile(
    r"(?:^|\.)(?:stats?|pixel|piwik|matomo|analytics|counter|track(?:ing|er)?|ads?|adserver|beacon|count|log)\d?\.|"
    r"feedsportal\.com|pheedo\.|doubleclick\.|quantserve\.|scorecardresearch\.|google-analytics\.|gravatar\.com|"
    r"amazon-adsystem\.|assoc-amazon\.|feedblitz\.|statcounter\.|s\.w\.org|vg\d+\.met\.vgwort\.|technorati\.",
    re.I,
)
_FEEDBURNER = re.compile(r"//feeds2?\.(?:feedburner|google)\.com/~|/~(?:r|ff|a)/", re.I)


def picture(named: str | None, pages: tuple[Page, ...], link: str | None) -> str | None:
    """Choose an entry's picture.

    Args:
        named: what the publisher names outright; None if nothing.
        pages: the body and the publisher's summary, in the order to look in.
        link: the article's own address, for relative ones; None if unknown.

    Returns:
        An absolute http or https address; None if there is no real picture.
    """
    if named and (address := _absolute(named, link)) and is_real(address, link):
        return address
    return next((address for page in pages for address in _real(page, link)), None)


def _real(page: Page, link: str | None) -> Iterator[str]:
    for image in page.pictures:
        if image.aside or _is_small(image.attributes) or _is_decoration(image):
            continue
        for address in _addresses(image.attributes):
            absolute = _absolute(address, link)
            if absolute and is_real(absolute, link):
                yield absolute
                break


def _addresses(attributes: Mapping[str, str]) -> Iterator[str]:
    for name in _ADDRESSES:
        if name == "src":
            # A set given lazily is real where `src` is a placeholder.
            yield from filter(None, (_largest(attributes.get(lazy, "")) for lazy in _SETS[:2]))
        if attributes.get(name):
            yield attributes[name]
    if largest := _largest(attributes.get("srcset", "")):
        yield largest


def _largest(srcset: str) -> str:
    """The widest candidate of a srcset; "" if it is empty. Source: HTML Living Standard §4.8.4.2."""
    best, best_size = "", -1.0
    for candidate in re.split(r",\s+", srcset[:8_000].strip()):
        address, _, descriptor = candidate.strip().partition(" ")
        number = re.match(r"[\d.]{1,9}", descriptor.strip())
        try:
            size = float(number[0]) if number else 0.0
        except ValueError:
            size = 0.0
        if address and size > best_size:
            best, best_size = address, size
    return best


def _absolute(address: str, link: str | None) -> str | None:
    """An address made absolute; None if it is no web address."""
    address = address.strip().replace("\n", "").replace("\t", "")
    try:
        address = urljoin(link or "", address)
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return address.replace(" ", "%20")


def is_real(address: str, link: str | None) -> bool:
    """Whether an address can be a picture of the matter: no tracker, icon, avatar, smiley, placeholder or button."""
    parts = urlsplit(address)
    if _TRACKING_HOST.search(parts.netloc) or _FEEDBURNER.search(address):
        return False
    name = unquote(parts.path).rsplit("/", 2)
    if _NOT_A_PICTURE.search("/".join(name[-2:])) or parts.path.lower().endswith(_NO_IMAGE_FILE):
        return False
    if _FOR_A_CARD.search(name[-1]):
        return False
    return not _reports(unquote(parts.query), link)


def _reports(query: str, link: str | None) -> bool:
    """Whether a picture's address tells its server which article is read: a tracker of any maker."""
    path = urlsplit(link or "").path.rstrip("/")
    return len(path) > 8 and path in query


def _is_small(attributes: Mapping[str, str]) -> bool:
    sides = [attributes.get(side, "").strip().removesuffix("px") for side in ("width", "height")]
    style = dict(
        re.findall(r"(?:^|;)\s*(width|height)\s*:\s*(\d{1,5})px", attributes.get("style", "").lower())
    )
    sizes = [
        float(side) for side in (*sides, *style.values()) if re.fullmatch(r"\d{1,5}(?:\.\d{1,3})?", side)
    ]
    return bool(sizes) and (max(sizes) <= _SMALLEST or min(sizes) <= 3)


def _is_decoration(image: Picture) -> bool:
    classes = image.attributes.get("class", "")
    return bool(re.search(r"smiley|emoji|avatar|gravatar|icon|wp-smiley|tracking|pixel", classes, re.I))
