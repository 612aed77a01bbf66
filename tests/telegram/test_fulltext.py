"""A whole article as Telegram gets it."""

import importlib.util

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.telegram.fulltext import MOST_PAGES, pages
from bot.telegram.marks import words_of

BASE = "https://example.org/news/"
HEAD = f'<b><a href="{BASE}">Tides</a></b>\nCoast News'
needs_tdjson = pytest.mark.skipif(
    importlib.util.find_spec("tdjson") is None, reason="tdjson has no wheel for this machine"
)


def body(html: str) -> str:
    """What stands below the head of an article's only page."""
    (page,) = pages(HEAD, html, base=BASE)
    assert page.startswith(HEAD)
    return page.removeprefix(HEAD).removeprefix("\n\n")


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        pytest.param("<p>One\n two</p><p>Three</p>", "One two\n\nThree", id="paragraphs, white space folded"),
        pytest.param("<p>A<br>b<br><br>c</p>", "A\nb\n\nc", id="line breaks; two of them leave a blank line"),
        pytest.param("One\n\nTwo\nthree", "One\n\nTwo\nthree", id="plain text keeps its lines"),
        pytest.param(
            "&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One\n\nTwo", id="markup escaped once too often"
        ),
        pytest.param("<h2>Ebb</h2><p>Low.</p>", "<b>Ebb</b>\n\nLow.", id="a heading is a bold line"),
        pytest.param("<h1>Tides</h1><p>Low.</p>", "Low.", id="the headline is not said twice"),
        pytest.param(
            "<b>a <em>b</em></b> <del>c</del> <u>d</u> <kbd>e</kbd>",
            "<b>a <i>b</i></b> <s>c</s> <u>d</u> <code>e</code>",
            id="styles, nested",
        ),
        pytest.param(
            '<p><span style="font-weight: bold">a</span> <span class="spoiler">b</span></p>',
            "<b>a</b> <tg-spoiler>b</tg-spoiler>",
            id="styles that are no tags",
        ),
        pytest.param(
            "x<sup>2</sup> H<sub>2</sub>O 1<sup>st</sup>", "x² H₂O 1ˢᵗ", id="raised and lowered signs"
        ),
        pytest.param(
            "2<sup>Q</sup> a<sub>x,y</sub>", "2^Q a_(x,y)", id="signs that Unicode cannot raise or lower"
        ),
        pytest.param(
            "<p>Use &lt;b&gt; or &amp;amp;nbsp; here</p>", "Use ‹b› or here", id="words that look like markup"
        ),
        pytest.param("<p>1 &lt; 2 &amp; 3</p>", "1 &lt; 2 &amp; 3", id="signs of markup are escaped"),
        pytest.param(
            "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "漢(かん)", id="how to read a character"
        ),
        pytest.param(
            "<p>שלום, <b>עולם</b>!\u200f</p>", "שלום, <b>עולם</b>!\u200f", id="right to left, with its marks"
        ),
        pytest.param("<p>👩‍👩‍👧 नि\u0301</p>", "👩‍👩‍👧 नि\u0301", id="joiners and marks stay"),
        pytest.param(
            "<p>one</p><hr><hr><p>two</p><hr>", "one\n\n———\n\ntwo", id="a rule between, none at the end"
        ),
        pytest.param(
            "<p>Read <a href='#n1'>1</a> and <a href='https://example.org/news/#n2'>2</a></p>",
            "Read 1 and 2",
            id="links within the page are words",
        ),
        pytest.param("", "", id="nothing"),
        pytest.param(
            "<p>\u200b\u200e</p><style>p{}</style><!-- x --><p>\u2063</p>", "", id="nothing that shows"
        ),
    ],
)
def test_text(html: str, shown: str) -> None:
    assert body(html) == shown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        pytest.param("<ul><li>a<li>b</ul>", "• a\n• b", id="bullets"),
        pytest.param(
            "<ol start=3><li>a<li value=7>b<li>c</ol>", "3. a\n7. b\n8. c", id="numbers as they are given"
        ),
        pytest.param("<ol reversed><li>a<li>b</ol>", "2. a\n1. b", id="numbers downwards"),
        pytest.param("<ol type=a><li>x<li>y</ol>", "a. x\nb. y", id="letters"),
        pytest.param(
            "<ul><li>a<ol><li>b<ul><li>c</ul></ol><li>d</ul>",
            "• a\n   1. b\n      • c\n• d",
            id="lists in lists",
        ),
        pytest.param(
            "<ul><li><p>a</p><p>b</p></ul>", "• a\n   b", id="a second paragraph stands below the first"
        ),
        pytest.param("<ul><li></li><li> </li></ul>", "", id="empty items show nothing"),
        pytest.param(
            "<li><input type=checkbox checked> a<li><input type=checkbox> b", "☑ a\n☐ b", id="a list of tasks"
        ),
        pytest.param("<dl><dt>Ebb</dt><dd>Low</dd></dl>", "<b>Ebb</b>\nLow", id="terms and what they mean"),
        pytest.param(
            "<blockquote><p>a</p><blockquote>b</blockquote></blockquote><p>c",
            "<blockquote>a\n\nb</blockquote>\nc",
            id="quotes do not nest",
        ),
        pytest.param(
            "<blockquote>a</blockquote><blockquote>b</blockquote>",
            "<blockquote>a</blockquote>\n<blockquote>b</blockquote>",
            id="two quotes are two",
        ),
        pytest.param(
            '<pre><code class="language-py">if a &lt; b:\n\n\n\tc()\n\n</code></pre>',
            '<pre><code class="language-py">if a &lt; b:\n\n    c()</code></pre>',
            id="code keeps its lines and its language",
        ),
        pytest.param(
            '<div class="highlight-source-rust"><pre><b>fn</b> x()</pre></div>',
            '<pre><code class="language-rust">fn x()</code></pre>',
            id="code without its colours",
        ),
        pytest.param(
            "<table><tr><th>Port</th><th>Tide</th></tr><tr><td>Graz</td><td><p>3 m</p></td></tr></table>",
            "<b>Port</b> | <b>Tide</b>\nGraz | 3 m",
            id="a table is its rows",
        ),
        pytest.param(
            "<table><tr><td><p>One.</p><p>Two.</p></td><td><ul><li>x</ul></td></tr></table>",
            "One.\n\nTwo.\n\n• x",
            id="a table that only lays out the page is none",
        ),
        pytest.param(
            "<details><summary>More</summary><p>a</p><p>b</p></details>",
            "<b>More</b>\n<blockquote expandable>a\n\nb</blockquote>",
            id="details fold",
        ),
        pytest.param(
            '<p>Sea<sup><a href="#fn1">1</a></sup></p><section class="footnotes"><ol><li id="fn1">'
            'Deep. <a href="#r1">↩</a></ol></section>',
            "Sea¹\n\n1. Deep.",
            id="footnotes, without the way back",
        ),
    ],
)
def test_blocks(html: str, shown: str) -> None:
    assert body(html) == shown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        pytest.param(
            '<a href="/a?b=1&c=2">x</a>', '<a href="https://example.org/a?b=1&amp;c=2">x</a>', id="relative"
        ),
        pytest.param(
            '<a href="//other.org/é ö">x</a>', '<a href="https://other.org/é%20ö">x</a>', id="a blank in it"
        ),
        pytest.param('<a href="mailto:a@b.org">x</a>', "x", id="Telegram takes no mail addresses"),
        pytest.param('<a href="tg://user?id=1">x</a>', "x", id="nothing that acts inside Telegram"),
        pytest.param('<a href="http://localhost/">x</a>', "x", id="a host without a dot"),
        pytest.param('<a href="https://bank.org@evil.org/">x</a>', "x", id="made to deceive"),
        pytest.param('<a href="https://[">x</a>', "x", id="no address at all"),
        pytest.param('<a href="https://e.orghttps://e.org/">x</a>', "x", id="two in one"),
        pytest.param(
            '<a href="https://e.org/' + "x" * 3000 + '">x</a>', "x", id="longer than a browser takes"
        ),
        pytest.param(
            '<a href="//e.org/"><code>f()</code></a>',
            '<a href="https://e.org/">f()</a>',
            id="no link in code",
        ),
        pytest.param(
            '<p>Sea:</p><img src="a.jpg" alt="A &lt;boat&gt;">',
            'Sea:\n\n<a href="https://example.org/news/a.jpg">🖼 A ‹boat›</a>',
            id="a picture is a link",
        ),
        pytest.param(
            '<img src="data:," data-src="a.jpg">',
            '<a href="https://example.org/news/a.jpg">🖼 1</a>',
            id="lazy",
        ),
        pytest.param(
            '<figure><img src="a.jpg" alt="IMG_1.JPG"><figcaption>Ebb at <b>noon</b></figcaption></figure>',
            '<a href="https://example.org/news/a.jpg">🖼</a> <i>Ebb at </i><b><i>noon</i></b>',
            id="a picture and its caption are one line",
        ),
        pytest.param(
            "".join(f'<p><img src="{name}.jpg" alt="image"></p>' for name in "abc"),
            '<a href="https://example.org/news/a.jpg">🖼 1</a>  <a href="https://example.org/news/b.jpg">🖼 2</a>  '
            '<a href="https://example.org/news/c.jpg">🖼 3</a>',
            id="pictures without words stand side by side",
        ),
        pytest.param(
            '<img src="a.jpg"><p><i>It was ebb.</i></p>',
            '<a href="https://example.org/news/a.jpg">🖼 1</a>\n\n<i>It was ebb.</i>',
            id="a paragraph in italics is no caption",
        ),
        pytest.param("<p>Ebb.</p><p>.</p><p>|</p><p>Flood.</p>", "Ebb.\n\nFlood.", id="marks left alone"),
        pytest.param('<p>a<img src="p.gif" width="1" height="1">b</p>', "ab", id="a pixel is nothing"),
        pytest.param(
            '<p>Hi <img class="emoji" src="1f600.png" alt="😀">!</p>', "Hi 😀!", id="an emoji is a sign"
        ),
        pytest.param(
            '<p>As <img class="latex" src="x.png" alt="E=mc^2"> says</p>',
            "As <code>E=mc^2</code> says",
            id="a formula",
        ),
        pytest.param(
            '<iframe src="https://www.youtube.com/embed/abcdef12345?rel=0" title="The film"></iframe>',
            '<a href="https://www.youtube.com/watch?v=abcdef12345">▶ The film</a>',
            id="a film leads to its page",
        ),
        pytest.param(
            '<audio controls><source src="/a.mp3"></audio>',
            '<a href="https://example.org/a.mp3">🎧 example.org</a>',
            id="a sound",
        ),
        pytest.param(
            '<iframe src="https://ad.doubleclick.net/x"></iframe><iframe src="/t" width=1></iframe>',
            "",
            id="no trackers",
        ),
        pytest.param(
            '<p>Sea.</p><p>Share: <a href="https://twitter.com/intent/tweet?u=1">Tweet</a></p>'
            '<div class="related">More</div><p>The post Sea appeared first on Coast.</p><p>Read more</p>',
            "Sea.",
            id="what stands around an article is none of it",
        ),
        pytest.param(
            "<p>24/11/2026 - 07:47</p><p>潮水退了。</p><hr><p>获取更多RSS：<br>"
            '<a href="https://rss.example.net">https://rss.example.net</a></p>',
            "潮水退了。",
            id="a date on its own, and a proxy's footer of links below a rule",
        ),
        pytest.param(
            '<p>One.</p><hr><p>Two, and <a href="https://coast.example/x">a link</a> in a long sentence.</p>',
            'One.\n\n———\n\nTwo, and <a href="https://coast.example/x">a link</a> in a long sentence.',
            id="what a rule parts from the rest is no footer when it tells something",
        ),
        pytest.param(
            '<div class="share">The whole post.</div>', "The whole post.", id="unless it is all there is"
        ),
    ],
)
def test_links_and_media(html: str, shown: str) -> None:
    assert body(html) == shown


