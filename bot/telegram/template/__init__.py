"""The reader's own form of an alert: text → tree → message. Pure.

Read in this order: `tree` (what a template is made of), `drafts` (what somebody typed in Telegram, or what we kept),
`reading` (draft → tree, and the grammar), `writing` (tree → what we keep), `filling` (tree and article → message),
with `layout` below the last two.
"""

from __future__ import annotations

from bot.telegram.template.drafts import stored, typed
from bot.telegram.template.filling import own_html
from bot.telegram.template.reading import LONGEST, MOST_FIELDS, parse
from bot.telegram.template.tree import Draft
from bot.telegram.template.writing import canonical

__all__ = ["LONGEST", "MOST_FIELDS", "Draft", "accepted", "own_html", "typed"]


def accepted(draft: Draft) -> str:
    """A template as we keep it, once it is seen to be one.

    Raises:
        TemplateError: it does not parse; or no longer, spelled out.
    """
    html = canonical(parse(draft))
    parse(stored(html))
    return html
