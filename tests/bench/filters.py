"""What many filters cost, in CPU: on one feed, and spread over many. Against asking them one by one in the same run,
the article folded once for all of them."""

import asyncio
import gc
import os
import random
import statistics
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import accumulate

from bot.filters import Expression, FilterIndex, Indexes, Wants, parse
from bot.filters.explain import Judge
from bot.model import Article
from tests.bench.processes import rss_megabytes

RUNS = 5
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
VOCABULARY = 30_000
ON_ONE_FEED = (10, 1_000, 100_000, 1_000_000)
ASKED_ONE_BY_ONE = 2_000
"""Of so many the loop is measured, and all are as many times as slow."""
FEEDS = 100_000
EACH = 10
HOT = 1_000
CHANGES = 200
LARGE = 100_000

SYLLABLES = (
    "ka",
    "ro",
    "min",
    "tel",
    "sa",
    "vor",
    "eng",
    "li",
    "pa",
    "dus",
    "nor",
    "fi",
    "ber",
    "go",
    "zan",
    "u",
)
HAN = "春夏秋冬山川河海天地人心东西南北电脑软件市场银行汽车公司政府选举足球音乐电影科学技术能源价格利率芯片"


class Press:
    """Words as a press uses them, few often and many seldom (Zipf); one in ten is Chinese. The same at each run."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        words: dict[str, None] = {}
        while len(words) < VOCABULARY:
            chinese = self._random.random() < 0.1
            letters = HAN if chinese else SYLLABLES
            words["".join(self._random.choices(letters, k=2 if chinese else self._random.randint(2, 4)))] = (
                None
            )
        self._words = list(words)
        self._often = list(accumulate(1 / (rank + 10) for rank in range(VOCABULARY)))
        # People name what is special: among the 100 commonest words are the like of "the" and "said".
        self._named = list(accumulate(1 / (rank + 300) for rank in range(VOCABULARY - 100)))

    def words(self, several: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._often, k=several)

    def article(self) -> Article:
        return Article(
            key="k",
            title=" ".join(self.words(9)).capitalize(),
            url="https://coast.example/1",
            summary="",
            image=None,
            published=NOW,
            author=" ".join(self.words(2)),
            tags=tuple(self.words(3)),
            # As most articles do, it has a dash and quotation marks that are not ASCII.
            text="“" + " – ".join([" ".join(self.words(40)) for _ in range(10)]) + ".”",
        )

    def filter(self) -> str:
        """One in three is a word; the others say two or three things."""
        a, b, c = self._random.choices(self._words[100:], cum_weights=self._named, k=3)
        forms = (
            a,
            a,
            a,
            f"{a} {b}",
            f"{a} OR {b}",
            f'"{a} {b}"',
            f"{a} -{b}",
            f"({a} OR {b}) {c}",
            f"title:{a}",
        )
        return self._random.choice(forms)


async def filters() -> None:
    """10 to a million filters on one feed; a million over 100,000 feeds."""
    press = Press()
    articles = [press.article() for _ in range(20)]
    # First, while no memory has been used and freed.
    _many_feeds(press, articles[0])
    _one_change(press, articles[0])
    await _in_a_thread(press)
    for several in ON_ONE_FEED:
        _one_feed(press, articles, several)


def _one_feed(press: Press, articles: list[Article], several: int) -> None:
    expressions = dict(enumerate(_expressions(press, several)))
    start = time.process_time()
    index = FilterIndex(expressions)
    built = time.process_time() - start
    index.passing(articles[0], now=NOW)
    together = statistics.median(_seconds_each(index, articles) for _ in range(RUNS))
    some = dict(list(expressions.items())[:ASKED_ONE_BY_ONE])
    loops = [_loop_seconds(some, one) for one in articles[:RUNS]]
    loop = statistics.median(loops) * several / len(some)
    passing = statistics.mean(len(index.passing(one, now=NOW)) for one in articles)
    print(
        f"filters  {several:>9,} on one feed: {1 / together:,.0f} articles/s, {loop / together:,.0f}x the loop; "
        f"{passing:,.0f} pass; built in {built:.2f} s; median of {RUNS}",
        flush=True,
    )


def _expressions(press: Press, several: int) -> Iterator[Expression]:
    known: dict[str, Expression] = {}
    for _ in range(several):
        text = press.filter()
        yield known.setdefault(text, known.get(text) or parse(text))


def _seconds_each(index: FilterIndex, articles: list[Article]) -> float:
    start = time.process_time()
    for one in articles:
        index.passing(one, now=NOW)
    return (time.process_time() - start) / len(articles)


def _loop_seconds(expressions: Mapping[int, Expression], article: Article) -> float:
    start = time.process_time()
    judge = Judge(article, NOW, "")
    for one in expressions.values():
        judge.judge(one)
    return time.process_time() - start


def _one_change(press: Press, article: Article) -> None:
    """A feed with ten readers, of which one changes the filter: until its index is there, and has been asked."""
    readers = {number: Wants(press.filter()) for number in range(EACH)}
    indexes = Indexes()
    indexes.of(1, readers).passing(article, now=NOW)
    made, asked = [], []
    for _ in range(CHANGES):
        changed = readers | {3: Wants(press.filter())}
        start = time.process_time()
        index = indexes.of(1, changed)
        made.append(time.process_time() - start)
        index.passing(article, now=NOW)
        asked.append(time.process_time() - start)
    print(
        f"filters  one of {EACH} changed: {statistics.median(made) * 1000:.2f} ms for the index, "
        f"{statistics.median(asked) * 1000:.2f} ms to the first verdict; median of {CHANGES}"
    )


async def _in_a_thread(press: Press) -> None:
    """How long others wait while the filters of a large feed are read for the first time, as `Polling` has it done."""
    wants = {number: Wants(press.filter()) for number in range(LARGE)}
    gaps: list[float] = []

    async def others() -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(0.001)
            gaps.append(time.perf_counter() - start)

    waiting = asyncio.create_task(others())
    start = time.perf_counter()
    await asyncio.to_thread(Indexes().of, 1, wants)
    took = time.perf_counter() - start
    waiting.cancel()
    print(
        f"filters  {LARGE:,} read for the first time in {took:.1f} s; the loop waits {max(gaps) * 1000:.0f} ms at "
        f"most, {statistics.median(gaps) * 1000:.1f} ms usually"
    )


def _many_feeds(press: Press, article: Article) -> None:
    """A million filters over 100,000 feeds: all indexes held at once, then only those of the hot feeds."""
    readers = [{number: Wants(press.filter()) for number in range(EACH)} for _ in range(FEEDS)]
    gc.collect()
    empty = rss_megabytes(os.getpid())
    hot = Indexes(HOT * EACH)
    for feed, wants in enumerate(readers):
        hot.of(feed, wants)
    few = rss_megabytes(os.getpid())
    held = Indexes(FEEDS * EACH)
    start = time.process_time()
    for feed, wants in enumerate(readers):
        held.of(feed, wants)
    built = (time.process_time() - start) / FEEDS
    all_ = rss_megabytes(os.getpid())
    start = time.process_time()
    held.of(0, readers[0]).passing(article, now=NOW)
    first = time.process_time() - start
    print(
        f"filters  {FEEDS * EACH:,} over {FEEDS:,} feeds: {all_ - few:,.0f} MB with all held, {few - empty:,.0f} MB "
        f"with {HOT:,} hot ones; {built * 1000:.2f} ms to make one anew, {first * 1000:.2f} ms to ask one that is held"
    )
