"""From a site's address to the addresses of its feeds, before anything is fetched: rules as data.

Each rule was found in the site's own pages or documentation. A rule that is out of date costs one request: what it
names is tried, and then the page itself is asked for its feeds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.model import FeedLink, Problem


@dataclass(frozen=True, slots=True)
class _Rule:
    where: re.Pattern[str]
    """What host and path must be as a whole, closing slashes apart; and the query, if the pattern names one."""
    feeds: tuple[tuple[str, str], ...]
    """Address and title of each feed, with the pattern's groups in braces; best first."""


def _rule(where: str, *feeds: tuple[str, str] | str) -> _Rule:
    pattern = where if r"\?" in where else where + r"(?:\?.*)?"
    return _Rule(re.compile(pattern), tuple((feed, "") if isinstance(feed, str) else feed for feed in feeds))


_GITHUB = (
    r"github\.com/(?!(?:about|apps|collections|contact|customer-stories|enterprise|events|explore|features|issues"
    r"|login|marketplace|new|notifications|orgs|pricing|pulls|search|security|settings|site|sponsors|stars|team"
    r"|topics|trending)(?:/|$))"
)
_REPOSITORY = _GITHUB + r"(?P<repo>[\w-]+/[\w.-]+?)(?:\.git)?"
_GITLAB_HOSTS = r"gitlab\.[\w.-]+|salsa\.debian\.org|framagit\.org|invent\.kde\.org"
_GITLAB = r"(?P<site>[\w.:-]+)/(?P<project>[\w.-]+(?:/[\w.-]+)+)/-/"  # the sign of GitLab, whatever the host
_REDDIT = r"(?:[\w-]+\.)?reddit\.com"
_STACK = (
    r"(?P<site>(?:meta\.)?(?:(?:\w+\.)?stackoverflow\.com|superuser\.com|serverfault\.com|askubuntu\.com)"
    r"|mathoverflow\.net|stackapps\.com|[\w.-]+\.stackexchange\.com)"
)
_YOUTUBE = r"(?:(?:www|m|music)\.)?youtube\.com"
_ARXIV = r"(?:(?:www|export)\.)?arxiv\.org"
_HACKER_NEWS = r"news\.ycombinator\.com"
# Sites whose people stand behind an @ as Mastodon's do, but without feeds there.
_OTHER_PEOPLE = r"(?!(?:[\w-]+\.)?(?:youtube|substack|tiktok|threads|medium)\.(?:com|net)/)"

_YOUTUBE_FEED = "https://www.youtube.com/feeds/videos.xml?"

