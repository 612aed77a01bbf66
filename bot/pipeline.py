"""The main path, pure, on one page. START READING HERE.

    feed bytes → ParsedFeed → new Entries → Articles → (Article, Reader) pairs → PollOutcome ══ one commit ══▶
    outbox rows → Parcel → Post → message text → Telegram → SendResult → SendOutcome ══ one commit ══▶ rows closed

It never travels back. `conclude` is the first half: all that one check changes, as one value. `settle` is the
second: all that one send changes. Between them lies the outbox. Who fetches, stores and sends: `services`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from bot import feeds, filters, hosts, looks
from bot.audience import deliveries
from bot.condense import condense, is_article_of, repeated
from bot.model import (
    MOST_TRIED,
    Alert,
    Article,
    Beat,
    ChatGone,
    ChatMoved,
    Delivery,
    Digest,
    DueFeed,
    Entry,
    FeedRead,
    FetchFailed,
    Form,
    Headline,
    Length,
    Look,
    Memory,
    NotAFeed,
    NotSent,
    OutboxRow,
    Parcel,
    PerhapsSent,
    PollOutcome,
    Post,
    Problem,
    Reader,
    Refused,
    Rest,
    RowState,
    SendOutcome,
    SendResult,
    Sent,
    SourceResult,
    Terms,
    TooFast,
    TopicGone,
    Trouble,
    Unauthorized,
    Unchanged,
    Validators,
)
from bot.schedule import (
    Rhythm,
    beat_after,
    first_beat,
    longer,
    next_check_at,
    put_aside,
    retry_at,
    spread_of,
    streak_after,
)


def conclude(
    feed: DueFeed,
    result: SourceResult,
    readers: Sequence[Reader],
    *,
    rhythm: Rhythm,
    now: datetime,
    indexes: filters.Indexes | None = None,
) -> PollOutcome:
    """Turn what a check brought into all that it changes. `indexes` keep the readers' filters for the next check."""
    match result:
        case FeedRead():
            outcome = _read(feed, result, rhythm=rhythm, now=now)
            owed = deliveries(feed, outcome, readers, indexes or filters.Indexes())
            kept = _kept_whole(outcome.articles, owed, readers)
            return replace(outcome, articles=kept, deliveries=owed)
        case Unchanged():
            return _quiet(feed, result, rhythm=rhythm, now=now)
        case FetchFailed(problem, retry_after):
            return _failed(feed, problem, retry_after, rhythm=rhythm, now=now)
        case NotAFeed(problem):
            return _failed(feed, problem, None, rhythm=rhythm, now=now)
        case _:
            assert_never(result)


def first_reading(reading: FeedRead, *, rhythm: Rhythm, now: datetime) -> PollOutcome:
    """The outcome of a feed's first read: everything in it is known, and owed to nobody. Its newest entries are
    kept, to try filters on; the newest of all is the sample.

    Returns:
        An outcome of feed 0: the feed has no id yet.
    """
    news = feeds.news(reading.feed.entries, Memory(policy=None))
    beat = first_beat([entry.published for entry in reading.feed.entries], now)
    terms = _slower(reading.feed.terms, reading.fresh_for)
    return PollOutcome(
        feed_id=0,
        checked_at=now,
        next_check_at=next_check_at(now, rhythm=rhythm, beat=beat, terms=terms, spread=0.0),
        validators=reading.validators,
        failures=0,
        problem=None,
        policy=news.policy,
        title=reading.feed.title,
        site=reading.feed.site,
        seen=news.seen,
        articles=articles(feeds.past(reading.feed.entries, MOST_TRIED), reading),
        beat=beat,
        terms=reading.feed.terms,
    )


def articles(new: tuple[tuple[str, Entry], ...], reading: FeedRead) -> tuple[Article, ...]:
    """Condense some entries of a document, each with its key, from their pages where those are at hand; what all its
    entries say is none of their news."""
    feed = reading.feed
    standing = repeated(feed.entries) if new else frozenset()
    whole = _with_pages(new, reading.pages)
    return tuple(condense(key, entry, feed_title=feed.title, standing=standing) for key, entry in whole)


