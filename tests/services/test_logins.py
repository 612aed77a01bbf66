"""A feed read with a login, from the reader to the chat: each chat gets what its server shows to it, once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Chat, ChatKind, FeedRead, SourceResult, Subscription, Unchanged, Validators
from bot.services.logins import LoggedIn, Logins, NotLoggedIn
from bot.services.subscribing import Subscribed
from tests.fakes import NO_HEADERS, FakeReader
from tests.services.stage import ADA, URL, Stage, feed

BEA = Chat(1003, ChatKind.PRIVATE, "Bea", "en")
COOKIE = {"Cookie": "session=s3cret"}
MINUTES = timedelta(minutes=10)
ELSEWHERE = "https://elsewhere.example/feed"


class TwoFaces(FakeReader):
    """Whoever sends the cookie is shown more."""

    paid: SourceResult = feed("tides")

    async def read(
        self, url: str, validators: Validators, headers: Mapping[str, str] = NO_HEADERS
    ) -> SourceResult:
        open_to_all = await super().read(url, validators, headers)
        return self.paid if headers == COOKIE else open_to_all


@pytest.fixture
async def paid(life: Stage) -> Stage:
    """ADA and BEA follow the coast; ADA with her login."""
    reader = TwoFaces(life.reader.web)
    life.reader = reader
    for user in (life.polling, life.subscriptions._finder):
        user._reader = reader
    await life.follow(ADA)
    await life.follow(BEA)
    assert isinstance(await logins(life).log_in(await of(life, ADA), COOKIE), LoggedIn)
    return life


def logins(life: Stage) -> Logins:
    return Logins(life.store, life.reader, life.subscriptions, life.clock)


async def of(life: Stage, chat: Chat) -> Subscription:
    (subscription,) = await life.subscriptions.of(chat.id)
    return subscription


async def brought(life: Stage, paid: SourceResult, *titles: str) -> set[tuple[int, str]]:
    """What both chats get when ADA is shown `paid` and everybody else these."""
    life.publish(*titles)
    assert isinstance(life.reader, TwoFaces)
    life.reader.paid = paid
    before = len(life.messenger.sent)
    for chat in (ADA, BEA):
        life.clock.advance(MINUTES)
        await life.round((await of(life, chat)).feed_id)
    return set(life.messenger.sent[before:])


async def test_each_gets_what_the_server_shows_to_it(paid: Stage) -> None:
    assert await brought(paid, feed("storm", "frost", "tides"), "frost", "tides") == {
        (ADA.id, "storm"),
        (ADA.id, "frost"),
        (BEA.id, "frost"),
    }


async def test_what_was_announced_before_the_login_is_not_again(paid: Stage) -> None:
    assert await brought(paid, feed("tides"), "tides") == set()


async def test_who_logs_out_gets_what_all_get_and_nothing_twice(paid: Stage) -> None:
    assert await brought(paid, feed("storm", "tides"), "storm", "tides") == {
        (ADA.id, "storm"),
        (BEA.id, "storm"),
    }
    await logins(paid).log_out(await of(paid, ADA))
    assert (await of(paid, ADA)).feed_id == (await of(paid, BEA)).feed_id
    assert await brought(paid, feed("secret"), "frost", "storm", "tides") == {
        (ADA.id, "frost"),
        (BEA.id, "frost"),
    }


async def test_a_new_reader_is_shown_no_sample_of_what_was_paid_for(paid: Stage) -> None:
    await brought(paid, feed("storm", "tides"), "tides")
    await paid.subscriptions.unsubscribe(await of(paid, BEA))
    await paid.subscriptions.unsubscribe(await of(paid, ADA))
    welcome = await paid.subscriptions.subscribe(BEA, None, URL)
    assert isinstance(welcome, Subscribed)
    assert welcome.sample is not None
    assert welcome.sample.title == "tides"


async def test_its_filter_stays(life: Stage) -> None:
    await life.follow()
    await life.subscriptions.filter(await of(life, ADA), "storm")
    await logins(life).log_in(await of(life, ADA), COOKIE)
    assert (await of(life, ADA)).filter == "storm"


async def test_it_is_checked_with_its_login(paid: Stage) -> None:
    before = len(paid.reader.sent)
    await brought(paid, feed("tides"), "tides")
    assert paid.reader.sent[before:] == [(URL, COOKIE)]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(replace(feed("tides"), moved_to=ELSEWHERE), id="a whole document"),
        pytest.param(Unchanged(Validators('"x"'), None, moved_to=ELSEWHERE), id="nothing new"),
    ],
)
async def test_it_is_joined_with_no_other_feed(paid: Stage, answer: FeedRead | Unchanged) -> None:
    """The fetcher adopts no address that the login may not go to; neither does anybody behind it."""
    paid.reader.web[ELSEWHERE] = feed("tides")
    assert isinstance(await paid.subscriptions.subscribe(BEA, None, ELSEWHERE), Subscribed)
    own = await of(paid, ADA)
    assert isinstance(paid.reader, TwoFaces)
    paid.reader.paid = answer
    paid.clock.advance(MINUTES)
    await paid.polling.check(own.feed_id)
    assert await of(paid, ADA) == own


async def test_a_login_that_is_refused_changes_nothing(life: Stage) -> None:
    await life.follow()
    before = await of(life, ADA)
    life.reader.locked[URL] = COOKIE
    assert isinstance(await logins(life).log_in(before, {"Cookie": "wrong"}), NotLoggedIn)
    assert await of(life, ADA) == before


async def test_nothing_is_asked_with_what_may_not_be_sent(life: Stage) -> None:
    await life.follow()
    asked = len(life.reader.asked)
    own = await of(life, ADA)
    assert isinstance(await logins(life).log_in(own, {"Host": "other.example"}), NotLoggedIn)
    assert len(life.reader.asked) == asked


async def test_no_value_shows_in_a_repr(paid: Stage) -> None:
    own = await of(paid, ADA)
    kept = await logins(paid).log_in(own, {"X-Key": "0ther"})
    for shown in (kept, own, await paid.store.feed(own.feed_id), await paid.store.standings(ADA.id)):
        assert "s3cret" not in repr(shown)
        assert "0ther" not in repr(shown)
