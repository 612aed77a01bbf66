"""What owners tell everybody: each chat once, whatever Telegram answers and whenever the bot dies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.model import (
    Chat,
    ChatGone,
    ChatKind,
    ChatMoved,
    Hearing,
    Letter,
    NotSent,
    PerhapsSent,
    Refused,
    SendResult,
    TooFast,
    TopicGone,
    Unauthorized,
)
from bot.services.broadcasts import MOST_TRIES, Broadcasts, Crier
from bot.store import SqlStore
from tests.fakes import FakeClock, FakeMessenger

OWNER = Chat(1, ChatKind.PRIVATE, "Owner", "en")
ANNA = Chat(7, ChatKind.PRIVATE, "Anna", "en")
CLUB = Chat(-100, ChatKind.GROUP, "Club", "en")
LETTER = Letter("Hello")


@dataclass
class FakeRoad:
    """Every turn comes at once."""

    turns: list[int] = field(default_factory=list)
    refusals: list[tuple[int, timedelta]] = field(default_factory=list)

    async def turn(self, chat_id: int, count: int = 1) -> None:
        self.turns.append(chat_id)

    async def refused(self, chat_id: int, retry_after: timedelta) -> None:
        self.refusals.append((chat_id, retry_after))


@dataclass
class Square:
    """Where it is cried out."""

    store: SqlStore
    clock: FakeClock = field(default_factory=FakeClock)
    road: FakeRoad = field(default_factory=FakeRoad)
    messenger: FakeMessenger = field(default_factory=FakeMessenger)

    @property
    def owners(self) -> Broadcasts:
        return Broadcasts(self.store, self.clock)

    async def meet(self, *chats: Chat) -> None:
        async with self.store.transaction() as tx:
            for chat in chats:
                await tx.save_chat(chat)

    async def begin(self) -> int:
        draft = await self.owners.draft(OWNER.id, LETTER)
        await self.owners.begin(draft.id)
        return draft.id

    async def cry(self) -> int:
        """By a process that has just begun."""
        return await Crier(self.store, self.messenger, self.road, self.clock).cry()

    async def tally(self) -> dict[Hearing, int]:
        (one,) = await self.store.broadcasts_under_way()
        return {state: count for state, count in one.tally.items() if count}

    def heard(self) -> list[int]:
        """Who got it, in the order they did."""
        return [chat_id for chat_id, words in self.messenger.sent if words == "Hello"]


@pytest.fixture
async def square() -> AsyncIterator[Square]:
    async with SqlStore("sqlite://") as store:
        square = Square(store)
        await square.meet(OWNER, ANNA, CLUB)
        yield square


async def test_it_goes_to_everybody_once_and_its_owner_hears_of_it(square: Square) -> None:
    await square.begin()
    while await square.cry():
        pass
    await square.cry()
    assert sorted(square.heard()) == [CLUB.id, OWNER.id, ANNA.id]
    assert square.messenger.sent[-1] == (OWNER.id, "broadcast.over")
    assert square.road.turns == [chat_id for chat_id, _ in square.messenger.sent], "each had its turn"
    assert await square.store.broadcasts_under_way() == ()


@pytest.mark.parametrize(
    ("chat", "hears"),
    [
        pytest.param(replace(ANNA, id=8, resting=True), False, id="a chat at rest"),
        pytest.param(
            Chat(-1009, ChatKind.CHANNEL, "News", "en"), False, id="a channel, whose readers asked for none"
        ),
        pytest.param(replace(ANNA, id=8, paused=True), True, id="who paused alerts: this is none"),
    ],
)
async def test_who_hears_it(square: Square, chat: Chat, hears: bool) -> None:
    await square.meet(chat)
    draft = await square.owners.draft(OWNER.id, LETTER)
    assert draft.hearers == 3 + hears
    assert await square.owners.begin(draft.id) == 3 + hears
    await square.cry()
    assert (chat.id in square.heard()) is hears


async def test_who_comes_to_rest_meanwhile_does_not_hear_it(square: Square) -> None:
    await square.begin()
    await square.meet(replace(ANNA, resting=True))
    await square.cry()
    assert ANNA.id not in square.heard()
    assert await square.tally() == {Hearing.SENT: 2, Hearing.FAILED: 1}


FIRST = CLUB  # by number
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("answer", "tally", "again"),
    [
        pytest.param(
            Refused("no"), {Hearing.FAILED: 1, Hearing.SENT: 2}, False, id="Telegram does not take it"
        ),
        pytest.param(TopicGone("x"), {Hearing.FAILED: 1, Hearing.SENT: 2}, False, id="no place in it"),
        pytest.param(ChatGone("x"), {Hearing.FAILED: 1, Hearing.SENT: 2}, False, id="it blocked us"),
        pytest.param(
            PerhapsSent("x"), {Hearing.DOUBTFUL: 1, Hearing.SENT: 2}, False, id="nobody knows: not twice"
        ),
        pytest.param(TooFast(MINUTE), {Hearing.WAITING: 1, Hearing.SENT: 2}, True, id="too fast: later"),
        pytest.param(ChatMoved(-1005), {Hearing.SENT: 3}, False, id="it moved: at its new number"),
        pytest.param(NotSent("x"), {Hearing.WAITING: 3}, True, id="the line is down: all later"),
        pytest.param(Unauthorized("x"), {Hearing.WAITING: 3}, True, id="the token is refused: all later"),
    ],
)
async def test_what_comes_of_an_answer(
    square: Square, answer: SendResult, tally: dict[Hearing, int], again: bool
) -> None:
    await square.begin()
    square.messenger.answers.append(answer)
    await square.cry()
    assert await square.tally() == tally
    square.clock.advance(MINUTE)
    await square.cry()
    assert (FIRST.id in square.heard()) is again
    assert len(square.heard()) == len(set(square.heard()))


async def test_who_blocked_us_rests(square: Square) -> None:
    await square.begin()
    square.messenger.answers.append(ChatGone("blocked"))
    await square.cry()
    chat = await square.store.chat(FIRST.id)
    assert chat is not None
    assert chat.resting


async def test_too_fast_is_told_to_the_road(square: Square) -> None:
    await square.begin()
    square.messenger.answers.append(TooFast(MINUTE))
    await square.cry()
    assert square.road.refusals == [(FIRST.id, MINUTE)]


async def test_what_never_arrives_is_given_up_within_a_day(square: Square) -> None:
    async with square.store.transaction() as tx:
        for chat in (ANNA, CLUB):
            await tx.save_chat(replace(chat, resting=True))
    await square.begin()
    tries, began = 0, square.clock.now()
    square.messenger.answers += [NotSent("x")] * MOST_TRIES
    while (await square.tally()).get(Hearing.WAITING):
        tries += await square.cry()
        square.clock.advance(MINUTE)
    assert tries == MOST_TRIES
    assert square.clock.now() - began < timedelta(days=1)
    assert await square.tally() == {Hearing.FAILED: 1}


class Killed(BaseException):
    """The process is gone."""


async def test_killed_at_any_moment_it_goes_on_and_nobody_gets_it_twice(square: Square) -> None:
    """After each send the process dies; what it was sending is in doubt, and the next one goes on behind it."""
    await square.begin()

    def die() -> None:
        raise Killed

    square.messenger.after_send = die
    for _ in range(3):
        with pytest.raises(Killed):
            await square.cry()
    square.messenger.after_send = lambda: None
    assert await square.tally() == {Hearing.DOUBTFUL: 3}
    await square.cry()
    assert sorted(square.heard()) == [CLUB.id, OWNER.id, ANNA.id]
    assert await square.store.broadcasts_under_way() == ()


async def test_stopped_it_goes_to_nobody_any_more(square: Square) -> None:
    broadcast_id = await square.begin()
    square.messenger.after_send = lambda: square.clock.advance(timedelta(seconds=2))  # the round is over
    await square.cry()
    tally = await square.owners.stop(broadcast_id)
    assert tally == {Hearing.WAITING: 2, Hearing.DOUBTFUL: 0, Hearing.SENT: 1, Hearing.FAILED: 0}
    assert await square.cry() == 0
    assert len(square.heard()) == 1
    assert await square.owners.stop(broadcast_id) is None


async def test_it_begins_once(square: Square) -> None:
    draft = await square.owners.draft(OWNER.id, LETTER)
    assert await square.owners.begin(draft.id) == 3
    assert await square.owners.begin(draft.id) is None


async def test_a_newer_draft_takes_the_place_of_the_older_but_not_of_what_is_under_way(
    square: Square,
) -> None:
    going = await square.begin()
    older = await square.owners.draft(OWNER.id, Letter("older"))
    await square.owners.draft(OWNER.id, Letter("newer"))
    assert await square.owners.begin(older.id) is None
    assert [one.id for one in await square.owners.under_way()] == [going]


async def test_the_report_waits_for_telegram(square: Square) -> None:
    await square.begin()
    await square.cry()
    square.messenger.answers.append(NotSent("x"))
    await square.cry()
    assert len(await square.store.broadcasts_under_way()) == 1
    await square.cry()
    assert square.messenger.sent[-1] == (OWNER.id, "broadcast.over")
    assert await square.store.broadcasts_under_way() == ()