def test_words_of_the_filter_are_bold_where_they_stand_for_themselves() -> None:
    (page,) = pages(HEAD, "<p>AI aids 使用AI技术</p><pre>AI</pre>", base=BASE, marks=("AI",))
    assert page.endswith("\n\n<b>AI</b> aids 使用<b>AI</b>技术\n<pre>AI</pre>")


# --- splitting ---


def words(html: str) -> list[str]:
    return [words_of(page) for page in pages("H", html, base=BASE)]


def test_it_splits_between_blocks() -> None:
    paragraphs = [f"{n}" + "x" * 1500 for n in range(5)]
    shown = words("".join(f"<p>{one}</p>" for one in paragraphs))
    assert shown == [
        "H\n\n" + "\n\n".join(paragraphs[:2]),
        "\n\n".join(paragraphs[2:4]),
        paragraphs[4],
    ]


def test_a_heading_goes_with_what_it_stands_above() -> None:
    _, second = words(f"<p>{'x' * 4000}</p><h2>Ebb</h2><p>{'y' * 3000}</p>")
    assert second.startswith("Ebb\n\nyyy")


@pytest.mark.parametrize(
    ("text", "first_ends", "second_begins"),
    [
        pytest.param("The sea rose. " * 400, "The sea rose.", "The sea rose.", id="at a sentence"),
        pytest.param("海面上升了。" * 900, "海面上升了。", "海面上升了。", id="at a Chinese sentence"),
        pytest.param("sea " * 1500, "sea", "sea", id="else at a word"),
        pytest.param("👩‍👩‍👧" * 1000, "👩‍👩‍👧", "👩‍👩‍👧", id="else at a grapheme"),
        pytest.param("e\u0301" * 3000, "e\u0301", "e\u0301", id="never before a mark"),
    ],
)
def test_a_block_too_long_is_split(text: str, first_ends: str, second_begins: str) -> None:
    first, second = words(f"<p>{text}</p>")
    assert first.startswith("H\n\n")
    assert first.endswith(first_ends)
    assert second.startswith(second_begins)
    assert len(first) > 2000
    assert (first.removeprefix("H\n\n") + second).replace(" ", "") == text.replace(" ", "")