_RULES = (
    _rule(rf"{_YOUTUBE}/channel/(?P<id>UC[\w-]{{22}})(?:/.*)?", _YOUTUBE_FEED + "channel_id={id}"),
    _rule(
        rf"{_YOUTUBE}/playlist\?(?:.*&)?list=(?P<id>(?:PL|UU|FL|OL)[\w-]+)(?:&.*)?",
        _YOUTUBE_FEED + "playlist_id={id}",
    ),
    _rule(
        rf"{_REDDIT}(?P<page>/r/[\w.+-]+(?:/(?:best|hot|new|rising|top|controversial))?)/?(?P<span>\?t=\w+)?(?:[?&].*)?",
        "https://www.reddit.com{page}/.rss{span}",
    ),
    _rule(rf"{_REDDIT}(?P<page>/r/\w+/comments/\w+(?:/[^/?]+)?)", "https://www.reddit.com{page}/.rss"),
    _rule(
        rf"{_REDDIT}/(?:user|u)(?P<page>/[\w-]+(?:/(?:submitted|comments|m/\w+))?)",
        "https://www.reddit.com/user{page}/.rss",
    ),
    _rule(_REDDIT, "https://www.reddit.com/.rss"),
    _rule(rf"{_REPOSITORY}/releases(?:/.*)?", "https://github.com/{repo}/releases.atom"),
    _rule(rf"{_REPOSITORY}/tags(?:/.*)?", "https://github.com/{repo}/tags.atom"),
    _rule(rf"{_REPOSITORY}/commits", "https://github.com/{repo}/commits.atom"),
    _rule(
        rf"{_REPOSITORY}/(?:commits|tree)/(?P<what>[^?]+)(?<!\.atom)",
        "https://github.com/{repo}/commits/{what}.atom",
    ),
    _rule(rf"{_REPOSITORY}/wiki(?:/.*)?", "https://github.com/{repo}/wiki.atom"),
    _rule(
        rf"{_REPOSITORY}(?:/.*)?(?<!\.atom)",
        ("https://github.com/{repo}/releases.atom", "{repo}: Releases"),
        ("https://github.com/{repo}/tags.atom", "{repo}: Tags"),
        ("https://github.com/{repo}/commits.atom", "{repo}: Commits"),
    ),
    _rule(rf"{_GITHUB}(?P<who>[\w-]+)", "https://github.com/{who}.atom"),
    _rule(_GITLAB + r"releases(?:/.*)?", "{scheme}://{site}/{project}/-/releases.atom"),
    _rule(_GITLAB + r"tags(?:/.*)?", "{scheme}://{site}/{project}/-/tags?format=atom"),
    _rule(
        _GITLAB + r"(?:commits|tree)/(?P<what>[^?]+)",
        "{scheme}://{site}/{project}/-/commits/{what}?format=atom",
    ),
    _rule(
        rf"(?P<site>{_GITLAB_HOSTS})/(?!(?:dashboard|explore|groups|help|users)/)(?P<project>[\w.-]+(?:/[\w.-]+)+)(?<!\.atom)",
        ("{scheme}://{site}/{project}/-/releases.atom", "{project}: Releases"),
        ("{scheme}://{site}/{project}/-/tags?format=atom", "{project}: Tags"),
        ("{scheme}://{site}/{project}/-/commits/HEAD?format=atom", "{project}: Commits"),
        ("{scheme}://{site}/{project}.atom", "{project}: Activity"),
    ),
    _rule(
        rf"(?P<site>{_GITLAB_HOSTS})/(?!(?:dashboard|explore|help)$)(?P<who>[\w.-]+)(?<!\.atom)",
        "{scheme}://{site}/{who}.atom",
    ),
    _rule(r"bsky\.app/profile/(?P<who>[\w.:-]+)(?:/post/\w+)?", "https://bsky.app/profile/{who}/rss"),
    _rule(
        r"medium\.com/(?P<where>@[\w.-]+|tag/[\w-]+|[\w-]+/tagged/[\w-]+)(?:/.*)?",
        "https://medium.com/feed/{where}",
    ),
    _rule(
        r"medium\.com/(?!(?:about|feed|m|me|membership|p|plans|search|topics?)(?:/|$))(?P<where>[\w-]+)(?:/.*)?",
        "https://medium.com/feed/{where}",
    ),
    _rule(r"(?P<who>(?!help\.|policy\.)[\w-]+\.medium\.com)(?!/feed/)(?:/.*)?", "https://{who}/feed"),
    _rule(r"open\.substack\.com/pub/(?P<who>[\w-]+)(?:/.*)?", "https://{who}.substack.com/feed"),
    _rule(r"(?P<who>(?!www\.|open\.|api\.)[\w-]+\.substack\.com)(?:/.*)?", "https://{who}/feed"),
    _rule(
        r"(?:www\.)?tumblr\.com/(?!(?:about|dashboard|explore|help|login|policy|privacy|register|search|settings"
        r"|tagged)(?:/|$))(?:blog/(?:view/)?)?(?P<who>[\w-]+)(?:/.*)?",
        "https://{who}.tumblr.com/rss",
    ),
    _rule(r"(?P<who>[\w-]+\.tumblr\.com)/tagged/(?P<tag>[^/?]+)", "https://{who}/tagged/{tag}/rss"),
    _rule(r"(?P<who>(?!www\.|api\.)[\w-]+\.tumblr\.com)(?!.*/rss$)(?:/.*)?", "https://{who}/rss"),
    _rule(r"(?P<site>[\w-]+\.wordpress\.com/(?:author|category|tag)/[^/?]+)", "https://{site}/feed/"),
    _rule(r"(?P<site>(?!www\.)[\w-]+\.wordpress\.com)(?!.*/feed$)(?:/.*)?", "https://{site}/feed/"),
    _rule(
        r"(?P<site>[\w-]+\.blogspot\.[a-z.]+)/search/label/(?P<label>[^/?]+)",
        "https://{site}/feeds/posts/default/-/{label}",
    ),
    _rule(r"(?P<site>[\w-]+\.blogspot\.[a-z.]+)(?!/feeds/)(?:/.*)?", "https://{site}/feeds/posts/default"),
    _rule(rf"{_STACK}/(?:questions/tagged|tags)/(?P<tag>[^/+?]+)(?:/.*)?", "https://{site}/feeds/tag/{tag}"),
    _rule(rf"{_STACK}/(?:questions|q)/(?P<id>\d+)(?:/.*)?", "https://{site}/feeds/question/{id}"),
    _rule(rf"{_STACK}/users/(?P<id>\d+)(?:/.*)?", "https://{site}/feeds/user/{id}"),
    _rule(rf"{_STACK}(?:/questions)?", "https://{site}/feeds"),
    _rule(
        rf"{_ARXIV}/(?:list|archive)/(?P<what>[a-z-]+(?:\.[A-Za-z-]+)?)(?:/.*)?",
        "https://rss.arxiv.org/rss/{what}",
    ),
    _rule(rf"{_ARXIV}/a/(?P<who>\w+)", "https://arxiv.org/a/{who}.atom"),
    _rule(rf"{_HACKER_NEWS}(?:/news|/front)?", "https://news.ycombinator.com/rss"),
    # Hacker News has a feed of its front page alone; hnrss.org makes the others out of its interface.
    _rule(rf"{_HACKER_NEWS}/(?P<what>newest|best|ask|show|jobs)", "https://hnrss.org/{what}"),
    _rule(
        rf"{_HACKER_NEWS}/(?P<what>user|submitted|threads|item)\?(?:.*&)?id=(?P<id>[\w-]+)(?:&.*)?",
        "https://hnrss.org/{what}?id={id}",
    ),
    # Mastodon and what speaks like it, on whatever host; last, since it is the most general.
    _rule(
        rf"{_OTHER_PEOPLE}[\w.:-]+/@(?P<who>\w[\w.-]*)@(?P<site>[\w.:-]+)(?:/.*)?",
        "{scheme}://{site}/@{who}.rss",
    ),
    _rule(
        rf"{_OTHER_PEOPLE}(?P<site>[\w.:-]+)/@(?P<who>\w[\w.-]*(?:/tagged/[^/?]+)?)(?<!\.rss)(?:/\d+)?",
        "{scheme}://{site}/@{who}.rss",
    ),
)

