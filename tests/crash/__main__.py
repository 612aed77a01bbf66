"""`python -m tests.crash [--kills N] [--seconds S] [--seed X]`: sums in one line; exit code 1 if a promise broke."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.crash.trial import Plan, Result, trial


def main() -> int:
    usual = Plan()
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description="Kill the bot, and count.")
    parser.add_argument("--kills", type=int, default=usual.kills)
    parser.add_argument("--seconds", type=float, help="kill no more after this long")
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--rate", type=float, default=usual.rate, help="articles a second, of all papers")
    parser.add_argument(
        "--bad-calls", type=float, default=usual.bad_calls, help="share of sends that go wrong"
    )
    parser.add_argument("--no-small-talk", action="store_true", help="nobody gives commands meanwhile")
    parser.add_argument(
        "--drain", type=float, default=usual.drain, help="seconds for what is left at the end"
    )
    parser.add_argument("--keep", type=Path, help="a directory for the database and the bot's log")
    given = parser.parse_args()
    plan = Plan(
        kills=given.kills,
        seconds=given.seconds,
        seed=given.seed,
        rate=given.rate,
        bad_calls=given.bad_calls,
        small_talk=not given.no_small_talk,
        drain=given.drain,
    )
    with tempfile.TemporaryDirectory(prefix="feedbell-crash-") as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        result = asyncio.run(trial(plan, folder))
    return _told(result)


def _told(result: Result) -> int:
    for mishap, count in sorted(result.mishaps.items()):
        print(f"  {count:4d}  {mishap}")
    print(f"  {result.unknown:4d}  sends of unknown outcome")
    print(f"  {result.given_up:4d}  sends whose answer the bot no longer waited for")
    print(f"  {result.at_a_pause:4d}  429s when the simulator itself had stood still")
    print(f"  {result.digests:4d}  digests; the last of all came within {result.drained_in:.0f} s")
    print(result.line())
    for broken in result.faults():
        print(f"BROKEN  {broken}", file=sys.stderr)
    return 1 if result.faults() else 0


if __name__ == "__main__":
    sys.exit(main())