def test_what_is_open_at_a_split_is_closed_and_opened_again() -> None:
    link = f'<a href="{BASE}">'
    first, second = pages("H", f"<blockquote>{link}<i>{'sea ' * 1500}</i></a></blockquote>", base=BASE)
    assert first.startswith(f"H\n\n<blockquote>{link}<i>sea ")
    for page in (first, second):
        assert page.endswith("sea</i></a></blockquote>")
    assert second.startswith(f"<blockquote>{link}<i>sea ")


def test_an_isolate_that_is_open_at_a_split_ends_there_and_begins_again() -> None:
    """Otherwise the rest of a right-to-left quotation would be read from the left."""
    first, second = words(f"<p>\u2067{'שלום ' * 1200}\u2069</p>")
    assert first.endswith("שלום\u2069")
    assert second.startswith("\u2067שלום")


def test_more_than_the_cap_ends_with_its_address() -> None:
    shown = pages("H", "".join(f"<p>{n}{'x' * 3000}</p>" for n in range(20)), base=BASE)
    assert len(shown) == MOST_PAGES
    assert shown[-1].endswith(f'xxx\n\n… <a href="{BASE}">example.org</a>')


def test_a_hundred_links_are_two_messages() -> None:
    """Telegram drops what is over a hundred entities in silence."""
    shown = pages("H", "".join(f'<p><a href="/{n}">{n}</a></p>' for n in range(100)), base=BASE)
    assert [page.count("<a ") for page in shown] == [96, 4]


