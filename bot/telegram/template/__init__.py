"""The reader's own form of an alert: text → tree → message. Pure.

Read in this order: `tree` (what a template is made of), `drafts` (what somebody typed in Telegram, or what we kept),
`reading` (draft → tree, and the grammar), `writing` (tree → what we keep), `filling` (tree and article → message),
with `layout` below the last two.
"""

from __future__ import annotations

from bot.telegram.template.drafts import stored, typed
from bot.telegram.template.filling import own_html
from bot.telegram.template.reading import DEEPEST, LONGEST, MOST_FIELDS, parse
from bot.telegram.template.tree import Draft, Name, Template
from bot.telegram.template.writing import canonical

__all__ = [
    "DEEPEST",
    "LONGEST",
    "MOST_FIELDS",
    "Draft",
    "Name",
    "Template",
    "canonical",
    "own_html",
    "parse",
    "stored",
    "typed",
]
