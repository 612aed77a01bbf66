"""The bot as a process that dies young, and its database as it leaves it."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class MortalBot:
    """`python -m bot run` on one SQLite file; never more than one at a time."""

    environment: dict[str, str]
    database: Path
    log: Path
    births: list[float] = field(default_factory=list)
    """When, by the wall clock."""
    _process: asyncio.subprocess.Process | None = None
    _listening: asyncio.Task[None] | None = None

    def alive(self) -> int:
        """Its process id. Raises AssertionError if it has ended."""
        assert self._process is not None, "there is none"
        assert self._process.returncode is None, f"it ended: {self._process.returncode}; {self.last_words()}"
        return self._process.pid

    async def start(self) -> None:
        assert self._process is None, "the last one still lives"
        # A pipe, not a file: where the disk is full, or the bot may write no file, its words must come through.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "run"),
            env=os.environ | self.environment,
            stderr=asyncio.subprocess.PIPE,
        )
        assert self._process.stderr is not None
        self._listening = asyncio.create_task(self._listen(self._process.stderr))
        self.births.append(time.time())

    async def _listen(self, words: asyncio.StreamReader) -> None:
        with self.log.open("ab", buffering=0) as log:
            while piece := await words.read(1 << 16):
                log.write(piece)

    async def kill(self) -> None:
        """SIGKILL, at whatever instruction it is."""
        process, self._process = self._process, None
        assert process is not None, "there is none to kill"
        assert process.returncode is None, (
            f"the bot ended by itself: {process.returncode}; {self.last_words()}"
        )
        process.send_signal(signal.SIGKILL)
        await self._buried(process)

    async def stop(self) -> int:
        """SIGTERM, and wait; its exit code."""
        process, self._process = self._process, None
        assert process is not None, "there is none to stop"
        if process.returncode is None:
            process.terminate()
        return await self._buried(process)

    async def _buried(self, process: asyncio.subprocess.Process) -> int:
        code = await process.wait()
        if self._listening is not None:
            # Its children may hold the pipe open a moment longer.
            await asyncio.wait([self._listening], timeout=2)
            self._listening.cancel()
        return code

    async def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""

    def check_database(self) -> None:
        """Ask SQLite whether the file is whole, as the dead left it. Raises AssertionError with what is wrong.

        A reader of its own, not a copy: a copy of the file without its log would be another database.
        """
        if not self.database.exists():
            return
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            strays = connection.execute("PRAGMA foreign_key_check").fetchall()
        finally:
            connection.close()
        assert found == ["ok"], f"the database is damaged: {found}"
        assert strays == [], f"rows that belong to nothing: {strays}"
