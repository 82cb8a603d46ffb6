"""Messages on their way: once, in their order, in their chat, and back again where they are wanted back."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import PATIENCE
from tests.browser.deeds import ask, box, held, new, new_chat, pick, pictures, replies, said, send, toast, visit, without_news
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-text"}


async def test_an_answer_that_is_lost_is_not_a_second_turn(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("ERR_FAILED")

    async def lost(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await without_news(page, app.url)
    await page.route(re.compile("run/predict"), lost)
    text = new("tokens:1 only once")
    await send(page, text)
    await expect(toast(page, "could not be reached")).to_be_visible()
    await expect(box(page)).to_have_value(text)
    await page.unroute_all(behavior="wait")
    await page.reload()
    await expect(said(page)).to_have_text(text)
    await expect(box(page)).to_have_value("")


async def test_a_lost_answer_does_not_matter_once_the_turn_is_seen(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("ERR_FAILED")
    await visit(page, app.url)

    async def lost(route: Route) -> None:
        await route.fetch()
        await seen.wait()
        await route.abort()
        over.set()

    seen, over = asyncio.Event(), asyncio.Event()
    await page.route(re.compile("run/predict"), lost)
    text = new("tokens:1 seen")
    await send(page, text)
    await expect(replies(page)).to_contain_text("END")
    seen.set()
    await over.wait()
    await page.unroute_all(behavior="wait")
    await page.wait_for_timeout(300)
    await expect(box(page)).to_have_value("")
    await expect(toast(page, "could not be reached")).to_have_count(0)
    await page.reload()
    await expect(said(page)).to_have_text([text])
    await expect(box(page)).to_have_value("")


async def test_what_is_slow_to_be_sent_says_so_and_can_be_taken_back(app: Server, page: Page):
    await visit(page, app.url)
    gate = await held(page)
    text = new("tokens:1 slow")
    await send(page, text)
    row = page.get_by_role("status").filter(has_text=f"Sending “{text}”")
    await expect(row).to_be_visible()
    await row.get_by_role("button", name="Take it back").click()
    await expect(box(page)).to_have_value(text)
    await expect(toast(page, "It is back in the box")).to_be_visible()
    await expect(row).to_have_count(0)
    gate.set()
    await box(page).press("End")
    await box(page).press_sequentially(", better")
    await box(page).press("Enter")
    await expect(said(page)).to_have_text([f"{text}, better"])
    await page.reload()
    await expect(said(page)).to_have_text([f"{text}, better"])


@pytest.mark.parametrize("changed", [False, True])
async def test_what_was_taken_back_too_late_stands_in_the_chat_and_is_not_sent_twice(
    app: Server, page: Page, allowed_errors: list[str], changed: bool
):
    allowed_errors.append("ERR_FAILED")
    await visit(page, app.url)
    await without_news(page, app.url)
    there = asyncio.Event()

    async def unanswered(route: Route) -> None:
        await route.fetch()
        there.set()

    await page.route(re.compile("run/predict"), unanswered)
    text = new("tokens:1 too late")
    await send(page, text)
    await there.wait()
    await page.get_by_role("button", name="Take it back").click()
    await expect(box(page)).to_have_value(text)
    if changed:
        await box(page).fill("something else")
    await page.unroute_all()
    await expect(said(page)).to_have_text([text])
    await expect(box(page)).to_have_value("something else" if changed else "")
    await expect(toast(page, "had arrived after all")).to_have_count(int(changed))


async def test_messages_of_a_stalled_server_arrive_in_the_order_in_which_they_were_said(app: Server, page: Page):
    await visit(page, app.url)
    await ask(page, "tokens:1 before")
    first, later = asyncio.Event(), asyncio.Event()

    async def stalled(route: Route) -> None:
        await (later if first.is_set() else first).wait()
        await route.continue_()

    await page.route(re.compile("run/predict"), stalled)
    texts = [new(f"tokens:1 number {number}") for number in range(4)]
    for text in texts:
        await send(page, text)
    row = page.get_by_role("status").filter(has_text=texts[2])
    await row.locator("div").filter(has_text=texts[2]).get_by_role("button", name="Take it back").click()
    await expect(box(page)).to_have_value(texts[2])
    first.set()
    await expect(said(page)).to_have_count(2)
    later.set()
    await expect(said(page)).to_have_text(["tokens:1 before", texts[0], texts[1], texts[3]])
    await expect(box(page)).to_have_value(texts[2])


async def test_a_press_that_waits_for_settings_sends_what_was_there_and_leaves_what_is_typed_on(app: Server, page: Page):
    await visit(page, app.url)
    gate = await held(page)
    await pick(page, "Model", "fake-image")
    await send(page, "pressed")
    await expect(box(page)).to_have_value("")
    await box(page).press_sequentially("typed on")
    gate.set()
    await expect(said(page)).to_have_text("pressed")
    await expect(pictures(replies(page))).to_be_visible()
    await expect(box(page)).to_have_value("typed on")


async def test_a_press_that_waits_for_settings_stays_in_its_chat(app: Server, page: Page):
    await visit(page, app.url)
    one, two = new("tokens:1 one chat"), new("tokens:1 another chat")
    await ask(page, one)
    await new_chat(page)
    await ask(page, two)
    gate = await held(page)
    await page.get_by_role("button", name=one, exact=True).click()
    await send(page, "pressed too early")
    await page.get_by_role("button", name=two, exact=True).click()
    await expect(box(page)).to_have_value("")
    await box(page).fill("a draft in another chat")
    gate.set()
    await expect(page.locator("#composer[aria-busy=false]")).to_be_visible()
    await toast(page, "was not sent").get_by_role("button", name="Show").click()
    await expect(box(page)).to_have_value("pressed too early")
    await expect(said(page)).to_have_text([one])
    await page.get_by_role("button", name=two, exact=True).click()
    await expect(box(page)).to_have_value("a draft in another chat")
    await expect(said(page)).to_have_text([two])


async def test_a_reload_lets_no_later_message_overtake(app: Server, page: Page):
    await visit(page, app.url)
    await ask(page, "tokens:1 before")
    asked: list[str] = []

    async def late(route: Route) -> None:
        asked.append(route.request.post_data or "")
        await asyncio.sleep(60)

    await page.route(re.compile("run/predict"), late)
    for text in ("o-0", "o-1", "o-2"):
        await send(page, text)
    async with asyncio.timeout(PATIENCE / 1000):
        while not any("o-0" in each for each in asked):
            await asyncio.sleep(0.05)
    await page.reload()
    await page.wait_for_timeout(500)
    assert [name for name in ("o-0", "o-1", "o-2") if any(name in each for each in asked)] == ["o-0"]
    await page.unroute_all(behavior="ignoreErrors")
