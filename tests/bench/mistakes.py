"""How long the worst that somebody can type for a filter takes, to the sentence that answers it."""

import statistics
import time

from bot import i18n
from bot.errors import FilterError
from bot.filters import parse
from bot.telegram.words import Words

RUNS = 5
MISTAKES = {
    "a quote left open": 'a "b',
    "a bracket left open": "a (b",
    "an empty group": "a ()",
    "only minuses": "-a -b",
    "10,000 characters": "w" * 10_000,
    "5,000 brackets": "(" * 5_000 + "a" + ")" * 5_000,
    "400 brackets that stay open": "(" * 400,
    "200 brackets": "(" * 200 + "a" + ")" * 200,
    "100 empty groups": "() " * 100,
    "50 fields that are none": "x:y " * 50,
    "51 terms": "a " * 51,
    "a pattern that hangs others": "/(a+)+$/",
    "a pattern that RE2 cannot read": "/a(b/",
    "repetitions": "/(((a{100}){100}){100})/",
    "a pattern of 490 signs": "/" + "(a|b)*" * 81 + "/",
    "control characters": "a\u202e\u0007" * 100,
    "emoji": "👩‍👩‍👧 " * 50,
}


async def mistakes() -> None:
    """Each of the median of five; the promise is 50 ms."""
    words = Words(i18n.load(), "en")
    _answered(words, '"')  # the parser is built on first use
    times = {
        name: statistics.median(_answered(words, typed) for _ in range(RUNS))
        for name, typed in MISTAKES.items()
    }
    worst = max(times, key=lambda name: times[name])
    print(
        f"mistakes {statistics.median(times.values()) * 1000:.1f} ms to the answer, {times[worst] * 1000:.1f} ms at "
        f"worst ({worst}); {len(times)} kinds, median of {RUNS} each"
    )


def _answered(words: Words, typed: str) -> float:
    start = time.perf_counter()
    try:
        parse(typed)
    except FilterError as error:
        words.filter_error(error, typed)
    return time.perf_counter() - start
