"""What happens in the simulated Telegram, told to whoever listens (the chat page) as it happens."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.sandbox.shapes import Json

PATIENCE = 2000  # events a listener may be behind before it is let go; it reconnects and reads the state anew


@dataclass(slots=True, eq=False)
class Listener:
    """One open event stream."""

    waiting: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(PATIENCE))
    ended: bool = False

    async def next(self, seconds: float) -> bytes | None:
        """The next lines to send; None if nothing came in time; empty at the end."""
        if self.ended and self.waiting.empty():
            return b""
        try:
            return await asyncio.wait_for(self.waiting.get(), seconds)
        except TimeoutError:
            return None

    def end(self) -> None:
        """Nothing follows. Wakes the stream if it sleeps."""
        self.ended = True
        if self.waiting.empty():
            self.waiting.put_nowait(b"")


@dataclass(slots=True)
class Events:
    """The listeners, and how they are told."""

    listeners: set[Listener] = field(default_factory=set)

    def tell(self, name: str, data: Json) -> None:
        """Send an event to every listener, without waiting for any."""
        if not self.listeners:
            return
        line = f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
        for listener in self.listeners:
            try:
                listener.waiting.put_nowait(line)
            except asyncio.QueueFull:
                listener.end()

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Tell nothing while the block runs: a new world is not a stream of news."""
        listeners, self.listeners = self.listeners, set()
        try:
            yield
        finally:
            self.listeners = listeners

    def close(self) -> None:
        """End every stream: the server is going down."""
        for listener in self.listeners:
            listener.end()

    @contextmanager
    def listen(self) -> Iterator[Listener]:
        """A listener for as long as the block runs."""
        listener = Listener()
        self.listeners.add(listener)
        try:
            yield listener
        finally:
            self.listeners.discard(listener)
