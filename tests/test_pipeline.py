"""The main path, without a clock, a network or a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.audience import guard_against_burst, without_burst
from bot.model import (
    Alert,
    Article,
    Beat,
    Chat,
    ChatGone,
    ChatKind,
    ChatMoved,
    Delivery,
    Digest,
    DueFeed,
    Entry,
    FeedRead,
    FetchFailed,
    Form,
    Headline,
    Host,
    Length,
    Look,
    Memory,
    NotAFeed,
    NotSent,
    OutboxRow,
    Parcel,
    ParsedFeed,
    PerhapsSent,
    Pictures,
    PollOutcome,
    Problem,
    Reader,
    Refused,
    Rest,
    RowState,
    SendOutcome,
    SendResult,
    Sent,
    Shown,
    SourceResult,
    Streak,
    Terms,
    TooFast,
    TopicGone,
    Trouble,
    Unauthorized,
    Unchanged,
    Validators,
)
from bot.pipeline import conclude, first_reading, post_of, settle
from bot.schedule import Rhythm

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECONDS = timedelta(seconds=1)
MINUTES = timedelta(minutes=1)
RHYTHM = Rhythm(MINUTES, 10 * MINUTES, 1440 * MINUTES)
OLD, NEW = Validators('"old"', "yesterday", "0"), Validators('"new"', "today", "1")


def entry(number: int, title: str = "") -> Entry:
    return Entry(
        guid=f"id-{number}",
        link=f"https://example.org/{number}",
        title=title or f"Headline {number}",
        summary=f"Something happened {number} times. Then it was over.",
    )


def reading(*entries: Entry) -> FeedRead:
    feed = ParsedFeed("Coast News", "https://example.org/", "en", entries)
    return FeedRead(feed, "https://example.org/feed", NEW, fresh_for=None)


def feed_that_knows(*entries: Entry) -> DueFeed:
    outcome = first_reading(reading(*entries), rhythm=RHYTHM, now=NOW)
    known = Memory(
        outcome.policy,
        frozenset(seen.key for seen in outcome.seen),
        frozenset(seen.second for seen in outcome.seen if seen.second),
    )
    return DueFeed(1, "https://example.org/feed", "Coast News", OLD, 2, known, Host("example.org"))


def concluded(result: SourceResult, *readers: Reader, feed: DueFeed | None = None) -> PollOutcome:
    return conclude(feed or feed_that_knows(entry(1)), result, readers, rhythm=RHYTHM, now=NOW)


def test_the_first_reading_knows_everything_and_owes_nothing() -> None:
    outcome = first_reading(reading(entry(3), entry(2), entry(1)), rhythm=RHYTHM, now=NOW)
    assert len(outcome.seen) == 3
    assert [article.title for article in outcome.articles] == ["Headline 1", "Headline 2", "Headline 3"]
    assert outcome.deliveries == ()
    assert outcome.next_check_at == NOW + 10 * MINUTES


def test_new_entries_become_articles_for_their_readers_oldest_first() -> None:
    everything = Reader(subscription_id=7, chat_id=70, filter="")
    outcome = concluded(reading(entry(3), entry(2), entry(1)), everything)
    assert [article.title for article in outcome.articles] == ["Headline 2", "Headline 3"]
    assert [(owed.article_key, owed.subscription_id, owed.chat_id) for owed in outcome.deliveries] == [
        (article.key, 7, 70) for article in outcome.articles
    ]
    assert (outcome.validators, outcome.failures, outcome.problem) == (NEW, 0, None)


def test_each_reader_gets_what_their_own_filter_lets_through() -> None:
    readers = (Reader(1, 10, "tides"), Reader(2, 20, "* -tides"), Reader(3, 30, ""), Reader(4, 40, "harbour"))
    outcome = concluded(reading(entry(2, "Tides turn"), entry(1)), *readers)
    assert {owed.subscription_id for owed in outcome.deliveries} == {1, 3}


@pytest.mark.parametrize(
    ("own", "mute", "title", "comes"),
    [
        pytest.param("", "", "Tides turn", True, id="nothing is asked: all comes"),
        pytest.param("", "tides", "Tides turn", False, id="muted"),
        pytest.param(
            "tides", "tides", "Tides turn", False, id="what is muted never comes, whatever the filter says"
        ),
        pytest.param("tides", "storm", "Tides turn", True, id="what is not muted is the filter's business"),
        pytest.param("storm", "harbour", "Tides turn", False, id="held back by the filter alone"),
        pytest.param("a b", "c OR tides", "A b tides", False, id="any of what is muted is enough"),
        pytest.param(
            "", '"never closed', "Tides turn", True, id="a mute that cannot be read any more mutes nothing"
        ),
    ],
)
def test_what_the_chat_mutes_never_comes_of_the_rest_what_the_filter_lets_through(
    own: str, mute: str, title: str, comes: bool
) -> None:
    outcome = concluded(reading(entry(2, title), entry(1)), Reader(1, 10, own, mute))
    assert bool(outcome.deliveries) is comes


@pytest.mark.parametrize(
    ("own", "mute", "follows", "comes"),
    [
        pytest.param("storm", "", ("tides",), True, id="what the filter holds back, and a follow wants"),
        pytest.param("* -*", "", ("tides",), True, id="a feed that brings nothing by itself"),
        pytest.param("* -*", "", ("storm",), False, id="no follow wants it"),
        pytest.param("storm", "tides", ("tides",), False, id="muted: whatever a follow says"),
        pytest.param("storm", "", ("x", "turn -ebb"), True, id="any of several"),
        pytest.param("storm", "", ('"never closed', ""), False, id="one that cannot be read wants nothing"),
    ],
)
def test_what_a_follow_lets_through_comes_once_unless_it_is_muted(
    own: str, mute: str, follows: tuple[str, ...], comes: bool
) -> None:
    outcome = concluded(reading(entry(2, "Tides turn"), entry(1)), Reader(1, 10, own, mute, follows))
    assert len(outcome.deliveries) == int(comes)


def test_what_a_filter_holds_back_is_known_all_the_same() -> None:
    """Loosening a filter must not flood old articles."""
    outcome = concluded(reading(entry(2), entry(1)), Reader(1, 10, "harbour"))
    assert outcome.deliveries == ()
    assert len(outcome.articles) == 1
    assert len(outcome.seen) == 2


def test_a_filter_that_cannot_be_read_any_more_lets_everything_through() -> None:
    """Better too much than an article lost, or the feed's other readers left without."""
    outcome = concluded(
        reading(entry(2), entry(1)), Reader(1, 10, '"never closed'), Reader(2, 20, "headline")
    )
    assert {owed.subscription_id for owed in outcome.deliveries} == {1, 2}


