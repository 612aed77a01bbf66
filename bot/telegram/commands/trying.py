"""What a filter would have done, shown before it is saved, with buttons to save it or to try another."""

from __future__ import annotations

from typing import assert_never

from bot.filters import Verdict
from bot.services.trials import Gone, Judged, Misread, Trial, TrialResult
from bot.telegram import times
from bot.telegram.command import NUMBER, Act, always
from bot.telegram.meaning import meaning
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, Words, code, cut, escape, link

SHOWN = 20

# Twenty lines of these, a filter of 500 and its meaning stay below the 4,096 code points of a message.
_LONGEST_TITLE = 55
_LONGEST_REASON = 35
_LONGEST_MEANING = 600
_SUGGESTIONS_IN_A_ROW = 3
_LONGEST_LABEL = 60


def trial_of(talk: Talk, result: TrialResult, typed: str) -> tuple[Html, Buttons]:
    """What came of trying a filter.

    Args:
        typed: the filter as the person wrote it.
    """
    match result:
        case Trial():
            return _text(talk.words, result), _buttons(talk.words, result)
        case Misread(error, trial_id):
            label = cut(error.offered, _LONGEST_LABEL)
            offered = [] if trial_id is None else [[button(label, "try", trial_id)]]
            return talk.words.filter_error(error, typed), offered
        case Gone():
            return talk.words.html("subscription.gone"), ()
        case _:
            assert_never(result)


async def again(talk: Talk, argument: str) -> None:
    """Try what the button stands for, in place of what its message tried."""
    number, _, suggestion = argument.partition(":")
    result = await talk.desk.services.trials.again(
        talk.chat.id, int(number), int(suggestion) if suggestion else None
    )
    if isinstance(result, Gone):
        await talk.notice("press.stale")
        return
    await talk.edit(*trial_of(talk, result, ""))


async def save(talk: Talk, argument: str) -> None:
    """Set the filter that was tried."""
    tried = await talk.desk.services.trials.accepted(talk.chat.id, int(argument))
    if tried is None:
        await talk.notice("press.stale")
        return
    await talk.subscriptions.filter(tried.subscription, tried.filter)
    said = meaning(talk.words, tried.filter)
    title = talk.words.linked(tried.subscription)
    await talk.edit(talk.words.html("filters.set", title=title, filter=code(tried.filter), meaning=said))


async def cancel(talk: Talk, _argument: str) -> None:
    """Leave everything as it is."""
    await talk.edit(talk.words.html("trial.cancelled"))


def because(words: Words, verdict: Verdict) -> Html:
    """The words that decided, as the article has them; those that are missing, as the filter has them."""
    found = dict.fromkeys(reason.words for reason in verdict.because if reason.found)
    said = [words.html("trial.found", words=cut(one, _LONGEST_REASON)) for one in found]
    lacking = dict.fromkeys(reason.term for reason in verdict.because if not reason.found)
    if lacking and not (verdict.holds and found):
        said.append(words.html("trial.lacks", term=cut(", ".join(lacking), _LONGEST_REASON)))
    return Html(", ".join(said))


def _text(words: Words, trial: Trial) -> Html:
    said = meaning(words, trial.filter)
    head = words.html("trial.head", title=words.linked(trial.subscription), filter=code(trial.filter))
    parts = [head, *([said] if 0 < len(said) <= _LONGEST_MEANING else []), "", _sum(words, trial)]
    lines = [_line(words, one) for one in trial.judged[:SHOWN]]
    ask = [words.html("trial.suggest")] if trial.suggestions else []
    return Html("\n".join([*parts, "", *lines, "", *ask]).strip())


def _sum(words: Words, trial: Trial) -> Html:
    if not trial.judged:
        return words.html("trial.nothing")
    rate = Html("")
    if trial.through and trial.weekly:
        rate = words.html("trial.rate", rhythm=times.rhythm(words, trial.weekly))
    return words.count("trial.sum", len(trial.judged), passed=trial.through, rate=rate)


def _line(words: Words, one: Judged) -> Html:
    title = cut(one.article.title or one.article.url or "…", _LONGEST_TITLE)
    named = link(title, one.article.url) if one.article.url else escape(title)
    mark = "✅" if one.verdict.holds else "❌"
    reasons = because(words, Verdict(one.verdict.holds, one.verdict.because[:3]))
    return Html(f"{mark} {named} · {reasons}" if reasons else f"{mark} {named}")


def _buttons(words: Words, trial: Trial) -> Buttons:
    more = [
        button(f"− {word[1:]}" if word[0] == "-" else f"+ {word}", "try", trial.id, place)
        for place, word in enumerate(trial.suggestions)
    ]
    rows = [
        more[start : start + _SUGGESTIONS_IN_A_ROW] for start in range(0, len(more), _SUGGESTIONS_IN_A_ROW)
    ]
    return [
        *rows,
        [
            button(words.plain("button.save"), "save", trial.id),
            button(words.plain("button.change"), "filter", trial.subscription.id),
            button(words.plain("button.cancel"), "cancel", trial.id),
        ],
    ]


ACTS = (
    Act("try", again, always, takes=rf"{NUMBER}(?::\d)?"),
    Act("save", save, always),
    Act("cancel", cancel, always),
)
