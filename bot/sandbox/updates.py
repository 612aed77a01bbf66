"""The bot's incoming updates: a queue confirmed by offset, handed to one long poll or to a webhook."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from bot.sandbox.refusals import Refused
from bot.sandbox.shapes import Json

MOST_WAITING = 20_000  # then the oldest go, as Telegram drops them after a day
LONGEST_WAIT = 50  # seconds, as Telegram's
FIRST_ID = 500_000_001
# Not sent unless asked for by name.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Webhook:
    """Where updates are posted. Empty `url`: nowhere. Times in epoch seconds, 0 for never."""

    url: str = ""
    secret: str = ""
    most_connections: int = 40
    failed_at: int = 0
    failure: str = ""

    def shape(self, waiting: int, allowed: list[str] | None) -> Json:
        """The Bot API's WebhookInfo."""
        body: Json = {"url": self.url, "has_custom_certificate": False, "pending_update_count": waiting}
        if self.url:
            body |= {"max_connections": self.most_connections, "ip_address": "127.0.0.1"}
        if self.failed_at:
            body |= {"last_error_date": self.failed_at, "last_error_message": self.failure}
        return body if allowed is None else body | {"allowed_updates": allowed}


@dataclass(slots=True)
class Updates:
    """Updates not yet confirmed, oldest first. Ids go on after a reset: a running bot keeps its offset."""

    waiting: deque[Json] = field(default_factory=lambda: deque(maxlen=MOST_WAITING))
    allowed: list[str] | None = None  # None: all but those on request
    webhook: Webhook = field(default_factory=Webhook)
    next_id: int = FIRST_ID
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _poller: object | None = None

    def add(self, kind: str, payload: Json) -> int | None:
        """Queue an update; its id, or None if the bot does not want this kind."""
        wanted = kind not in ON_REQUEST if not self.allowed else kind in self.allowed
        if not wanted:
            return None
        update_id, self.next_id = self.next_id, self.next_id + 1
        # A copy: a later edit of the message must not reach back into this update.
        self.waiting.append({"update_id": update_id, kind: dict(payload)})
        self._wake()
        return update_id

    def clear(self) -> None:
        """Forget everything but the count of ids; who waits returns empty-handed."""
        self.waiting.clear()
        self.allowed = None
        self.webhook = Webhook()
        self._poller = None
        self._wake()

    def confirm(self, offset: int) -> None:
        """Drop what is below the offset; a negative one keeps that many of the newest."""
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
        while offset > 0 and self.waiting and self.waiting[0]["update_id"] < offset:
            self.waiting.popleft()

    def set_webhook(self, webhook: Webhook) -> None:
        """Post to an address from now on, or to none; a long poll under way ends in a conflict."""
        self.webhook = webhook
        self._wake()

    def head(self) -> Json | None:
        """The oldest update, which stays."""
        return self.waiting[0] if self.waiting else None

    async def changed(self) -> None:
        """Return when something has happened since the call."""
        await self._news.wait()

    async def poll(self, limit: int, seconds: float) -> list[Json]:
        """Up to `limit` updates, waiting for the first. Raises Refused 409 if another poll or a webhook comes."""
        me = self._poller = object()
        self._wake()
        deadline = asyncio.get_running_loop().time() + min(max(seconds, 0), LONGEST_WAIT)
        while True:
            self._check(me)
            left = deadline - asyncio.get_running_loop().time()
            if self.waiting or left <= 0 or self._poller is None:
                break
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                continue
        if self._poller is me:
            self._poller = None
        return [one for _, one in zip(range(limit), self.waiting, strict=False)]

    def _check(self, me: object) -> None:
        if self.webhook.url:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if self._poller not in (me, None):
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )

    def _wake(self) -> None:
        """Wake all who wait now; who waits later waits for the next news."""
        self._news.set()
        self._news = asyncio.Event()
