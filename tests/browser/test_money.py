"""Money on the page: prices before sending, a budget that is used up, the Usage tab, and those who look after others."""

import asyncio
import csv
import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import DESKTOP, PATIENCE, PHONE, OpenPage
from tests.browser.deeds import FLARE, LUNA, act, begin, box, choose, come_as_owner, draw, finished, new, pick, pictures, send, tab, toast
from tests.browser.server import Server
from tests.browser.test_access import check

PROVIDER = True
ENV = {
    "IMAGECHAT_ACCESS": "guests",
    "IMAGECHAT_OFFERS__GUESTS": "gpt-*",
    "IMAGECHAT_BUDGET__GUESTS_DAILY": "5",
    "IMAGECHAT_BUDGET__DAILY": "0.08",
    "IMAGECHAT_LIMITS__ON": "off",
}


def price(page: Page) -> Locator:
    """The line below the settings."""
    return page.locator("#price")


async def usage(page: Page) -> None:
    await tab(page, "Usage")
    await expect(page.locator("#usage-summary .tiles")).to_be_visible()


async def priced(page: Page) -> str | None:
    """What stands on Send."""
    return await page.locator("#composer .submit-button").get_attribute("data-price")


@pytest.mark.timeout(600)
async def test_a_guest_sees_prices_and_meets_the_end_of_a_budget(app: Server, page: Page, tmp_path: Path):
    await begin(page, app.url, FLARE)
    await box(page).fill("a fox in snow")
    await choose(page, "Quality", "Low")
    await expect(price(page)).to_contain_text("About $0.01")
    low = await priced(page)
    await choose(page, "Quality", "High")
    await expect(price(page)).to_contain_text("About $0.059.")
    await expect(price(page)).to_contain_text("$0.08 of your budget is left")
    assert low != await priced(page)
    await choose(page, "Count", "×3")
    await expect(price(page)).to_contain_text("This may cost $0.1")
    await page.get_by_label("Count", exact=True).click()
    await page.get_by_role("option", name=re.compile(r"^(✓\s*)?×1$")).click()
    await expect(price(page)).to_contain_text("About $0.059.")
    await draw(page, new("cost:0.05 a fox"))

    await send(page, text := new("a second fox"))
    told = toast(page, "This may cost")
    await expect(told).to_contain_text("$0.03 of your $0.08 for today is left")
    await expect(told).to_contain_text("It works again from")
    await expect(told).to_contain_text("Sketch, Guide and keys of your own still work")
    await expect(box(page)).to_have_value(text)
    await expect(pictures(page)).to_have_count(1)
    await expect(price(page)).to_have_class(re.compile("refused"))
    await expect(price(page)).not_to_contain_text("your text is kept")  # It says so before anything is sent.
    await page.screenshot(path=".cache/screens/refused.png")
    await price(page).click()
    await expect(page.get_by_role("meter", name="Today", exact=True)).to_have_attribute("aria-valuenow", "62")
    await tab(page, "Chat")
    await choose(page, "Model", "sketch")
    await expect(price(page)).to_be_hidden()
    assert await priced(page) is None
    free = await draw(page, "a mountain lake at dawn")
    await expect(pictures(page)).to_have_count(2)
    await choose(page, "Model", FLARE)
    await expect(price(page)).to_be_visible()
    await act(free, "Regenerate").click()
    await expect(box(page)).to_have_value("a mountain lake at dawn")
    await expect(price(page)).to_be_hidden()

    await choose(page, "Model", LUNA)
    await box(page).fill("hello")
    await expect(price(page)).to_contain_text("About $0.0")
    await finished(page, new("tokens:5 hello"))
    await finished(page, new("then:cut at:start hello"))
    await usage(page)
    await expect(page.locator("#usage-summary .meter").first).to_contain_text("of $0.08 used")
    for words in ("$0.05", "2Pictures", "1Replies", "1Failed"):
        await expect(page.locator("#usage-summary .tiles")).to_contain_text(words)
    for name in ("spending", "made", "times", "failed"):
        await expect(page.locator(f"#plot-{name}").locator("canvas, svg").first).to_be_visible()
    await page.locator("#shade").click()
    words = page.locator("#plot-made svg text").first
    colours = await words.evaluate("it => [getComputedStyle(it).fill, getComputedStyle(document.body).color]")
    assert colours[0] == colours[1], "the words of a plot follow the page's dress"
    await page.locator("#shade").click()
    await expect(page.locator("#usage-table tbody tr")).to_have_count(3)
    await expect(page.locator("#people section:visible")).to_have_count(0)
    await expect(page.get_by_label("Whose")).to_be_hidden()
    await page.screenshot(path=".cache/screens/usage-guest.png", full_page=True)
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download as CSV").click()
    await (await download.value).save_as(tmp_path / "usage.csv")
    lines = list(csv.DictReader((tmp_path / "usage.csv").open(encoding="utf-8")))
    assert sorted(line["model"] for line in lines) == sorted([FLARE, LUNA, LUNA, "sketch"])
    assert next(line for line in lines if line["model"] == FLARE)["price_dollars"].startswith("0.05")


