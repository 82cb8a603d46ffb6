"""The tests' own ground: a browser that runs, an app that is started, killed and started again, complaints that are heard."""

import asyncio
import signal
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.conftest import PATIENCE, PHONE, WHILE_DOWN, OpenPage
from tests.browser.server import running

BARE = "benchmarks/bare.py"


async def test_a_page_is_shown(page: Page):
    await page.set_content("<h1 dir=auto>سلام</h1>")
    await expect(page.get_by_role("heading")).to_have_text("سلام")


async def test_a_phone_in_the_dark(open_page: OpenPage):
    page = await open_page(size=PHONE, dark=True)
    assert await page.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]") == [390, True]


async def test_complaints_are_heard(page: Page, page_errors: list[str], allowed_errors: list[str]):
    await page.evaluate("setTimeout(() => { console.error('a'); throw new Error('on purpose') })")
    async with asyncio.timeout(PATIENCE / 1000):
        while len(page_errors) < 2:
            await asyncio.sleep(0.05)
    allowed_errors += ["^a ", "on purpose"]


async def test_an_app_lives_again_after_kill_9(data_dir: Path, page: Page, allowed_errors: list[str]):
    allowed_errors.append(WHILE_DOWN)
    async with running(data_dir, entry=BARE) as app:
        await page.goto(app.url)
        assert app.kill9() == -signal.SIGKILL
        await app.restart()
        await page.reload()
        await expect(page.get_by_role("textbox")).to_be_visible()
    assert app.process.returncode is not None
