"""Drafts: what is typed stays with its chat and its tab, and comes back to where it was typed."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.deeds import (
    ask,
    attach,
    box,
    choose,
    held,
    new,
    new_chat,
    pictures,
    replies,
    said,
    send,
    settled,
    thumbnails,
    toast,
    visit,
    without_news,
)
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-text"}


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


async def test_two_tabs_keep_a_draft_each(app: Server, page: Page):
    await visit(page, app.url)
    other = await page.context.new_page()
    await visit(other, app.url)
    await box(page).fill(first := new("tokens:1 typed in one tab"))
    await box(other).fill("typed in the other")
    await page.reload()
    await expect(box(page)).to_have_value(first)
    await box(page).press("Enter")
    await expect(said(page)).to_have_text(first)
    await other.reload()
    await expect(box(other)).to_have_value("typed in the other")
    await page.reload()
    await expect(said(page)).to_have_text(first)
    await expect(box(page)).to_have_value("")
    third = await page.context.new_page()
    await other.close()
    await visit(third, app.url)
    await expect(box(third)).to_have_value("typed in the other")


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


async def test_a_text_refused_while_the_next_is_typed_can_be_put_back(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    gate = await held(page)
    long = ("mountains " * 500)[:-1]
    await send(page, long)
    await box(page).press_sequentially("the next one")
    gate.set()
    refusal = toast(page, "sketch takes 4000 at most")
    await expect(refusal).to_be_visible()
    await expect(box(page)).to_have_value("the next one")
    await page.reload()
    await expect(box(page)).to_have_value("the next one")
    await toast(page, "A text of yours was not sent.").get_by_role("button", name="Put it back").click()
    await expect(box(page)).to_have_value(long)
    await toast(page, "Your draft was set aside").get_by_role("button", name="Put it back").click()
    await expect(box(page)).to_have_value("the next one")


async def test_a_text_refused_after_another_chat_was_opened_goes_back_to_its_own(app: Server, page: Page):
    await visit(page, app.url)
    other = new("tokens:1 another chat")
    await ask(page, other)
    await settled(page, new_chat(page))
    await choose(page, "Model", "sketch")
    gate = await held(page)
    long = ("mountains " * 500)[:-1]
    await send(page, long)
    await page.get_by_role("button", name=other, exact=True).click()
    gate.set()
    refusal = toast(page, "sketch takes 4000 at most")
    await expect(refusal).to_be_visible()
    await expect(box(page)).to_have_value("")
    await refusal.get_by_role("button", name="Show").click()
    await expect(box(page)).to_have_value(long)
    await expect(said(page)).to_have_count(0)


async def test_several_unsent_messages_outlive_a_reload(app: Server, page: Page):
    await visit(page, app.url)
    await ask(page, "tokens:1 before")
    await held(page)
    for text in ("the first", "the second"):
        await send(page, text)
    await box(page).fill("a draft")
    await page.reload()
    await expect(box(page)).to_have_value("a draft")
    await page.unroute_all(behavior="ignoreErrors")
    for text in ("the first", "the second", "a draft", "the first"):
        await page.locator(".toast").get_by_role("button", name="Put it back").click()
        await expect(box(page)).to_have_value(text)


async def test_what_was_set_aside_goes_when_it_turns_out_to_have_arrived(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("ERR_FAILED")
    await visit(page, app.url)
    await ask(page, "tokens:1 before")
    there = asyncio.Semaphore(0)
    await without_news(page, page.url)

    async def unanswered(route: Route) -> None:
        await route.fetch()
        there.release()

    await page.route(re.compile("run/predict"), unanswered)
    first, second = new("tokens:1 first"), new("tokens:1 second")
    await send(page, first)
    await send(page, second)
    for text in (first, second):
        await there.acquire()
        row = page.get_by_role("status").locator("div").filter(has_text=text)
        await row.get_by_role("button", name="Take it back").click()
    await expect(box(page)).to_have_value(first)
    await toast(page, "was not sent").get_by_role("button", name="Put it back").click()
    await expect(box(page)).to_have_value(second)
    await page.unroute_all(behavior="ignoreErrors")
    await page.reload()
    await expect(said(page)).to_have_text(["tokens:1 before", first, second])
    await expect(box(page)).to_have_value("")
    await expect(page.get_by_role("button", name="Put it back")).to_have_count(0)


async def test_a_browser_that_keeps_nothing_loses_nothing_on_the_page(app: Server, open_page: OpenPage, allowed_errors: list[str]):
    allowed_errors.append("status of 500")
    page = await open_page()
    await page.add_init_script("Storage.prototype.setItem = Storage.prototype.getItem = () => { throw new DOMException('full') }")
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    await send(page, first := new("tokens:1 with red"))
    await expect(said(page)).to_have_text(first)
    await expect(thumbnails(page)).to_have_count(0)
    gate = await held(page, broken=True)
    await send(page, "sent and lost")
    await box(page).fill("typed on")
    gate.set()
    await page.get_by_role("button", name="Put it back").click()
    await expect(box(page)).to_have_value("sent and lost")
    await page.unroute_all()
    await page.get_by_role("button", name="Dark", exact=True).click()
    await new_chat(page)
    await settled(page, page.get_by_role("button", name=first, exact=True).click())
    await expect(box(page)).to_have_value("sent and lost")


async def test_a_draft_that_another_tab_took_over_and_sent_is_gone_here_too(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    await box(page).fill("tokens:1 in two tabs")
    other = await page.context.new_page()
    await visit(other, app.url)
    await expect(box(other)).to_have_value("tokens:1 in two tabs")
    await expect(thumbnails(other)).to_have_count(1)
    await box(page).press("Enter")
    await expect(said(page)).to_have_count(1)
    await expect(box(other)).to_have_value("")
    await expect(thumbnails(other)).to_have_count(0)


async def test_an_example_in_a_new_chat_leaves_the_draft_where_it_is_seen(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    await box(page).fill("my precious words")
    await page.locator(".example").first.click()
    await expect(pictures(page)).to_be_visible(timeout=30_000)
    await expect(box(page)).to_have_value("my precious words")
    await page.reload()
    await expect(box(page)).to_have_value("my precious words")
    await expect(thumbnails(page)).to_have_count(1)
    await choose(page, "Model", "fake-seeing")
    await box(page).press("Enter")
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
    await new_chat(page)
    await expect(box(page)).to_have_value("")
    await expect(thumbnails(page)).to_have_count(0)


async def test_what_is_refused_in_a_chat_that_never_was_comes_to_the_new_one(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    gate = await held(page)
    long = ("mountains " * 500)[:-1]
    await send(page, long)
    await page.get_by_role("button", name="New chat").click()
    gate.set()
    await expect(toast(page, "sketch takes 4000 at most")).to_be_visible()
    await page.reload()
    await expect(box(page)).to_have_value(long)
    await expect(page.locator(".toast")).to_have_count(0)


@pytest.mark.parametrize("arrives", [False, True])
async def test_a_reload_finds_what_was_on_its_way_in_a_new_chat_that_was_left(app: Server, page: Page, arrives: bool):
    await visit(page, app.url)
    there = asyncio.Event()

    async def stalled(route: Route) -> None:
        if arrives:
            await route.fetch()
        there.set()

    await page.route(re.compile("run/predict"), stalled)
    await send(page, text := new("tokens:1 left behind"))
    await there.wait()
    await page.get_by_role("button", name="New chat").click()
    await page.reload()
    await page.unroute_all(behavior="ignoreErrors")
    if arrives:
        await settled(page, page.get_by_role("button", name=text, exact=True).click())
        await expect(said(page)).to_have_text(text)
    else:
        await expect(box(page)).to_have_value(text)
        await page.reload()
        await expect(box(page)).to_have_value(text)
    await expect(page.get_by_role("button", name="Put it back")).to_have_count(0)


async def test_a_new_chats_draft_keeps_the_model_it_was_written_for(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await box(page).fill("written for another model")
    await page.reload()
    await expect(page.locator("#composer[aria-busy=false]")).to_be_visible()
    await expect(page.get_by_label("Model", exact=True)).to_have_value(re.compile("^fake-seeing"))
    await expect(box(page)).to_have_value("written for another model")
    await new_chat(page)
