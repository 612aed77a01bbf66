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
        pytest.param('<img src="http://feeds.feedburner.com/Coast?g=7">', None, id="a feed counter"),
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


def test_a_thumbnail_gives_way_to_its_larger_copy_in_the_body() -> None:
    """Blogger names one of 72 pixels."""
    entry = Entry(
        title="T",
        image="https://1.bp.example/x/s72-c/sea.jpg",
        content='<img src="https://i.example/other.jpg"><img src="https://1.bp.example/x/s640/sea.jpg">',
    )
    assert condense("k", entry).image == "https://1.bp.example/x/s640/sea.jpg"


def images(*addresses: str) -> str:
    return "".join(f'<p>Text.</p><img src="{address}">' for address in addresses)


A, B, C = (f"https://i.example/2024/{name}.jpg" for name in ("harbour", "ferry", "crowd"))


@pytest.mark.parametrize(
    ("entry", "gallery"),
    [
        pytest.param(
            Entry(content=images(A, B, C)), (B, C), id="the further pictures of the body, in its order"
        ),
        pytest.param(
            Entry(image=A, images=(A,), content=images(B, C)), (B, C), id="the publisher's goes before"
        ),
        pytest.param(
            Entry(image=A, images=(A, B), content=images(C)), (B,), id="the publisher chose them all"
        ),
        pytest.param(Entry(image=B, images=(A, B, C)), (A, C), id="the best is not shown again"),
        pytest.param(Entry(content=images(A)), (), id="a single picture has no gallery"),
        pytest.param(Entry(content="<p>Text.</p>"), (), id="nor has a text"),
        pytest.param(
            Entry(content=images(A), summary=images(A, B)),
            (B,),
            id="the publisher's summary is looked at last",
        ),
        pytest.param(
            Entry(content=images(A, *(f"https://i.example/{number}.jpg" for number in range(20)))),
            tuple(f"https://i.example/{number}.jpg" for number in range(9)),
            id="an album holds ten",
        ),
    ],
)
def test_the_gallery(entry: Entry, gallery: tuple[str, ...]) -> None:
    assert condense("k", entry).gallery == gallery


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(A, A, id="the same address"),
        pytest.param(
            "https://i.example/sea.jpg", "https://i.example/sea-300x200.jpg", id="WordPress: a size"
        ),
        pytest.param("https://i.example/sea-scaled.jpg", "https://i.example/sea.jpg", id="WordPress: scaled"),
        pytest.param("https://i.example/sea.jpg?w=300", "https://i.example/sea.jpg?w=900&h=2", id="a query"),
        pytest.param(
            "https://i.example/x/sea-2024.jpg",
            "https://i0.wp.com/i.example/x/sea-2024.jpg?ssl=1",
            id="Photon",
        ),
        pytest.param(
            "https://images.weserv.nl/?url=i.example/1024/2000x1324_0075343.jpg",
            "https://i.example/1024/960x720_0075343.jpg",
            id="a proxy told in the query",
        ),
        pytest.param(
            "https://cdn.example/thumbor/abc=/10x0:23x15/cdn.example/file/776/Screen_2017.jpg",
            "https://cdn.example/thumbor/def=/400x0/filters:x()/cdn.example/file/776/Screen_2017.jpg",
            id="thumbor",
        ),
        pytest.param(
            "https://1.bp.example/x/s72-c/sea.jpg",
            "https://1.bp.example/x/s1600/sea.jpg",
            id="Blogger: a folder",
        ),
        pytest.param(
            "https://lh3.example/abc=s72-c", "https://lh3.example/abc=w640-h480", id="Blogger: a suffix"
        ),
        pytest.param(
            "https://n.example/07/07trump-moth-superJumbo.jpg",
            "https://n.example/07/07trump-moth-articleLarge.jpg",
            id="a size in a word",
        ),
        pytest.param("https://i.example/sea.jpg", "https://i.example/sea.webp", id="another format"),
    ],
)
def test_no_picture_is_shown_twice(first: str, second: str) -> None:
    assert condense("k", Entry(content=images(first, second))).gallery == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(
            "https://i.example/a/1.jpg", "https://i.example/b/1.jpg", id="short names in two folders"
        ),
        pytest.param(
            "https://i.example/v/x1/hqdefault.jpg", "https://i.example/v/x2/hqdefault.jpg", id="films"
        ),
        pytest.param(
            "https://i.example/IMG_4405.png", "https://i.example/IMG_4402.png", id="a camera's numbers"
        ),
        pytest.param("https://i.example/show?id=1", "https://i.example/show?id=2", id="a script's numbers"),
        pytest.param(
            "https://images.weserv.nl/?url=i.example/a.jpg",
            "https://images.weserv.nl/?url=i.example/b.jpg",
            id="two through one proxy",
        ),
    ],
)
def test_different_pictures_are_both_shown(first: str, second: str) -> None:
    assert condense("k", Entry(content=images(first, second))).gallery == (second,)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param('<img src="https://i.example/dance.gif">', id="a film or a button of old"),
        pytest.param(
            '<img src="https://i.example/me.jpg" width="96" height="96">', id="a portrait by its size"
        ),
        pytest.param('<img src="https://i.example/about-the-author.jpg">', id="a portrait by its name"),
        pytest.param('<img src="https://i.example/qrcode_for_us.jpg">', id="a code to follow somebody"),
        pytest.param('<div class="related-posts"><img src="https://i.example/r.jpg"></div>', id="of another"),
        pytest.param('<img src="https://0.gravatar.com/avatar/1?s=300">', id="an avatar"),
        pytest.param(
            '<a href="https://shop.example/bag"><img src="https://i.example/bag.jpg"></a>',
            id="it leads elsewhere",
        ),
    ],
)
def test_what_is_no_picture_of_the_matter_is_not_in_the_gallery(markup: str) -> None:
    assert condense("k", Entry(content=images(A) + markup)).gallery == ()


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        pytest.param(
            '<a href="https://i.example/s1600/sea.jpg"><img src="https://i.example/s400/sea.jpg"></a>',
            "https://i.example/s1600/sea.jpg",
            id="a thumbnail that leads to its original",
        ),
        pytest.param(
            '<a href="https://i.example/sea.jpg"><img width="1024" src="https://i.example/sea-1024x683.jpg"></a>',
            "https://i.example/sea-1024x683.jpg",
            id="a wide picture is large enough: originals can be too heavy",
        ),
        pytest.param(
            '<a href="https://wiki.example/File:Sea.jpg"><img src="https://i.example/Sea.jpg"></a>',
            "https://i.example/Sea.jpg",
            id="another site's address that ends like a file may be a page",
        ),
        pytest.param(
            f'<a href="{LINK}?full"><img src="https://i.example/sea.jpg"></a>',
            "https://i.example/sea.jpg",
            id="one that leads to the article itself",
        ),
        pytest.param(
            '<a href="https://www.flickr.com/photos/me/1/"><img src="https://i.example/sea.jpg"></a>',
            "https://i.example/sea.jpg",
            id="one that leads to its page at Flickr",
        ),
    ],
)
def test_linked_pictures(markup: str, address: str) -> None:
    entry = Entry(link=LINK, content=images(A) + markup)
    assert condense("k", entry).gallery == (address,)


def test_the_first_picture_does_not_come_again_as_its_original() -> None:
    """Nothing in these addresses tells that they are one picture, but one leads to the other."""
    markup = '<a href="https://i.example/2a.jpg"><img src="https://i.example/2b.jpg"></a>'
    article = condense("k", Entry(content=markup))
    assert (article.image, article.gallery) == ("https://i.example/2b.jpg", ())
