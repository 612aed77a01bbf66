"""From any HTML to every message that can become of it: the whole pure road, judged by Telegram's own parser."""

from __future__ import annotations

import importlib.util

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.condense import condense
from bot.model import Entry
from tests.condense.test_properties import MARKUP

needs_tdjson = pytest.mark.skipif(
    importlib.util.find_spec("tdjson") is None, reason="tdjson has no wheel for this machine"
)
# Long enough for the room of a caption to run out.
LONG = st.tuples(MARKUP, st.integers(1, 6)).map(lambda part: part[0] * part[1])


@needs_tdjson
@given(title=MARKUP, summary=MARKUP, content=LONG, feed_title=st.text(max_size=120))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_telegrams_own_parser_takes_every_message_of_any_html(
    title: str, summary: str, content: str, feed_title: str
) -> None:
    """In every length, form and template; and the same entry gives the same messages."""
    from tests.referee import faults, messages

    entry = Entry(title=title, summary=summary, content=content, link="https://x.example/a")
    made = list(messages(condense("k", entry), entry, feed_title))
    for form, html, most in made:
        assert list(faults(html, most)) == [], (form, html)
    assert list(messages(condense("k", entry), entry, feed_title)) == made


@given(content=MARKUP)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_condensing_what_was_condensed_changes_nothing(content: str) -> None:
    """A summary is an article that is its own lead."""
    entry = Entry(title="Something else", content=content)
    told = condense("k", entry).summary
    again = condense("k", Entry(title="Something else", content=told)).summary
    assert again in (told, "")
