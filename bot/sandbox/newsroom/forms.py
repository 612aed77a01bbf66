"""Writes posts down in the forms feeds have in the wild, with the mess they have in the wild.

Each function takes the source, its posts newest first, and the newsroom's address, and returns the
whole document. Nothing here is tidied on purpose: the bot must cope with what real publishers send.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape
from typing import Any
from urllib.parse import quote

from bot.sandbox.newsroom.shelf import Post, Source

Form = Callable[[Source, Sequence[Post], str], str]

_PEKING = timezone(timedelta(hours=8))
_TOKYO = timezone(timedelta(hours=9))
_PROMOTION = "<div data-selfpromo-newsletter></div><div data-selfpromo-app></div>"
_VUE = (
    '<span data-root-share><share-button v-on:open="openModal"></share-button>'
    '<share-modal v-if="displayModal" v-on:close="closeModal"></share-modal></span>'
)
_PROXY = (
    '<br><hr><div>获取更多RSS：<br><a href="https://rss.example.net" style="color:orange" target="_blank">'
    'https://rss.example.net</a> <br><a href="https://rss.example.org" style="color:orange" target="_blank">'
    "https://rss.example.org</a><br></div>"
)


def blog_atom(source: Source, posts: Sequence[Post], base: str) -> str:
    """Atom with relative links; XHTML and HTML content by turns; a footer that is not the article's."""
    entries = "".join(_blog_entry(source, post, base) for post in posts)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{source.language}" xml:base="{base}/">\n'
        f"<title>{escape(source.title)}</title><subtitle>{escape(source.about)}</subtitle>\n"
        f'<link rel="self" href="/{source.name}/feed.atom"/><link href="/{source.name}/"/>\n'
        f"<id>tag:{source.name}.example,2026:feed</id><updated>{_iso(_newest(posts))}</updated>\n{entries}</feed>\n"
    )


def _blog_entry(source: Source, post: Post, base: str) -> str:
    path = post.url.removeprefix(base)
    picture = post.picture.removeprefix(base)
    body = "".join(f"<p>{escape(text, quote=False)}</p>" for text in post.article.body)
    html = f'<p><img src="{picture}" alt="" /></p>{body}{_blog_footer(source, post, path)}'
    if post.number % 2:
        content = f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{html}</div></content>'
    else:
        content = f'<content type="html">{escape(html)}</content>'
    tags = "".join(f'<category term="{escape(tag)}"/>' for tag in post.article.tags)
    return (
        f'<entry><title>{escape(post.headline or "")}</title><link href="{path}"/>'
        f"<id>tag:{source.name}.example,2026:{post.key}</id>"
        f"<published>{_iso(post.published)}</published><updated>{_iso(post.published)}</updated>"
        f"<author><name>{escape(post.article.author)}</name></author>{tags}{content}</entry>\n"
    )


def _blog_footer(source: Source, post: Post, path: str) -> str:
    if post.number % 3:
        headline = escape(post.headline or "", quote=False)
        title = escape(source.title, quote=False)
        home = f'<a href="/{source.name}/">{title}</a>'
        return f'<p>The post <a href="{path}">{headline}</a> appeared first on {home}.</p>'
    return f'<p><a href="{path}#more">Read more</a></p>'


def proxied_rss(source: Source, posts: Sequence[Post], base: str) -> str:
    """RSS 2.0 as a full-text proxy hands it on, with everything the page had around the article."""
    items = "".join(_proxied_item(post) for post in posts)
    return _rss(source, posts, f"{base}/{source.name}/", items)


def _proxied_item(post: Post) -> str:
    html = (
        f"<div>{post.published.astimezone(_PEKING):%d/%m/%Y - %H:%M}</div>"
        f'<img src="{post.picture}"><p><strong>{post.article.body[0]}        </strong></p>'
        f"<div>{''.join(f'<p>{text}</p>' for text in post.article.body[1:])}{_PROMOTION}</div>"
        f"{_share_block(post)}{_PROXY}"
    )
    return (
        f"<item><title><![CDATA[{post.headline}]]></title><link>{escape(post.url)}</link>"
        f'<guid isPermaLink="false">{post.source}:{post.key}</guid>'
        f"<dc:creator>{escape(post.article.author)}</dc:creator><pubDate>{_rfc822(post.published)}</pubDate>"
        f"<description><![CDATA[{html}]]></description></item>\n"
    )


def _share_block(post: Post) -> str:
    """A visible label over links without a word, whose addresses carry the headline once more."""
    link, words = quote(quote(post.url, safe=""), safe=""), quote(f"{post.headline} - {post.url}", safe="")
    targets = (
        f"https://www.facebook.com/dialog/share?app_id=1&amp;href={link}&amp;redirect_uri={link}&amp;locale=zh_CN",
        f"whatsapp://send?text={words}",
        f"https://web.whatsapp.com/send?text={words}",
        f"https://x.com/intent/tweet?url={link}&amp;text={quote(post.headline or '', safe='')}&amp;lang=zh-cn",
    )
    anchors = "".join(
        f'<a href="{target}" target="_blank" rel="noopener nofollow"><span></span></a>' for target in targets
    )
    return f"<div><div>分享 :</div><div>{anchors}{_VUE}</div></div>"