def test_a_failed_fetch_keeps_the_validators() -> None:
    """Otherwise one timeout would make us download the whole feed again."""
    problem = Problem("fetch.timeout", {"host": "example.org"})
    outcome = concluded(FetchFailed(problem))
    assert (outcome.validators, outcome.failures, outcome.problem) == (OLD, 3, problem)
    assert outcome.next_check_at
    assert outcome.next_check_at >= NOW + 120 * MINUTES
    assert outcome.seen == ()


def test_a_feed_that_recovers_is_well_at_once() -> None:
    failing = replace(feed_that_knows(entry(1)), failures=9, streak=Streak(NOW - MINUTES, kills=2, told=1))
    outcome = concluded(Unchanged(NEW, None), feed=failing)
    assert (outcome.failures, outcome.streak, outcome.tell) == (0, Streak(), Trouble.OVER)


def test_what_its_readers_never_heard_of_is_not_told_as_over() -> None:
    failing = replace(feed_that_knows(entry(1)), failures=9, streak=Streak(NOW - MINUTES))
    outcome = concluded(Unchanged(NEW, None), feed=failing)
    assert outcome.tell is None
    assert outcome.is_quiet


def test_while_its_host_is_down_a_feeds_own_failures_do_not_add_up() -> None:
    """Else every feed of a host that was away for a day would be away for another."""
    problem = Problem("fetch.timeout", {"host": "example.org"})
    down = replace(feed_that_knows(entry(1)), host=Host("example.org", None, NOW - MINUTES, 3, 1))
    outcome = concluded(FetchFailed(problem), feed=down)
    assert (outcome.failures, outcome.problem) == (2, problem)
    assert outcome.next_check_at == NOW + MINUTES
    assert outcome.host == Host("example.org", NOW + 2 * MINUTES, NOW - MINUTES, 4, 2)
    assert outcome.streak.since == NOW


