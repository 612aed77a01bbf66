"""The chat page in a real browser: what the bot sends is seen, what a person does reaches the bot.

The bot is played by plain Bot API calls, so that only the page and the simulator are on trial.
"""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.sandbox.newsroom import demo_newsroom
from bot.sandbox.run import Sandbox, simulated_telegram
from bot.sandbox.world import Draft
from tests.browser import browser

__all__ = ["browser"]  # a fixture is found by its name in the module

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ADA = 1001
NEWSROOM = -1001234567890
NEWS_TOPIC = 7
CHANNEL = -1009876543210
COMMANDS = [
    {"command": "subscribe", "description": "Follow a feed"},
    {"command": "start", "description": "Begin"},
    {"command": "stop", "description": "End"},
]


class Bot:
    """The other end of the wire."""

    def __init__(self, http: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self._http = http
        self._sandbox = sandbox
        self._offset = 0

    async def call(self, method: str, **params: Any) -> Any:
        async with self._http.post(
            f"{self._sandbox.url}/bot{self._sandbox.token}/{method}", json=params
        ) as answer:
            told = await answer.json()
        assert told["ok"], told
        return told["result"]

    async def say(self, text: str, chat: int = ADA, **more: Any) -> int:
        message = await self.call("sendMessage", chat_id=chat, text=text, **more)
        return int(message["message_id"])

    async def hear(self) -> dict[str, Any]:
        """The next update; waits for it as a bot does."""
        updates = await self.call("getUpdates", offset=self._offset, limit=1, timeout=30)
        assert updates, "nothing reached the bot in half a minute"
        self._offset = updates[0]["update_id"] + 1
        update: dict[str, Any] = updates[0]
        return update


@pytest_asyncio.fixture(loop_scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with simulated_telegram(port=0) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as http:
        yield Bot(http, sandbox)


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """Ada's chat with the bot on a desktop, not begun yet."""
    context = await browser.new_context(viewport={"width": 1200, "height": 800}, color_scheme="light")
    opened = await context.new_page()
    opened.set_default_timeout(10_000)
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    await opened.goto(f"{sandbox.url}/#{ADA}/{ADA}")
    await opened.wait_for_selector("body[data-ready]")
    yield opened
    await context.close()
    assert failures == []


async def begin(page: Page, bot: Bot) -> None:
    """Until the page has heard of it too: what is dropped on a chat not begun there goes nowhere."""
    await page.click("#start")
    assert (await bot.hear())["message"]["text"] == "/start"
    await expect(page.locator("#composer")).to_be_visible()


async def test_start_begins_the_conversation(page: Page, bot: Bot) -> None:
    """START stands where one writes until there is a message, as in Telegram."""
    await expect(page.locator("#composer")).to_be_hidden()
    await begin(page, bot)
    await expect(page.locator(".row.own .bubble")).to_contain_text("/start")
    await expect(page.locator("#start")).to_be_hidden()
    await expect(page.locator("#composer")).to_be_visible()


async def test_a_message_appears_without_reload_with_its_entities(page: Page, bot: Bot) -> None:
    """Offsets count UTF-16 units: the emoji before them takes two."""
    sent = await bot.say(
        '😀 <b>bold</b> <u>under <i>both</i></u> <code>x &lt; y</code> <a href="https://example.org/a">link</a>'
        "<blockquote>quoted</blockquote><tg-spoiler>secret</tg-spoiler>"
        '<pre><code class="language-python">pass</code></pre>',
        parse_mode="HTML",
        link_preview_options={"is_disabled": True},
    )
    text = page.locator(f'.bubble[data-id="{sent}"] .text')
    await expect(text.locator("strong")).to_have_text("bold")
    await expect(text.locator("u em, em u")).to_have_text("both")
    await expect(text.locator("code").first).to_have_text("x < y")
    await expect(text.locator("a.link")).to_have_attribute("href", "https://example.org/a")
    await expect(text.locator("blockquote")).to_have_text("quoted")
    await expect(text.locator("pre code.language-python")).to_have_text("pass")
    await expect(text.locator(".spoiler:not(.shown)")).to_have_text("secret")
    await text.locator(".spoiler").click()
    await expect(text.locator(".spoiler.shown")).to_have_text("secret")


async def test_what_a_bot_sends_never_becomes_markup(page: Page, bot: Bot) -> None:
    evil = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>'
    sent = await bot.say(
        evil,
        reply_markup={"inline_keyboard": [[{"text": evil, "callback_data": "x"}]]},
        entities=[{"type": "bold", "offset": 0, "length": 10}],
    )
    await bot.call("setMyCommands", commands=[{"command": "start", "description": evil}])
    row = page.locator(f'.row:has(.bubble[data-id="{sent}"])')
    await expect(row.locator(".text")).to_have_text(evil)
    await expect(row.locator(".kb-button")).to_have_text(evil)
    await page.fill("#composer", "/")
    await expect(page.locator(".command-item span")).to_have_text(evil)
    assert await page.locator("img, script:not([src])").count() == 1  # the viewer's own, still empty
    assert await page.evaluate("window.harmed") is None


async def test_an_edit_changes_the_bubble_and_a_deletion_takes_it_away(page: Page, bot: Bot) -> None:
    kept, gone = await bot.say("before"), await bot.say("soon gone")
    await expect(page.locator(".bubble")).to_have_count(2)
    await bot.call("editMessageText", chat_id=ADA, message_id=kept, text="after")
    await bot.call("deleteMessage", chat_id=ADA, message_id=gone)
    await expect(page.locator(".bubble")).to_have_count(1)
    await expect(page.locator(".bubble .text")).to_have_text("after")
    await expect(page.locator(".bubble .edited")).to_be_visible()


@pytest.mark.parametrize(
    ("in_dialog", "shown"),
    [
        pytest.param(False, "#toasts .toast", id="an answer passes as a toast"),
        pytest.param(True, "#alert[open] p", id="an alert waits in a dialog"),
    ],
)
async def test_a_press_reaches_the_bot_and_its_answer_the_person(
    page: Page, bot: Bot, in_dialog: bool, shown: str
) -> None:
    sent = await bot.say("?", reply_markup={"inline_keyboard": [[{"text": "Yes", "callback_data": "yes:1"}]]})
    await page.click(".kb-button")
    query = (await bot.hear())["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["message_id"]) == ("yes:1", ADA, sent)
    await expect(page.locator(".kb-button.waiting")).to_have_count(1)
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Done", show_alert=in_dialog)
    await expect(page.locator(shown)).to_have_text("Done")
    await expect(page.locator(".kb-button.waiting")).to_have_count(0)


async def test_the_command_menu_filters_and_obeys_the_keyboard(page: Page, bot: Bot) -> None:
    await bot.call("setMyCommands", commands=COMMANDS)
    await begin(page, bot)
    items = page.locator(".command-item")
    await page.locator("#composer").press_sequentially("/")
    await expect(items).to_have_count(3)
    await page.locator("#composer").press_sequentially("st")
    await expect(items).to_have_text(["/startBegin", "/stopEnd"])
    await page.keyboard.press("ArrowDown")
    await expect(items.nth(1)).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    assert (await bot.hear())["message"]["text"] == "/stop"
    await expect(page.locator("#commands")).to_be_hidden()
    await expect(page.locator("#composer")).to_have_value("")


async def test_enter_sends_and_shift_enter_breaks_the_line(page: Page, bot: Bot) -> None:
    await begin(page, bot)
    await page.locator("#composer").press_sequentially("one")
    await page.keyboard.press("Shift+Enter")
    await page.locator("#composer").press_sequentially("二 😀")
    await page.keyboard.press("Enter")
    assert (await bot.hear())["message"]["text"] == "one\n二 😀"


async def test_a_file_dropped_in_arrives(page: Page, bot: Bot) -> None:
    await begin(page, bot)
    await page.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["<opml/>"], "feeds.opml", { type: "text/x-opml" }));
            const target = document.querySelector("#thread");
            for (const name of ["dragover", "drop"])
                target.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )
    document = (await bot.hear())["message"]["document"]
    assert (document["file_name"], document["file_size"]) == ("feeds.opml", 7)
    await expect(page.locator(".row.own .file b")).to_have_text("feeds.opml")


