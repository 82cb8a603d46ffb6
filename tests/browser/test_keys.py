"""A key of one's own in a browser: refused, brought, used, tested, removed, and nowhere to be read again. One page goes all the way."""

import asyncio
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.browser.deeds import FLARE, LOADING, box, choose, draw, new, pictures, tab, toast, visit
from tests.browser.server import Server

PROVIDER = True
ENV = {"IMAGECHAT_ACCESS": "guests", "IMAGECHAT_LIMITS__ON": "off"}
OWN, WRONG = "sk-own-9876543210", "sk-wrong-0000000000"
KEPT = """JSON.stringify([{...localStorage}, {...sessionStorage}, [...document.querySelectorAll("input")].map((it) => it.value)])"""


async def offered(page: Page) -> str:
    """What can be chosen as a model."""
    await tab(page, "Chat")
    await page.get_by_label("Model", exact=True).click()
    await expect(
        page.get_by_role("option").filter(has_text="sketch").first
    ).to_be_visible()  # A list that is not open yet has nothing in it.
    words = " ".join(await page.get_by_role("option").all_inner_texts())
    await page.keyboard.press("Escape")
    await box(page).focus()  # A list of Gradio's that has the focus is opened by no click.
    return words


async def until_offered(page: Page, *, there: bool) -> None:
    """Wait until the model is in the list, or until it is not."""
    async with asyncio.timeout(LOADING / 1000):
        while (FLARE in await offered(page)) is not there:
            await asyncio.sleep(0.3)


@pytest.mark.timeout(600)
async def test_a_key_comes_pays_and_goes(app: Server, page: Page):
    app.provider.keys[OWN] = (0, "")
    await visit(page, app.url)
    assert FLARE not in await offered(page)
    await tab(page, "Account")
    field, row = page.get_by_label("Key for OpenAI"), page.locator("#mine .keys li")

    await field.fill(WRONG)
    await field.press("Enter")
    await expect(toast(page, "The provider does not accept this key, so it is not kept")).to_be_visible()
    await expect(field).to_be_focused()
    await expect(field).to_have_value(WRONG)
    await expect(row).to_have_count(0)

    await page.locator(".toast").get_by_role("button", name="Dismiss").click()
    await field.fill(OWN)
    await field.press("Enter")
    await expect(toast(page, "The key works and is kept")).to_be_visible()
    await expect(row).to_contain_text(f"OpenAI, at the server {urlsplit(app.provider.url).netloc}")
    await page.screenshot(path=".cache/screens/account-key.png", full_page=True)
    await until_offered(page, there=True)
    await expect(page.locator(".toast.problem")).to_have_count(0)
    assert "chat=" not in page.url, "the new chat is still a new one"
    await choose(page, "Model", FLARE)
    await box(page).fill(prompt := new("a fox"))
    await expect(page.locator("#price")).to_contain_text("Your own key pays")
    await draw(page, prompt)
    await expect(pictures(page)).to_have_count(1)
    heard = [each.headers["authorization"] for each in app.provider.asked if each.body and each.prompt == prompt]
    assert heard == [f"Bearer {OWN}"]
    assert OWN not in await page.content()
    assert OWN not in await page.evaluate(KEPT)
    assert OWN not in app.log()

    await tab(page, "Account")
    await row.get_by_role("button", name="Test").click()
    await expect(toast(page, "The key works.")).to_be_visible()
    await expect(row).to_contain_text("It worked on")
    app.provider.keys.pop(OWN)
    await row.get_by_role("button", name="Test").click()
    await expect(row.locator(".trouble")).to_contain_text("does not accept this key")
    assert "{" not in await row.inner_text()
    await row.get_by_role("button", name="Remove").click()
    await expect(toast(page, "The key is gone from here")).to_be_visible()
    await expect(row).to_have_count(0)
    await until_offered(page, there=False)
    await choose(page, "Model", "sketch")