async def test_the_price_follows_what_is_chosen_however_slowly_the_choice_comes(app: Server, page: Page):
    """A busy browser hands a choice over long after the click; here only Gradio says that something else was chosen."""
    await begin(page, app.url, FLARE)
    await box(page).fill("a fox in snow")
    await expect(price(page)).to_contain_text("About $0.0")
    chooser = page.get_by_label("Model", exact=True)
    await chooser.click()
    await page.evaluate("document.querySelector('#composer').addEventListener('click', (event) => event.stopPropagation())")
    await page.wait_for_timeout(1000)  # What the first click began is over.
    await page.get_by_role("option", name=re.compile("sketch")).click()
    await expect(chooser).to_have_value(re.compile("^sketch"))
    await expect(price(page)).to_be_hidden()


@pytest.mark.timeout(600)
async def test_the_owner_looks_after_others(app: Server, open_page: OpenPage):
    """A picture is reported, one visitor gets a budget of their own, and the log says it all in words."""
    guest, owner = await open_page(), await open_page()
    await begin(guest, app.url, FLARE)
    await choose(guest, "Quality", "High")
    reply = await draw(guest, prompt := new("cost:0.05 to be reported"))
    await act(reply, "Details").click()
    side = guest.locator("#viewer .side")
    await side.get_by_role("button", name="Report").click()
    await side.get_by_label("What is wrong with this picture?").fill("It is a picture of me")
    await guest.screenshot(path=".cache/screens/report.png")
    await side.get_by_role("button", name="Send report").click()
    await expect(toast(guest, "Reported.")).to_be_visible()
    await guest.keyboard.press("Escape")

    await come_as_owner(owner, app)
    await usage(owner)
    report = owner.locator("#people .reports li").filter(has_text=prompt)
    await expect(report).to_contain_text("It is a picture of me")
    assert await report.locator("img").evaluate("it => it.decode().then(() => it.naturalWidth)") > 0

    newest = owner.locator("#people .persons tbody tr").filter(has_text="Guest").first
    who, name = await newest.get_attribute("data-person"), await newest.get_by_role("rowheader").inner_text()
    await report.get_by_role("button", name=f"Open {name}").click()
    rows = owner.locator("#people .persons tbody tr")
    await expect(rows).to_have_count(1)
    await expect(rows).to_have_attribute("data-person", who or "")
    await rows.get_by_role("button", name="Reports (1)").click()
    await expect(report.get_by_role("button", name="Keep it")).to_be_focused()
    await rows.get_by_role("button", name="Budget").click()
    row = owner.locator(f"#people tr[data-scope='visitor:{who}']")
    await expect(row.locator("[data-cap=day]")).to_be_focused()
    await owner.get_by_role("button", name="Show everybody").click()
    await expect(rows).not_to_have_count(1)
    day, save = row.locator("[data-cap=day]"), row.get_by_role("button", name="Save")
    everybody = owner.locator("#people tr[data-scope='visitor:'] [data-cap=month]")
    await expect(everybody).not_to_have_value("")
    await expect(row.locator("[data-cap=month]")).to_have_value(await everybody.input_value())
    await tab(guest, "Account")
    await expect(guest.locator("#mine .who")).to_contain_text(name)
    await tab(guest, "Chat")
    await day.fill("0.5")
    await save.click()
    await expect(toast(owner, f"The budget for {name} holds from now on")).to_be_visible()
    await draw(guest, new("cost:0.01 let through by a budget of its own"))
    await day.fill("a lot")
    await save.click()
    await expect(toast(owner, "is no amount")).to_be_visible()
    await day.fill("0.07")
    await save.click()
    await expect(toast(owner, "is no amount")).to_be_hidden()
    await send(guest, new("refused by it"))
    await expect(toast(guest, "of your $0.07 for today")).to_be_visible()
    await owner.screenshot(path=".cache/screens/usage-owner.png", full_page=True)

    await report.get_by_role("button", name="Remove it").click()
    await expect(report).to_contain_text("Removed: it lies in its owner's trash.")
    await expect(report.get_by_role("button", name="Remove it")).to_have_count(0)
    await expect(pictures(guest)).to_have_count(1)
    await row.get_by_role("button", name="As set up").click()
    await expect(row).to_have_count(0)
    await pick(owner, "Whose", "Everybody")
    await expect(owner.locator("#usage-table")).to_contain_text("By visitor")
    await expect(owner.locator("#people .log li span").first).to_be_visible()
    told = await owner.locator("#people .log li span").all_inner_texts()
    assert any("came in" in line for line in told) and f"{name} reported a picture" in told
    assert not re.search(r"[0-9a-hjkmnp-tv-z]{26}", await owner.locator("#people .log").inner_text()), "an id in place of a name"
    assert not [line for line in told if re.search(r"\b[a-z]+\.[a-z_]+\b", line)], "a deed without words"