async def test_a_chosen_file_takes_the_typed_words_as_its_caption(page: Page, bot: Bot) -> None:
    await begin(page, bot)
    await page.fill("#composer", "mine")
    await page.set_input_files("#file", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"hi"})
    assert (await bot.hear())["message"]["caption"] == "mine"


async def test_a_forced_reply_asks_for_one(page: Page, bot: Bot) -> None:
    await begin(page, bot)
    asked = await bot.say(
        "Which feed?", reply_markup={"force_reply": True, "input_field_placeholder": "An address"}
    )
    await expect(page.locator("#replying span")).to_have_text("Which feed?")
    await expect(page.locator("#composer")).to_have_attribute("placeholder", "An address")
    await page.locator("#composer").press_sequentially("this one")
    await page.keyboard.press("Enter")
    heard = (await bot.hear())["message"]
    assert (heard["text"], heard["reply_to_message"]["message_id"]) == ("this one", asked)
    await expect(page.locator(".row.own").last.locator(".quote span")).to_have_text("Which feed?")


async def test_the_first_link_has_a_card_with_the_picture(page: Page, bot: Bot) -> None:
    async with demo_newsroom(port=0, every=None) as newsroom:
        post = newsroom.publish("jianghai")
        card = page.locator(".bubble .card")
        await bot.say(
            f"看 {post.url}", link_preview_options={"prefer_large_media": True, "show_above_text": True}
        )
        await expect(card.locator(".site")).to_have_text("江海时报")
        await expect(card.locator(".headline")).to_have_text(post.headline or "")
        await expect(card.locator("img")).to_have_js_property("naturalWidth", 800)
        assert await page.evaluate("document.querySelector('.card + .text') !== null")


async def test_the_address_of_a_picture_is_shown_as_the_picture(page: Page, bot: Bot) -> None:
    async with demo_newsroom(port=0, every=None) as newsroom:
        picture = newsroom.publish("harbour").picture
        await bot.say("Read", link_preview_options={"url": picture, "show_above_text": True})
        await expect(page.locator(".card.bare img")).to_have_js_property("naturalWidth", 800)
        assert await page.locator(".card.bare").inner_text() == ""


async def test_cards_that_come_late_do_not_push_the_newest_message_away(page: Page, bot: Bot) -> None:
    """They grow the chat from the middle; who reads the end must stay there."""
    below = "(({scrollHeight, scrollTop, clientHeight}) => scrollHeight - scrollTop - clientHeight)(thread)"
    async with demo_newsroom(port=0, every=None) as newsroom:
        for name in ("harbour", "jianghai", "rojiura", "gazette"):
            post = newsroom.publish(name)
            await bot.say(post.url, link_preview_options={"prefer_large_media": True})
        last = await bot.say("the newest")
        await expect(page.locator(".card.large img")).to_have_count(4)
        await page.wait_for_function(f"{below} < 2")
        await expect(page.locator(f'.bubble[data-id="{last}"]')).to_be_in_viewport()
        await page.hover("#thread")
        await page.mouse.wheel(0, -600)
        await page.wait_for_function(f"{below} > 400")
        await bot.say("does not tear the reader away")
        await expect(page.locator("#bottom")).to_be_visible()
        assert await page.evaluate(below) > 400
        await page.click("#bottom")
        await page.wait_for_function(f"{below} < 2")


async def test_a_topic_shows_its_own_messages_and_keeps_what_is_written_there(page: Page, bot: Bot) -> None:
    await bot.say("in general", chat=NEWSROOM)
    await bot.say("in the topic", chat=NEWSROOM, message_thread_id=NEWS_TOPIC)
    await page.click(f'.chat-item[data-chat="{NEWSROOM}"]')
    await page.click(f'.topic[data-thread="{NEWS_TOPIC}"]')
    await expect(page.locator(".bubble .text")).to_have_text(["in the topic"])
    await expect(page.locator(".row.service")).to_have_text(["Topic “News” was created"])
    await page.fill("#composer", "/help@feedbell_sandbox_bot")
    await page.keyboard.press("Enter")
    assert (await bot.hear())["message"]["message_thread_id"] == NEWS_TOPIC


