r"""The filter language: text → tree → verdict, for one article and one filter, or for many filters at once.

"machine learning"          a phrase             title: text: author: tag: link: feed: lang:   where; title:(a OR b)
rust go                     both                 pyth*   *lock*                    parts of words
rust OR go, rust|go, a, b   any                  -java   NOT java                  without
rust (go OR zig)            together binds tighter than OR; brackets change that   *   everything
tea, coffee -decaf          a minus takes away from the whole line, or from its brackets
* -sports                   everything without; a minus alone wants nothing and is refused
has:picture|audio|video     what hangs on it     older:2d newer:6h                 min, h, d, w, mo, y
/v\d+(\.\d+)*/             a pattern, see `pattern`: RE2, on the folded text; its \b knows Latin letters only
"""

from bot.filters.cache import Indexes
from bot.filters.canonical import canonical
from bot.filters.explain import Because, Verdict, matches
from bot.filters.expression import Everything, Expression, FieldName
from bot.filters.found import words_found
from bot.filters.index import FilterIndex, percolate
from bot.filters.parse import parse
from bot.filters.suggest import suggestions, with_word
from bot.filters.wanted import Wants, readable, wanted

__all__ = [
    "Because",
    "Everything",
    "Expression",
    "FieldName",
    "FilterIndex",
    "Indexes",
    "Verdict",
    "Wants",
    "canonical",
    "matches",
    "parse",
    "percolate",
    "readable",
    "suggestions",
    "wanted",
    "with_word",
    "words_found",
]
