"""Addresses: made absolute, freed of tracking, and told apart."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"utm[_-][a-z_-]+|(?:pk|mtm|piwik|matomo)_[a-z_]+|fb(?:clid|_(?:action_ids|action_types|source|ref))"
    r"|(?:g|d|y|tw|tt|rb_)clid|msclkid|(?:g|w)braid|gclsrc|gad_(?:source|campaignid)|srsltid|_g[al]|epik|li_fat_id"
    r"|igsh(?:id)?|mc_[cet]id|mkt_tok|_hs(?:enc|mi)|__hs(?:tc|sc|fp)|hsctatracking|vero_(?:id|conv)|oly_(?:anon|enc)_id"
    r"|at_(?:medium|campaign)|ns_(?:mchannel|source|campaign|linkname|fee)|wt[._]mc|xtor|sourceid|cmpid|ito|ocid|ncid"
    r"|_openstat|spm|ref_(?:src|url)|__twitter_impression|_branch_match_id|rsspartner",
    re.IGNORECASE,
)
"""Parameters that only count visitors: of Urchin and Google, Matomo, Facebook, Microsoft, Yandex, X, TikTok,
Pinterest, LinkedIn, Instagram, Mailchimp, Marketo, HubSpot, Vero, Omeda, the BBC, comScore, Webtrends, AT Internet,
Alibaba, Branch, and publishers' own."""
_SOURCE = re.compile(
    r"(?:rss|feed)=1?|(?:rss|ref|from|source|src|partner|emc|cmp|mod|mbid|smid|wprov|_location|campaign(?:_id)?"
    r"|feed(?:type|name)?)=[a-z0-9_.-]*(?:rss|feed)[a-z0-9_.-]*",
    re.IGNORECASE,
)
"""Parameters that count visitors only if they say that a feed sent them."""
_FRAGMENT = re.compile(r"(?:xtor|utm_[a-z]+|ref|from)=", re.IGNORECASE)
_WHOLE = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][!-~]*)?", re.IGNORECASE)
_BREAKS = re.compile(r"[\t\r\n]+")
_ORIGIN = re.compile(r"https?://[^/?#\\]+", re.IGNORECASE)
_EMBEDDED = re.compile(
    r"""(<[a-zA-Z][^<>]*?\s(?:src|href|poster)\s*=\s*)(["']?)(?!\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*:|\#|\2[\s>]))"""
    r"""((?<=["'])[^"'<>]*|[^\s"'<>&{][^\s"'<>]*)\2""",
    re.IGNORECASE,
)
# May one of these be relative? By the last letters of their names: searching for an equals sign is quick.
_RELATIVE = re.compile(
    r"""=(?<=[cfr\s]=)\s*["']?(?!["']|\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*:|\#))""", re.IGNORECASE
)


def absolute(address: str | None, base: str = "") -> str | None:
    """Make a published address whole.

    Args:
        address: as published, perhaps relative.
        base: absolute; what a relative address is read against.

    Returns:
        An http or https address with a host; None if there is none to be had.
    """
    if not address:
        return None
    if _WHOLE.fullmatch(address):
        return address  # nearly all are, and taking addresses apart is slow
    joined = _join(base, _BREAKS.sub("", address.strip()))
    try:
        parts = urlsplit(joined)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    # A space ends an address in every message; all else is kept as it was published.
    return joined.replace(" ", "%20") if whole else None


def _join(base: str, address: str) -> str:
    if address[:7].lower() in {"http://", "https:/"}:
        return address  # urljoin would fold its dots and slashes
    origin = _ORIGIN.match(base) if address.startswith("/") else None
    if origin and not address.startswith("//") and "/." not in address:
        return origin[0] + address  # the commonest, and urljoin is slow
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def untracked(address: str) -> str:
    """Cut the parameters that only count visitors; order and encoding of the rest stay as published."""
    rest, hash_sign, fragment = address.partition("#")
    path, question, query = rest.partition("?")
    if question:
        kept = "&".join(pair for pair in query.split("&") if not _counts_visitors(pair))
        path = f"{path}?{kept}" if kept or not query else path
    if _FRAGMENT.match(fragment):
        return path
    return path + hash_sign + fragment


def without_campaign(address: str) -> str:
    """Cut what only counts visitors from the address of a feed or site.

    Less than `untracked` cuts: of a feed's address `?feed=rss2` may be all that makes it one.
    """
    rest, hash_sign, fragment = address.partition("#")
    path, question, query = rest.partition("?")
    kept = "&".join(pair for pair in query.split("&") if not _TRACKING.fullmatch(pair.partition("=")[0]))
    return path + (question if kept or not query else "") + kept + hash_sign + fragment


def _counts_visitors(pair: str) -> bool:
    name = pair.partition("=")[0]
    # Some feeds escape their ampersands twice, and leave `amp;` before the name.
    name = name.removeprefix("amp;")
    return bool(_TRACKING.fullmatch(name) or ("=" in pair and _SOURCE.fullmatch(pair.removeprefix("amp;"))))


def canonical(address: str) -> str:
    """Write an address so that its variants are equal: without scheme, www, tracking and closing slash.

    Only for telling entries apart; not to be followed.
    """
    try:
        parts = urlsplit(untracked(address.strip()))
    except ValueError:
        return address.strip()
    if not parts.netloc:
        return address.strip()
    host = parts.netloc.lower().removeprefix("www.").removesuffix(":80").removesuffix(":443")
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    return urlunsplit(("", host, path, parts.query, parts.fragment)).removeprefix("//")


def with_absolute_links(markup: str, base: str | None) -> str:
    """Make the links and pictures inside an entry's HTML whole, so that they mean the same outside its page.

    Source: Atom §3.1.1.2 and xml:base; RSS says nothing, and readers take the page of the entry.
    """
    if not base or not _RELATIVE.search(markup):
        return markup

    def whole(match: re.Match[str]) -> str:
        found = absolute(html.unescape(match[3]), base)
        return f"{match[1]}{match[2]}{html.escape(found)}{match[2]}" if found else match[0]

    return _EMBEDDED.sub(whole, markup)
