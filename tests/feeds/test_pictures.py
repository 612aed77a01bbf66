"""The full pictures that a publisher names outright: what an album may show."""

from __future__ import annotations

import json

import pytest

from bot.feeds import read
from bot.model import ParsedFeed

RSS = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>T</title>
<item><title>t</title><link>https://paper.example/a/</link>{}</item></channel></rss>"""


def images_in(document: str) -> tuple[str, ...]:
    result = read(document.encode(), url="https://paper.example/feed")
    assert isinstance(result, ParsedFeed)
    return result.entries[0].images


@pytest.mark.parametrize(
    ("markup", "images"),
    [
        pytest.param(
            """<media:content url="https://i.example/a.jpg" medium="image"/>
            <media:content url="https://i.example/b" type="image/png"/>
            <media:content url="https://i.example/c.webp?x=1"/>""",
            ("https://i.example/a.jpg", "https://i.example/b", "https://i.example/c.webp?x=1"),
            id="all of Media RSS, in their order: by medium, by type, by name",
        ),
        pytest.param(
            """<media:group><media:content url="https://i.example/a.jpg" medium="image"/>
            <media:content url="https://i.example/b.jpg" medium="image"/></media:group>""",
            ("https://i.example/a.jpg", "https://i.example/b.jpg"),
            id="those of a group",
        ),
        pytest.param(
            """<media:content url="https://i.example/a.jpg?w=140" width="140"/>
            <media:content url="https://i.example/b.jpg?w=460" width="460"/>
            <media:content url="https://i.example/a.jpg?w=460" width="460"/>""",
            ("https://i.example/a.jpg?w=460", "https://i.example/b.jpg?w=460"),
            id="one in several sizes once, the widest, in the place of the first",
        ),
        pytest.param(
            """<media:content url="https://i.example/show.php?id=1" medium="image"/>
            <media:content url="https://i.example/show.php?id=2" medium="image"/>""",
            ("https://i.example/show.php?id=1", "https://i.example/show.php?id=2"),
            id="a script shows another picture for another query",
        ),
        pytest.param(
            """<media:content url="https://i.example/a.jpg" medium="image"/>
            <enclosure url="https://i.example/a.jpg" type="image/jpeg"/>
            <enclosure url="/b.png" type="image/png"/>
            <enclosure url="https://i.example/talk.mp3" type="audio/mpeg"/>""",
            ("https://i.example/a.jpg", "https://paper.example/b.png"),
            id="enclosures too, each once; sound is none",
        ),
        pytest.param(
            """<media:content url="https://0.gravatar.com/avatar/1?s=96" medium="image"/>
            <media:content url="https://i.example/a.jpg" medium="image"/>""",
            ("https://i.example/a.jpg",),
            id="WordPress.com names the author's portrait first",
        ),
        pytest.param(
            '<media:thumbnail url="https://i.example/small.jpg"/>', (), id="a thumbnail is no full picture"
        ),
        pytest.param(
            '<media:content url="https://v.example/f.mp4" medium="video"/>', (), id="a film is no picture"
        ),
    ],
)
def test_the_pictures_of_an_item(markup: str, images: tuple[str, ...]) -> None:
    assert images_in(RSS.format(markup)) == images


def test_the_pictures_of_a_json_item() -> None:
    """Its picture and its image attachments, each once."""
    attachments = [
        {"url": "https://i.example/a.jpg", "mime_type": "image/jpeg"},
        {"url": "https://i.example/b.jpg", "mime_type": "image/jpeg"},
        {"url": "https://i.example/talk.mp3", "mime_type": "audio/mpeg"},
    ]
    item = {"id": "1", "content_text": "t", "image": "https://i.example/a.jpg", "attachments": attachments}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [item]}
    assert images_in(json.dumps(feed)) == ("https://i.example/a.jpg", "https://i.example/b.jpg")
