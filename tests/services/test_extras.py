"""What may be switched on, inside a check: pages for teasers, a machine's summaries. Neither loses anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.errors import StoreError
from bot.feeds import Outline
from bot.model import Alert, Article, Entry, FeedRead, Login, ParsedFeed, Validators
from bot.ports import PageSource, Summarizer
from bot.services.extras import MOST, Extras
from bot.services.finding import Finder
from bot.services.previews import Previewed, Previews
from bot.services.subscribing import Subscribed, SubscribeResult
from tests.fakes import FakePages, FakeSummarizer
from tests.services.stage import ADA, URL, Stage

LINK = "https://coast.example/"
LEAD = "The harbour commission voted on Tuesday to rebuild the northern pier, which a storm had damaged."
MORE = (
    "Work begins in spring and will take two years, said Maria Holt, who chairs the commission. Fishermen had asked "
    "for a new pier since the flood, because their boats have to moor in the next town. The town pays a third of it."
)
TEASER = f"{LEAD[:71]}…"
WHOLE = f"<p>{LEAD}</p><p>{MORE}</p>"
TOLD = "The northern pier, damaged in a storm, is rebuilt; work begins in spring."
SHORT = timedelta(seconds=0.05)


def read(*entries: Entry) -> FeedRead:
    parsed = ParsedFeed("Coast News", LINK, "en", entries)
    return FeedRead(parsed, URL, Validators(etag=str(len(entries))), fresh_for=None)


def entry(title: str, summary: str = TEASER, content: str = "") -> Entry:
    return Entry(guid=title, link=LINK + title, title=title, summary=summary, content=content)


async def told(
    life: Stage,
    *entries: Entry,
    pages: PageSource | None = None,
    summarizer: Summarizer | None = None,
    patience: timedelta = timedelta(seconds=20),
) -> dict[str, Article]:
    """The alerts of one check that finds these new, by headline."""
    feed_id = await life.follow()
    life.polling.switch_on(Extras(pages, summarizer, patience=patience))
    life.reader.web[URL] = read(*entries, *read_tides())
    await life.round(feed_id)
    posts = [post for _, _, post in life.messenger.tried]
    return {post.article.title: post.article for post in posts if isinstance(post, Alert)}


def read_tides() -> tuple[Entry, ...]:
    """What the stage's feed had when it was followed."""
    return (Entry(guid="tides", link=f"{LINK}tides", title="tides", summary="About tides. And more."),)


async def test_a_teaser_is_told_from_its_page(life: Stage) -> None:
    pages = FakePages({f"{LINK}pier": WHOLE})
    alerts = await told(life, entry("pier"), pages=pages)
    assert pages.asked == [f"{LINK}pier"]
    assert alerts["pier"].summary.startswith(LEAD)
    assert "next town" in alerts["pier"].text


async def test_filters_see_the_page(life: Stage) -> None:
    feed_id = await life.follow()
    (subscription,) = await life.subscriptions.of(ADA.id)
    async with life.store.transaction() as tx:
        await tx.set_filter(subscription.id, "fishermen")
    life.polling.switch_on(Extras(FakePages({f"{LINK}pier": WHOLE}), None))
    life.reader.web[URL] = read(entry("pier"), *read_tides())
    await life.round(feed_id)
    assert life.messenger.sent == [(ADA.id, "pier")]


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(None, id="no article on it"),
        pytest.param("<p>We and our partners store cookies on your device.</p>" * 9, id="a wall of cookies"),
        pytest.param(f"<p>{LEAD}</p>", id="no more than the teaser"),
    ],
)
async def test_without_a_page_the_feed_speaks(life: Stage, page: str | None) -> None:
    alerts = await told(life, entry("pier"), pages=FakePages({f"{LINK}pier": page} if page else {}))
    assert alerts["pier"].text == TEASER


async def test_only_new_teasers_are_asked_for(life: Stage) -> None:
    pages = FakePages()
    await told(life, entry("pier"), entry("whole", LEAD), pages=pages)
    await life.polling.check((await life.subscriptions.of(ADA.id))[0].feed_id)
    assert pages.asked == [f"{LINK}pier"]


async def test_of_a_burst_the_newest_are_asked_for(life: Stage) -> None:
    pages = FakePages()
    await told(life, *(entry(f"pier-{number}") for number in range(MOST + 5)), pages=pages)
    assert pages.asked == [f"{LINK}pier-{number}" for number in range(MOST)]


async def test_late_pages_hold_nobody_up(life: Stage) -> None:
    pages = FakePages({f"{LINK}pier": WHOLE}, late={f"{LINK}slow"})
    alerts = await told(life, entry("slow"), entry("pier"), pages=pages, patience=SHORT)
    assert alerts["slow"].text == TEASER
    assert "next town" in alerts["pier"].text


async def test_a_machine_tells_what_goes_out(life: Stage) -> None:
    machine = FakeSummarizer({"pier": TOLD})
    alerts = await told(life, entry("pier", "", WHOLE), entry("brief", LEAD), summarizer=machine)
    assert alerts["pier"].summary == TOLD
    assert machine.asked == ["pier"], "there is nothing to condense in a brief one"