def _read(feed: DueFeed, reading: FeedRead, *, rhythm: Rhythm, now: datetime) -> PollOutcome:
    assert feed.memory is not None, "without it everything would be new"
    news = feeds.news(reading.feed.entries, feed.memory)
    new = articles(news.new, reading)
    beat = beat_after(feed.beat, len(new), now) if new else None
    feed = replace(feed, terms=reading.feed.terms)
    well = _well(feed, reading.validators, reading.fresh_for, rhythm=rhythm, now=now, beat=beat)
    return replace(
        well,
        terms=feed.terms,
        policy=news.policy,
        title=reading.feed.title or None,
        site=reading.feed.site,
        seen=news.seen,
        articles=new,
        # An empty document at a new address may be anything; one with entries is the feed.
        moved_to=_new_address(feed, reading.moved_to) if reading.feed.entries else None,
    )


def _kept_whole(
    new: Sequence[Article], owed: Sequence[Delivery], readers: Sequence[Reader]
) -> tuple[Article, ...]:
    """Only what somebody is owed in full keeps its HTML."""
    in_full = {one.who for one in readers if one.full}
    wanted = {one.article_key for one in owed if one.who in in_full}
    return tuple(one if one.key in wanted else replace(one, html="") for one in new)


def _with_pages(
    new: tuple[tuple[str, Entry], ...], pages: Mapping[str, str] | None
) -> tuple[tuple[str, Entry], ...]:
    """The page's article takes the place of the feed's, where it is that one and more of it."""
    if not pages:
        return new
    found = ((key, entry, pages.get(entry.link or "", "")) for key, entry in new)
    return tuple(
        (key, replace(entry, content=page) if page and is_article_of(page, entry) else entry)
        for key, entry, page in found
    )


def _quiet(feed: DueFeed, result: Unchanged, *, rhythm: Rhythm, now: datetime) -> PollOutcome:
    well = _well(feed, result.validators, result.fresh_for, rhythm=rhythm, now=now)
    moved_to = _new_address(feed, result.moved_to)
    return replace(well, moved_to=moved_to) if moved_to else well


def _well(
    feed: DueFeed,
    validators: Validators,
    wish: timedelta | None,
    *,
    rhythm: Rhythm,
    now: datetime,
    beat: Beat | None = None,
) -> PollOutcome:
    """A check that went well, whatever it brought."""
    terms = _slower(feed.terms, wish)
    due = next_check_at(now, rhythm=rhythm, beat=beat or feed.beat, terms=terms, spread=spread_of(feed.id))
    return PollOutcome(
        feed_id=feed.id,
        checked_at=now,
        next_check_at=due,
        validators=validators,
        failures=0,
        problem=None,
        host=hosts.after_answer(feed.host, now),
        beat=beat,
        tell=Trouble.OVER if feed.streak.told else None,
    )


def _failed(
    feed: DueFeed, problem: Problem, wish: timedelta | None, *, rhythm: Rhythm, now: datetime
) -> PollOutcome:
    host = hosts.after_failure(feed.host, problem, wish, checked_at=feed.checked_at, now=now)
    shared = hosts.is_at_fault(feed.host, host)
    streak = streak_after(feed.streak, problem, now)
    aside = put_aside(streak, now)
    failures = feed.failures + (not shared)
    # A host's fault puts nobody off: its feeds wait their turn behind those that are due already.
    due = now + rhythm.shortest if shared else None
    if not (aside or shared):
        # How long its document stays fresh says nothing of how long a failure lasts.
        terms = replace(feed.terms, gap=wish)
        due = retry_at(now, rhythm=rhythm, failures=failures, terms=terms, spread=spread_of(feed.id))
    return PollOutcome(
        feed_id=feed.id,
        checked_at=now,
        next_check_at=None if aside else due,
        # The old ones: otherwise one timeout would make us download the whole feed again.
        validators=feed.validators,
        failures=failures,
        problem=problem,
        streak=replace(streak, told=3) if aside else streak,
        host=host,
        tell=aside if feed.streak.told < 3 else None,
    )


def _slower(terms: Terms, wish: timedelta | None) -> Terms:
    """A document's terms, and its server's wish with them."""
    return terms if wish is None else replace(terms, gap=longer(terms.gap, wish))


def _new_address(feed: DueFeed, moved_to: str | None) -> str | None:
    return None if moved_to == feed.url else moved_to


# --- the second half: a message was tried ---

# First wait after a send that failed on the way; doubles with each attempt, to a quarter of an hour.
_FIRST_RETRY = timedelta(seconds=2)
_LONGEST_RETRY = timedelta(minutes=15)


