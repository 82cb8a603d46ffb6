"""Without a mouse, and without eyes: the keyboard alone, and what axe finds."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.deeds import act, ask, box, choose, draw, new, options, pictures, replies, said, tab, tiles, visit
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-image"}
STEPS = 60
LEVELS = ("serious", "critical")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# What Gradio's own parts do and we cannot reach, by rule, with the part of the page that it is about.
GRADIO: dict[str, str] = {}


async def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until `target` has the focus; fail when it is never reached."""
    for _ in range(STEPS):
        if await target.evaluate("it => it === document.activeElement"):
            return
        await page.keyboard.press(key)
    raise AssertionError(f"{target} was not reached in {STEPS} steps")


async def test_write_send_look_and_act_by_keyboard_alone(app: Server, page: Page):
    await visit(page, app.url)
    press = page.keyboard.press
    await tab_to(page, page.get_by_role("button", name="New chat"))
    await press("Enter")
    await expect(box(page)).to_be_focused()
    await page.keyboard.type("a first by keyboard")
    await tab_to(page, page.get_by_role("button", name="Send", exact=True))
    await press("Enter")
    await expect(pictures(page)).to_have_count(1)
    await tab_to(page, box(page), "Shift+Tab")
    await page.keyboard.type("a second by keyboard")
    await press("Enter")
    await expect(pictures(page)).to_have_count(2)
    opener = replies(page).last.get_by_role("button", name="Open picture")
    await tab_to(page, opener, "Shift+Tab")
    await press("Enter")
    viewer = page.get_by_role("dialog", name="Picture viewer")
    await expect(viewer).to_be_visible()
    await press("ArrowLeft")
    await expect(viewer.locator(".prompt")).to_have_text("a first by keyboard")
    await tab_to(page, viewer.get_by_role("button", name="Zoom in"))
    await press("Enter")
    await expect(viewer.get_by_role("button", name="Fit to the window")).to_be_focused()
    for _ in range(12):
        await press("Tab")
        assert await page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('#viewer')")
    await press("Escape")
    await expect(viewer).to_be_hidden()
    await expect(opener).to_be_focused()
    await press("Tab")
    await expect(act(replies(page).last, "Reroll")).to_be_focused()
    for name in ("Variations", "Edit", "Same seed", "Regenerate", "Download", "Details", "Delete", "Reroll"):
        await press("ArrowRight")
        await expect(act(replies(page).last, name)).to_be_focused()
    await press("End")
    await expect(act(replies(page).last, "Delete")).to_be_focused()
    await press("Home")
    await press("Enter")
    await expect(pictures(page)).to_have_count(3)
    await expect(replies(page).last).to_contain_text("New take of")


async def test_stop_and_try_again_by_keyboard(app: Server, page: Page):
    await visit(page, app.url)
    await box(page).focus()
    await page.keyboard.type("stopped by keyboard then:hang")
    await page.keyboard.press("Enter")
    stop = replies(page).first.get_by_role("button", name="Stop", exact=True)
    await tab_to(page, stop, "Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(replies(page)).to_contain_text("Stopped")
    await expect(replies(page).first.get_by_role("button", name="Try again")).to_be_focused()
    await page.keyboard.press("Space")
    await expect(replies(page)).to_have_count(2)
    await replies(page).last.get_by_role("button", name="Stop", exact=True).press("Enter")
    await expect(replies(page).last).to_contain_text("Stopped")


async def active(page: Page, before: str) -> str:
    """The entry of an open list that the keyboard stands on, once it is another than `before`; or that one still after a while."""
    now = before
    for _ in range(40):
        now = "".join(await page.get_by_role("listbox").locator(".active").all_inner_texts())
        if now != before:
            break
        await page.wait_for_timeout(100)
    return now


async def test_the_controls_by_keyboard(app: Server, page: Page):
    await visit(page, app.url)
    await tab_to(page, page.get_by_label("Size", exact=True))
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("option", name="512×512")).to_be_visible()
    before = ""
    for _ in range(6):
        before = await active(page, before)
        if "512×512" in before:
            break
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Size", exact=True)).to_have_value("512×512")
    await tab_to(page, page.get_by_role("button", name="Options", exact=True))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Options", exact=True)).to_have_attribute("aria-expanded", "true")
    await tab_to(page, page.get_by_label("Seed", exact=True))
    await page.keyboard.type("5")
    await tab_to(page, box(page), "Shift+Tab")
    await page.keyboard.type("by keys")
    await page.keyboard.press("Enter")
    await expect(replies(page).locator(".meta").last).to_contain_text(re.compile(r"(512|768|1024)×"))
    await act(replies(page), "Details").press("Enter")
    await expect(page.get_by_role("dialog").locator("dl")).to_contain_text("Seed5", use_inner_text=False)


