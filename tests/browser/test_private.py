"""Private chats: begun with a switch, told by a band, lost with their tab, and nowhere else in between."""

import asyncio
import re
import sqlite3

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.deeds import LOADING, ask, box, choose, draw, new, pictures, replies, said, settled, tab, tiles, toast, visit
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-text"}
MARK = "xanthicquokka"


def band(page: Page) -> Locator:
    return page.get_by_role("note").filter(has_text="Nothing of it is kept")


async def private(page: Page) -> str:
    """Open a private chat; its id."""
    before = page.url
    await settled(page, page.get_by_role("button", name="Private", exact=True).click())
    await expect(page).not_to_have_url(before)
    await expect(band(page)).to_be_visible()
    return re.search(r"chat=(\w{26})", page.url)[1]


async def stored(page: Page) -> str:
    """All that the browser keeps for this page."""
    return await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def kept(app: Server, id: str) -> int:
    with sqlite3.connect(app.data_dir / "imagechat.db") as connection:
        return connection.execute("SELECT count(*) FROM threads WHERE id = ?", (id,)).fetchone()[0]


async def test_it_is_in_no_list_and_the_browser_keeps_no_word_of_it(app: Server, page: Page):
    await visit(page, app.url)
    await ask(page, first := new("tokens:1 an ordinary chat"))
    await private(page)
    await ask(page, f"tokens:3 {MARK}")
    await choose(page, "Model", "fake-image")
    await draw(page, f"a {MARK}")
    await expect(pictures(page)).to_have_count(1)
    await expect(page.get_by_role("navigation", name="Chats")).to_contain_text(first)
    await expect(page.get_by_role("navigation", name="Chats")).not_to_contain_text(MARK)
    await box(page).fill(f"{MARK} that was typed")
    assert MARK not in await stored(page)
    await tab(page, "Gallery")
    await expect(page.locator("#gallery")).to_be_visible()
    await expect(tiles(page)).to_have_count(0)


async def test_a_reload_keeps_it_and_so_does_going_back(app: Server, page: Page):
    await visit(page, app.url)
    id = await private(page)
    await ask(page, text := new("tokens:1 private"))
    await page.reload()
    await expect(said(page)).to_have_text(text)
    await expect(band(page)).to_be_visible()
    assert kept(app, id) == 1
    await settled(page, page.get_by_role("button", name="New chat").click())
    await expect(band(page)).to_be_hidden()
    await settled(page, page.go_back())
    await expect(said(page)).to_have_text(text)
    await expect(band(page)).to_be_visible()


async def test_one_that_was_left_stands_in_its_tabs_list_until_it_is_gone(app: Server, page: Page):
    await visit(page, app.url)
    chats, entry = page.get_by_role("navigation", name="Chats"), page.get_by_role("button", name="Private chat", exact=True)
    await expect(entry).to_have_count(0)
    await private(page)
    await ask(page, text := new(f"tokens:1 {MARK}"))
    await expect(entry).to_have_attribute("aria-current", "page")
    await settled(page, page.get_by_role("button", name="New chat").click())
    await expect(band(page)).to_be_hidden()
    await expect(chats).to_contain_text("Until this tab is closed")
    other = await page.context.new_page()
    await visit(other, app.url)
    await expect(other.get_by_role("button", name="Private chat", exact=True)).to_have_count(0)
    await settled(page, entry.click())
    await expect(said(page)).to_have_text(text)
    await expect(band(page)).to_be_visible()
    await expect(chats).not_to_contain_text(MARK)
    await private(page)
    await settled(page, page.get_by_role("button", name="Private chat 1", exact=True).click())
    await expect(said(page)).to_have_text(text)
    await page.get_by_role("button", name="Delete now").click()
    await expect(entry).to_have_count(1)
    await page.reload()
    await settled(page, entry.click())
    await page.get_by_role("button", name="Delete now").click()
    await expect(entry).to_have_count(0)
    await expect(chats).not_to_contain_text("Until this tab is closed")


async def test_delete_now(app: Server, page: Page):
    await visit(page, app.url)
    id = await private(page)
    await ask(page, "tokens:1 to be deleted")
    await page.get_by_role("button", name="Delete now").click()
    await expect(toast(page, "The private chat is deleted")).to_be_visible()
    await expect(band(page)).to_be_hidden()
    await expect(replies(page)).to_have_count(0)
    await expect(page).not_to_have_url(re.compile("chat="))
    assert kept(app, id) == 0


@pytest.mark.timeout(400)
async def test_one_that_begins_while_the_server_is_asked_about_another_stays(app: Server, page: Page):
    await visit(page, app.url)
    first = await private(page)
    await ask(page, "tokens:1 the first")
    gate, asked = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        asked.set()
        await gate.wait()
        await route.fulfill(response=answer)

    await page.route(re.compile("private/keep"), late)
    await page.reload()
    await expect(said(page)).to_have_text("tokens:1 the first")
    async with asyncio.timeout(LOADING / 1000):
        await asked.wait()
    second = await private(page)
    assert second != first
    async with page.expect_response(re.compile("private/keep")) as told:
        gate.set()
    await (await told.value).finished()
    await ask(page, "tokens:1 the second")
    await expect(band(page)).to_be_visible()
    await expect(toast(page, "private chat is gone")).to_have_count(0)
    assert second in page.url


@pytest.mark.timeout(400)
async def test_it_goes_with_its_tab(app: Server, page: Page):
    """The minute of grace, and the quarter of one between two looks."""
    other = await page.context.new_page()
    await visit(other, app.url)
    id = await private(other)
    await ask(other, "tokens:1 to be closed")
    await other.close(run_before_unload=True)
    async with asyncio.timeout(240):
        while kept(app, id):
            await asyncio.sleep(1)


async def test_at_a_start_it_is_gone_and_the_page_says_so(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors += [r"net::ERR_", r"status of (404|503)"]
    await visit(page, app.url)
    id = await private(page)
    await ask(page, "tokens:1 before the end")
    app.kill9()
    await app.start()
    assert kept(app, id) == 0
    await expect(toast(page, "That private chat is gone")).to_be_visible(timeout=LOADING)
    await expect(replies(page)).to_have_count(0)


@pytest.mark.parametrize("locale", ["en"])
async def test_on_a_phone(app: Server, open_page: OpenPage, locale: str):
    page = await open_page(size=PHONE)
    await visit(page, app.url)
    await page.get_by_role("button", name="Chats").first.click()
    await private(page)
    inside = await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert inside
    await expect(box(page)).to_be_visible()
    await expect(page.get_by_role("button", name="Delete now")).to_be_visible()