def test_the_first_answer_ends_its_hosts_outage() -> None:
    down = replace(feed_that_knows(entry(1)), host=Host("example.org", None, NOW - MINUTES, 3, 1))
    assert concluded(Unchanged(NEW, None), feed=down).host == Host("example.org")


def test_new_articles_teach_their_rhythm_and_no_news_says_nothing() -> None:
    weekly = replace(feed_that_knows(entry(1)), beat=Beat(1, NOW - timedelta(weeks=1)))
    outcome = concluded(reading(entry(3), entry(2), entry(1)), feed=weekly)
    assert outcome.beat == Beat(1.2, NOW)
    assert concluded(reading(entry(1)), feed=weekly).beat is None


def test_a_feed_put_aside_is_told_of_once_and_not_due() -> None:
    gone = FetchFailed(Problem("fetch.gone", {"host": "example.org"}))
    before = replace(feed_that_knows(entry(1)), streak=Streak(NOW, gone_since=NOW - 1441 * MINUTES))
    outcome = concluded(gone, feed=before)
    assert (outcome.next_check_at, outcome.tell) == (None, Trouble.GONE)
    again = concluded(gone, feed=replace(before, streak=outcome.streak))
    assert (again.next_check_at, again.tell) == (None, None)


@pytest.mark.parametrize(
    ("result", "moved_to"),
    [
        pytest.param(
            replace(reading(entry(1)), moved_to="https://new.example/"), "https://new.example/", id="read"
        ),
        pytest.param(Unchanged(NEW, None, "https://new.example/"), "https://new.example/", id="unchanged"),
        pytest.param(replace(reading(), moved_to="https://new.example/"), None, id="an empty document"),
        pytest.param(Unchanged(NEW, None, "https://example.org/feed"), None, id="where it is already"),
        pytest.param(Unchanged(NEW, None), None, id="no redirect"),
    ],
)
def test_a_new_address_is_adopted_once_it_was_read_well(result: SourceResult, moved_to: str | None) -> None:
    assert concluded(result).moved_to == moved_to


def test_a_page_where_the_feed_was_is_a_failure_too() -> None:
    assert concluded(NotAFeed(Problem("parse.web_page"))).problem == Problem("parse.web_page")


def test_unchanged_is_a_good_check() -> None:
    outcome = concluded(Unchanged(NEW, fresh_for=60 * MINUTES))
    assert (outcome.failures, outcome.problem, outcome.validators) == (0, None, NEW)
    assert outcome.next_check_at
    assert NOW + 60 * MINUTES <= outcome.next_check_at <= NOW + 66 * MINUTES
    assert (outcome.seen, outcome.articles, outcome.deliveries) == ((), (), ())


@pytest.mark.parametrize(
    ("document", "server", "gap"),
    [
        pytest.param(60, None, 60, id="the document alone"),
        pytest.param(60, 5, 60, id="the document asks for longer"),
        pytest.param(60, 120, 120, id="the server asks for longer"),
    ],
)
def test_the_longer_wish_counts_and_a_documents_holds_while_it_is_unchanged(
    document: int, server: int | None, gap: int
) -> None:
    terms = Terms(document * MINUTES)
    wish = None if server is None else server * MINUTES
    read = replace(reading(entry(1)), fresh_for=wish, feed=replace(reading(entry(1)).feed, terms=terms))
    asked = replace(feed_that_knows(entry(1)), terms=terms)
    outcomes = [
        first_reading(read, rhythm=RHYTHM, now=NOW),
        concluded(read),
        concluded(Unchanged(NEW, fresh_for=wish), feed=asked),
    ]
    assert [outcome.terms for outcome in outcomes] == [terms, terms, None]
    for outcome in outcomes:
        assert outcome.next_check_at
        assert gap * MINUTES <= outcome.next_check_at - NOW <= 1.1 * gap * MINUTES


