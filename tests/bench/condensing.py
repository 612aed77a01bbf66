"""What condensing and rendering an article costs, in the usual form and in a template, and what showing all of it,
against one bs4+lxml parse of the same text.

`python -m tests.bench.condensing FOLDER` measures a folder of real feeds and articles instead of self-made ones.
"""

import gc
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from bs4 import BeautifulSoup

from bot import feeds, looks
from bot.condense import condense, repeated
from bot.model import Entry, Form, ParsedFeed, Pictures
from bot.telegram.fulltext import pages
from bot.telegram.render import alert_message

RUNS = 5
SIZES = (1_000, 10_000, 80_000)
# Of a feed's entries: a few of each, so that one long feed is not the whole measurement.
OF_A_FEED = 40
TEMPLATE = "<b>{link:{title}}</b>\n{summary}\n\n{source} · {date} {time}{?author: · {author}}\n{tags}"

SENTENCES = (
    "The ferry <a href='https://coast.example/boats/anna?deck=2'>Anna</a> sails again &amp; all are glad.",
    "<em>Nobody</em> had thought that her engine could be mended, said the captain – not in winter.",
    "“She was lost,” said Mina Berg, who has sold the tickets since 1998; “we had written her off.”",
    "The council pays 40,000 a year for it (until 2030), the shipyard the rest.",
)


def news(number: int) -> str:
    """A newspaper's paragraph, now and then a picture with its caption and a link to another story."""
    picture = (
        f"<figure><img src='/p/{number}.jpg' srcset='/p/{number}-s.jpg 300w, /p/{number}-l.jpg 900w' alt='{number}'>"
        "<figcaption>The ferry. Photo: Ann Lee</figcaption></figure>"
    )
    text = " ".join(SENTENCES[(number + n) % 4] for n in range(3))
    related = f"<p class='related'>Read more: <a href='/{number}'>The harbour in winter</a></p>"
    return f"<p>{number} {text}</p>\n" + (picture + related if number % 5 == 0 else "")


def blog(number: int) -> str:
    """A programmer's: headings, code with a span around every word, lists."""
    code = " ".join(f"<span class='k'>let</span> <span class='n'>x{n}</span> = {n};" for n in range(8))
    items = "".join(f"<li>{sentence}</li>" for sentence in SENTENCES[:2])
    return f"<h2>Part {number}</h2><p>{SENTENCES[number % 4]}</p><pre><code>{code}\n</code></pre><ul>{items}</ul>"


def table(number: int) -> str:
    """Results in a table of old, styled cell by cell."""
    cells = "".join(
        f"<td style='font-size: 12px' class='c{n}'><font>{number * n}</font></td>" for n in range(6)
    )
    return f"<tr><td><b>Team {number}</b></td>{cells}</tr>"


def chinese(number: int) -> str:
    text = "滨海市长周一宣布，跨海大桥将于下月通车，比原计划晚了两年。这位市长说：“大桥没有问题，可以放心。”"
    return f"<div><p>第{number}天。{text * 2}</p></div>"


def arabic(number: int) -> str:
    return (
        f"<p>{number} فتحت المدينة مكتبة جديدة يوم الاثنين. هل يزورها الناس؟ نعم، قال رئيس البلدية.</p><br>"
    )


SHAPES: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {"news": news, "blog": blog, "table": table, "Chinese": chinese, "Arabic": arabic}
)


def article(shape: Callable[[int], str], size: int) -> Entry:
    parts: list[str] = []
    length = 0
    while length < size:
        parts.append(shape(len(parts)))
        length += len(parts[-1])
    return Entry(title="The ferry sails", link="https://coast.example/1", content="".join(parts))