def notes_json(source: Source, posts: Sequence[Post], base: str) -> str:
    """JSON Feed 1.1: notes without titles, HTML or plain text, and recordings as attachments."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": source.title,
        "description": source.about,
        "language": source.language,
        "home_page_url": f"{base}/{source.name}/",
        "feed_url": f"{base}/{source.name}/feed.json",
        "items": [_note(post) for post in posts],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _note(post: Post) -> dict[str, Any]:
    note: dict[str, Any] = {
        "id": post.key,
        "url": post.url,
        "date_published": _iso(post.published),
        "authors": [{"name": post.article.author}],
        "tags": list(post.article.tags),
    }
    if post.headline is None:
        return note | {"content_text": "\n\n".join(post.article.body)}
    html = "".join(f"<p>{escape(text, quote=False)}</p>" for text in post.article.body)
    note |= {"title": post.headline, "content_html": html, "image": post.picture}
    sounds = [{"url": post.sound, "mime_type": "audio/wav", "duration_in_seconds": 1}] if post.sound else []
    return note | {
        "attachments": [*sounds, *({"url": one, "mime_type": "image/png"} for one in post.gallery)]
    }


def diary_rdf(source: Source, posts: Sequence[Post], base: str) -> str:
    """RSS 1.0, which has neither guid nor pubDate: the address is the identity, Dublin Core has the date."""
    order = "".join(f'<rdf:li rdf:resource="{escape(post.url)}"/>' for post in posts)
    items = "".join(_diary_item(post) for post in posts)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        f' xml:lang="{source.language}">\n<channel rdf:about="{base}/{source.name}/index.rdf">'
        f"<title>{escape(source.title)}</title><link>{base}/{source.name}/</link>"
        f"<description>{escape(source.about)}</description><dc:language>{source.language}</dc:language>"
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def _diary_item(post: Post) -> str:
    html = f'<p><img src="{post.picture}" alt="" width="800" height="450"></p>'
    html += "".join(f"<p>{text}</p>" for text in post.article.body)
    subjects = "".join(f"<dc:subject>{escape(tag)}</dc:subject>" for tag in post.article.tags)
    return (
        f'<item rdf:about="{escape(post.url)}"><title>{escape(post.headline or "")}</title>'
        f"<link>{escape(post.url)}</link><dc:creator>{escape(post.article.author)}</dc:creator>"
        f"<dc:date>{post.published.astimezone(_TOKYO).isoformat()}</dc:date>{subjects}"
        f"<content:encoded><![CDATA[{html}]]></content:encoded></item>\n"
    )


def headlines_rss(source: Source, posts: Sequence[Post], base: str) -> str:
    """RSS 2.0 with the lead alone and the picture beside it, as newspapers do who want to be visited."""
    items = "".join(
        f"<item><title>{escape(post.headline or '')}</title><link>{escape(post.url)}</link>"
        f"<guid>{escape(post.url)}</guid><pubDate>{_rfc822(post.published)}</pubDate>"
        f"<description>{escape(post.article.body[0])}</description>"
        f'<media:content url="{escape(post.picture)}" medium="image" type="image/png" width="800" height="450"/>'
        "</item>\n"
        for post in posts
    )
    return _rss(source, posts, f"{base}/{source.name}/", items)


def paper_atom(source: Source, posts: Sequence[Post], base: str) -> str:
    """Atom with a summary and the full text, absolute links throughout."""
    entries = "".join(
        f'<entry><title type="text">{escape(post.headline or "")}</title><link href="{escape(post.url)}"/>'
        f"<id>{escape(post.url)}</id><updated>{_iso(post.published)}</updated>"
        f"<author><name>{escape(post.article.author)}</name></author><summary>{escape(post.article.body[0])}</summary>"
        f'<link rel="enclosure" type="image/png" href="{escape(post.picture)}"/>'
        f'<content type="html">{escape("".join(f"<p>{escape(text)}</p>" for text in post.article.body))}</content>'
        "</entry>\n"
        for post in posts
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(source.title)}: full text</title><id>{base}/{source.name}/full.atom</id>"
        f'<link href="{base}/{source.name}/"/><updated>{_iso(_newest(posts))}</updated>\n{entries}</feed>\n'
    )


def _rss(source: Source, posts: Sequence[Post], home: str, items: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>{escape(source.title)}</title><link>{home}</link><description>{escape(source.about)}</description>"
        f"<language>{source.language}</language><lastBuildDate>{_rfc822(_newest(posts))}</lastBuildDate>\n"
        f"{items}</channel></rss>\n"
    )


def _newest(posts: Sequence[Post]) -> datetime:
    return posts[0].published if posts else datetime(2026, 1, 1, tzinfo=UTC)


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
