"""The newsroom's pages for people: the list of feeds, a paper's front page, an article."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from bot.sandbox.newsroom.shelf import Post, Source

_STYLE = """
:root{color-scheme:light dark}
body{font:17px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:42rem;margin:0 auto;padding:2rem 1.2rem}
img{width:100%;height:auto;border-radius:12px}a{color:#2f7ec7}h1{line-height:1.25}
.by,small{opacity:.65}code{font-size:.9em}li{margin:.7rem 0}
button{font:inherit;padding:.1rem .8rem;cursor:pointer;
 border-radius:99px;border:1px solid #8888;background:none;color:inherit}
"""


class Alternate(NamedTuple):
    """A feed as a page names it."""

    title: str
    media_type: str
    path: str


def article(source: Source, post: Post) -> str:
    """The page an alert links to, with the tags a link preview is made of."""
    title = post.headline or source.title
    told = {
        "og:type": "article",
        "og:site_name": source.title,
        "og:title": title,
        "og:description": post.article.body[0],
        "og:image": post.picture,
        "og:url": post.url,
    }
    tags = "".join(f'<meta property="{name}" content="{escape(text)}">' for name, text in told.items())
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in post.article.body)
    body = (
        f'<p><a href="/{source.name}/">{escape(source.title)}</a></p><h1>{escape(title)}</h1>'
        f'<p class="by">{escape(post.article.author)}, {post.published:%Y-%m-%d %H:%M} UTC</p>'
        f'<img src="{escape(post.picture)}" alt="" width="800" height="450">{paragraphs}'
    )
    return _page(source.language, title, tags, body)


def front(source: Source, posts: Sequence[Post], named: Sequence[Alternate]) -> str:
    """A paper's front page: its articles for people, its feeds for programs in <link rel=alternate>."""
    items = "".join(
        f'<li><a href="{escape(post.url)}">{escape(post.headline or post.article.body[0][:80])}</a></li>'
        for post in posts
    )
    body = f"<h1>{escape(source.title)}</h1><p>{escape(source.about)}</p><ul>{items}</ul>"
    return _page(source.language, source.title, _links(named), body)


def index(rows: Sequence[tuple[str, str, str, str]], named: Sequence[Alternate]) -> str:
    """The newsroom's own page: every feed (name, title, form, address), and a button that publishes."""
    items = "".join(
        f"<li><b>{escape(title)}</b> <small>{escape(form)}</small> "
        f'<button formaction="/publish/{escape(name)}" formmethod="post">publish now</button><br>'
        f'<a href="{escape(url)}"><code>{escape(url)}</code></a></li>'
        for name, title, form, url in rows
    )
    lead = "Made-up papers with made-up news. Subscribe to one in the chat, then wait a few seconds."
    body = f"<h1>Demo newsroom</h1><p>{lead}</p><form><ul>{items}</ul></form>"
    return _page("en", "Demo newsroom", _links(named), body)


def _links(named: Sequence[Alternate]) -> str:
    return "".join(
        f'<link rel="alternate" type="{each.media_type}" title="{escape(each.title)}" href="{escape(each.path)}">'
        for each in named
    )


def _page(language: str, title: str, head: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title>{head}<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )
