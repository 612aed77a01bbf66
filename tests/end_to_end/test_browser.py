"""A stranger in the browser: open the page, subscribe, see an alert come, press a button."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser import browser
from tests.end_to_end.living import XIAOMING, World, world

__all__ = ["browser"]  # a fixture is found by its name in the module

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module")
async def life(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as running, running.bot():
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, life: World) -> AsyncIterator[Page]:
    """小明's chat with the bot on a phone."""
    context = await browser.new_context(viewport={"width": 390, "height": 844})
    opened = await context.new_page()
    opened.set_default_timeout(15_000)
    await opened.goto(f"{life.telegram.url}/#{XIAOMING}/{XIAOMING}")
    yield opened
    await context.close()


async def test_from_the_first_word_to_an_alert(page: Page, life: World) -> None:
    expect.set_options(timeout=15_000)
    await page.get_by_role("button", name="Start").click()
    await expect(page.locator(".bubble").last).to_contain_text("🔔")

    await page.locator("#composer").fill("/subscribe " + life.feed("jianghai"))
    await page.locator("#composer").press("Enter")
    # In a bubble: the list of chats repeats the last line, as long as it is the last.
    await expect(page.locator(".bubble", has_text="已订阅 江海时报")).to_be_visible()

    headline = life.newsroom.publish("jianghai").headline or ""
    alert = page.locator(".bubble", has_text=headline)
    await expect(alert).to_be_visible()
    await expect(alert.locator("img")).to_be_visible()

    await page.locator(".kb-button", has_text="撤销").click()
    await expect(page.locator(".bubble", has_text="江海时报").first).to_contain_text("已退订")
