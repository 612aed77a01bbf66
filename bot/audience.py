"""Who a new article is for, and how many of them at once; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot import filters
from bot.model import Delivery, DueFeed, PollOutcome, Reader, Who
from bot.schedule import arrivals

# More new articles of one feed at once are a burst: a publisher's mistake more often than news.
BURST = 10
NEWEST_OF_BURST = 5
# So many times more than its rhythm lets expect are no burst.
_EXCUSED = 3


def deliveries(
    feed: DueFeed, outcome: PollOutcome, readers: Sequence[Reader], indexes: filters.Indexes
) -> tuple[Delivery, ...]:
    """Pair each new article with those who want it, articles in their order. Who wants what: `filters.wanted`.

    What a follow sends to a place of its own goes there only if nobody else brought it there.

    Args:
        readers: subscriptions before follows.
    """
    if not outcome.articles:
        return ()
    wants = {place: filters.Wants(one.filter, one.mute, one.follows) for place, one in enumerate(readers)}
    everything = {place for place, one in wants.items() if one.is_everything}
    index = indexes.of(feed.id, {place: one for place, one in wants.items() if not one.is_everything})
    title = outcome.title or feed.title
    owed: list[Delivery] = []
    for article in outcome.articles:
        passing = index.passing(article, now=outcome.checked_at, feed=title)
        owed += _once_a_place(article.key, [readers[place] for place in sorted(everything | passing)])
    return tuple(owed)


def _once_a_place(article_key: str, wanting: Sequence[Reader]) -> Iterator[Delivery]:
    had = set()
    for one in wanting:
        place = one.chat_id, one.thread_id
        if one.follow_id is None or place not in had:
            yield Delivery(article_key, one.subscription_id, one.chat_id, follow_id=one.follow_id)
        had.add(place)


def guard_against_burst(outcome: PollOutcome, feed: DueFeed, *, most: int) -> PollOutcome:
    """Hold back what comes in a burst: more than `most` new articles at once, for one reader.

    A feed that could not be read for long is excused as far as its rhythm lets expect so many.
    """
    since = feed.streak.since or feed.checked_at or outcome.checked_at
    excused = _EXCUSED * arrivals(feed.beat, since, outcome.checked_at)
    return replace(outcome, deliveries=without_burst(outcome.deliveries, most=max(most, round(excused))))


def without_burst(owed: Sequence[Delivery], *, most: int) -> tuple[Delivery, ...]:
    """Of more than `most` for one reader only the newest few go; the last of them offers the others.

    Args:
        owed: oldest article first.
    """
    counts = Counter(one.who for one in owed)
    behind = {reader: count - NEWEST_OF_BURST for reader, count in counts.items() if count > most}
    met: Counter[Who] = Counter()
    guarded = []
    for one in owed:
        reader = one.who
        met[reader] += 1
        more = behind.get(reader, 0)
        is_last = met[reader] == counts[reader]
        guarded.append(replace(one, behind=met[reader] <= more, more=more if is_last else 0))
    return tuple(guarded)
