"""How much came to a chat, counted from what the outbox still holds."""

from __future__ import annotations

from bot.model import Figures, RowState, Tally
from bot.store import SqlStore
from tests.store.town import ANNA, CLUB, DAY, NOON, Town, article, tried

SINCE = (NOON - DAY, NOON - 7 * DAY, NOON - 30 * DAY)


async def test_what_came_waits_and_was_given_up_is_counted_apart_by_its_age(store: SqlStore) -> None:
    town = Town(store)
    loud, quiet = await town.feed(), await town.feed("https://quiet.example/feed")
    own, _ = await town.follow(ANNA, loud), await town.follow(ANNA, quiet)
    theirs = await town.follow(CLUB, loud)
    for key, state, at in (
        ("a", RowState.SENT, NOON),
        ("b", RowState.SENT, NOON - 3 * DAY),
        ("c", RowState.DROPPED, NOON - 20 * DAY),
        ("d", RowState.SENT, NOON - 40 * DAY),
    ):
        await town.publish(loud, article(key), to={own: ANNA.id}, at=at)
        await town.record(tried(await town.must_claim(), state, at, message_ids=(1,)))
    await town.publish(loud, article("e"), to={own: ANNA.id, theirs: CLUB.id})
    assert await store.figures(ANNA.id, SINCE, 5) == Figures(
        sent=Tally(1, 2, 2), held=Tally(1, 1, 1), dropped=Tally(0, 0, 1), active=((own, 2),), quiet=()
    )
    assert (await store.figures(CLUB.id, SINCE, 5)).sent == Tally()


async def test_the_longest_quiet_come_first(store: SqlStore) -> None:
    town = Town(store)
    first, second = await town.feed(), await town.feed("https://quiet.example/feed")
    own, other = await town.follow(ANNA, first), await town.follow(ANNA, second)
    later = tuple(one + 31 * DAY for one in SINCE)
    assert (await store.figures(ANNA.id, (later[0], later[1], later[2]), 5)).quiet == (own, other)
