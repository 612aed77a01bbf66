"""A feed that changed nothing but its own dates is known by its bytes."""

from __future__ import annotations

import pytest

from bot.feeds import body_hash

ITEM = "<item><title>a</title><pubDate>{}</pubDate></item>"


@pytest.mark.parametrize(
    "template",
    [
        pytest.param(
            "<rss><channel><lastBuildDate>{}</lastBuildDate><item/></channel></rss>", id="lastBuildDate"
        ),
        pytest.param(
            "<rss><channel><pubDate>{}</pubDate><item/></channel></rss>", id="pubDate of the channel"
        ),
        pytest.param("<feed><updated>{}</updated><entry></entry></feed>", id="updated of the feed"),
        pytest.param(
            "<rdf><channel><dc:date>{}</dc:date></channel><item r='1'></item></rdf>",
            id="dc:date of the channel",
        ),
        pytest.param(
            "<rss><!-- made in {} s --><channel><item></item></channel></rss>", id="a remark before"
        ),
        pytest.param(
            "<rss><channel><item></item></channel></rss><!-- made in {} s -->", id="a remark behind"
        ),
        pytest.param(
            "<rss><channel><item></item><lastBuildDate>{}</lastBuildDate></channel></rss>",
            id="a date behind the entries",
        ),
    ],
)
def test_volatile_dates_do_not_count(template: str) -> None:
    assert body_hash(template.format("1").encode()) == body_hash(template.format("2").encode())


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("<rss><channel><item><title>{}</title></item></channel></rss>", id="a title"),
        pytest.param(
            "<rss><channel><item><pubDate>{}</pubDate></item><item></item></channel></rss>",
            id="an entry's date",
        ),
        pytest.param("<rss><channel><item><!-- {} --></item></channel></rss>", id="a remark within an entry"),
        pytest.param("<rss><channel><title>{}</title><item></item></channel></rss>", id="the feed's title"),
        pytest.param('{{"items": [{{"date_published": "{}"}}]}}', id="anything in JSON"),
        pytest.param("<!--{}-->\n[a](http://a.example)\n------\n", id="an archived article's epoch"),
    ],
)
def test_all_else_counts(template: str) -> None:
    assert body_hash(template.format("1").encode()) != body_hash(template.format("2").encode())


def test_the_form_of_the_hash_stays() -> None:
    """It is kept in databases: another form would have every feed parsed once more."""
    assert body_hash(b"") == "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param("<!--", id="remarks that never end"),
        pytest.param("<!-- -", id="remarks that almost end"),
        pytest.param("<updated ", id="tags that never end"),
        pytest.param("<lastBuildDate>", id="dates that never end"),
        pytest.param("<dc:date>1<", id="dates cut short"),
    ],
)
def test_a_hostile_megabyte_is_hashed_in_one_pass(piece: str) -> None:
    """This runs in the bot's own process; were it quadratic, the suite would stand still here for minutes."""
    body = piece * (1_000_000 // len(piece))
    assert body_hash(f"{body}<item>1</item>".encode()) != body_hash(f"{body}<item>2</item>".encode())
