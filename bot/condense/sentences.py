"""Running text → sentences, and one long sentence → its start; sentencex finds them, we mend its known slips."""

from __future__ import annotations

import re

import sentencex

from bot.condense.text import grapheme_cut, join, weight

# Only the start of an article can become its summary; sentencex needs 0.2 ms for a thousand Chinese characters.
_LOOKED_AT = 4_000

TERMINALS = ".!?…。！？｡؟।॥։።။‼⁇⁈⁉"
_CLOSERS = "\"'”’»›」』）)】］]》〉*"
_OPENERS = {
    "「": "」",
    "『": "』",
    "（": "）",
    "(": ")",
    "“": "”",
    "《": "》",
    "【": "】",
    "[": "]",
    "«": "»",
}
# "（笑）" and "（汗）" end a Japanese sentence where no full stop does.
_AFTER_LAUGHTER = re.compile(r"(?<=[（(][笑汗泣爆涙][)）])\s*")
_TERMINATED = re.compile(rf"(?:[{re.escape(TERMINALS)}][{re.escape(_CLOSERS)}\s]*|[（(][笑汗泣爆涙][)）])$")
# Where a sentence may be cut if it must: behind a comma or colon, before a dash.
_CLAUSE_END = re.compile(r"[，、；：｡,;:،؛](?=\D)|\s(?=[-–—]\s)|(?=——)")
# A quotation that goes on: 「はい。」と言った, “Yes!” she said, „Nein.“ sagte er.
_GOES_ON = re.compile(r"[a-zß-öø-ÿа-яёα-ω,;，；、]|と(?:言|い|述|語|話|の|し|答|聞|叫|思|考|指)|って|など")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(“\"'])(?:[A-ZÀ-ÞА-Я]|(?:[A-Za-z]\.)+[A-Za-z]|St|Dr|Mr|Mrs|Ms|Prof|Sen|Rep|Gov|Gen|Lt|Col|Jr|Sr|Inc|Ltd|Co|Corp|"
    r"No|Nr|Vol|Fig|vs|ca|bzw|usw|z\.\s?B|d\.\s?h|u\.\s?a|Abs|Art|Bd|Hr|Fr|M|Mme|Mlle|Sra?|Dra?|им|ул|тыс|млн|млрд|др|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
# "U.S." ends a sentence as often as not; a capital initial before a name never does.
_ENDS_ANYWAY = re.compile(r"(?:U\.S|U\.K|E\.U|U\.N|D\.C|a\.m|p\.m)\.$")
# "乔.拜登": a dot within a name that was foreign.
_NAME_DOT = re.compile(r"[\u4e00-\u9fff]\.[\u4e00-\u9fff]")
# "Yahoo! 動画": in Chinese and Japanese a narrow mark behind a Latin word is part of a name.
_NAMED = re.compile("[\u3040-\u30ff\u4e00-\u9fff、，][ A-Za-z]*[A-Za-z]!$")
_ORDINAL_END = re.compile(r"(?:^|\s)\d{1,2}\.$")

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
)


def language_of(text: str, declared: str) -> str:
    """The language to read a text in: its script's if that tells, else as declared, else English.

    Args:
        text: plain text.
        declared: a tag such as `de-at`; often wrong ("en" over Japanese), so the script goes first.
    """
    head = text[:400]
    letters = max(len(head), 1)
    for language, script in () if head.isascii() else _SCRIPTS:
        # A fifth: Japanese is half Han, Korean headlines are full of Latin names.
        if len(script.findall(head)) * 5 > letters or (
            language == "ja" and len(script.findall(head)) * 12 > letters
        ):
            return language
    primary = re.split(r"[-_]", declared.lower(), maxsplit=1)[0]
    return primary if len(primary) in (2, 3) and primary.isascii() and primary.isalpha() else "en"


def split(text: str, language: str) -> list[str]:
    """Part a running text into sentences, each stripped."""
    found: list[str] = []
    pieces = (
        piece
        for part in _AFTER_LAUGHTER.split(text[:_LOOKED_AT])
        for piece in sentencex.segment(language, part)
    )
    for piece in pieces:
        if not piece.strip():
            continue
        if found and _belongs_together(found[-1], piece):
            # The pieces follow each other in the text: put together as they are, white space and all.
            found[-1] += piece
        else:
            found.append(piece)
    return [sentence.strip() for sentence in found]


def _belongs_together(left: str, right: str) -> bool:
    """Whether sentencex parted in the middle of a sentence."""
    if left[-1] == "." and right[0].isascii() and right[0].isalnum():
        # "www.example.org" in Chinese text: nothing ends where no space follows.
        return True
    if _NAME_DOT.search(left[-2:] + right[0]) and ("，" in left or "。" in left):
        # Only where full stops are wide: others write "." for them.
        return True
    left, right = left.rstrip(), right.lstrip()
    if left.endswith(" .") or right[0] in "”’»」』）)】》" or not re.search(r"\w", right):
        return True
    if left[-1] in _CLOSERS and _GOES_ON.match(right):
        return True
    if _ORDINAL_END.search(left) and len(left) < 4:
        return True
    if _NAMED.search(left[-24:]) or (_ABBREVIATED.search(left[-12:]) and not _ENDS_ANYWAY.search(left)):
        return True
    return _is_open(left) and weight(left) < 400


def _is_open(text: str) -> bool:
    """Whether a bracket or quotation mark is opened and not closed."""
    return any(
        text.count(opener) > text.count(closer) for opener, closer in _OPENERS.items() if opener in text
    )


def is_terminated(text: str) -> bool:
    """Whether a text ends as a sentence ends."""
    return bool(_TERMINATED.search(text[-12:]))


def is_unfinished(sentence: str) -> bool:
    """Whether a sentence breaks off: an open bracket, or dots where the feed was cut."""
    return sentence.rstrip("])】 ").endswith(("…", "...", "．．．")) or (
        _is_open(sentence) and not is_terminated(sentence)
    )


def closed(text: str) -> str:
    """A text whose last quotation or bracket goes on behind its end, closed."""
    for opener, closer in _OPENERS.items():
        if text.count(opener) == text.count(closer) + 1 and text.rfind(opener) > text.rfind(closer):
            text += closer
    return text


def cut(sentence: str, limit: int) -> str:
    """Shorten a sentence to at most `limit` code points: at a clause, else a word, else a grapheme, with "…"."""
    if len(sentence) <= limit:
        return sentence
    room = grapheme_cut(sentence, limit - 1)
    clauses = [match.start() for match in _CLAUSE_END.finditer(room)]
    if clauses and clauses[-1] * 2 >= limit:
        room = room[: clauses[-1]]
    elif (space := room.rfind(" ")) * 3 > limit * 2 and sentence[len(room)] != " ":
        room = room[:space]
    return room.rstrip(" ,;:，、；：،؛-–—·") + "…"


def together(sentences: list[str]) -> str:
    """Sentences as running text again."""
    text = ""
    for sentence in sentences:
        text = join(text, sentence)
    return text
