"""How an article is shown, and what comes after a refusal."""

import pytest

from bot.looks import alert, messages_of, plainer
from bot.model import Alert, Article, Digest, Headline, Look, Notice, Pictures, Post, Refused

SEA, ROCKS, LIGHT = "https://e.example/sea", "https://e.example/rocks", "https://e.example/light"
THREE = Article("k", "Tides", None, "", SEA, None, gallery=(ROCKS, LIGHT))
ONE = Article("k", "Tides", None, "", SEA, None)
BARE = Article("k", "Tides", None, "", None, None)
CROWD = Article("k", "Tides", None, "", SEA, None, gallery=(ROCKS,) * 30)


@pytest.mark.parametrize(
    ("article", "pictures", "look", "shown"),
    [
        pytest.param(THREE, Pictures.CARD, Look.CARD, (SEA,), id="a card shows the first"),
        pytest.param(THREE, Pictures.PHOTO, Look.ADDRESSES, (SEA,), id="a photo is the first"),
        pytest.param(THREE, Pictures.ALBUM, Look.ADDRESSES, (SEA, ROCKS, LIGHT), id="an album holds all"),
        pytest.param(THREE, Pictures.NONE, Look.TEXT, (), id="none is none"),
        pytest.param(ONE, Pictures.ALBUM, Look.ADDRESSES, (SEA,), id="an album of one is a photo"),
        pytest.param(BARE, Pictures.ALBUM, Look.TEXT, (), id="no picture: text"),
        pytest.param(BARE, Pictures.CARD, Look.TEXT, (), id="no picture: no card"),
        pytest.param(CROWD, Pictures.ALBUM, Look.ADDRESSES, (SEA,) + (ROCKS,) * 9, id="ten at most"),
    ],
)
def test_a_first_look(article: Article, pictures: Pictures, look: Look, shown: tuple[str, ...]) -> None:
    assert alert(article, "Coast News", "en", pictures) == Alert(article, "Coast News", "en", look, shown)


@pytest.mark.parametrize(
    ("pictures", "refused", "look", "shown"),
    [
        pytest.param(Pictures.ALBUM, Look.UPLOADS, Look.UPLOADS, (SEA, ROCKS, LIGHT), id="uploads next"),
        pytest.param(Pictures.ALBUM, Look.CARD, Look.CARD, (SEA,), id="then a card of the first"),
        pytest.param(Pictures.CARD, Look.UPLOADS, Look.CARD, (SEA,), id="readers chose a card meanwhile"),
        pytest.param(Pictures.PHOTO, Look.PLAIN, Look.PLAIN, (), id="bare words stay bare"),
    ],
)
def test_what_was_refused_is_not_tried_again(
    pictures: Pictures, refused: Look, look: Look, shown: tuple[str, ...]
) -> None:
    post = alert(THREE, "Coast News", "en", pictures, refused)
    assert (post.look, post.pictures) == (look, shown)


def test_an_album_ends_as_bare_words() -> None:
    """An article never fails because its pictures do."""
    post: Post | None = alert(THREE, "Coast News", "en", Pictures.ALBUM)
    seen = []
    while isinstance(post, Alert):
        seen.append((post.look, len(post.pictures), messages_of(post)))
        post = plainer(post, Refused("no"))
    assert seen == [
        (Look.ADDRESSES, 3, 3),
        (Look.UPLOADS, 3, 3),
        (Look.CARD, 1, 1),
        (Look.TEXT, 0, 1),
        (Look.PLAIN, 0, 1),
    ]


def test_refused_markup_leaves_bare_words_at_once() -> None:
    refused = plainer(alert(THREE, "Coast News", "en", Pictures.ALBUM), Refused("no", markup=True))
    assert refused == Alert(THREE, "Coast News", "en", Look.PLAIN)


def test_a_list_has_one_plainer_look() -> None:
    digest = Digest((Headline("Tides", None, "Coast News"),), "en")
    plain = Digest(digest.headlines, "en", look=Look.PLAIN)
    assert plainer(digest, Refused("no")) == plain
    assert plainer(plain, Refused("no")) is None


def test_a_notice_is_bare_already() -> None:
    assert plainer(Notice("notice.topic_gone", "en"), Refused("no")) is None
