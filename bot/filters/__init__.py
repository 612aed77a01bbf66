"""The filter language: text → tree → verdict, for one article and one filter, or for many filters at once.

"machine learning"          a phrase             title: text: author: tag: link:   where, also title:(a OR b)
rust go                     both                 pyth*   *lock*                    parts of words
rust OR go, rust|go, a, b   any                  -java   NOT java                  without
rust (go OR zig)            together binds tighter than OR; brackets change that   *   everything
tea, coffee -decaf          a minus takes away from the whole line, or from its brackets
"""

from bot.filters.canonical import canonical
from bot.filters.explain import Because, Verdict, matches
from bot.filters.expression import Everything, Expression, FieldName
from bot.filters.index import FilterIndex, percolate
from bot.filters.parse import parse
from bot.filters.suggest import suggestions, with_word

__all__ = [
    "Because",
    "Everything",
    "Expression",
    "FieldName",
    "FilterIndex",
    "Verdict",
    "canonical",
    "matches",
    "parse",
    "percolate",
    "suggestions",
    "with_word",
]
