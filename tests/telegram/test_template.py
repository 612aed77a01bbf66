"""The reader's own form of an alert: what a template says, and where one is wrong."""

import importlib.util
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import MessageEntity

from bot import looks
from bot.errors import TemplateError
from bot.model import Alert, Article, Enclosure, Form, Look, Pictures
from bot.telegram.marks import words_of
from bot.telegram.page import page_message
from bot.telegram.render import alert_message
from bot.telegram.template import LONGEST, accepted, typed
from bot.telegram.template.drafts import stored
from bot.telegram.template.reading import DEEPEST, MOST_FIELDS
from tests.referee import faults

URL = "https://example.org/a?b=1&c=2"
TALK = "https://talk.example/1"
ARTICLE = Article(
    "k",
    "Tides & <time>",
    URL,
    "The sea rose. It fell again.",
    None,
    datetime(2026, 1, 5, 6, tzinfo=UTC),
    author="Ann",
    tags=("Sea",),
    enclosures=(Enclosure("https://e.org/1.mp3", "audio/mpeg", duration=245),),
    comments=TALK,
)
BARE = Article("k", "Tides", None, "", None, None)
A = '<a href="https://example.org/a?b=1&amp;c=2">'


def alert(template: str, article: Article = ARTICLE, feed_title: str = "Coast News", **facts: Any) -> Alert:
    plain = looks.alert(article, feed_title, "en", Pictures.NONE)
    return replace(plain, form=Form(template=accepted(stored(template))), **facts)


def shown(template: str, article: Article = ARTICLE) -> str:
    return alert_message(alert(template, article)).html


@pytest.mark.parametrize(
    ("template", "html"),
    [
        pytest.param("{title}", "Tides &amp; &lt;time&gt;", id="a field, its signs made safe"),
        pytest.param(
            "{source}, {author}: {tags} {duration}", "Coast News, Ann: #Sea 4:05", id="several in a line"
        ),
        pytest.param(
            "{date} {time}",
            '<tg-time unix="1767592800" format="D">2026-01-05</tg-time> '
            '<tg-time unix="1767592800" format="t">06:00 UTC</tg-time>',
            id="the date and the time, in the reader's own zone",
        ),
        pytest.param("{link} {comments}", f"https://example.org/a?b=1&amp;c=2 {TALK}", id="bare addresses"),
        pytest.param("{link:Read {title}}", f"{A}Read Tides &amp; &lt;time&gt;</a>", id="words that link"),
        pytest.param(
            "{comments:talk} {media:🎧 {duration}}",
            f'<a href="{TALK}">talk</a> <a href="https://e.org/1.mp3">🎧 4:05</a>',
            id="to the comments; to the sound",
        ),
        pytest.param(
            "{title}{?author: by {author}}", "Tides &amp; &lt;time&gt; by Ann", id="if there is one"
        ),
        pytest.param("{title}{!author: by nobody}", "Tides &amp; &lt;time&gt;", id="if there is none"),
        pytest.param(
            "<b>{title}</b> <i>new</i>", "<b>Tides &amp; &lt;time&gt;</b> <i>new</i>", id="as it is formatted"
        ),
        pytest.param(
            '<blockquote expandable>{summary}</blockquote>\n<a href="https://e.org/">us</a>{title}',
            "<blockquote expandable>The sea rose. It fell again.</blockquote>\n"
            '<a href="https://e.org/">us</a>Tides &amp; &lt;time&gt;',
            id="a quote, and a link of the person's own",
        ),
        pytest.param(
            '<pre><code class="language-py">t = {title}\n\n{link:x}</code></pre>',
            '<pre><code class="language-py">t = Tides &amp; &lt;time&gt;\n\nx</code></pre>',
            id="code is nothing but code",
        ),
        pytest.param(r"\{title\} \\ {author} \d", r"{title} \ Ann \d", id="braces that mean themselves"),
        pytest.param(
            "｛标题｝（{?作者：{作者}}）", "Tides &amp; &lt;time&gt;（Ann）", id="as typed in Chinese"
        ),
        pytest.param(
            "{{title}} { Author }",
            "Tides &amp; &lt;time&gt; Ann",
            id="as other bots have it; case and blanks",
        ),
    ],
)
def test_a_template_says(template: str, html: str) -> None:
    assert shown(template) == html


