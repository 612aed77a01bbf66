"""The conversation half of Telegram: updates in, answers out. Lives in a loop that somebody else runs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import structlog
from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.errors import TokenRefused
from bot.i18n import Catalogue
from bot.ports import Messenger, PictureSource
from bot.telegram.access import Access
from bot.telegram.commands import COMMANDS
from bot.telegram.desk import Desk, Services
from bot.telegram.dispatch import Dispatch
from bot.telegram.menu import set_menu
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.polling import REFUSED, Polling
from bot.telegram.request import Account, AiohttpRequest, Connections, PacedRequest

# Narrow on purpose: what we do not ask for cannot surprise the decoder. Channel posts are not commands.
KINDS = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER, Update.INLINE_QUERY)

# So many updates are worked on at once; one that waits for a slow feed holds up nobody.
_AT_ONCE = 256
# Handlers under way may end; one that waits for a slow feed is cut off.
_SHUTDOWN_SECONDS = 5.0
_RETRY_SECONDS = 5.0


class TelegramSide:
    """Talks with people. `async with` it, or `start` and `stop`; `hang_up` when nobody sends any more."""

    def __init__(
        self,
        account: Account,
        services: Services,
        pictures: PictureSource,
        catalogue: Catalogue,
        access: Access,
    ) -> None:
        """Build everything; nothing is sent yet."""
        self._connections = Connections(account.api_url)
        self._application = _application(account, self._connections)
        request = AiohttpRequest(self._connections, account.read_seconds)
        self.sending_bot = Bot(
            account.token, f"{account.api_url}/bot", request=request, get_updates_request=request
        )
        """For alerts, which have had their turn: waits for none."""
        messenger: Messenger = TelegramMessenger(self.bot, catalogue, pictures)
        self._catalogue = catalogue
        self._access = access
        self._handle(Dispatch(Desk(self.bot, services, catalogue, messenger, access, COMMANDS)))
        self._polling = Polling(self.bot, self._application.update_queue, KINDS)
        self._connected = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def bot(self) -> Bot:
        """For conversation: each message waits for its turn."""
        bot: Bot = self._application.bot
        return bot

    async def start(self) -> None:
        """Begin to listen. Without a network this returns all the same, and listening begins when there is one.

        Raises:
            TokenRefused: Telegram refuses the token.
        """
        await self._connect()
        self._tasks = [
            asyncio.create_task(self._listen(), name="telegram.listen"),
            asyncio.create_task(self._show_menu(), name="telegram.menu"),
        ]

    async def refused(self) -> TokenRefused:
        """Wait until Telegram refuses the token of the running bot; for ever if it never does."""
        try:
            await asyncio.shield(self._tasks[0])
        except TokenRefused as refusal:
            return refusal
        return await asyncio.Future()

    async def stop(self) -> None:
        """Take no more updates, finish those under way. Alerts can still be sent, until `hang_up`."""
        for task in self._tasks:
            task.cancel()
        for ended in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                structlog.get_logger().info("telegram.task_ended", error=type(ended).__name__)
        if self._tasks and self._connected.is_set():
            await self._polling.confirm()
        self._tasks = []
        if self._application.running:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_SHUTDOWN_SECONDS):
                    await self._application.stop()
        await self._application.shutdown()

    async def hang_up(self) -> None:
        """Close the connections; what is still in flight may double."""
        await self._connections.close()

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @asynccontextmanager
    async def only_sending(self) -> AsyncIterator[None]:
        """The bot can send inside; nobody listens.

        Raises:
            TokenRefused: Telegram refuses the token.
        """
        await self._connect()
        try:
            yield
        finally:
            await self._application.shutdown()

    async def _listen(self) -> None:
        while not self._connected.is_set():
            await asyncio.sleep(_RETRY_SECONDS)
            await self._connect()
        await self._application.start()
        await self._polling.run()

    async def _show_menu(self) -> None:
        await self._connected.wait()
        await set_menu(self.bot, COMMANDS, self._catalogue, self._access.owners)

    async def _connect(self) -> None:
        """Learn who we are (getMe): answers need our name. A failure is no more than a line in the log."""
        try:
            await self._application.initialize()
        except InvalidToken:
            raise TokenRefused(REFUSED) from None  # PTB's own text shows the whole token
        except TelegramError as error:
            log = structlog.get_logger()
            log.warning("telegram.unreachable", error=type(error).__name__, reason=error.message)
        else:
            self._connected.set()

    def _handle(self, dispatch: Dispatch) -> None:
        add = self._application.add_handler
        add(MessageHandler(filters.UpdateType.MESSAGE, dispatch.message))  # not the edited ones
        add(CallbackQueryHandler(dispatch.press))
        add(InlineQueryHandler(dispatch.inline))
        add(ChatMemberHandler(dispatch.membership, ChatMemberHandler.MY_CHAT_MEMBER))
        self._application.add_error_handler(dispatch.failed)


def _application(account: Account, connections: Connections) -> Application[Any, Any, Any, Any, Any, Any]:
    request = AiohttpRequest(connections, account.read_seconds)
    return (
        ApplicationBuilder()
        .token(account.token)
        .base_url(f"{account.api_url}/bot")
        .base_file_url(f"{account.api_url}/file/bot")
        .request(PacedRequest(request, account.road) if account.road else request)
        .get_updates_request(request)
        .concurrent_updates(_AT_ONCE)
        .updater(None)  # see `polling`
        .build()
    )
