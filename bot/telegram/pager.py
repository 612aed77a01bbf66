"""Buttons that turn the pages of a list."""

from __future__ import annotations

from telegram import InlineKeyboardButton

from bot.telegram.talk import button


def pager(verb: str, page: int, pages: int, *more: str) -> list[list[InlineKeyboardButton]]:
    """◀ 2/5 ▶; nothing if one page holds all.

    Args:
        page: from 0.
        more: what each button carries beside its page.
    """
    if pages < 2:
        return []
    # Round and round: no end that does nothing when pressed.
    return [
        [
            button("◀", verb, (page - 1) % pages, *more),
            button(f"{page + 1}/{pages}", verb, page, *more),
            button("▶", verb, (page + 1) % pages, *more),
        ]
    ]
