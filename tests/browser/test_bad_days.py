"""Bad days: the server dies while somebody writes, nobody looks at the tab, the system goes dark."""

import re
from pathlib import Path

from playwright.async_api import Page, expect

from imagechat.settings import ASSETS
from tests.browser.conftest import WHILE_DOWN, OpenPage
from tests.browser.deeds import ask, box, choose, draw, pictures, replies, said, send, tab, toast, visit
from tests.browser.server import Server, running

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-text"}
LOST, FOUND = "The connection is lost", "Connected again."

# Tells the page that nobody looks at it, or that somebody does again.
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => hidden ? "hidden" : "visible" });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


async def test_the_server_dies_and_lives_again_under_an_open_page(data_dir: Path, page: Page, allowed_errors: list[str]):
    allowed_errors.append(WHILE_DOWN)
    async with running(data_dir, entry="tests/fakes/app.py", env=ENV) as app:
        await visit(page, app.url)
        reply = await ask(page, "tokens:400 delay:0.05")
        await expect(reply).to_contain_text("word30")
        await box(page).fill("typed before the storm")
        app.kill9()
        await expect(toast(page, LOST)).to_be_visible()
        await box(page).press("Enter")
        await expect(toast(page, "could not be reached")).to_be_visible()
        await expect(box(page)).to_have_value("typed before the storm")
        await expect(said(page)).to_have_count(1)
        await app.start()
        await expect(toast(page, FOUND)).to_be_visible(timeout=60_000)
        await expect(toast(page, LOST)).to_have_count(0)
        await expect(box(page)).to_have_value("typed before the storm")
        await expect(reply).to_contain_text("ImageChat ended while this was being made")
        await expect(reply).to_contain_text("word5")
        await expect(reply.get_by_role("button", name="Try again")).to_be_visible()
        await box(page).press("Enter")
        await expect(said(page)).to_have_text(["tokens:400 delay:0.05", "typed before the storm"])
        await expect(replies(page).last).to_contain_text("END")


async def test_the_server_dies_during_a_picture_and_a_reload_finds_what_was_finished(data_dir: Path, page: Page, allowed_errors: list[str]):
    allowed_errors.append(WHILE_DOWN)
    async with running(data_dir, entry="tests/fakes/app.py", env={"IMAGECHAT_DEFAULTS__MODEL": "fake-image"}) as app:
        await visit(page, app.url)
        await choose(page, "Count", "×2")
        reply = await ask(page, "half of it delay:1.5")
        await expect(pictures(reply)).to_have_count(1)
        app.kill9()
        await app.start()
        await page.reload()
        await expect(pictures(page)).to_have_count(1)
        assert await pictures(page).evaluate("async (img) => (await img.decode(), img.naturalWidth)") == 256
        lost = page.locator(".place").last
        await lost.get_by_role("button", name="Try again").click()
        await expect(pictures(replies(page).last)).to_have_count(1)


async def test_a_hidden_tab_marks_its_title_when_something_is_finished(app: Server, page: Page):
    await visit(page, app.url)
    await expect(page).to_have_title("ImageChat")
    await send(page, "tokens:10 delay:0.05")
    await expect(said(page)).to_have_count(1)
    await page.evaluate(HIDE, True)
    await expect(page).to_have_title("(1) finished · ImageChat")
    await page.evaluate(HIDE, False)
    await expect(page).to_have_title("ImageChat")
    await expect(replies(page)).to_contain_text("END")
    reply = await ask(page, "tokens:3 seen live again")
    await expect(reply).to_contain_text("END")
    await expect(page).to_have_title("ImageChat")