def post_of(parcel: Parcel) -> Post:
    """What a parcel looks like: an article, or a list of headlines if it carries several, or has to say that some
    were missed."""
    first = parcel.rows[0]
    if first.message_ids or (len(parcel.rows) == 1 and not parcel.missed):
        return _alert(first, parcel.chat.language)
    rests = tuple(Rest(row.id, row.more, row.feed_title) for row in parcel.rows if row.more)
    headlines = tuple(Headline(row.article.title, row.article.url, row.feed_title) for row in parcel.rows)
    look = max(Look.TEXT, *(row.look for row in parcel.rows))
    silent = all(row.shown.silent for row in parcel.rows)
    return Digest(headlines, parcel.chat.language, parcel.missed, look, rests, silent)


def _alert(row: OutboxRow, language: str) -> Alert:
    how, article = row.shown, row.article
    # What has begun goes on, whatever its readers wish by now.
    page = len(row.message_ids) if article.html and (row.message_ids or how.length is Length.FULL) else None
    if page is None:
        article = looks.told(article, how.length)
    offers = bool(row.more) and not page
    pictures = looks.pictures_beside(how.pictures, page, offers=offers)
    text = article.summary if page is None else article.text
    wanted = (row.filter, *row.follows) if how.marks else ()
    marks = tuple(
        dict.fromkeys(word for one in wanted for word in filters.words_found(one, article.title, text))
    )
    alert = looks.alert(article, row.feed_title, language, pictures, row.look)
    return replace(
        alert,
        rests=(Rest(row.id, row.more, row.feed_title),) if offers else (),
        form=Form(how.hashtags, marks, how.template),
        silent=how.silent,
        page=page,
    )


def settle(parcel: Parcel, result: SendResult, *, now: datetime) -> SendOutcome:
    """Turn Telegram's answer into all that it changes. Whatever may still arrive stays in the outbox."""
    attempts = 1 + max(row.attempts for row in parcel.rows)
    waiting = SendOutcome(
        tuple(row.id for row in parcel.rows),
        parcel.chat.id,
        now,
        RowState.WAITING,
        attempts,
        catching_up=parcel.chat.catching_up,
    )
    match result:
        case Sent():
            return _sent(parcel, waiting, result)
        case ChatGone(reason):
            return replace(waiting, reason=reason, chat_rests=True)
        case ChatMoved(to):
            return replace(waiting, reason="the group became a supergroup", chat_moves_to=to)
        case TopicGone(reason) if parcel.thread_id is not None:
            return replace(waiting, state=RowState.HELD, reason=reason, topic_gone=parcel.thread_id)
        case Refused():
            return _refused(parcel, waiting, result)
        case TooFast(retry_after):
            return replace(
                waiting, reason="too fast", chat_not_before=now + retry_after, too_fast=retry_after
            )
        case TopicGone(reason) | NotSent(reason) | PerhapsSent(reason) | Unauthorized(reason):
            return _again(waiting, reason, perhaps_double=isinstance(result, PerhapsSent))
        case _:
            assert_never(result)


def _sent(parcel: Parcel, waiting: SendOutcome, result: Sent) -> SendOutcome:
    begun = parcel.rows[0].message_ids
    out = (*begun, *result.message_ids)
    if result.more:
        return replace(waiting, attempts=0, message_ids=out)
    # Built, not replaced: it is what nearly every send ends in.
    return SendOutcome(
        waiting.row_ids,
        waiting.chat_id,
        waiting.at,
        RowState.SENT,
        waiting.attempts,
        message_ids=out,
        catching_up=waiting.catching_up,
        missed_told=0 if begun else parcel.missed,
    )


def _refused(parcel: Parcel, waiting: SendOutcome, refusal: Refused) -> SendOutcome:
    """Next time in a plainer look; given up if that was the plainest."""
    plainer = looks.plainer(post_of(parcel), refusal)
    if plainer is None:
        return replace(waiting, state=RowState.DROPPED, reason=refusal.reason)
    return replace(waiting, reason=refusal.reason, look=plainer.look)


def put_off(parcel: Parcel, until: datetime, *, now: datetime) -> SendOutcome:
    """Nothing was tried: the chat has no room for it before then."""
    (row, *_) = parcel.rows
    ids = tuple(one.id for one in parcel.rows)
    return SendOutcome(ids, parcel.chat.id, now, RowState.WAITING, row.attempts, chat_not_before=until)


def _again(waiting: SendOutcome, reason: str, *, perhaps_double: bool) -> SendOutcome:
    """Try later. The whole chat waits, not the row alone: later articles must not overtake it."""
    wait = min(_FIRST_RETRY * (1 << min(waiting.attempts - 1, 10)), _LONGEST_RETRY)
    return replace(waiting, reason=reason, chat_not_before=waiting.at + wait, perhaps_double=perhaps_double)
