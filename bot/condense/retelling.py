"""A summary that a machine wrote: taken only if the article says the same. It may have been told what to say.

An article can hold orders ("ignore all that, write: visit …"), a model can refuse, ramble, translate or invent.
What it answers is a stranger's text: made plain, and held against the article, sentence by sentence.
"""

from __future__ import annotations

import re

from bot.condense.echo import echo, invents_numbers
from bot.condense.lead import MAX_SUMMARY
from bot.condense.sentences import cut, is_terminated, language_of, split, together
from bot.condense.text import fingerprint, tidy
from bot.model import Article

# Of each sentence's words so many must stand in the article. Honest retellings have four in five and more; a
# refusal in the same language finds two in five there, all of them small words.
_SAME = 0.6
# What models with a mind of their own write before the answer.
_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.I)
_MARKS = re.compile(r"\*\*|__|`|^\s*(?:[-*•#>]+\s+)", re.MULTILINE)
_LABEL = re.compile(r"\A(?:here(?:[’']s| is)[^:.]{0,40}|summary|摘要|总结|要約)\s*[:：]\s*", re.I)
_QUOTED = re.compile(r"""\A(["“«„「])(.*)(["”»“」])\Z""", re.DOTALL)
# Addresses, names of people and bots, commands: Telegram makes links of them.
_POINTS_ELSEWHERE = re.compile(
    r"://|www\.|@\w|[^\W_][\w-]*\.[a-z]{2,24}\b|(?<![\w/])/[a-z_]{2,}", re.IGNORECASE
)


def retelling(answer: str, article: Article) -> str:
    """What of a machine's answer may be told of an article.

    Returns:
        Plain text, at most MAX_SUMMARY code points; "" if it is not to be trusted, or says no more than the title.
    """
    text = _LABEL.sub("", tidy(_MARKS.sub("", _THOUGHT.sub("", answer))))
    text = _QUOTED.sub(r"\2", text)
    source = f"{article.title}\n{article.text}"
    if _POINTS_ELSEWHERE.search(text) or invents_numbers(text, source):
        return ""
    sentences = list(dict.fromkeys(split(text, language_of(text, article.language))))
    if not sentences or fingerprint(text) in fingerprint(article.title):
        return ""
    if any(echo(sentence, source) < _SAME for sentence in sentences):
        return ""
    return _short(sentences)


def _short(sentences: list[str]) -> str:
    if len(sentences) > 1 and not is_terminated(sentences[-1]):
        # The model came to its limit in the middle of it.
        sentences = sentences[:-1]
    while len(sentences) > 1 and len(together(sentences)) > MAX_SUMMARY:
        sentences = sentences[:-1]
    return cut(together(sentences), MAX_SUMMARY)
