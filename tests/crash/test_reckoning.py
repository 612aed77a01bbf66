"""The crash test's own sums: they must see what it is there to find."""

import pytest

from tests.crash.newspapers import Printed
from tests.crash.people import Reader
from tests.crash.reckoning import Shown, certainly_known, headlines, reckon

PAPERS = ("harbour", "meadow")
CHAT = 5


def article(headline: str, order: int) -> Printed:
    paper, number = headline.split()
    return Printed(paper, int(number), order, at=0.0)


PRINTED = tuple(
    article(headline, order)
    for order, headline in enumerate(("harbour 0", "meadow 0", "harbour 1", "meadow 1", "harbour 2"))
)
READERS = (Reader(CHAT, "harbour"), Reader(CHAT, "meadow"))
# All are known from the beginning, unless a test says otherwise.
KNOWN = {one.headline: 0.0 for one in PRINTED}


def arrivals(*headlines: str, thread: int | None = None) -> list[Shown]:
    """One each second, long after all were known."""
    return [Shown(one, CHAT, thread, place, at=100.0 + place) for place, one in enumerate(headlines)]


@pytest.mark.parametrize(
    ("came", "delivered", "lost", "doubles", "disorder"),
    [
        pytest.param(["harbour 1", "meadow 1", "harbour 2"], 3, 0, 0, 0, id="all came once and in order"),
        pytest.param(["harbour 1", "harbour 2"], 2, 1, 0, 0, id="one never came"),
        pytest.param(["harbour 1", "harbour 1", "meadow 1", "harbour 2"], 3, 0, 1, 0, id="one came twice"),
        pytest.param(
            ["harbour 1"] * 3 + ["meadow 1", "harbour 2"], 3, 0, 2, 0, id="three times are two doubles"
        ),
        pytest.param(
            ["harbour 2", "harbour 1", "meadow 1"], 3, 0, 0, 2, id="a younger one of the paper came first"
        ),
        pytest.param(
            ["meadow 1", "harbour 1", "harbour 2"], 3, 0, 0, 1, id="a younger one of another paper came"
        ),
        pytest.param(
            ["harbour 1", "meadow 1", "harbour 2", "harbour 1"],
            3,
            0,
            1,
            0,
            id="a double counts where it came first",
        ),
    ],
)
def test_sums(came: list[str], delivered: int, lost: int, doubles: int, disorder: int) -> None:
    found = reckon(READERS, PRINTED, arrivals(*came), KNOWN)
    assert (found.delivered, len(found.lost), len(found.doubles), len(found.disorder)) == (
        delivered,
        lost,
        doubles,
        disorder,
    )


def test_an_older_article_of_another_paper_that_was_read_later_is_no_disorder() -> None:
    """Papers are read at different moments; what the bot did not know yet it could not send."""
    known = KNOWN | {"harbour 1": 99.0}
    assert reckon(READERS, PRINTED, arrivals("meadow 1", "harbour 1", "harbour 2"), known).disorder == ()


def test_a_digest_lists_paper_by_paper() -> None:
    digest = [Shown(one, CHAT, None, 1, at=200.0) for one in ("meadow 1", "harbour 1", "harbour 2")]
    assert reckon(READERS, PRINTED, digest, KNOWN).disorder == ()
    swapped = [Shown(one, CHAT, None, 1, at=200.0) for one in ("meadow 1", "harbour 2", "harbour 1")]
    assert len(reckon(READERS, PRINTED, swapped, KNOWN).disorder) == 1


def test_a_digest_sent_twice_is_one_double() -> None:
    """The bot may repeat a message, however many headlines it has."""
    digests = [
        Shown(one, CHAT, None, message, at=100.0) for message in (1, 2) for one in ("harbour 1", "harbour 2")
    ]
    assert len(reckon([Reader(CHAT, "harbour")], PRINTED, digests, KNOWN).doubles) == 1


def test_an_article_in_the_wrong_topic_is_lost_to_the_right_one() -> None:
    found = reckon([Reader(CHAT, "meadow", 7)], PRINTED, arrivals("meadow 1"), KNOWN)
    assert found.lost == ("meadow 1 in 5/7",)


def test_a_digest_delivers_every_headline_in_it_and_number_0_is_no_news() -> None:
    digest = {
        "text": "Meanwhile:\n• harbour 1 – The harbour paper\n• meadow 10",
        "message_id": 4,
        "sent_at": 3.5,
    }
    sample = {"text": "harbour 0\n\nThe harbour paper", "message_id": 3, "sent_at": 1.0}
    assert headlines([sample, digest], CHAT, PAPERS) == [
        Shown("harbour 1", CHAT, None, 4, 3.5),
        Shown("meadow 10", CHAT, None, 4, 3.5),
    ]


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        pytest.param(
            [(5.0, 0), (10.0, 1), (20.0, 2)], 10.0, id="from the first question with its edition's tag"
        ),
        pytest.param([(5.0, 0), (20.0, 2)], 20.0, id="or a later edition's"),
        pytest.param([(5.0, 0)], None, id="nobody can say"),
    ],
)
def test_when_an_article_is_certainly_known(asked: list[tuple[float, int]], known: float | None) -> None:
    assert certainly_known([article("harbour 1", 2)], {"harbour": asked}).get("harbour 1") == known
