"""The sandbox as one command: simulated Telegram, demo newsroom, and the unchanged bot as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.sandbox.newsroom import Newsroom, demo_newsroom
from bot.sandbox.run import Sandbox, simulated_telegram

# Nobody wants to wait ten minutes for a demonstration.
DEMO_INTERVAL = "2"

Say = Callable[[str], None]


async def run_sandbox(port: int, *, with_bot: bool, with_browser: bool, say: Say) -> None:
    """Run until SIGINT or SIGTERM.

    Raises:
        SandboxPortTaken: somebody else listens on `port`.
    """
    halt = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, halt.set)
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(simulated_telegram(port=port))
        # Beside the sandbox, so that two sandboxes on two ports get along.
        newsroom = await stack.enter_async_context(demo_newsroom(port=port + 1))
        _introduce(telegram, newsroom, say)
        if with_bot:
            # Its database lives as long as the simulated chats do: until the end of this.
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="feedbell-sandbox-"))
            environment = bot_environment(telegram, newsroom, Path(folder) / "feedbell.db")
            process = await stack.enter_async_context(bot_process(environment))
            asyncio.create_task(process.wait()).add_done_callback(lambda _: halt.set())
        if with_browser:
            await asyncio.to_thread(webbrowser.open, telegram.url)
        await halt.wait()


def bot_environment(telegram: Sandbox, newsroom: Newsroom, database: Path) -> dict[str, str]:
    """What makes the unchanged bot talk to the sandbox; what you allow it besides stays allowed.

    Args:
        database: where it keeps everything; beside it, the feeds to begin with: those of the newsroom.
    """
    starters = database.with_name("starters.toml")
    # Every JSON string is one of TOML, too.
    starters.write_text(
        "".join(
            f'[[feed]]\nsubject = "news"\nname = {json.dumps(feed.title)}\nurl = {json.dumps(feed.url)}\n'
            for feed in newsroom.feeds
        ),
        encoding="utf-8",
    )
    allowed = [os.environ.get("FEEDBELL_ALLOW_PRIVATE", ""), f"127.0.0.1:{newsroom.port}"]
    return {
        **os.environ,
        "FEEDBELL_TOKEN": telegram.token,
        "FEEDBELL_API_URL": telegram.url,
        "FEEDBELL_DATABASE_URL": f"sqlite:///{database}",
        "FEEDBELL_STARTERS": str(starters),
        "FEEDBELL_ALLOW_PRIVATE": ",".join(filter(None, allowed)),
        "FEEDBELL_MIN_INTERVAL": DEMO_INTERVAL,
        "FEEDBELL_DEFAULT_INTERVAL": DEMO_INTERVAL,
        "FEEDBELL_MAX_INTERVAL": DEMO_INTERVAL,
    }


@asynccontextmanager
async def bot_process(environment: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m bot run`; at the end it is asked to stop, and waited for."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=environment)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _introduce(telegram: Sandbox, newsroom: Newsroom, say: Say) -> None:
    say(f"Chat page:  {telegram.url}/   (open it in a browser)")
    say(f"Newsroom:   {newsroom.url}/   Send one of these to the bot:")
    for feed in newsroom.feeds:
        say(f"  /subscribe {feed.url}   {feed.title}")
    say(f"Token:      {telegram.token}   API: {telegram.url}")
    say("Stop with Ctrl-C.")
