"""Posts updates to the bot's webhook, one after the other, until it takes them."""

import asyncio
import time

import aiohttp

from bot.sandbox.updates import Updates, Webhook

PATIENCE = 30.0  # seconds for one answer
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between attempts


async def post_updates(updates: Updates, session: aiohttp.ClientSession) -> None:
    """Run until cancelled. An update stays first in the queue until the webhook answers 2xx."""
    pause = FIRST_PAUSE
    while True:
        hook, update = updates.webhook, updates.head()
        if not hook.url or update is None:
            await updates.changed()
        elif await _posted(session, hook, update):
            updates.confirm(update["update_id"] + 1)
            pause = FIRST_PAUSE
        else:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def _posted(session: aiohttp.ClientSession, hook: Webhook, update: dict[str, object]) -> bool:
    headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        # A bot on this machine signs its certificate itself, and redirects could lead away from it.
        async with session.post(
            hook.url, json=update, headers=headers, timeout=timeout, ssl=False, allow_redirects=False
        ) as answer:
            if 200 <= answer.status < 300:
                return True
            failure = f"Wrong response from the webhook: {answer.status} {answer.reason}"
    except (aiohttp.ClientError, OSError, TimeoutError) as wrong:
        failure = f"Connection failed: {type(wrong).__name__}"
    hook.failed_at, hook.failure = int(time.time()), failure
    return False