@pytest.mark.timeout(600)
async def test_people_that_are_found_late_do_not_stand_for_what_is_searched_now(app: Server, page: Page):
    await come_as_owner(page, app)
    gate, asked = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        if "nobody-like-this" in (route.request.post_data or ""):
            asked.set()
            await gate.wait()
        await route.fulfill(response=answer)

    await usage(page)
    rows, find = page.locator("#people .persons tbody tr"), page.locator("#people .find")
    await expect(rows.first).to_be_visible()
    await page.route(re.compile("component_server"), late)
    await find.fill("nobody-like-this")
    async with asyncio.timeout(PATIENCE / 1000):
        await asked.wait()
    async with page.expect_response(lambda answer: "fetch_people" in (answer.request.post_data or "")):
        await find.fill("")
    async with page.expect_response(lambda answer: "nobody-like-this" in (answer.request.post_data or "")):
        gate.set()
    await page.wait_for_timeout(500)
    assert await rows.count() > 0
    await page.unroute_all()


@pytest.mark.timeout(600)
async def test_axe_finds_nothing_serious(app: Server, open_page: OpenPage):
    page = await open_page(reduced_motion="reduce")
    await come_as_owner(page, app)
    await choose(page, "Model", FLARE)
    await draw(page, new("cost:0.05 looked at by axe"))
    await box(page).fill("a fox")
    await expect(price(page)).to_contain_text("About")
    found = []
    for name, dark, size in (("light", False, DESKTOP), ("dark", True, DESKTOP), ("dark", True, PHONE), ("light", False, PHONE)):
        await page.emulate_media(color_scheme="dark" if dark else "light")
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        for place, sign in (("Chat", "#price"), ("Usage", "#people .log li"), ("Account", "#mine .browsers li")):
            await tab(page, place)
            await expect(page.locator(sign).first).to_be_visible()
            if place == "Usage":
                await expect(page.locator("#plot-spending").locator("canvas, svg").first).to_be_visible()
            found += await check(page, f"{place} {name} {size[0]}")
            await page.screenshot(path=f".cache/screens/{place}-{name}-{size[0]}.png", full_page=True)
            if not await page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                found.append(f"{place} {name} {size[0]}: wider than the window")
    assert not found, "\n".join(found)
