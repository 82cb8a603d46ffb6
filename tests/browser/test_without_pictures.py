"""Where pictures are switched off nothing invites to make one, and what was made before can still be looked at."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import WHILE_DOWN, OpenPage
from tests.browser.deeds import GUIDE, act, ask, begin, finished, pictures, replies, visit
from tests.browser.server import running

OFF = {"IMAGECHAT_OFFERS__PICTURES": "false"}


@pytest.mark.timeout(200)
async def test_nothing_invites_to_what_is_switched_off(data_dir: Path, open_page: OpenPage, allowed_errors: list[str]):
    allowed_errors += [WHILE_DOWN]
    async with running(data_dir) as app:
        page = await open_page()
        await begin(page, app.url, GUIDE)
        advice = await finished(page, "give me a prompt for a castle")
        await expect(act(advice, "Draw this").first).to_be_visible()
        await act(advice, "Draw this").first.click()
        await expect(pictures(page)).to_have_count(1)
        chat = page.url
        await page.goto("about:blank")

        app.env |= OFF
        await app.restart()
        await visit(page, chat)
        await expect(pictures(page)).to_have_count(1)
        await expect(replies(page).last.locator(".acts > *")).to_have_text(["Download", "Details", "Delete"])
        await expect(page.locator(".prompt-card").first).to_be_visible()
        await expect(act(page.locator("#conversation"), "Draw this")).to_have_count(0)
        refused = page.locator(".toast.problem")
        await page.get_by_role("textbox", name="Message", exact=True).fill("/imagine a fox")
        await page.keyboard.press("Enter")
        await expect(refused).to_contain_text("No pictures are made here")
        await visit(page, app.url)
        hello = page.locator(".hello")
        await expect(hello).to_contain_text("No pictures are made here")
        await expect(hello.get_by_role("button")).to_have_count(0)
        await expect(await ask(page, "hello")).to_contain_text("Guide")