def test_a_document_that_asks_for_nothing_any_more_is_heard() -> None:
    outcome = concluded(
        reading(entry(1)), feed=replace(feed_that_knows(entry(1)), terms=Terms(600 * MINUTES))
    )
    assert outcome.terms == Terms()
    assert outcome.next_check_at
    assert outcome.next_check_at < NOW + 12 * MINUTES


def test_a_failed_check_is_tried_again_sooner_than_a_document_stays_fresh_but_not_in_its_skipped_hours() -> (
    None
):
    terms = Terms(600 * MINUTES, skip_hours=frozenset({14}))
    feed = replace(feed_that_knows(entry(1)), terms=terms)
    outcome = concluded(FetchFailed(Problem("fetch.timeout")), feed=feed)
    assert (outcome.terms, outcome.next_check_at) == (None, NOW + 180 * MINUTES)


def owed(reader: int, *keys: str) -> list[Delivery]:
    return [Delivery(key, reader, 70 + reader) for key in keys]


TWELVE = "abcdefghijkl"


@pytest.mark.parametrize(
    ("found", "going", "more"),
    [
        pytest.param(owed(1, *TWELVE[:10]), list(TWELVE[:10]), {}, id="ten are no burst"),
        pytest.param(
            owed(1, *TWELVE), list("hijkl"), {"l": 7}, id="of twelve the newest five, offering seven"
        ),
        pytest.param(
            [*owed(1, *TWELVE), *owed(2, "a")], [*"hijkl", "a"], {"l": 7}, id="each reader's own are counted"
        ),
    ],
)
def test_a_burst(found: list[Delivery], going: list[str], more: dict[str, int]) -> None:
    """What a reader's filter holds back is no part of it."""
    guarded = without_burst(found, most=10)
    assert [one.article_key for one in guarded if not one.behind] == going
    assert {one.article_key: one.more for one in guarded if one.more} == more
    assert len(guarded) == len(found)


@pytest.mark.parametrize(
    ("beat", "checked", "behind"),
    [
        pytest.param(None, NOW - 10 * MINUTES, 7, id="a feed just read: a burst"),
        pytest.param(None, NOW - timedelta(days=1), 0, id="not read for a day: what any feed may bring"),
        pytest.param(
            Beat(weekly=7 * 24 * 60, heard_at=NOW), NOW - 10 * MINUTES, 0, id="one a minute is its rhythm"
        ),
    ],
)
def test_a_rhythm_excuses_a_burst(beat: Beat | None, checked: datetime, behind: int) -> None:
    feed = replace(feed_that_knows(entry(1)), beat=beat, checked_at=checked)
    outcome = replace(concluded(Unchanged(NEW, None)), deliveries=tuple(owed(1, *TWELVE)))
    guarded = guard_against_burst(outcome, feed, most=10)
    assert sum(one.behind for one in guarded.deliveries) == behind


def test_a_message_that_offers_more_is_no_album() -> None:
    """Telegram hangs no buttons on one."""
    pictured = replace(ARTICLE, image="https://example.org/a.jpg", gallery=("https://example.org/b.jpg",))
    row = replace(ROW, article=pictured, shown=Shown(Pictures.ALBUM), more=3)
    post = post_of(replace(PARCEL, rows=(row,)))
    assert isinstance(post, Alert)
    assert (post.pictures, post.rests) == (("https://example.org/a.jpg",), (Rest(5, 3, "Coast News"),))