async def test_another_person_sees_their_own_chat_only(page: Page, bot: Bot) -> None:
    await bot.say("for Ada alone")
    await expect(page.locator(".bubble")).to_have_count(1)
    await page.select_option("#user", label="小明")
    await expect(page.locator("#start")).to_be_visible()
    await expect(page.locator(".bubble")).to_have_count(0)
    await page.click(f'.chat-item[data-chat="{CHANNEL}"]')
    await expect(page.locator("#readonly")).to_have_text("Only administrators can post in this channel")


async def test_unread_messages_are_counted_until_the_chat_is_opened(page: Page, bot: Bot) -> None:
    await bot.say("one", chat=CHANNEL)
    await bot.say("two", chat=CHANNEL)
    item = page.locator(f'.chat-item[data-chat="{CHANNEL}"]')
    await expect(item.locator(".badge")).to_have_text("2")
    await item.click()
    await expect(item.locator(".badge")).to_have_count(0)


async def test_typing_is_shown_until_the_message_comes(page: Page, bot: Bot) -> None:
    await bot.call("sendChatAction", chat_id=ADA, action="typing")
    await expect(page.locator("#subtitle")).to_have_text("typing…")
    await bot.say("there")
    await expect(page.locator("#subtitle")).to_have_text("bot")


async def test_a_phone_shows_the_list_or_the_chat(page: Page, bot: Bot) -> None:
    await page.set_viewport_size({"width": 390, "height": 800})
    await expect(page.locator("#side")).to_be_hidden()
    await page.click("#back")
    await expect(page.locator("#chat")).to_be_hidden()
    await page.click(f'.chat-item[data-chat="{ADA}"]')
    await expect(page.locator("#thread")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390  # nothing sticks out


async def test_dark_follows_the_system_and_the_switch_overrules_it(page: Page) -> None:
    surface = "getComputedStyle(document.querySelector('#side')).backgroundColor"
    assert await page.evaluate(surface) == "rgb(255, 255, 255)"
    await page.emulate_media(color_scheme="dark")
    assert await page.evaluate(surface) == "rgb(33, 33, 33)"
    await page.click("#theme")
    assert await page.evaluate(surface) == "rgb(255, 255, 255)"
    await page.reload()
    await page.wait_for_selector("body[data-ready]")
    assert await page.evaluate(surface) == "rgb(255, 255, 255)"


async def test_a_thousand_messages_open_at_the_newest(page: Page, bot: Bot, sandbox: Sandbox) -> None:
    channel = sandbox.world.chats[CHANNEL]
    ada = sandbox.world.users[ADA]
    for number in range(1000):
        sandbox.world.post(channel, Draft(sandbox.world.person(ada, channel), {"text": f"message {number}"}))
    await page.click(f'.chat-item[data-chat="{CHANNEL}"]')
    await expect(page.locator(".bubble")).to_have_count(1000)
    await expect(page.locator(".bubble").last).to_be_in_viewport()
    await bot.say("and one more", chat=CHANNEL)
    await expect(page.locator(".bubble").last).to_contain_text("and one more")
    await expect(page.locator(".bubble").last).to_be_in_viewport()


async def test_after_a_restart_of_the_server_the_page_reads_everything_anew(browser: Browser) -> None:
    """What happened while the connection was gone was told to nobody."""
    context = await browser.new_context(viewport={"width": 1200, "height": 800})
    opened = await context.new_page()
    async with simulated_telegram(port=0) as first, aiohttp.ClientSession() as http:
        await opened.goto(f"{first.url}/#{ADA}/{ADA}")
        await Bot(http, first).say("old")
        await expect(opened.locator(".bubble .text")).to_have_text(["old"])
    await expect(opened.locator("#link-state")).to_be_visible()
    async with simulated_telegram(port=first.port) as second, aiohttp.ClientSession() as http:
        await Bot(http, second).say("new")
        await expect(opened.locator(".bubble .text")).to_have_text(["new"], timeout=20_000)
        await expect(opened.locator("#link-state")).to_be_hidden()
        await context.close()