_TELEGRAM = re.compile(
    r"(?:(?:t|telegram)\.(?:me|dog)/(?!(?:addemoji|addlist|addstickers|addtheme|boost|giftcode|invoice|joinchat|login"
    r"|proxy|setlanguage|share|socks)(?:/|$))(?:s/)?(?P<name>[A-Za-z]\w{3,31})(?:/\d+)?|(?P<host>[a-z]\w{3,31})\.t\.me)"
)
_BRIDGES = {
    "rsshub": "{base}/telegram/channel/{name}",
    "rss-bridge": "{base}/?action=display&bridge=TelegramBridge&username={name}&format=Atom",
}

# A channel's name as its pages carry it, surest first: a video's page names other channels, too.
_CHANNEL = tuple(
    re.compile(pattern)
    for pattern in (
        r'<link rel="canonical" href="https://www\.youtube\.com/channel/(UC[\w-]{22})"',
        r'<meta itemprop="(?:channelId|identifier)" content="(UC[\w-]{22})"',
        r'"(?:externalChannelId|externalId)":"(UC[\w-]{22})"',
        r'"channelId":"(UC[\w-]{22})"',
    )
)
_YOUTUBE_HOST = re.compile(r"(?:[\w-]+\.)?(?:youtube\.com|youtu\.be)")
# Here a feed stands where a rule says, or nowhere.
_NOTHING_TO_GUESS = re.compile(
    r"(?:[\w-]+\.)*(?:youtube\.com|youtu\.be|reddit\.com|github\.com|bsky\.app|t\.me|telegram\.me|x\.com|twitter\.com"
    r"|facebook\.com|instagram\.com|tiktok\.com|threads\.(?:net|com)|linkedin\.com|google\.com)"
)
# In the order of how often they are met: WordPress and Ghost, many others, Jekyll and Hexo, Hugo.
_USUAL = ("feed", "rss", "atom.xml", "feed.xml", "index.xml", "rss.xml", "feed.json")


