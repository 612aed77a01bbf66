"""What runs in the child process: one body after another, each read and answered. Run as a script; with the word
`pages` it reads articles' pages.

Frames on stdin and stdout: four bytes of length, then a pickle. In: (body, url, content_type, seconds). Out:
a ReadResult, or a text that says why there is none. It imports little, so that it starts in a moment.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from bot.feeds import read
from bot.model import ReadResult

HEADER = struct.Struct("!I")

# Bytes of address space, where the system counts it, else of memory. feedparser takes twelve times a feed's size
# (10 MB: 120 MB); the hungriest documents of 10 MB that we know take 320 MB.
MEMORY = 512 * 1024 * 1024
# A child that needs more ends with this status, so that its parent can say so. No signal's, no shell's.
OUT_OF_MEMORY = 86
# A child that hangs while its parent dies has nobody to kill it: it ends itself this long after the deadline.
ORPHAN_SECONDS = 5.0

Read = Callable[..., ReadResult]


def serve(read: Read) -> None:
    """Answer until stdin ends."""
    source = sys.stdin.buffer
    # Whatever prints goes to stderr: a stray line would tear the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _settle()
    while (request := _receive(source)) is not None:
        body, url, content_type, seconds = pickle.loads(request)  # noqa: S301 - from our own parent
        _end_after(seconds + ORPHAN_SECONDS)
        answer = _answer(read, body, url, content_type)
        _end_after(0)
        answers.write(HEADER.pack(len(answer)) + answer)
        answers.flush()


def _answer(read: Read, body: bytes, url: str, content_type: str) -> bytes:
    try:
        return _pickled(read(body, url=url, content_type=content_type))
    except MemoryError:
        # Its heap is stretched to the limit: no good for another body.
        os._exit(OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001 - told to the parent, which logs it
        # The place rather than the message, which may quote the feed or its address: both can be private.
        place = traceback.extract_tb(error.__traceback__, limit=-1)[0]
        return _pickled(f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}")


def _pickled(answer: ReadResult | str) -> bytes:
    frame = io.BytesIO()
    pickler = pickle.Pickler(frame, pickle.HIGHEST_PROTOCOL)
    # A problem without values holds the one empty mapping that nobody can change; pickle knows no such thing.
    pickler.dispatch_table = {MappingProxyType: lambda mapping: (dict, (dict(mapping),))}
    pickler.dump(answer)
    return frame.getvalue()


def _receive(source: BinaryIO) -> bytes | None:
    header = source.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    return source.read(HEADER.unpack(header)[0])


def _settle() -> None:
    # Ctrl-C and a service manager's stop go to the whole group; the parent decides when a child ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform != "win32":
        _limit_memory()
        # Reading is never as urgent as the loop that talks to people.
        os.nice(5)


def _limit_memory() -> None:
    import resource  # there is none on Windows

    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        # Should the whole machine run out, the kernel takes a child before the bot.
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")
    else:
        # macOS takes the limit and forgets it. Its ru_maxrss counts bytes.
        end_beyond(MEMORY, lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def end_beyond(limit: int, used: Callable[[], int]) -> None:
    """Let this process end with OUT_OF_MEMORY once it uses more; looked at ten times a second.

    Args:
        limit: bytes.
        used: says how many bytes are or were in use.
    """

    def watch() -> None:
        while used() <= limit:
            time.sleep(0.1)
        os._exit(OUT_OF_MEMORY)

    threading.Thread(target=watch, daemon=True).start()


def _end_after(seconds: float) -> None:
    """Die that much later, even in the middle of a C function; 0 calls it off."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _reader(kind: str) -> Read:
    if kind == "pages":
        # Only here: it needs an extra that may not be installed, 0.2 s and 15 MB.
        from bot.feeds.extraction import read_page

        return read_page
    return read


if __name__ == "__main__":
    serve(_reader("".join(sys.argv[1:])))
