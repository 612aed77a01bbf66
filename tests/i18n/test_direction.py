"""What is written from left to right keeps its order inside texts written from right to left."""

from __future__ import annotations

import pytest

from bot.i18n.direction import lines_from_right, text_from_right

RLM, FSI, PDI = "\u200f", "\u2068", "\u2069"


def marked(text: str) -> str:
    """With the marks that this module is about made visible."""
    return text.replace(RLM, "←").replace(FSI, "[").replace(PDI, "]")


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        pytest.param("سلام", "سلام", id="nothing to set apart"),
        pytest.param("با /list ببینید", "با [/list] ببینید", id="a command keeps its slash in front"),
        pytest.param("<b>/list</b>", "<b>[/list]</b>", id="a command in bold, and no closing tag"),
        pytest.param("{title} و {n}", "[{title}] و [{n}]", id="what is put in"),
        pytest.param("<code>/x {which} a</code>", "[<code>/x {which} a</code>]", id="code as one, unchanged"),
        pytest.param("/{name} و @{bot}", "[/{name}] و [@{bot}]", id="with the sign before it"),
        pytest.param("{{title}}", "{{title}}", id="braces that are shown"),
        pytest.param("https://example.org/feed", "https://example.org/feed", id="no command in an address"),
    ],
)
def test_a_text_of_the_catalogue(text: str, turned: str) -> None:
    assert marked(text_from_right(text)) == turned


@pytest.mark.parametrize(
    ("html", "turned"),
    [
        pytest.param("1. x\n\n⚠️ y", "←1. x\n\n←⚠️ y", id="each line but empty ones begins at the right"),
        pytest.param("/list – x", "←[/list] – x", id="a command"),
        pytest.param(
            '<a href="https://a/b">A</a> · <code>b</code>',
            '←[<a href="https://a/b">A</a>] · [<code>b</code>]',
            id="links and code, and no address in a tag",
        ),
        pytest.param(
            f"{FSI}<a href='/x'>A</a>{PDI}", "←[<a href='/x'>A</a>]", id="what is set apart already"
        ),
        pytest.param(
            "x\n<code>/y {a}\n{b}</code>\nz",
            "←x\n←[<code>/y {a}\n{b}</code>]\n←z",
            id="code of several lines",
        ),
    ],
)
def test_a_message(html: str, turned: str) -> None:
    assert marked(lines_from_right(html)) == turned
