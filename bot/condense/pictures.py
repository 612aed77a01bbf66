"""The pictures of an article: the publisher's own, else those of the body that show something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
# An author's portrait and a shop's button are seldom larger; what an album shows is.
_SMALLEST_FURTHER = 150
# An album of Telegram holds ten.
MOST_FURTHER = 9

# In a body: a film today, a button in 2005; an album holds neither.
_MOVING = re.compile(r"\.gif\b", re.I)
_ENDING = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|tiff?)\b")
_PICTURE_PATH = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.I)
# Pages that show nothing but the picture.
_PHOTO_PAGE = re.compile(
    r"//(?:[\w-]+\.)*(?:flickr\.com/photos|flic\.kr)/|/wiki/[^/]+\.\w{3,4}$|-pi$|[?&]attachment_id=", re.I
)
# Telegram shows no more than 1280 pixels, and fetches no picture of more than 5 MB, as originals often are.
_WIDE_ENOUGH = 600
# How addresses tell a size: WordPress (-300x200, -scaled), Blogger (/s72-w400-h400-c/, =s72-c), The New York
# Times (-superJumbo), image servers (?w=300).
_SIZE = re.compile(
    r"[-_.]?(?:max-)?\d{2,4}x\d{2,4}(?!\d)|-scaled\b|@[23]x\b|[/=][swh]\d{2,4}(?:-[a-z\d]+)*(?=/|$)|/thumb(?:nail)?s?(?=/)|"
    r"[-_](?:large|medium|small|thumb(?:nail)?|original|articlelarge|superjumbo|jumbo)(?=/|$)|"
    r"(?<=[?&])(?:w|h|s|q|width|height|size|quality|fit|crop|resize|dpr|auto|fm|format|ssl)=[^&]*&?"
)

_NOT_A_PICTURE = re.compile(
    r"(?:^|[^a-z])(?:[a-z]*icons|latex|mathtex|codecogs|smil(?:ey|ies|e)s?|emojis?|emoticons?|avatars?|gravatar|favicon|icons?|pixel|spacer|blank|transparent|"
    r"placeholder|lazy-?load|loading|grey|badges?|buttons?|btn|share|sharethis|tracking|track(?:er)?|counter|clear|"
    r"default-(?:image|thumbnail)|logo|rss|twcards?|(?:og|fb|facebook|tw|twitter|social|share)[-_](?:card|image|img|default)|1x1|1px|dot|bullet|arrow|divider|captcha|qr-?codes?|authors?|headshots?|sponsor(?:ed|s)?|profile[-_]images?|flattr|paypal|donate)(?:[^a-z]|$)",
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
_DECORATION = re.compile("smiley|emoji|avatar|gravatar|icon|wp-smiley|tracking|pixel", re.I)
_STYLED_SIDE = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*(\d{1,5})px")
_LENGTH = re.compile(r"\d{1,5}(?:\.\d{1,3})?")
_TRACKING_HOST = re.compile(
    r"(?:^|\.)(?:stats?|pixel|piwik|matomo|analytics|counter|track(?:ing|er)?|ads?|adserver|beacon|count|log)\d?\.|"
    r"feedsportal\.com|pheedo\.|doubleclick\.|quantserve\.|scorecardresearch\.|google-analytics\.|gravatar\.com|"
    r"amazon-adsystem\.|assoc-amazon\.|feedblitz\.|statcounter\.|s\.w\.org|vg\d+\.met\.vgwort\.|technorati\.",
    re.I,
)
_FEEDBURNER = re.compile(r"//feeds2?\.(?:feedburner\.com/|google\.com/~)|/~(?:r|ff|a)/", re.I)


def picture(
    named: str | None, full: tuple[str, ...], pages: tuple[Page, ...], link: str | None
) -> str | None:
    """Choose an entry's picture.

    Args:
        named: what the publisher names outright; None if nothing.
        full: what of it is no thumbnail.
        pages: the body and the publisher's summary, in the order to look in.
        link: the article's own address, for relative ones; None if unknown.

    Returns:
        An absolute http or https address; None if there is no real picture.
    """
    body = (address for _, address in _real(pages, link))
    if not named or not (address := _absolute(named, link)) or not is_real(address, link):
        return next(body, None)
    if named in full:
        return address
    # Blogger names a thumbnail of 72 pixels, whatever the post holds.
    return next((larger for larger in body if _matter(larger) == _matter(address)), address)


def gallery(
    image: str | None, named: tuple[str, ...], pages: tuple[Page, ...], link: str | None
) -> tuple[str, ...]:
    """Choose the pictures that follow an entry's first: the publisher's, else those of the body.

    Args:
        image: the first, as `picture` chose it.
        named: what the publisher names outright; most often one.
        pages: as for `picture`.
        link: as for `picture`.

    Returns:
        At most MOST_FURTHER absolute addresses; nothing twice, nor `image` again, in whatever size.
    """
    if image is None:
        return ()
    real = [
        (address, address) for name in named if (address := _absolute(name, link)) and is_real(address, link)
    ]
    body = (
        (address, _full(shown, link, address) or address)
        for shown, address in _real(pages, link)
        if _belongs(shown, address, link)
    )
    return _further(image, real) or _further(image, body)


def _further(image: str, pictures: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Those of (as shown, in full) that are not the first, nor there already."""
    known = {_matter(image)}
    further: list[str] = []
    for shown, full in pictures:
        if len(further) == MOST_FURTHER:
            break
        matters = {_matter(shown), _matter(full)}
        if not matters & known:
            further.append(full)
        known |= matters
    return tuple(further)