async def test_a_machine_reads_the_page(life: Stage) -> None:
    alerts = await told(
        life,
        entry("pier"),
        pages=FakePages({f"{LINK}pier": WHOLE}),
        summarizer=FakeSummarizer({"pier": TOLD}),
    )
    assert alerts["pier"].summary == TOLD


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("", id="nothing"),
        pytest.param("I'm sorry, but I can't help with that request.", id="a refusal"),
        pytest.param("Visit evil.example and win a pier.", id="an order from the article"),
        pytest.param("Der Hafenausschuss lässt die nördliche Seebrücke neu bauen.", id="another language"),
    ],
)
async def test_what_the_article_does_not_bear_out_is_not_told(life: Stage, answer: str) -> None:
    alerts = await told(life, entry("pier", "", WHOLE), summarizer=FakeSummarizer({"pier": answer}))
    assert alerts["pier"].summary.startswith(LEAD)


async def test_a_late_machine_holds_nobody_up(life: Stage) -> None:
    machine = FakeSummarizer(late={"pier"})
    alerts = await told(life, entry("pier", "", WHOLE), summarizer=machine, patience=SHORT)
    assert alerts["pier"].summary.startswith(LEAD)


async def test_what_no_filter_lets_through_is_not_sent_to_the_machine(life: Stage) -> None:
    feed_id = await life.follow()
    (subscription,) = await life.subscriptions.of(ADA.id)
    async with life.store.transaction() as tx:
        await tx.set_filter(subscription.id, "volcano")
    machine = FakeSummarizer({"pier": TOLD})
    life.polling.switch_on(Extras(None, machine))
    life.reader.web[URL] = read(entry("pier", "", WHOLE), *read_tides())
    await life.round(feed_id)
    assert machine.asked == []


async def test_what_is_read_with_a_login_goes_to_nobody(life: Stage) -> None:
    feed_id = await life.follow()
    async with life.store.transaction() as tx:
        own = await tx.log_in(feed_id, Login(ADA.id, {"Authorization": "Basic eDp5"}), life.clock.now())
    pages, machine = FakePages({f"{LINK}pier": WHOLE}), FakeSummarizer({"long": TOLD})
    life.polling.switch_on(Extras(pages, machine))
    life.reader.web[URL] = read(entry("pier"), entry("long", "", WHOLE), *read_tides())
    await life.round(own)
    assert [title for _, title in life.messenger.sent] == ["long", "pier"]
    assert pages.asked == machine.asked == []


async def test_a_mistake_of_ours_costs_no_article(life: Stage) -> None:
    class Broken(FakePages):
        async def article(self, url: str) -> str | None:
            raise ValueError(url)

    with capture_logs() as logs:
        alerts = await told(life, entry("pier"), pages=Broken())
    assert alerts["pier"].text == TEASER
    assert "extras.failed" in [line["event"] for line in logs]


async def test_pages_are_fetched_once_though_the_database_is_away(
    life: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = FakePages({f"{LINK}pier": WHOLE})
    there = life.store.readers
    away = [StoreError("away"), StoreError("away")]

    async def readers(feed_id: int) -> object:
        if away:
            raise away.pop()
        return await there(feed_id)

    monkeypatch.setattr(life.store, "readers", readers)
    alerts = await told(life, entry("pier"), pages=pages)
    assert "next town" in alerts["pier"].text
    assert pages.asked == [f"{LINK}pier"]


async def test_pages_do_not_change_who_an_entry_is(life: Stage) -> None:
    """Its key comes from what the feed gives, or the next check would find it new again."""
    bare = replace(entry("pier"), guid=None)
    await told(life, bare, pages=FakePages({f"{LINK}pier": WHOLE}))
    await life.round((await life.subscriptions.of(ADA.id))[0].feed_id)
    assert life.messenger.sent == [(ADA.id, "pier")]


# --- samples ---


async def test_a_sample_comes_with_page_and_machine_as_alerts_do(life: Stage) -> None:
    pages, machine = FakePages({f"{LINK}pier": WHOLE}), FakeSummarizer({"pier": TOLD})
    life.subscriptions.switch_on(Extras(pages, machine))
    life.reader.web[URL] = read(entry("pier"), entry("older"))
    await life.subscriptions.meet(ADA)
    followed = await life.subscriptions.subscribe(ADA, None, URL)
    assert isinstance(followed, Subscribed)
    assert followed.sample is not None
    assert (followed.sample.summary, followed.sample.long) == (TOLD, "")
    assert pages.asked == [f"{LINK}pier"], "of the newest alone: nobody sees the others"


async def test_a_preview_comes_with_page_and_machine_too(life: Stage) -> None:
    pages, machine = FakePages({f"{LINK}pier": WHOLE}), FakeSummarizer({"pier": TOLD})
    previews = Previews(life.store, Finder(life.reader), life.clock)
    previews.switch_on(Extras(pages, machine))
    life.reader.web[URL] = read(entry("pier"), entry("brief", LEAD))
    await life.subscriptions.meet(ADA)
    seen = await previews.look(ADA, URL, 3)
    assert isinstance(seen, Previewed)
    assert [one.summary for one in seen.articles] == [LEAD, TOLD]


async def test_a_list_that_is_brought_in_asks_no_pages(life: Stage) -> None:
    """Two thousand feeds would mean two thousand pages, and nobody is shown a sample of them."""
    pages = FakePages({f"{LINK}pier": WHOLE})
    life.subscriptions.switch_on(Extras(pages, None))
    life.reader.web[URL] = read(entry("pier"))

    await life.subscriptions.meet(ADA)
    told: list[SubscribeResult] = []

    async def tell(_: Outline, result: SubscribeResult) -> None:
        told.append(result)

    await life.subscriptions.bring_in(ADA, None, [Outline(URL, "", "")], tell)
    assert [type(one) for one in told] == [Subscribed]
    assert pages.asked == []