@pytest.mark.parametrize(
    ("template", "words"),
    [
        pytest.param(
            "{title}\nby {author}\n{source}", "Tides\nCoast News", id="the line of a field that is empty"
        ),
        pytest.param(
            "{title}\n\n{summary}\n\n{source}", "Tides\n\nCoast News", id="and one blank line beside it"
        ),
        pytest.param("{title}\n{author} · {date}", "Tides", id="of several that are all empty"),
        pytest.param(
            "{author} · {source}\n{title}", " · Coast News\nTides", id="not of several that are not"
        ),
        pytest.param("{title}\n{link:Read on}", "Tides", id="of a link to nowhere"),
        pytest.param(
            "{title}\n{?author:by {author}}\n{source}", "Tides\nCoast News", id="of a condition that fails"
        ),
        pytest.param("{title}\nNew{?author: by {author}}", "Tides\nNew", id="not one that has words besides"),
        pytest.param(
            "{title}{!author: by nobody}\n\nbye", "Tides by nobody\n\nbye", id="not one without fields"
        ),
    ],
)
def test_a_line_is_left_out(template: str, words: str) -> None:
    assert shown(template, BARE) == words


@pytest.mark.parametrize(
    ("template", "article"),
    [
        pytest.param("New!\nby {author}", BARE, id="nothing of the article would be said"),
        pytest.param("{!link:x}{summary}", replace(BARE, url=URL), id="nothing at all"),
        pytest.param(
            "{link:{title}}" * 20, replace(ARTICLE, url="https://example.org/" + "x" * 900), id="too much"
        ),
    ],
)
def test_what_would_say_nothing_or_too_much_comes_in_the_usual_form(template: str, article: Article) -> None:
    usual = looks.alert(article, "Coast News", "en", Pictures.NONE)
    assert shown(template, article) == alert_message(usual).html


def test_a_template_that_cannot_be_read_any_more_is_the_usual_form() -> None:
    usual = looks.alert(ARTICLE, "Coast News", "en", Pictures.NONE)
    kept = replace(usual, form=Form(template="{what was a field once}"))
    assert alert_message(kept) == alert_message(usual)


def test_the_filters_words_are_bold_in_the_summary_alone() -> None:
    marked = alert("{summary}\nthe sea")
    marked = replace(marked, form=replace(marked.form, marks=("sea",)))
    assert alert_message(marked).html == "The <b>sea</b> rose. It fell again.\nthe sea"


def test_below_a_photo_the_summary_is_cut_at_a_sentence() -> None:
    long = replace(ARTICLE, summary="The sea rose. " * 100)
    html = alert_message(alert("<b>{title}</b>\n<i>{summary}</i>\n{source}", long, look=Look.UPLOADS)).html
    assert html.endswith("The sea rose.</i>\nCoast News")
    assert 1000 < len(words_of(html)) <= 1024


def test_titles_and_names_give_way_where_there_is_no_room() -> None:
    html = alert_message(
        alert("{title} {author}\n" * 9, replace(ARTICLE, title="T" * 400), look=Look.UPLOADS)
    ).html
    assert words_of(html).splitlines()[0] == "T" * 79 + "… Ann"


def test_above_a_full_text_stands_the_template_without_the_summary() -> None:
    whole = replace(ARTICLE, html="<p>It was a long day.</p>")
    message, more = page_message(alert("{title}\n{summary}\n{author}", whole, page=0))
    assert message is not None
    assert (message.html, more) == ("Tides &amp; &lt;time&gt;\nAnn\n\nIt was a long day.", False)


def test_names_of_another_direction_turn_nothing_beside_them() -> None:
    """ "שלום – 5" would show as "5 – שלום"; a line has the direction of its first letter."""
    hebrew = replace(ARTICLE, title="שלום", author="Ann")
    assert shown("{title} – {author} 5", hebrew) == "\u200f\u2068שלום\u2069 – \u2068Ann\u2069 5"
    assert shown("By {author}: {title}", hebrew) == "\u200eBy \u2068Ann\u2069: \u2068שלום\u2069"
    assert shown("{title}", hebrew) == "שלום"


# --- what somebody types ---


def test_a_template_keeps_the_formatting_of_telegrams_clients() -> None:
    entities = [
        MessageEntity("bold", 0, 10),
        MessageEntity("italic", 3, 7),
        MessageEntity("hashtag", 11, 2),
        MessageEntity("text_link", 14, 2, url="https://e.org/?a&b"),
        MessageEntity("text_link", 17, 2, url="tg://settings"),
        MessageEntity("blockquote", 20, 8),
        MessageEntity("bold", 90, 900),
    ]
    kept = accepted(typed("🎧 {title} #a us me\n{author}", entities))
    assert kept == (
        '<b>🎧 <i>{title}</i></b> #a <a href="https://e.org/?a&amp;b">us</a> me\n<blockquote>{author}</blockquote>'
    )


