"""The composer's manners: what is typed is never lost, sent twice or sent by accident."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.deeds import ask, box, choose, draw, new, new_chat, pictures, replies, said, send, settled, toast, visit
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-text"}
NOTHING = "There is nothing to send yet"


async def test_shift_enter_breaks_the_line_and_enter_sends(app: Server, page: Page):
    await visit(page, app.url)
    await box(page).press_sequentially("tokens:1 first")
    await box(page).press("Shift+Enter")
    await box(page).press_sequentially("second")
    await expect(said(page)).to_have_count(0)
    await expect(box(page)).to_have_value("tokens:1 first\nsecond")
    await box(page).press("Enter")
    await expect(said(page)).to_have_text("tokens:1 first\nsecond", use_inner_text=True)
    await expect(box(page)).to_have_value("")


async def test_arrow_up_brings_the_last_message_back_and_sends_a_new_turn(app: Server, page: Page):
    await visit(page, app.url)
    await ask(page, "tokens:1 older")
    await ask(page, "tokens:1 newer")
    await box(page).fill("something")
    await box(page).press("ArrowUp")
    await expect(box(page)).to_have_value("something")
    await box(page).fill("")
    await box(page).press("ArrowUp")
    await expect(box(page)).to_have_value("tokens:1 newer")
    await box(page).press_sequentially("!")
    await box(page).press("Enter")
    await expect(said(page)).to_have_text(["tokens:1 older", "tokens:1 newer", "tokens:1 newer!"])


async def test_enter_that_ends_a_composition_does_not_send(app: Server, page: Page):
    await visit(page, app.url)
    await box(page).focus()
    keyboard = await page.context.new_cdp_session(page)
    await keyboard.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    await box(page).dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True, "bubbles": True, "cancelable": True})
    await keyboard.send("Input.insertText", {"text": "日本 tokens:1"})
    await expect(box(page)).to_have_value("日本 tokens:1")
    await expect(page.locator(".toast")).to_have_count(0)
    await box(page).press("Enter")
    await expect(said(page)).to_have_text("日本 tokens:1")


@pytest.mark.parametrize("blank", ["", "  \n \t "])
async def test_nothing_is_not_sent_and_words_say_so(app: Server, page: Page, blank: str):
    await visit(page, app.url)
    await send(page, blank)
    await expect(toast(page, NOTHING)).to_be_visible()
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(toast(page, NOTHING)).to_be_visible()
    await expect(said(page)).to_have_count(0)


async def test_a_prompt_past_the_limit_comes_back_with_words(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    long = ("mountains " * 500)[:-1]
    await send(page, long)
    await expect(toast(page, "Your text has 4999 characters and sketch takes 4000 at most")).to_be_visible()
    await expect(box(page)).to_have_value(long)
    await expect(said(page)).to_have_count(0)
    await send(page, "mountains")
    await expect(said(page)).to_have_text("mountains")


@pytest.mark.parametrize(
    ("size", "told"), [("9x9", "sketch cannot make 9x9"), ("banana", "“banana” is not a size"), ("4096x4096", "sketch cannot make")]
)
async def test_a_size_that_cannot_be_comes_back_with_words(app: Server, page: Page, size: str, told: str):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    await page.get_by_label("Size", exact=True).fill(size)
    await send(page, "the sea in the morning")
    await expect(toast(page, told)).to_be_visible()
    await expect(box(page)).to_have_value("the sea in the morning")
    await expect(said(page)).to_have_count(0)


async def test_a_size_of_ones_own_is_drawn(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    await page.get_by_label("Size", exact=True).fill("320x200")
    reply = await draw(page, "the sea in the morning")
    assert await pictures(reply).evaluate("async (img) => (await img.decode(), [img.naturalWidth, img.naturalHeight])") == [320, 200]


async def test_drafts_stay_with_their_chats(app: Server, page: Page):
    await visit(page, app.url)
    first = new("tokens:1 the first chat")
    await ask(page, first)
    await box(page).fill("a draft in the first")
    await new_chat(page)
    await expect(box(page)).to_have_value("")
    await box(page).fill("a draft in a new one")
    await page.reload()
    await expect(box(page)).to_have_value("a draft in a new one")
    await settled(page, page.get_by_role("button", name=first, exact=True).click())
    await expect(box(page)).to_have_value("a draft in the first")
    await page.reload()
    await expect(box(page)).to_have_value("a draft in the first")
    await box(page).press("Enter")
    await expect(said(page)).to_have_count(2)
    await page.reload()
    await expect(said(page)).to_have_count(2)
    await expect(box(page)).to_have_value("")
    await new_chat(page)
    await expect(box(page)).to_have_value("a draft in a new one")


async def test_what_is_typed_while_a_turn_is_sent_stays(app: Server, page: Page):
    await visit(page, app.url)
    typed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def late(route: Route) -> None:
        await typed
        await route.continue_()

    await page.route(re.compile("run/predict"), late)
    await send(page, "tokens:1 on its way")
    await expect(box(page)).to_have_value("")
    await box(page).press_sequentially("already the next")
    typed.set_result(None)
    await expect(said(page)).to_have_text("tokens:1 on its way")
    await expect(replies(page)).to_contain_text("END")
    await expect(box(page)).to_have_value("already the next")