async def condensing() -> None:
    """CPU of one article, of several shapes and sizes, against one parse of the same text by bs4 with lxml."""
    for name, shape in SHAPES.items():
        for size in SIZES:
            entry = article(shape, size)
            repeats = max(1, 100_000 // size)
            costs = [_costs(entry, "", repeats) for _ in range(RUNS)]
            bare = statistics.median(one.bare for one in costs)
            for what, column in COLUMNS:
                cost = statistics.median(one[column] for one in costs)
                ratio = statistics.median(one[column] / one.bare for one in costs)
                print(
                    f"{what} {ratio:.2f}x one bs4+lxml parse: {cost * 1000:.2f} against {bare * 1000:.2f} ms; "
                    f"{name}, {size // 1000} KB; median of {RUNS}"
                )
    _repetition()


def _repetition() -> None:
    """Looking over a feed for what repeats, against condensing one entry of it."""
    entries = [
        replace(article(SHAPES[name], 10_000), title=f"{name} {n}")
        for name in ("news", "blog")
        for n in range(5)
    ]
    costs = [_seconds(lambda: repeated(entries), 1) * 1000 for _ in range(RUNS)]
    one = statistics.median(_costs(entries[0], "", 10).rendered for _ in range(RUNS)) * 1000
    print(
        f"condense {statistics.median(costs):.2f} ms to look for repetition in a feed of {len(entries)} entries, "
        f"{statistics.median(costs) / one:.1f}x one article; median of {RUNS}"
    )


class Costs(NamedTuple):
    """CPU-seconds of one article."""

    rendered: float
    """Condensed and made a message."""
    in_template: float
    """The same in a template of one's own."""
    whole: float
    bare: float
    """One parse, which is what all are held against."""


# What is called how, and its place in Costs.
COLUMNS = (("condense and render", 0), ("in a template", 1), ("whole article", 2))


def _costs(entry: Entry, feed_title: str, repeats: int) -> Costs:
    """In turns, so that a busy machine is busy for all."""
    texts = list(filter(None, dict.fromkeys((entry.content, entry.summary))))
    return Costs(
        _seconds(lambda: _message(entry, feed_title, Form()), repeats),
        _seconds(lambda: _message(entry, feed_title, Form(template=TEMPLATE)), repeats),
        _seconds(lambda: pages("<b>H</b>", entry.content or entry.summary, base=entry.link or ""), repeats),
        _seconds(lambda: [BeautifulSoup(text, "lxml") for text in texts], repeats),
    )


def _message(entry: Entry, feed_title: str, form: Form) -> str:
    article = condense("k", entry, feed_title=feed_title)
    alert = looks.alert(article, feed_title, "en", Pictures.CARD)
    return alert_message(replace(alert, form=form)).html


def _seconds(work: Callable[[], object], repeats: int) -> float:
    # As timeit does: what another turn has left behind, a tree of bs4's above all, is not swept up at our cost.
    gc.disable()
    try:
        begun = time.process_time()
        for _ in range(repeats):
            work()
        return (time.process_time() - begun) / repeats
    finally:
        gc.enable()


def of_folder(folder: Path) -> None:
    """The same of real feeds: the median of all, of those of about 10 KB, and the worst."""
    rows = list(_rows(sorted(path for path in folder.rglob("*") if path.is_file())))
    ten = [row for row in rows if 7_000 < row[1] < 14_000]
    for what, column in COLUMNS:
        for name, some in (("all", rows), ("about 10 KB", ten)):
            ours = statistics.median(costs[column] for costs, _, _ in some) * 1000
            ratio = statistics.median(costs[column] / costs.bare for costs, _, _ in some if costs.bare)
            print(
                f"{what} {ours:.2f} ms, {ratio:.2f}x one bs4+lxml parse; {len(some)} articles, {name}; medians"
            )
        for costs, size, name in sorted(rows, key=lambda row: -row[0][column])[:5]:
            print(
                f"{what} {costs[column] * 1000:.1f} ms against {costs.bare * 1000:.1f}, {size} characters: {name}"
            )


def _rows(paths: Iterable[Path]) -> Iterable[tuple[Costs, int, str]]:
    for path in paths:
        feed = feeds.read(path.read_bytes(), url="")
        if not isinstance(feed, ParsedFeed):
            continue
        for number, entry in enumerate(feed.entries[:OF_A_FEED]):
            size = len(entry.content) + len(entry.summary) * (entry.summary != entry.content)
            # The least of three: sentencex loads a language on its first text.
            columns = zip(*[_costs(entry, feed.title, 1) for _ in range(3)], strict=True)
            yield Costs(*map(min, columns)), size, f"{path.name} {number}"


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of bs4: a text without tags looks like a file to it
    of_folder(Path(sys.argv[1]))