@pytest.mark.parametrize(
    ("text", "reason", "position", "offered"),
    [
        pytest.param(" \n", "empty", 0, "", id="nothing"),
        pytest.param("x" * 10_000, "too_long", LONGEST, "", id="ten thousand characters"),
        pytest.param("{title}\u202e", "control_character", 7, "", id="a sign that turns text round"),
        pytest.param("{title}\0", "control_character", 7, "", id="a sign that nobody types"),
        pytest.param("{title} {titel}", "unknown_field", 9, "{title}", id="a field with a slip"),
        pytest.param("{}", "unknown_field", 1, "", id="a field without a name"),
        pytest.param("{title} {/author}", "unknown_field", 9, "", id="a twin that closes"),
        pytest.param("{title} {link:x", "unclosed", 8, "", id="a brace that is never closed"),
        pytest.param("{title} {link", "unclosed", 8, "", id="after a name"),
        pytest.param("{title} x}", "unopened", 9, "", id="a brace that closes nothing"),
        pytest.param("{title|upper}", "strange", 6, "", id="something behind the name"),
        pytest.param("{title} {?author}", "no_words", 16, "", id="a condition without words"),
        pytest.param("{title} {link:}", "no_words", 14, "", id="a link without words"),
        pytest.param(
            "{title}{author: by}", "takes_no_words", 14, "{?author:…}", id="a condition without its sign"
        ),
        pytest.param("hello", "no_field", 5, "", id="no field"),
        pytest.param("hello{?author: you}", "no_field", 19, "", id="none that says anything"),
        pytest.param("{link:" * 9 + "x" + "}" * 9, "too_deep", 6 * DEEPEST, "", id="too deep"),
        pytest.param("{link:" * 5_000, "too_long", LONGEST, "", id="five thousand deep"),
        pytest.param("{title}" * 41, "too_many", 7 * MOST_FIELDS, "", id="too many fields"),
    ],
)
def test_a_mistake_is_pointed_at(text: str, reason: str, position: int, offered: str) -> None:
    with pytest.raises(TemplateError) as caught:
        accepted(typed(text, ()))
    error = caught.value
    assert (error.reason, error.position, error.offered) == (f"template.{reason}", position, offered)


def test_what_would_be_too_long_spelled_out_is_refused_at_once() -> None:
    """It would be read as no template later."""
    with pytest.raises(TemplateError, match="too_long"):
        accepted(typed("{url}" + "\\" * 996 + "\\\\", ()))


# --- whatever the template and the article ---

PIECES = [
    "{title}",
    "{summary}",
    "{link}",
    "{date}",
    "{time}",
    "{tags}",
    "{media}",
    "{source}",
    "\n",
    " · ",
    "x",
    "\\{",
]
HEADS = ["{link:", "{media:", "{?author:", "{!summary:", "{?date:"]
KINDS = ["bold", "italic", "spoiler", "code", "pre", "blockquote", "expandable_blockquote", "text_link"]
nodes = st.recursive(
    st.sampled_from(PIECES) | st.text(st.characters(exclude_characters="{}｛｝\\"), min_size=1, max_size=4),
    lambda inside: (
        st.builds("{}{}}}".format, st.sampled_from(HEADS), inside) | st.builds("{}{}".format, inside, inside)
    ),
    max_leaves=12,
)
formats = st.lists(
    st.builds(
        MessageEntity, st.sampled_from(KINDS), st.integers(0, 40), st.integers(1, 40), url=st.just(TALK)
    ),
    max_size=5,
)
articles = st.builds(
    Article,
    key=st.just("k"),
    title=st.text(max_size=400),
    url=st.sampled_from([None, URL, "https://example.org/" + "x" * 900, "tg://x"]),
    summary=st.text(max_size=60).map(lambda text: text * 30),
    image=st.none(),
    published=st.none() | st.datetimes(timezones=st.just(UTC)),
    author=st.text(max_size=20),
    tags=st.lists(st.text(max_size=12), max_size=8).map(tuple),
    enclosures=st.sampled_from([(), ARTICLE.enclosures]),
    comments=st.sampled_from([None, TALK]),
)


@pytest.mark.skipif(importlib.util.find_spec("tdjson") is None, reason="tdjson has no wheel for this machine")
@given(nodes, formats, articles, st.text(max_size=200), st.sampled_from([Look.TEXT, Look.UPLOADS]))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_telegram_takes_every_message_of_every_template(
    text: str, formatting: list[MessageEntity], article: Article, feed_title: str, look: Look
) -> None:
    try:
        kept = accepted(typed(text, formatting))
    except TemplateError:
        return
    assert accepted(stored(kept)) == kept
    told = replace(looks.alert(article, feed_title, "en", Pictures.NONE), form=Form(template=kept), look=look)
    html = alert_message(told).html
    # An article without a word, an address and a feed's name is none; what text like "&lt;" leaves is its own.
    if words_of(html).strip() and article.title.isprintable() and article.title.strip():
        assert set(faults(html, 1024 if look is Look.UPLOADS else 4096)) <= {"leftover"}
