"""What is only a teaser, and whether a page is the article that it began."""

from __future__ import annotations

import pytest

from bot.condense import is_article_of, is_teaser
from bot.model import Enclosure, Entry

TITLE = "Pier to be rebuilt"
LINK = "https://coast.example/pier"
LEAD = "The harbour commission voted on Tuesday to rebuild the northern pier, which a storm had damaged."
MORE = (
    "Work begins in spring and will take two years, said Maria Holt, who chairs the commission. Fishermen had asked "
    "for a new pier since the flood, because their boats have to moor in the next town. The town pays a third."
)
WHOLE = f"<p>{LEAD}</p><p>{MORE}</p>"


@pytest.mark.parametrize(
    ("summary", "teaser"),
    [
        pytest.param("", True, id="a headline and nothing else"),
        pytest.param(f"<p>{LEAD[:70]}…</p>", True, id="cut, with dots"),
        pytest.param(f"<p>{LEAD[:70]} [&#8230;]</p>", True, id="cut by WordPress"),
        pytest.param(f"<p>{LEAD} {MORE[:60]}</p>", True, id="cut in a sentence, without a word"),
        pytest.param(
            f"<p>{LEAD}</p><p><a href='{LINK}'>Continue reading</a></p>", True, id="a link leads to the rest"
        ),
        pytest.param("<p><a href='https://news.example/item?id=1'>Comments</a></p>", True, id="a link post"),
        pytest.param(f"<p>{LEAD}</p>", False, id="a summary that is whole"),
        pytest.param("<p>So it goes, friends</p>", False, id="a short post without a full stop"),
        pytest.param(WHOLE, False, id="the article"),
        pytest.param(f"{WHOLE}<p>Greetings from the pier, Ada</p>", False, id="the article, and a greeting"),
        pytest.param(f"<p>{f'{LEAD} {MORE} ' * 5} And then</p>", False, id="long enough, however it ends"),
        pytest.param("<p>港湾委员会周二投票决定重建北码头，耗资1400万欧元……</p>", True, id="cut, in Chinese"),
        pytest.param("<p>港湾委员会周二投票决定重建北码头。</p>", False, id="whole, in Chinese"),
    ],
)
def test_what_a_teaser_is(summary: str, teaser: bool) -> None:
    assert is_teaser(Entry(title=TITLE, link=LINK, summary=summary)) is teaser
    assert is_teaser(Entry(title=TITLE, link=LINK, content=summary)) is teaser


def test_the_longer_of_summary_and_content_counts() -> None:
    assert not is_teaser(Entry(title=TITLE, link=LINK, summary=f"{LEAD[:70]}…", content=WHOLE))


def test_an_episode_is_none() -> None:
    """It is heard, not read; its page has the same notes and a player."""
    heard = (Enclosure("https://coast.example/1.mp3", "audio/mpeg"),)
    assert not is_teaser(Entry(title=TITLE, link=LINK, summary=f"{LEAD[:70]}…", enclosures=heard))


@pytest.mark.parametrize(
    ("page", "summary", "fits"),
    [
        pytest.param(WHOLE, f"{LEAD[:70]}…", True, id="the article"),
        pytest.param(f"<h1>{TITLE}</h1>{WHOLE}", "", True, id="the article of a bare headline"),
        pytest.param(f"<p>{LEAD}</p>", f"{LEAD[:70]}…", False, id="hardly more than the teaser"),
        pytest.param(
            "<p>We and our partners store and access information on your device, such as cookies, to show you "
            "personalised advertising. You may accept or reject, and change your mind at any time in our settings. "
            "Some of our partners process your data on the basis of their legitimate interest.</p>",
            f"{LEAD[:70]}…",
            False,
            id="a wall of cookies",
        ),
        pytest.param(WHOLE, "Two ferries collided near Crete, nobody was hurt…", False, id="another article"),
        pytest.param("<p> </p>", f"{LEAD[:70]}…", False, id="nothing"),
        pytest.param(
            "<p>港湾委员会周二投票决定重建北码头，耗资1400万欧元。工程将于春季开始，历时两年。渔民自洪水以来一直要求新建码头。"
            "该镇将支付三分之一的费用，其余由州政府承担，委员会主席如是说。</p>",
            "港湾委员会周二投票决定重建北码头……",
            True,
            id="the article, in Chinese",
        ),
    ],
)
def test_whether_a_page_is_the_articles(page: str, summary: str, fits: bool) -> None:
    entry = Entry(title=TITLE, link=LINK, summary=summary)
    assert is_article_of(page, entry) is fits