async def test_a_hidden_tab_asks_now_and_then_and_holds_no_stream(app: Server, page: Page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/live" in request.url else None)
    await visit(page, app.url)
    await page.evaluate(HIDE, True)
    async with page.expect_request(re.compile(r"/live/now\?since=\d+")):
        asked.clear()
    assert all("/live/now" in url for url in asked)


async def test_the_chosen_theme_is_kept(app: Server, open_page: OpenPage):
    page = await open_page(dark=True)
    await visit(page, app.url)
    background = "getComputedStyle(document.querySelector('.gradio-container')).backgroundColor"
    dark = await page.evaluate(background)
    await page.get_by_role("button", name="Light", exact=True).click()
    await expect(page.get_by_role("button", name="Dark", exact=True)).to_be_visible()
    light = await page.evaluate(background)
    assert light != dark
    await page.reload()
    await expect(page.get_by_role("button", name="Dark", exact=True)).to_be_visible()
    assert await page.evaluate(background) == light
    assert await page.evaluate("document.body.classList.contains('dark')") is False


async def test_the_system_decides_until_somebody_does(app: Server, open_page: OpenPage):
    page = await open_page(dark=True)
    await visit(page, app.url)
    await expect(page.get_by_role("button", name="Light", exact=True)).to_be_visible()
    await page.emulate_media(color_scheme="light")
    await expect(page.get_by_role("button", name="Dark", exact=True)).to_be_visible()


async def test_a_gallery_that_cannot_be_loaded_says_so_and_tries_again(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("ERR_FAILED|ERR_CONNECTION")
    await visit(page, app.url)
    await page.route(re.compile(r"/gallery\?"), lambda route: route.abort())
    await tab(page, "Gallery")
    await expect(page.get_by_text("The next pictures could not be loaded.")).to_be_visible()
    await page.unroute_all()
    await page.locator("#gallery").get_by_role("button", name="Try again").click()
    await expect(page.get_by_text(re.compile("That is everything|Everything you make will stand here"))).to_be_visible()


async def test_a_restart_under_an_open_page_leaves_what_was_chosen_and_where_one_reads(
    data_dir: Path, page: Page, allowed_errors: list[str]
):
    allowed_errors.append(WHILE_DOWN)
    async with running(data_dir, entry="tests/fakes/app.py", env={"IMAGECHAT_DEFAULTS__MODEL": "fake-image"}) as app:
        await visit(page, app.url)
        for number in range(4):
            await draw(page, f"picture {number}")
        await choose(page, "Quality", "High")
        scroller = page.locator("#conversation .scroller")
        await page.wait_for_function("[...document.querySelectorAll('#conversation img')].every((it) => it.complete)")
        await scroller.evaluate("node => node.scrollTop = 100")
        await page.wait_for_timeout(300)
        at = await scroller.evaluate("node => node.scrollTop")
        await app.restart()
        await expect(toast(page, FOUND)).to_be_visible(timeout=60_000)
        await page.wait_for_timeout(1000)
        await expect(page.get_by_label("Quality", exact=True)).to_have_value("High")
        assert abs(await scroller.evaluate("node => node.scrollTop") - at) < 5
        await expect(pictures(page)).to_have_count(4)
        await draw(page, "picture 4")
        await expect(pictures(page)).to_have_count(5)


async def test_a_chat_that_cannot_be_read_is_not_called_deleted(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("status of 500")
    await visit(page, app.url)
    await ask(page, "tokens:1 readable")
    await page.route(re.compile("component_server"), lambda route: route.fulfill(status=500, body="oh"))
    await page.reload()
    await expect(page.locator("#conversation .status")).to_contain_text("The connection is lost")
    await expect(toast(page, "This chat is not here")).to_have_count(0)
    await page.unroute_all()
    await page.locator("#conversation").get_by_role("button", name="Try again").click()
    await expect(said(page)).to_have_text("tokens:1 readable")


async def test_a_tall_window_shows_more_than_a_page(app: Server, open_page: OpenPage):
    page = await open_page(size=(1280, 6000))
    await visit(page, app.url)
    for number in range(18):
        await ask(page, f"tokens:1 line {number}")
    await expect(replies(page).last).to_contain_text("END")
    await page.reload()
    await expect(said(page)).to_have_count(18)


async def test_an_added_picture_outlives_a_restart_under_the_open_page(data_dir: Path, page: Page, allowed_errors: list[str]):
    allowed_errors.append(WHILE_DOWN)
    async with running(data_dir, entry="tests/fakes/app.py", env={"IMAGECHAT_DEFAULTS__MODEL": "fake-seeing"}) as app:
        await visit(page, app.url)
        await page.locator("#message input[type=file]").set_input_files(ASSETS / "examples" / "boat.webp")
        await expect(page.locator("#message .thumbnail-item")).to_have_count(1)
        app.kill9()
        await app.start()
        await expect(toast(page, FOUND)).to_be_visible(timeout=60_000)
        await send(page, "tokens:1 what is this")
        await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
