"""The first sixty seconds of somebody who has just started ImageChat, without any key."""

import re

from playwright.async_api import Page, expect

from tests.browser.deeds import box, choose, options, pictures, replies, said, tab, visit
from tests.browser.server import Server

ENTRY = "app.py"


async def test_an_empty_screen_invites(app: Server, page: Page):
    await visit(page, app.url)
    await expect(page.get_by_role("heading", name="What shall we make?")).to_be_visible()
    examples = page.get_by_role("group", name="Try one of these").get_by_role("button")
    await expect(examples).to_have_count(4)
    for example in await examples.all():
        assert len(await example.inner_text()) > 10
        picture = example.locator("img")
        assert await picture.evaluate("async (img) => (await img.decode(), img.naturalWidth)") >= 320
    await expect(page.get_by_text("No key is needed")).to_have_count(1)
    await expect(page.get_by_label("Model", exact=True)).to_have_value(re.compile("^sketch · Image"))
    await expect(box(page)).to_have_attribute("placeholder", "Describe the image you want to generate…")


async def test_a_click_on_a_prompt_draws_at_once(app: Server, page: Page):
    await visit(page, app.url)
    example = page.get_by_role("group", name="Try one of these").get_by_role("button").first
    prompt = await example.inner_text()
    await example.click()
    await expect(said(page)).to_have_text(prompt)
    await expect(page.get_by_role("heading", name="What shall we make?")).to_be_hidden()
    await expect(replies(page).get_by_role("button", name="Stop")).to_be_visible()
    await expect(pictures(page)).to_be_visible(timeout=30_000)
    assert (await pictures(page).get_attribute("alt") or "").startswith(prompt)
    assert await pictures(page).evaluate("async (img) => (await img.decode(), img.naturalWidth)") > 1000
    await expect(page.get_by_role("navigation", name="Chats").get_by_role("button", name=prompt, exact=True)).to_be_visible()
    assert "chat=" in page.url


async def test_a_double_click_on_a_prompt_draws_once(app: Server, page: Page):
    await visit(page, app.url)
    await page.get_by_role("group", name="Try one of these").get_by_role("button").nth(1).dblclick()
    await expect(pictures(page)).to_have_count(1, timeout=30_000)
    await expect(said(page)).to_have_count(1)
    await expect(replies(page)).to_have_count(1)


async def test_everything_that_people_and_programs_look_for_has_its_name(app: Server, page: Page):
    await visit(page, app.url)
    for name in ("Chat", "Gallery", "Account"):
        await expect(page.get_by_role("tab", name=name, exact=True)).to_be_visible()
    for name in ("Send", "New chat", "Options", "Add a picture"):
        await expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    await options(page)
    for name in ("Model", "Size", "Quality", "Style", "Count", "Seed", "Format", "Background"):
        await expect(page.get_by_label(name, exact=True)).to_be_visible()
    await expect(page.get_by_role("searchbox", name="Search chats")).to_be_visible()
    await tab(page, "Gallery")
    await expect(page.get_by_role("searchbox", name="Search pictures")).to_be_visible()


async def test_only_the_controls_that_the_model_has(app: Server, page: Page):
    await visit(page, app.url)
    await options(page)
    await choose(page, "Model", "guide")
    await expect(box(page)).to_have_attribute("placeholder", "Ask anything, or say what you wish to see…")
    for name in ("Size", "Quality", "Style", "Count", "Seed"):
        await expect(page.get_by_label(name, exact=True)).to_be_hidden()
    await expect(page.get_by_label("Format", exact=True)).to_be_hidden()
    await choose(page, "Model", "sketch")
    await expect(page.get_by_label("Size", exact=True)).to_have_value("1024×1024")
    await expect(page.get_by_label("Style", exact=True)).to_be_visible()


async def test_the_account_says_where_everything_is_kept(app: Server, page: Page):
    await visit(page, app.url)
    await tab(page, "Account")
    await expect(page.get_by_text(str(app.data_dir.resolve()))).to_be_visible()
    await expect(page.get_by_text("whoever sits at this machine")).to_be_visible()
    await expect(page.get_by_text("sketch", exact=True)).to_be_visible()