@pytest.mark.parametrize(
    ("length", "said"),
    [
        pytest.param(Length.HEADLINE, "", id="the headline alone"),
        pytest.param(Length.SHORT, "Rain came.", id="short"),
        pytest.param(Length.LONG, "Rain came. It stayed.", id="long"),
        pytest.param(Length.FULL, "Rain came. It stayed.", id="in full, and its text is not at hand: long"),
    ],
)
def test_an_alert_says_as_much_as_its_readers_wish(length: Length, said: str) -> None:
    rain = replace(ARTICLE, summary="Rain came.", long="Rain came. It stayed.")
    post = post_of(replace(PARCEL, rows=(replace(ROW, article=rain, shown=Shown(length=length)),)))
    assert isinstance(post, Alert)
    assert (post.article.summary, post.page) == (said, None)


def test_an_alert_without_more_to_say_says_what_there_is() -> None:
    rain = replace(ARTICLE, summary="Rain came.")
    post = post_of(replace(PARCEL, rows=(replace(ROW, article=rain, shown=Shown(length=Length.LONG)),)))
    assert post == Alert(rain, "Coast News", "en")


def test_an_alert_carries_its_form() -> None:
    """The words of the filter as the message has them: not those that only the whole text has."""
    rain = replace(ARTICLE, summary="Rains came.", text="Rains came. Then snow.")
    how = Shown(silent=True, hashtags=True, marks=True)
    row = replace(
        ROW, article=rain, shown=how, filter="rain* (snow OR tides) -hail", follows=("came", "tides")
    )
    post = post_of(replace(PARCEL, rows=(row,)))
    assert post == Alert(rain, "Coast News", "en", form=Form(True, ("Rains", "Tides", "came")), silent=True)


@pytest.mark.parametrize(
    ("out", "wished", "page"),
    [
        pytest.param((), Length.FULL, 0, id="its first page"),
        pytest.param((8, 9), Length.FULL, 2, id="the next one"),
        pytest.param((8,), Length.HEADLINE, 1, id="what has begun goes on"),
        pytest.param((), Length.HEADLINE, None, id="none, for who does not want it"),
    ],
)
def test_a_full_text_goes_page_by_page(out: tuple[int, ...], wished: Length, page: int | None) -> None:
    whole = replace(ARTICLE, html="<p>Rain.</p>")
    row = replace(ROW, article=whole, shown=Shown(length=wished), message_ids=out, more=3)
    post = post_of(replace(PARCEL, rows=(row,), missed=4 if out else 0))
    assert isinstance(post, Alert)
    assert post.page == page
    assert bool(post.rests) is not bool(page)


def test_a_page_keeps_the_row_waiting_and_the_last_one_closes_it() -> None:
    """Nothing was told of what the chat missed: that comes with the next message."""
    begun = replace(PARCEL, rows=(replace(ROW, message_ids=(8,), attempts=3),), missed=4)
    assert settle(begun, Sent((9,), more=True), now=NOW) == replace(TRIED, attempts=0, message_ids=(8, 9))
    last = settle(begun, Sent((9,)), now=NOW)
    assert last == replace(TRIED, state=RowState.SENT, attempts=4, message_ids=(8, 9))


def test_a_digest_is_silent_if_all_of_it_is() -> None:
    quiet = replace(ROW, shown=Shown(silent=True))
    posts = [post_of(replace(PARCEL, rows=(quiet, other))) for other in (quiet, ROW)]
    assert [isinstance(post, Digest) and post.silent for post in posts] == [True, False]


def test_html_is_kept_of_what_somebody_is_owed_in_full() -> None:
    readers = (Reader(1, 10, "tides", full=True), Reader(2, 20, ""))
    outcome = concluded(reading(entry(3, "Tides"), entry(2), entry(1)), *readers)
    kept = [(one.title, one.html) for one in outcome.articles]
    assert kept == [("Headline 2", ""), ("Tides", "Something happened 3 times. Then it was over.")]


ARTICLE = Article("k", "Tides", "https://example.org/tides", "", None, None)
ROW = OutboxRow(id=5, subscription_id=7, feed_title="Coast News", article=ARTICLE, attempts=0)
ADA = Chat(70, ChatKind.PRIVATE, "Ada", "en")
PARCEL = Parcel(ADA, None, (ROW,))
TRIED = SendOutcome((5,), 70, NOW, RowState.WAITING, attempts=1)