def test_the_same_text_twice_gives_the_same_messages() -> None:
    html = "<h2>Ebb</h2><ul><li>a<blockquote>b</blockquote></ul>" * 40
    assert pages("H", html, base=BASE) == pages("H", html, base=BASE)


# --- Telegram's own parser ---

WORDS = st.sampled_from((
    "sea ", "The sea rose. ", "海面上升。", "\u200b", "\u2067", "\u2069", "\0", "👩‍👩‍👧", "e\u0301", "שלום ", "\ud800",
    "&amp;nbsp;", "&lt;b&gt;", "&", "<", ">", '"', "\n", "\u3164", "\u202e", "x" * 5000, "@name #tag https://e.org ",
))  # fmt: skip
TAGS = st.sampled_from((
    "p", "b", "i", "s", "u", "code", "pre", "blockquote", "ul", "ol", "li", "table", "tr", "td", "th", "details",
    "summary", "h2", "div", "span class=spoiler", "sup", "sub", "a", "a href='/x'", "a href='https://e.org/?a=\"&b'",
    "a href='tg://x'", "img src=a.jpg alt='<b>&lt;'", "br", "hr", "iframe src=/v", "q", "ruby", "rt", "!--", "math",
    "pre class='lang-<b>'", "style", "textarea", "input type=checkbox", "dl", "dd", "figure", "video src=v.mp4",
))  # fmt: skip
HTML = st.lists(
    WORDS | TAGS.map("<{}>".format) | TAGS.map(lambda tag: f"</{tag.split()[0]}>") | st.text(max_size=20), max_size=60
).map("".join)  # fmt: skip


@needs_tdjson
@given(html=HTML, head=st.text(max_size=60))
@example("<p>" + "<b><a href='https://e.org/?&&&&&&&&&&'>&&&&</a> </b>" * 3000, "")
@example("<blockquote>" * 400 + "sea" + "<li>" * 400, "")
@example("\n" * 5000 + "<pre>" + "\n" * 9000 + "x\n\n\n</pre>", "")
@example("\u2067" * 9000 + "x" * 9000, "")
@settings(max_examples=60, deadline=None, derandomize=True)
def test_telegrams_own_parser_takes_any_article(html: str, head: str) -> None:
    from bot.telegram.marks import escape
    from tests.referee import faults

    for page in pages(f"<b>H{escape(head)}</b>", html, base=BASE):
        assert list(faults(page, 4096)) == [], page
