"""Text and markup as publishers mix them: told apart, and turned into one another."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?(?:-->|\Z)", re.DOTALL)
_LOOKS_LIKE_HTML = re.compile(
    r"</(?:p|a|b|i|em|strong|div|span|ul|li|h\d|blockquote)\s*>|<(?:br|p|img)\b[^<>]*>|&(?:#\d+|#x[0-9a-f]+|[a-z]+);",
    re.IGNORECASE,
)
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Drop the characters that neither XML nor a database can hold: controls and halves of surrogate pairs."""
    return _UNSTORABLE.sub("", text)


def plain(markup: str) -> str:
    """Read a title as plain text in one line."""
    return " ".join(html.unescape(_TAG.sub(" ", html.unescape(_TAG.sub(" ", markup)))).split())


def looks_like_html(text: str) -> bool:
    """Say whether text that is called plain is HTML all the same; old Atom feeds often lie."""
    return bool(_LOOKS_LIKE_HTML.search(text))


def to_html(text: str, *, keep_lines: bool = False) -> str:
    """Write plain text as HTML.

    Args:
        text: plain.
        keep_lines: every line break is meant; False if only an empty line is, as in text wrapped by a program.
    """
    escaped = html.escape(text.strip(), quote=False)
    if keep_lines:
        return re.sub(r"\r?\n", "<br>\n", escaped)
    return re.sub(r"\r?\n[ \t]*\r?\n\s*", "<br><br>\n", escaped)