async def test_the_tabs_and_the_gallery_by_keyboard(app: Server, page: Page):
    await visit(page, app.url)
    prompts = [new("a tile") for _ in range(3)]
    for prompt in prompts:
        await draw(page, prompt)
    await tab_to(page, page.get_by_role("tab", name="Gallery"), "Shift+Tab")
    await page.keyboard.press("Enter")
    await tab_to(page, tiles(page).first)
    await expect(tiles(page).first).to_have_accessible_name(f"Open picture: {prompts[2]}")
    await page.keyboard.press("ArrowRight")
    await expect(tiles(page).nth(1)).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog", name="Picture viewer")
    await expect(viewer.locator(".prompt")).to_have_text(prompts[1])
    await page.keyboard.press("Escape")
    await expect(tiles(page).nth(1)).to_be_focused()
    await tab_to(page, page.get_by_role("searchbox", name="Search pictures"), "Shift+Tab")
    await page.keyboard.type(prompts[0])
    await expect(tiles(page)).to_have_count(1)


async def test_a_chat_is_renamed_and_deleted_by_keyboard(app: Server, page: Page):
    await visit(page, app.url)
    before, after = new("named by keys"), new("renamed")
    await draw(page, before)
    await tab_to(page, page.get_by_role("button", name=before, exact=True), "Shift+Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("New name of the chat")).to_be_focused()
    await page.keyboard.type(after)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name=after, exact=True)).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name=after, exact=True)).to_have_count(0)
    await tab_to(page, page.get_by_role("button", name="Undo"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name=after, exact=True)).to_be_visible()


async def check(page: Page, where: str) -> list[str]:
    """What axe finds that is serious, as lines to read; Gradio's own left out."""
    found = await Axe().run(page, options=RULES)
    lines = []
    for each in found.response["violations"]:
        nodes = [node for node in each["nodes"] if not re.search(GRADIO.get(each["id"], "(?!)"), node["html"])]
        if each["impact"] in LEVELS and nodes:
            lines += [f"{where}: {each['id']} ({each['impact']}): {node['html'][:160]} {node['failureSummary'][:300]}" for node in nodes]
    return lines


@pytest.mark.parametrize("size", [(1280, 800), PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_axe_finds_nothing_serious(app: Server, open_page: OpenPage, dark: bool, size: tuple[int, int]):
    page = await open_page(dark=dark, size=size, reduced_motion="reduce")
    await visit(page, app.url)
    found = await check(page, "empty chat")
    await choose(page, "Model", "guide")
    reply = await ask(page, "draw me a mountain lake at dawn")
    await expect(reply.locator(".prompt-card").first).to_be_visible()
    await choose(page, "Model", "fake-text")
    broken = await ask(page, "tokens:5 then:fail")
    await expect(broken.locator(".problem")).to_be_visible()
    await choose(page, "Model", "fake-image")
    await draw(page, "looked at by axe")
    await options(page)
    await expect(said(page)).to_have_count(3)
    found += await check(page, "chat with turns and options")
    await replies(page).last.get_by_role("button", name="Open picture").click()
    await expect(page.get_by_role("dialog").locator("dl")).to_be_visible()
    found += await check(page, "viewer")
    await page.keyboard.press("Escape")
    await act(replies(page).last, "Delete").click()
    await expect(page.locator(".toast")).to_be_visible()
    found += await check(page, "toast")
    await page.locator(".toast").get_by_role("button", name="Undo").click()
    await tab(page, "Gallery")
    await expect(tiles(page).first).to_be_visible()
    found += await check(page, "gallery")
    await tab(page, "Account")
    await expect(page.get_by_text("Data folder")).to_be_visible()
    found += await check(page, "account")
    assert not found, "\n".join(found)