def _matter(address: str) -> str:
    """What an address shows: the same for one picture in all sizes, formats and servers."""
    address = unquote(address).lower()
    endings = list(_ENDING.finditer(address))
    if not endings:
        return _SIZE.sub("", address)
    # The last file in it, since proxies name theirs behind their own: thumbor, Photon, weserv.
    path = address[: endings[-1].start()].rpartition("//")[2].partition("/")[2]
    name = _SIZE.sub("", re.split(r"[/?&=]", path)[-1])
    # "20260130_paris.jpg" names a picture wherever it lies; "large.jpg" and "1.jpg" do not.
    distinct = len(name) > 7 and any(character.isdigit() for character in name)
    return name if distinct else _SIZE.sub("", path)


def _real(pages: tuple[Page, ...], link: str | None) -> Iterator[tuple[Picture, str]]:
    for image in (image for page in pages for image in page.pictures):
        if not image.aside and (address := address_of(image, link)):
            yield image, address


def address_of(image: Picture, link: str | None) -> str | None:
    """The absolute address of a picture that shows something; None for pixels, icons, smileys and placeholders."""
    if _is_small(image.attributes, _SMALLEST) or _is_decoration(image):
        return None
    absolute = (_absolute(address, link) for address in _addresses(image.attributes))
    return next((address for address in absolute if address and is_real(address, link)), None)


def _full(image: Picture, link: str | None, address: str) -> str | None:
    """The file of its own server that a picture links to, as thumbnails do; None if there is no need or no such."""
    width = image.attributes.get("width", "").removesuffix("px")
    if width.isdecimal() and len(width) < 6 and int(width) >= _WIDE_ENOUGH:
        return None
    full = _absolute(image.leads_to, link) if image.leads_to else None
    if not full or urlsplit(full).netloc != urlsplit(address).netloc:
        return None
    return full if _PICTURE_PATH.search(urlsplit(full).path) and is_real(full, link) else None


def _belongs(image: Picture, address: str, link: str | None) -> bool:
    """Whether a picture of the body is one of the article's: what leads elsewhere tells of something else."""
    if _MOVING.search(address) or _is_small(image.attributes, _SMALLEST_FURTHER):
        return False
    to = _absolute(image.leads_to, link) if image.leads_to else None
    if to is None or to == address or _PICTURE_PATH.search(urlsplit(to).path) or _PHOTO_PAGE.search(to):
        return True
    return link is not None and to.startswith(link.rstrip("/"))


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


def _is_small(attributes: Mapping[str, str], smallest: int) -> bool:
    sides = [attributes.get(side, "").strip().removesuffix("px") for side in ("width", "height")]
    if style := attributes.get("style"):
        # Of one that is said twice the last counts.
        sides += dict(_STYLED_SIDE.findall(style.lower())).values()
    sizes = [float(side) for side in sides if _LENGTH.fullmatch(side)]
    return bool(sizes) and (max(sizes) <= smallest or min(sizes) <= 3)


def _is_decoration(image: Picture) -> bool:
    return bool(_DECORATION.search(image.attributes.get("class", "")))
