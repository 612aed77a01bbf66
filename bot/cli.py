"""What an operator types. Thin: each command reads its words, calls one room, prints.

Imports stay inside the commands: `--help` must answer at once on a Raspberry Pi.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, TypeVar

import click

from bot import __version__

if TYPE_CHECKING:
    from bot.app import Role
    from bot.config import Settings
    from bot.errors import FilterError
    from bot.preview import Shown

Result = TypeVar("Result")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="feedbell")
def main() -> None:
    """Feedbell: follow feeds in Telegram; every new article comes as a title, a short summary and a link."""


@main.command()
@click.option(
    "--role",
    type=click.Choice(["all", "chat", "worker", "web"]),
    default="all",
    show_default=True,
    help="What this process does: talk to people, check and deliver, serve health pages, or all.",
)
def run(role: Role) -> None:
    """Run the bot."""
    from bot import app

    settings = _settings()
    _log(settings)
    _do(app.run(settings, role))


@main.command()
@click.option(
    "--port", default=8081, show_default=True, help="The chat page and Bot API; the newsroom takes the next."
)
@click.option("--no-bot", is_flag=True, help="Leave the bot out, to start one of your own on it.")
@click.option("--no-browser", is_flag=True, help="Do not open the chat page in a browser.")
def sandbox(port: int, no_bot: bool, no_browser: bool) -> None:
    """Try everything on this machine: a simulated Telegram, a demo newsroom, and the bot. No token needed."""
    from bot import demo
    from bot.sandbox.run import SandboxPortTaken

    try:
        _do(demo.run_sandbox(port, with_bot=not no_bot, with_browser=not no_browser, say=click.echo))
    except SandboxPortTaken:
        _fail(f"port {port} or {port + 1} is taken on this machine: try --port {port + 100}")


@main.command()
def once() -> None:
    """Check what is due, deliver what is waiting, end. For cron."""
    from bot import app

    settings = _settings()
    _log(settings)
    _do(app.once(settings))


@main.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one line an entry.")
def preview(sources: tuple[str, ...], as_json: bool) -> None:
    """Show what alerts would look like. SOURCE: a feed's address, a feed file, or an archived article."""

    def show(shown: Shown) -> None:
        click.echo(json.dumps(shown.as_json(), ensure_ascii=False) if as_json else shown.as_text())

    _each_entry(sources, show)


@main.command()
@click.option("--filter", "text", required=True, help='For example: "machine learning" OR robots -crypto')
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one line an entry.")
def match(text: str, sources: tuple[str, ...], as_json: bool) -> None:
    """Show which entries a filter lets through, and why."""
    from bot import filters
    from bot.errors import FilterError
    from bot.preview import judged

    try:
        expression = filters.parse(text)
    except FilterError as error:
        _fail(_filter_sentence(text, error))

    def show(shown: Shown) -> None:
        row = judged(shown, expression)
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            reasons = ", ".join(f"{reason['term']}: {reason['words'] or '–'}" for reason in row["because"])
            click.echo(f"{'✅' if row['matches'] else '❌'} {shown.article.title}  ({reasons})")

    _each_entry(sources, show)


@main.command("import")
@click.argument("chat", type=int)
@click.argument("file", type=click.File("rb"))
def import_(chat: int, file: BinaryIO) -> None:
    """Subscribe CHAT (a Telegram chat id the bot has met) to every feed of an OPML FILE."""
    from bot import lists

    settings = _settings()
    _log(settings, quiet=True)
    if not _do(lists.bring_in(settings, chat, file.read(), say=click.echo)):
        sys.exit(1)


@main.command()
@click.argument("chat", type=int)
def export(chat: int) -> None:
    """Print what CHAT follows as OPML."""
    from bot import lists

    settings = _settings()
    _log(settings, quiet=True)
    click.echo(_do(lists.take_out(settings, chat)), nl=False)


@main.command()
@click.option(
    "--retry", type=int, multiple=True, metavar="ROW", help="Let this one wait again; may be repeated."
)
@click.option("--drop", type=int, multiple=True, metavar="ROW", help="Forget this one; may be repeated.")
def failed(retry: tuple[int, ...], drop: tuple[int, ...]) -> None:
    """List the alerts that were given up, and why."""
    from bot import failed as room

    settings = _settings()
    if retry or drop:
        unknown = _do(room.decide(settings, retry=retry, drop=drop))
        if unknown:
            _fail(f"no alert that was given up has these numbers: {', '.join(map(str, unknown))}")
        return

    async def show() -> None:
        async for letter in room.given_up(settings):
            click.echo(
                f"{letter.row_id}  {letter.at:%Y-%m-%d %H:%M}Z  {letter.chat_title} ({letter.chat_id})"
            )
            click.echo(f"    {letter.feed_title}: {letter.title}  {letter.url or ''}")
            click.echo(f"    {letter.reason}, after {letter.attempts} tries")

    _do(show())


@main.command()
def migrate() -> None:
    """Bring the database up to date; `run` does it too."""
    from bot.store import migrate as bring_up_to_date

    settings = _settings()
    _do(bring_up_to_date(settings.database_url))
    click.echo("The database is up to date.")


@main.command()
def doctor() -> None:
    """Look for what is wrong, and say what to do."""
    from bot import doctor as room

    settings = _settings()
    _log(settings, quiet=True)

    async def look() -> bool:
        well = True
        async for finding in room.examine(settings):
            click.echo(f"{'✓' if finding.well else '✗'} {finding.name}: {finding.sentence}")
            well = well and finding.well
        return well

    if not _do(look()):
        sys.exit(1)


def _settings() -> Settings:
    from bot.config import read_settings
    from bot.errors import SettingsError

    try:
        return read_settings()
    except SettingsError as error:
        _fail("\n".join(error.mistakes))


def _log(settings: Settings, *, quiet: bool = False) -> None:
    from bot import logs

    logs.configure(settings.log_format, quiet=quiet)


def _each_entry(sources: tuple[str, ...], show: Callable[[Shown], None]) -> None:
    """Show every entry, and a line for each source that is no feed; then exit status 1 if there was one."""
    from bot.preview import Shown
    from bot.preview import show as read

    settings = _settings()
    _log(settings, quiet=True)

    async def each() -> int:
        bad = 0
        async for found in read(sources, settings, progress=_progress(len(sources))):
            if isinstance(found, Shown):
                show(found)
            else:
                bad += 1
                click.echo(f"feedbell: {found.source}: {found.why}", err=True)
        return bad

    if _do(each()):
        sys.exit(1)


def _progress(total: int) -> Callable[[int, str], None]:
    """Tell a person at the terminal how far it is; say nothing to a file or a pipe, or of a single source."""
    if total == 1 or not sys.stderr.isatty():
        return lambda done, source: None
    return lambda done, source: click.echo(f"\r\033[K[{done}/{total}] {source}", err=True, nl=done == total)


def _filter_sentence(text: str, error: FilterError) -> str:
    from bot.model import Problem
    from bot.preview import sentence

    offer = f"\nThis would do: {error.offered}" if error.offered else ""
    return f"{sentence(Problem(error.reason))}\n  {text}\n  {' ' * error.position}^{offer}"


def _do(work: Coroutine[Any, Any, Result]) -> Result:
    from bot.errors import FeedbellError

    try:
        return _run(work)
    except FeedbellError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    if sys.platform == "win32":
        return asyncio.run(work)
    import uvloop

    return uvloop.run(work)


def _fail(sentence: str) -> NoReturn:
    click.echo(f"feedbell: {sentence}", err=True)
    sys.exit(1)
