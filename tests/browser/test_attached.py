"""Pictures in the composer: each belongs to its chat and to its message, and waits for both."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.deeds import (
    ask,
    attach,
    box,
    choose,
    dot,
    held,
    new,
    new_chat,
    pick,
    replies,
    said,
    send,
    settled,
    thumbnails,
    toast,
    visit,
)
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-text"}


@pytest.mark.parametrize("back", [False, True])
async def test_a_picture_arrives_in_the_chat_that_it_was_added_to(app: Server, page: Page, back: bool):
    await visit(page, app.url)
    other = new("tokens:1 elsewhere")
    await choose(page, "Model", "fake-seeing")
    await ask(page, other)
    await new_chat(page)
    gate = asyncio.Event()

    async def slow(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await page.route(re.compile("upload_id"), slow)
    await page.locator("#message input[type=file]").set_input_files(
        {"name": "red.png", "mimeType": "image/png", "buffer": dot((200, 0, 0))}
    )
    await expect(page.get_by_text("Adding red.png…")).to_be_visible()
    await settled(page, page.get_by_role("button", name=other, exact=True).click())
    await expect(page.get_by_text("Adding red.png…")).to_have_count(0)
    if back:
        await new_chat(page)
    else:
        await send(page, "tokens:1 is not kept waiting")
        await expect(said(page)).to_have_count(2)
    gate.set()
    if not back:
        await page.wait_for_timeout(500)
        await expect(thumbnails(page)).to_have_count(0)
        await new_chat(page)
    await expect(thumbnails(page)).to_have_count(1)
    await choose(page, "Model", "fake-seeing")
    await send(page, "tokens:1 with the picture")
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
    await expect(thumbnails(page)).to_have_count(0)


async def test_pictures_that_were_added_outlive_a_reload(app: Server, page: Page, allowed_errors: list[str]):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    await attach(page, "blue.png", (0, 0, 200))
    await thumbnails(page).first.get_by_role("button", name="Remove file").click()
    await expect(thumbnails(page)).to_have_count(1)
    await visit(page, app.url)
    await expect(thumbnails(page)).to_have_count(1)
    await choose(page, "Model", "fake-seeing")
    await send(page, "tokens:1 with blue")
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
    await expect(thumbnails(page)).to_have_count(0)
    await page.reload()
    await expect(said(page)).to_have_count(1)
    await expect(thumbnails(page)).to_have_count(0)
    await attach(page, "green.png", (0, 200, 0))
    allowed_errors.append("404")
    await page.route(re.compile("/file="), lambda route: route.fulfill(status=404))
    await page.reload()
    await expect(toast(page, "The picture green.png is no longer on the server")).to_be_visible()
    await expect(thumbnails(page)).to_have_count(0)


async def test_each_chat_keeps_its_own_pictures(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    first = new("tokens:1 the first")
    await ask(page, first)
    await new_chat(page)
    await settled(page, page.get_by_role("button", name=first, exact=True).click())
    await attach(page, "red.png", (200, 0, 0))
    await new_chat(page)
    await expect(thumbnails(page)).to_have_count(0)
    await attach(page, "blue.png", (0, 0, 200))
    await attach(page, "green.png", (0, 200, 0))
    await settled(page, page.get_by_role("button", name=first, exact=True).click())
    await expect(thumbnails(page)).to_have_count(1)
    await send(page, "tokens:1 with red")
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
    await expect(thumbnails(page)).to_have_count(0)


async def test_a_picture_added_while_another_is_sent_stays(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    gate = await held(page)
    await send(page, "tokens:1 one picture")
    await attach(page, "blue.png", (0, 0, 200), there=1)
    gate.set()
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
    await expect(thumbnails(page)).to_have_count(1)


async def test_an_upload_stays_with_its_new_chat_when_that_gets_its_address(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    answer, arrival = await held(page), asyncio.Event()

    async def slow(route: Route) -> None:
        await arrival.wait()
        await route.continue_()

    await page.route(re.compile("upload_id"), slow)
    await send(page, text := new("tokens:1 first"))
    await page.locator("#message input[type=file]").set_input_files(
        {"name": "red.png", "mimeType": "image/png", "buffer": dot((200, 0, 0))}
    )
    answer.set()
    await expect(said(page)).to_have_text(text)
    await expect(page).to_have_url(re.compile("chat="))
    await send(page, "tokens:1 with the picture")
    await expect(toast(page, "A picture is still on its way up")).to_be_visible()
    await new_chat(page)
    arrival.set()
    await page.wait_for_timeout(500)
    await expect(thumbnails(page)).to_have_count(0)
    await settled(page, page.get_by_role("button", name=text, exact=True).click())
    await expect(thumbnails(page)).to_have_count(1)
    await expect(box(page)).to_have_value("tokens:1 with the picture")


async def test_a_picture_that_is_added_after_a_press_waits_for_the_next(app: Server, page: Page):
    await visit(page, app.url)
    gate = await held(page)
    await pick(page, "Model", "fake-seeing")
    await send(page, "tokens:1 pressed without")
    await attach(page, "later.png", (200, 0, 0))
    gate.set()
    await expect(said(page)).to_have_text("tokens:1 pressed without")
    await expect(replies(page)).to_contain_text("END")
    await expect(thumbnails(page)).to_have_count(1)
    await expect(page.locator(".turn.user .inputs img")).to_have_count(0)


async def test_a_picture_alone_can_follow_one_that_is_on_its_way(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    gate = await held(page)
    await send(page, "tokens:1 with red")
    await expect(thumbnails(page)).to_have_count(0)
    await attach(page, "blue.png", (0, 0, 200))
    for _ in range(5):
        await box(page).press("Enter")
    gate.set()
    await expect(page.locator(".turn.user .inputs img")).to_have_count(2)
    await expect(page.locator(".turn.user")).to_have_count(2)
    await expect(page.locator(".toast")).to_have_count(0)
    await expect(thumbnails(page)).to_have_count(0)


async def test_a_reload_while_a_picture_is_sent_raises_no_alarm(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    there = asyncio.Event()

    async def unanswered(route: Route) -> None:
        await route.fetch()
        there.set()

    await page.route(re.compile("run/predict"), unanswered)
    await send(page, text := new("tokens:1 with red"))
    await there.wait()
    await page.reload()
    await page.unroute_all(behavior="ignoreErrors")
    await expect(said(page)).to_have_text(text)
    await expect(thumbnails(page)).to_have_count(0)
    await expect(box(page)).to_have_value("")
    await page.wait_for_timeout(300)
    await expect(page.locator(".toast")).to_have_count(0)


async def test_a_picture_comes_back_with_its_own_message_and_goes_with_no_other(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("status of 500")
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    gate = await held(page, broken=True)
    await send(page, "tokens:1 look at red")
    await box(page).fill("tokens:1 unrelated")
    gate.set()
    await expect(page.get_by_role("button", name="Put it back")).to_be_visible()
    await page.unroute_all()
    await box(page).press("Enter")
    await expect(said(page)).to_have_text("tokens:1 unrelated")
    await expect(page.locator(".turn.user .inputs img")).to_have_count(0)
    await page.get_by_role("button", name="Put it back").click()
    await expect(thumbnails(page)).to_have_count(1)
    await box(page).press("Enter")
    await expect(said(page)).to_have_text(["tokens:1 unrelated", "tokens:1 look at red"])
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
