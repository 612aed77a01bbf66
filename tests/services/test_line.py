"""A host that is away, and our own line that is: the latter teaches nothing of any feed."""

from datetime import timedelta

from bot.model import Check, FetchFailed, Problem, SourceResult
from tests.services.stage import ADA, Stage, feed

MINUTES = timedelta(minutes=1)
HOSTS = [f"h{number}.example" for number in range(9)]


async def follow_all(life: Stage) -> None:
    await life.subscriptions.meet(ADA)
    for host in HOSTS:
        life.reader.web[f"https://{host}/"] = feed("tides")
        await life.subscriptions.subscribe(ADA, None, f"https://{host}/")


def unplug(life: Stage, key: str = "fetch.no_such_host") -> dict[str, SourceResult]:
    well = dict(life.reader.web)
    life.reader.web = {f"https://{host}/": FetchFailed(Problem(key, {"host": host})) for host in HOSTS}
    return well


async def tick(life: Stage, times: int = 1) -> None:
    for _ in range(times):
        life.clock.advance(3 * MINUTES)
        life.jobs.asked.clear()
        await life.polling.claim_due()
        for job in list(life.jobs.asked):
            if isinstance(job, Check):
                await life.polling.check(job.feed_id)


async def failing(life: Stage) -> int:
    return sum(standing.failing_since is not None for standing in await life.standings.of(ADA.id))


async def test_after_a_night_without_a_network_all_feeds_are_back_within_minutes(life: Stage) -> None:
    await follow_all(life)
    well = unplug(life)
    await tick(life, 8 * 20)
    assert await failing(life) == 4  # those before there were enough to know
    life.reader.web = well
    await tick(life, 2)
    assert await failing(life) == 0


async def test_hosts_that_answer_between_show_that_the_line_is_up(life: Stage) -> None:
    await follow_all(life)
    well = unplug(life)
    life.reader.web |= {url: result for url, result in well.items() if url[9] in "048"}
    await tick(life, 10)
    assert await failing(life) == 6


async def test_answers_that_are_errors_are_answers(life: Stage) -> None:
    await follow_all(life)
    unplug(life, "fetch.server_error")
    await tick(life, 10)
    assert await failing(life) == 9
