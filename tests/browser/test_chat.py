"""Talking: replies stream in, outlive the tab, can be stopped and asked for again, and what people write shows as they wrote it."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.deeds import act, ask, box, choose, draw, new, pictures, replies, said, send, tiles, visit
from tests.browser.deeds import tab as show_tab
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-text"}
STOP, AGAIN = {"name": "Stop", "exact": True}, {"name": "Try again", "exact": True}


async def words(page: Page) -> list[str]:
    """The words of the newest reply."""
    return (await replies(page).last.locator(".prose").inner_text()).split()


async def test_a_reply_streams_in(app: Server, page: Page):
    await visit(page, app.url)
    reply = await ask(page, "tokens:60 delay:0.03")
    await expect(reply).to_contain_text("word3")
    assert "END" not in await reply.inner_text()
    await expect(reply.get_by_role("button", **STOP)).to_be_visible()
    await expect(reply).to_contain_text("END")
    await expect(reply.get_by_role("button", **STOP)).to_have_count(0)
    assert await words(page) == [*(f"word{index}" for index in range(60)), "END"]
    await expect(page.locator("#spoken[role=status]")).to_have_text("Reply finished")


async def test_guide_explains_and_its_prompt_is_drawn_with_a_click(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "guide")
    reply = await ask(page, "what can you do?")
    await expect(reply.locator(".prose :is(strong, em, li, code)").first).to_be_visible()
    assert "**" not in await reply.inner_text()
    wish = await ask(page, "draw me a mountain lake at dawn")
    card = wish.locator(".prompt-card").first
    await expect(card).to_contain_text("lake")
    await expect(card.get_by_role("button", name="Draw this")).to_be_visible()
    prompt = await card.locator("p").inner_text()
    await card.get_by_role("button", name="Draw this").click()
    await expect(said(page).last).to_have_text(prompt)
    await expect(pictures(page)).to_have_count(1, timeout=30_000)
    assert (await pictures(page).get_attribute("alt") or "").startswith(prompt)
    await expect(page.get_by_label("Model", exact=True)).to_have_value(re.compile("^guide"))


async def test_stop_keeps_the_words_that_came(app: Server, page: Page):
    await visit(page, app.url)
    reply = await ask(page, "tokens:500 delay:0.04")
    await expect(reply).to_contain_text("word9 ")
    await reply.get_by_role("button", **STOP).click()
    await expect(reply).to_contain_text("Stopped. What came is kept.")
    kept = await words(page)
    assert 10 <= len(kept) < 400 and "END" not in kept
    await page.reload()
    await expect(replies(page)).to_contain_text("Stopped. What came is kept.")
    assert await words(page) == kept
    await replies(page).get_by_role("button", **AGAIN).click()
    await expect(replies(page)).to_have_count(2)
    await expect(replies(page).last).to_contain_text("word9 ")
    assert await said(page).count() == 1
    await replies(page).last.get_by_role("button", **STOP).click()
    await expect(replies(page).last).to_contain_text("Stopped")


@pytest.mark.parametrize(
    ("end", "told"), [("fail", "No picture came from fake"), ("crash", "Something went wrong"), ("slow", "longer than 1 s")]
)
async def test_a_reply_that_breaks_off_keeps_its_words_and_says_why(app: Server, page: Page, end: str, told: str):
    await visit(page, app.url)
    reply = await ask(page, f"tokens:5 then:{end}")
    await expect(reply.locator(".problem")).to_contain_text(told)
    await expect(reply).to_contain_text("word4")
    await expect(reply.get_by_role("button", **AGAIN)).to_be_visible()
    assert "verysecretkey" not in await page.content()


async def test_a_reload_in_the_middle_goes_on(app: Server, page: Page):
    await visit(page, app.url)
    reply = await ask(page, "tokens:90 delay:0.08")
    await expect(reply).to_contain_text("word9 ")
    await page.reload()
    await expect(replies(page)).to_contain_text("word9 ")
    assert "END" not in await replies(page).inner_text()
    await expect(replies(page)).to_contain_text("END")
    assert await words(page) == [*(f"word{index}" for index in range(90)), "END"]
    await page.reload()
    await expect(replies(page)).to_contain_text("END")
    assert await words(page) == [*(f"word{index}" for index in range(90)), "END"]


async def test_a_closed_page_is_not_missed(app: Server, page: Page):
    await visit(page, app.url)
    await ask(page, "tokens:50 delay:0.04")
    address, again = page.url, await page.context.new_page()
    await page.close()
    await again.goto(address)
    await expect(replies(again)).to_contain_text("END")
    await expect(said(again)).to_have_text("tokens:50 delay:0.04")


async def test_a_second_tab_sees_everything_live(app: Server, page: Page):
    await visit(page, app.url)
    other = await page.context.new_page()
    await visit(other, app.url)
    await show_tab(other, "Gallery")
    await expect(other.locator("#gallery .status")).not_to_be_empty()
    had = await tiles(other).count()
    await choose(page, "Model", "fake-image")
    title = new("seen from two tabs")
    await draw(page, title)
    await expect(tiles(other)).to_have_count(had + 1)
    await other.get_by_role("navigation", name="Chats").get_by_role("button", name=title, exact=True).click()
    await expect(said(other)).to_have_text(title)
    await expect(pictures(other)).to_be_visible()
    await choose(page, "Model", "fake-text")
    reply = await ask(page, "tokens:60 delay:0.04")
    await expect(replies(other)).to_have_count(2)
    await expect(replies(other).last).to_contain_text("word3")
    await expect(reply).to_contain_text("END")
    await expect(replies(other).last).to_contain_text("END")
    assert await words(other) == await words(page)


async def test_a_double_press_sends_once(app: Server, page: Page):
    await visit(page, app.url)
    await box(page).fill("tokens:3 by double click")
    await page.get_by_role("button", name="Send", exact=True).dblclick()
    await expect(replies(page)).to_contain_text("END")
    await box(page).fill("tokens:3 by double Enter")
    await asyncio.gather(box(page).press("Enter"), box(page).press("Enter"))
    await expect(replies(page)).to_have_count(2)
    await expect(replies(page).last).to_contain_text("END")
    await page.reload()
    await expect(said(page)).to_have_text(["tokens:3 by double click", "tokens:3 by double Enter"])
    await expect(replies(page)).to_have_count(2)


async def test_the_same_words_twice_are_two_turns(app: Server, page: Page):
    await visit(page, app.url)
    for _ in range(2):
        await expect(await ask(page, "tokens:2 once more")).to_contain_text("END")
    await expect(said(page)).to_have_count(2)


async def test_two_quick_sends_are_two_turns_each_with_its_own_progress(app: Server, page: Page):
    await visit(page, app.url)
    await send(page, "tokens:90 delay:0.05 first")
    await send(page, "tokens:90 delay:0.05 second")
    await expect(said(page)).to_have_text(["tokens:90 delay:0.05 first", "tokens:90 delay:0.05 second"])
    first, second = replies(page).first, replies(page).last
    await expect(first).to_contain_text("word3")
    await expect(second).to_contain_text("Waiting for its turn")
    await second.get_by_role("button", **STOP).click()
    await expect(second).to_contain_text("Stopped")
    await expect(first.get_by_role("button", **STOP)).to_be_visible()
    await expect(first).to_contain_text("END")
    await expect(second).not_to_contain_text("word0")


HOSTILE = " ".join(
    (
        """<img src=x onerror="window.pwned=1"><script>window.pwned=1</script></div><b onclick="window.pwned=1">bold</b>""",
        "[click](javascript:window.pwned=1) ![x](javascript:window.pwned=1) **[a](b)** `c` $x^2$ [[[]()](",
        "${window.pwned=1} {{window.pwned=1}} {% raw %} @1 tokens:2",
    )
)


@pytest.mark.parametrize("model", ["fake-text", "fake-image", "guide"])
async def test_what_is_written_shows_literally_and_runs_nothing(app: Server, page: Page, model: str):
    await visit(page, app.url)
    if model != "fake-text":
        await choose(page, "Model", model)
    wish = f"draw me a lake {HOSTILE}" if model == "guide" else HOSTILE
    reply = await ask(page, wish)
    await expect(reply.locator(".meta button, .acts")).to_be_visible()
    await expect(said(page)).to_have_text(wish)
    assert await said(page).locator("*").count() == 0
    listed = page.get_by_role("navigation", name="Chats").locator("[aria-current=page]")
    assert wish.startswith((await listed.inner_text()).rstrip("…"))
    if model == "fake-image":
        assert (await pictures(page).get_attribute("alt") or "").startswith(HOSTILE)
        await act(reply, "Details").click()
        await expect(page.locator("#viewer .prompt")).to_have_text(HOSTILE)
        await page.keyboard.press("Escape")
    for tab in ("Gallery", "Account", "Chat"):
        await show_tab(page, tab)
    await page.reload()
    await expect(said(page)).to_have_text(wish)
    assert await page.evaluate("window.pwned") is None
    assert await page.locator("a[href^='javascript']").count() == 0


async def test_right_to_left_words_stand_on_their_side(app: Server, page: Page):
    await visit(page, app.url)
    prompt = "کوهستان در شب tokens:2"
    await box(page).fill(prompt)
    assert await box(page).evaluate("area => getComputedStyle(area).direction") == "rtl"
    await box(page).press("Enter")
    await expect(said(page)).to_have_text(prompt)
    assert await said(page).evaluate("bubble => getComputedStyle(bubble).direction") == "rtl"
    await expect(replies(page)).to_contain_text("END")
    assert await replies(page).locator(".block").first.evaluate("block => getComputedStyle(block).direction") == "ltr"


async def test_a_reply_can_be_copied(app: Server, open_page: OpenPage):
    page = await open_page(permissions=["clipboard-read", "clipboard-write"])
    await visit(page, app.url)
    reply = await ask(page, "tokens:3")
    await reply.get_by_role("button", name="Copy", exact=True).click()
    await expect(page.locator(".toast")).to_contain_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "word0 word1 word2 END"


async def test_first_words_that_were_kept_before_the_page_could_hear_of_them_are_shown(app: Server, page: Page):
    gate = asyncio.Event()

    async def late(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await page.route(re.compile("component_server"), late)
    await visit(page, app.url)
    text = new("tokens:1 quick")
    async with page.expect_response(lambda answer: text in (answer.request.post_data or "")):
        await send(page, text)
    gate.set()
    await expect(said(page)).to_have_text(text)
    await expect(replies(page)).to_contain_text("END")


@pytest.mark.undelayed
async def test_a_reload_right_after_the_first_words_opens_their_chat(app: Server, page: Page):
    for pause in (0, 10, 30):
        await visit(page, app.url)
        text = new(f"tokens:1 reloaded after {pause} ms")
        await send(page, text)
        await page.wait_for_timeout(pause)
        await page.reload()
        await expect(said(page)).to_have_text(text)
        await expect(box(page)).to_have_value("")
        await page.get_by_role("button", name="New chat").click()
        await page.reload()
        await expect(page.locator(".hello")).to_be_visible()
        await expect(box(page)).to_have_value("")