def test_one_article_is_an_alert() -> None:
    assert post_of(PARCEL) == Alert(ARTICLE, "Coast News", "en")


def test_several_are_a_digest_in_their_order() -> None:
    later = replace(ROW, id=6, article=replace(ARTICLE, title="Storm", url=None))
    tides, storm = Headline("Tides", ARTICLE.url, "Coast News"), Headline("Storm", None, "Coast News")
    assert post_of(replace(PARCEL, rows=(ROW, later))) == Digest((tides, storm), "en")


def test_what_was_missed_is_said_even_with_a_single_article() -> None:
    """Nothing is dropped without a line that says so."""
    tides = Headline("Tides", ARTICLE.url, "Coast News")
    assert post_of(replace(PARCEL, missed=3)) == Digest((tides,), "en", missed=3)


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        pytest.param(
            Sent((9,)), replace(TRIED, state=RowState.SENT, message_ids=(9,)), id="sent: the row is closed"
        ),
        pytest.param(
            TooFast(7 * SECONDS),
            replace(TRIED, reason="too fast", chat_not_before=NOW + 7 * SECONDS, too_fast=7 * SECONDS),
            id="too fast: that chat waits as long as Telegram asks",
        ),
        pytest.param(
            ChatGone("blocked"),
            replace(TRIED, reason="blocked", chat_rests=True),
            id="blocked: the chat rests, the row is kept",
        ),
        pytest.param(
            ChatMoved(-100),
            replace(TRIED, reason="the group became a supergroup", chat_moves_to=-100),
            id="moved: everything goes to the new id",
        ),
        pytest.param(
            TopicGone("closed"),
            replace(TRIED, reason="closed", chat_not_before=NOW + 2 * SECONDS),
            id="no topic was asked for: the group's own is closed, tried again",
        ),
        pytest.param(
            Refused("too long"),
            replace(TRIED, reason="too long", look=Look.PLAIN),
            id="refused: next time in a plainer look",
        ),
        pytest.param(
            NotSent("no route"),
            replace(TRIED, reason="no route", chat_not_before=NOW + 2 * SECONDS),
            id="not sent: the chat waits a little, so that later articles do not overtake",
        ),
        pytest.param(
            PerhapsSent("no answer"),
            replace(TRIED, reason="no answer", chat_not_before=NOW + 2 * SECONDS, perhaps_double=True),
            id="perhaps sent: tried again, marked as a possible double",
        ),
        pytest.param(
            Unauthorized("401"),
            replace(TRIED, reason="401", chat_not_before=NOW + 2 * SECONDS),
            id="token refused: no chat is to blame, nothing is dropped",
        ),
    ],
)
def test_settle(result: SendResult, outcome: SendOutcome) -> None:
    assert settle(PARCEL, result, now=NOW) == outcome


def test_a_topic_that_is_gone_is_held() -> None:
    held = replace(TRIED, state=RowState.HELD, reason="closed", topic_gone=7)
    assert settle(replace(PARCEL, thread_id=7), TopicGone("closed"), now=NOW) == held


def test_a_digest_closes_all_its_rows_and_what_it_told() -> None:
    parcel = replace(PARCEL, rows=(ROW, replace(ROW, id=6, attempts=3)), missed=2)
    closed = replace(TRIED, row_ids=(5, 6), state=RowState.SENT, attempts=4, message_ids=(9,), missed_told=2)
    assert settle(parcel, Sent((9,)), now=NOW) == closed


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        pytest.param(0, 2 * SECONDS, id="first try: two seconds"),
        pytest.param(3, 16 * SECONDS, id="doubling"),
        pytest.param(500, 15 * MINUTES, id="never longer than a quarter of an hour"),
    ],
)
def test_retries_back_off(attempts: int, wait: timedelta) -> None:
    parcel = replace(PARCEL, rows=(replace(ROW, attempts=attempts),))
    assert settle(parcel, NotSent("no route"), now=NOW).chat_not_before == NOW + wait
