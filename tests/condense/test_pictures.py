"""The picture of an article: the publisher's, else the first that shows something."""

from __future__ import annotations

import pytest

from bot.condense import condense
from bot.model import Entry

LINK = "https://paper.example/2024/05/library/"


@pytest.mark.parametrize(
    ("markup", "image"),
    [
        pytest.param('<img src="https://i.example/a.jpg">', "https://i.example/a.jpg", id="a plain picture"),
        pytest.param('<img src="../a.jpg">', "https://paper.example/2024/05/a.jpg", id="a relative address"),
        pytest.param(
            '<img src="//i.example/a.jpg">', "https://i.example/a.jpg", id="an address without a scheme"
        ),
        pytest.param(
            '<img src="data:image/gif;base64,R0" data-src="https://i.example/a.jpg">',
            "https://i.example/a.jpg",
            id="lazy: data-src",
        ),
        pytest.param(
            '<img src="/placeholder.png" data-srcset="https://i.example/s.jpg 300w, https://i.example/l.jpg 900w">',
            "https://i.example/l.jpg",
            id="lazy: the widest of data-srcset",
        ),
        pytest.param(
            '<img srcset="https://i.example/a.jpg 1x, https://i.example/b.jpg 2x">',
            "https://i.example/b.jpg",
            id="a srcset alone",
        ),
        pytest.param(
            '<img src="https://i.example/p.gif" width="1" height="1">', None, id="a pixel by its size"
        ),
        pytest.param(
            '<img src="https://i.example/p.gif" style="width: 1px; height: 1px">', None, id="by its style"
        ),
        pytest.param('<img src="https://pixel.tracker.example/p.gif">', None, id="a pixel by its host"),
        pytest.param(
            f'<img src="https://t.example/see?url={LINK}x">', None, id="a tracker, told which article is read"
        ),
        pytest.param('<img src="https://i.example/smilies/cool.png">', None, id="a smiley"),
        pytest.param(
            '<img class="wp-smiley" src="https://i.example/1f600.png">', None, id="an emoji by its class"
        ),
        pytest.param('<img src="https://0.gravatar.com/avatar/abc">', None, id="an avatar"),
        pytest.param('<img src="https://i.example/share-button.png">', None, id="a share button"),
        pytest.param('<img src="https://i.example/cards/PAPER_FB.png">', None, id="a site's card"),
        pytest.param('<img src="https://i.example/clip.mp4">', None, id="a film is no picture"),
        pytest.param('<img src="ftp://i.example/a.jpg">', None, id="no web address"),
        pytest.param('<img src="http://[broken/a.jpg">', None, id="no address at all"),
        pytest.param(
            '<div class="sidebar related"><img src="https://i.example/r.jpg"></div>', None, id="of another"
        ),
        pytest.param(
            '<img src="https://i.example/icon.png"><img src="https://i.example/silicon-valley.jpg">',
            "https://i.example/silicon-valley.jpg",
            id="the first that is real, a word within a word aside",
        ),
    ],
)
def test_the_first_real_picture(markup: str, image: str | None) -> None:
    assert condense("k", Entry(title="T", link=LINK, content=f"<p>Some text.</p>{markup}")).image == image


@pytest.mark.parametrize(
    ("named", "image"),
    [
        pytest.param(
            "https://i.example/named.jpg", "https://i.example/named.jpg", id="the publisher's goes first"
        ),
        pytest.param(
            "https://0.gravatar.com/avatar/a", "https://i.example/body.jpg", id="unless it is an avatar"
        ),
        pytest.param(None, "https://i.example/body.jpg", id="else the body's"),
    ],
)
def test_the_publishers_picture(named: str | None, image: str) -> None:
    entry = Entry(title="T", link=LINK, image=named, content='<img src="https://i.example/body.jpg">')
    assert condense("k", entry).image == image


def test_the_publishers_summary_is_looked_at_last() -> None:
    entry = Entry(title="T", content="<p>Text.</p>", summary='<img src="https://i.example/s.jpg">Short')
    assert condense("k", entry).image == "https://i.example/s.jpg"
