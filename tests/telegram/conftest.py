"""The running bot, as a fixture."""

from collections.abc import AsyncIterator

import pytest

from tests.telegram.conversation import Conversation, conversation


@pytest.fixture
async def chat() -> AsyncIterator[Conversation]:
    """Anybody may use it."""
    async with conversation() as running:
        yield running
