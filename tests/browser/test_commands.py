"""Slash commands: completed as they are written, drawn, refused where a word is wrong, answered at once."""

import asyncio
import re

from playwright.async_api import Page, Route, expect

from tests.browser.conftest import PATIENCE
from tests.browser.deeds import FLARE, LUNA, begin, box, draw, finished, new, pictures, replies, thumbnails, toast, visit
from tests.browser.server import Server

PROVIDER = True


async def test_a_command_is_completed_drawn_and_mapped(page: Page, app: Server):
    await begin(page, app.url, LUNA)
    await box(page).press_sequentially("/im")
    listbox = page.get_by_role("listbox", name="What may come next")
    await expect(listbox.get_by_role("option", name="/imagine")).to_be_visible()
    await box(page).press("Enter")
    await expect(box(page)).to_have_value("/imagine ")
    await box(page).press_sequentially(f"{new('a fox')} mod")
    await expect(listbox).to_contain_text("model:")
    await box(page).press("Tab")
    await box(page).press_sequentially(FLARE[:-2])
    await expect(listbox).to_contain_text(FLARE)
    await box(page).press("Tab")
    await box(page).press_sequentially('quality:9 size:16:9 stile:anime "count:2"')
    await box(page).press("Escape")
    await box(page).press("Enter")
    await expect(pictures(page)).to_have_count(1)
    notes = replies(page).last.locator(".foot")
    for words in ("Quality 9 is", "Size 16:9 became 1360x768", "Did you mean style:anime?"):
        await expect(notes).to_contain_text(words)
    await expect(page.get_by_label("Model", exact=True)).to_have_value(re.compile(f"^{LUNA}"))


async def test_who_writes_on_before_the_answer_comes_gets_each_word_in_its_place(page: Page, app: Server):
    await visit(page, app.url)
    gate, asked = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        if "fetch_completion" in (route.request.post_data or ""):
            asked.set()
            await gate.wait()
        await route.continue_()

    await page.route(re.compile("component_server"), late)
    words = new("a harbour")
    await box(page).press_sequentially("/im")
    await box(page).press("Tab")
    await asyncio.wait_for(asked.wait(), PATIENCE / 1000)
    await box(page).press_sequentially(words)
    await box(page).press("Enter")
    await expect(box(page)).to_have_value(f"/im{words}")
    gate.set()
    await expect(pictures(page)).to_have_count(1)
    await expect(page.locator(".turn.user .bubble")).to_have_text(f"/imagine {words}")
    await expect(box(page)).to_have_value("")
    await page.unroute_all()


async def test_an_error_in_a_command_points_at_the_word(page: Page, app: Server):
    await visit(page, app.url)
    await box(page).fill("/imagine a 🦊 in snow style:anim")
    await box(page).press("Enter")
    await expect(toast(page, "has no style “anim”")).to_be_visible()
    chosen = "() => { const a = document.querySelector('#message textarea'); return a.value.slice(a.selectionStart, a.selectionEnd); }"
    await expect(box(page)).to_have_value("/imagine a 🦊 in snow style:anim")
    assert await page.evaluate(chosen) == "anim"
    await box(page).fill("/imagin a fox")
    await box(page).press("Enter")
    await expect(toast(page, "Did you mean /imagine?")).to_be_visible()


async def test_slash_edit_proposes_the_newest_picture(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    await draw(page, new("a fox in snow"))
    await box(page).press_sequentially("/edit ")
    await expect(thumbnails(page)).to_have_count(1)
    await box(page).press_sequentially("make it night")
    await box(page).press("Enter")
    await expect(pictures(page)).to_have_count(2)


async def test_help_and_info_answer_at_once(page: Page, app: Server):
    await visit(page, app.url)
    before = len(app.provider.asked)
    reply = await finished(page, "/help")
    await expect(reply).to_contain_text("/imagine")
    reply = await finished(page, "/help imagine")
    await expect(reply).to_contain_text("compression:")
    reply = await finished(page, "/info models")
    await expect(reply).to_contain_text("retires Dec 1, 2026, then gpt-image-2.5-sunburst")
    reply = await finished(page, "/info")
    await expect(reply).to_contain_text("free on the disk")
    assert len(app.provider.asked) == before