def site_feeds(url: str, bridge: str | None = None) -> tuple[FeedLink, ...] | Problem:
    """Name the feeds of a known site.

    Args:
        url: as `normal_url` gives it.
        bridge: where channels of Telegram are made into feeds: the program that stands there, a plus, its address
            (`rsshub+https://rsshub.example.org`); None if nowhere.

    Returns:
        The feeds, best first, untried; none if no rule knows the address, or it is a feed's itself. A problem if
        the site can be read only in a way that the operator has not opened.
    """
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2] + parts.path.rstrip("/")
    channel = _TELEGRAM.fullmatch(place)
    if channel:
        return _bridged(channel["name"] or channel["host"], bridge)
    asked = f"{place}?{parts.query}" if parts.query else place
    for rule in _RULES:
        match = rule.where.fullmatch(asked)
        if match:
            values = match.groupdict("") | {"scheme": parts.scheme}
            links = tuple(
                FeedLink(feed.format(**values), title.format(**values)) for feed, title in rule.feeds
            )
            return () if any(link.url.rstrip("/") == url.rstrip("/") for link in links) else links
    return ()


def feeds_in_text(url: str, page: str) -> dict[str, str]:
    """Find the feeds that a known site's page tells of without naming them: address and title of each."""
    if _YOUTUBE_HOST.fullmatch(urlsplit(url).hostname or ""):
        for pattern in _CHANNEL:
            match = pattern.search(page)
            if match:
                return {f"{_YOUTUBE_FEED}channel_id={match[1]}": ""}
    return {}


def usual_places(url: str) -> tuple[str, ...]:
    """Where a site that names no feed may still have one: few, likeliest first, to be tried one after the other.

    Below the page's own folder first (a blog inside a site), then the front page, then below the root.
    """
    parts = urlsplit(url)
    if _NOTHING_TO_GUESS.fullmatch(parts.hostname or ""):
        return ()
    root = f"{parts.scheme}://{parts.netloc}/"
    above, _, last = parts.path.rpartition("/")
    folder = above if "." in last else parts.path.rstrip("/")
    own = [f"{root[:-1]}{folder}/feed"] if folder else []
    front = [root] if parts.path != "/" else []
    return (*own, *front, *(root + name for name in _USUAL))


def _bridged(name: str, bridge: str | None) -> tuple[FeedLink, ...] | Problem:
    if bridge is None:
        return Problem("site.needs_bridge")
    kind, _, base = bridge.partition("+")
    return (FeedLink(_BRIDGES[kind].format(base=base.rstrip("/"), name=name), name),)
