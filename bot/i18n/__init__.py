"""What the bot says, in every language: texts by key, from one `.po` file for each language.

A text is plain, or carries Telegram's own inline tags (`<b>`, `<i>`, `<code>`); which of its values need escaping
is the business of who shows it. Texts whose key begins with `button.`, `menu.`, `press.`, `url.`, `fetch.`,
`parse.`, `filter.`, `error.`, `digest.`, `notice.` or `trouble.` are always plain: they are shown where tags mean
nothing.
"""

from bot.i18n.catalogue import DEFAULT_LANGUAGE, Catalogue
from bot.i18n.loading import load

__all__ = ["DEFAULT_LANGUAGE", "Catalogue", "load"]
