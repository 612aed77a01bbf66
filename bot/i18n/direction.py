"""Texts of languages that are written from right to left, with what is written from left to right set apart in them.

Telegram gives each line the direction of its first letter, and a slash, a number or a bracket beside Latin letters
that of what stands around it: "/list" would become "list/". Source: UAX #9, §2.4 (isolates), §3.3.1 (lines).
"""

from __future__ import annotations

import re

_RLM, _FSI, _PDI = "\u200f", "\u2068", "\u2069"
_COMMAND = rf"(?<![\w/<{_FSI}])/[a-z_]+"
_CODE = rf"(?<!{_FSI})<code>.*?</code>"
_IN_TEXTS = re.compile(rf"{_CODE}|{_COMMAND}|[/@]?(?<!\{{)\{{\w+\}}(?!\}})", re.S)
# Other tags are found only so that no address in them is taken for a command.
_IN_LINES = re.compile(
    rf"(?P<apart>{_CODE}|(?<!{_FSI})<a [^>]*>.*?</a>|{_COMMAND})|<a [^>]*>.*?</a>|<code>.*?</code>|<[^>]*>",
    re.S,
)


def text_from_right(text: str) -> str:
    """A text of the catalogue, with its placeholders, commands and code set apart."""
    return _IN_TEXTS.sub(rf"{_FSI}\g<0>{_PDI}", text)


def lines_from_right(html: str) -> str:
    """A whole message: every line begins at the right, whatever stands first in it; links, commands and code are
    set apart. Code of several lines is left as it is: it is there to be copied."""
    html = _IN_LINES.sub(_set_apart, html)
    lines, inside = [], 0
    for line in html.split("\n"):
        lines.append(_RLM + line if line and not inside else line)
        inside += line.count("<code>") + line.count("<pre") - line.count("</code>") - line.count("</pre>")
    return "\n".join(lines)


def _set_apart(found: re.Match[str]) -> str:
    return f"{_FSI}{found[0]}{_PDI}" if found["apart"] else found[0]
