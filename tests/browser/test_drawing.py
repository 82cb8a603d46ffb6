"""Drawing: pictures come in real steps, each in its own place, and go on whoever looks."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.deeds import act, ask, choose, draw, options, pictures, replies, said, send, toast, visit
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-image", "IMAGECHAT_RUNNER__PICTURES": "2"}
STOP, AGAIN = {"name": "Stop", "exact": True}, {"name": "Try again", "exact": True}

# Notes the class and address of every picture that comes to stand in a frame, in the order of coming.
WATCH = """() => {
  window.seen = [];
  const note = (node) => node.matches?.('.frame img') && seen.push([node.className, node.src]);
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
    if (!node.querySelectorAll) return;
    note(node);
    node.querySelectorAll('img').forEach(note);
  }))).observe(document.body, { childList: true, subtree: true });
}"""


async def test_sketch_draws_what_is_written_in_real_steps(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    await choose(page, "Size", "768×768")
    await choose(page, "Quality", "High")  # Slow enough for steps to be seen.
    await page.evaluate(WATCH)
    reply = await ask(page, "the sea at sunset with clouds")
    await expect(reply).to_contain_text(re.compile(r"step \d+ of \d+"))
    await expect(pictures(reply)).to_be_visible(timeout=30_000)
    seen = await page.evaluate("seen")
    partials = [address for kind, address in seen if kind == "partial"]
    assert partials and seen[-1][0] == "final" and seen[0][0] == "partial"
    assert len(set(partials)) == len(partials)
    await expect(reply.locator(".meta").first).to_contain_text("sketch")
    await expect(reply.locator(".meta").first).to_contain_text("768×768")
    await expect(reply.locator(".meta").first).to_contain_text("$0")
    await expect(reply).to_contain_text("Understood:")
    await expect(reply.locator("img.partial")).to_have_count(0)


async def test_three_places_fill_one_by_one(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Count", "×3")
    reply = await ask(page, "three of them delay:0.4")
    await expect(reply.locator(".place")).to_have_count(3)
    await expect(pictures(reply)).to_have_count(1)
    await expect(reply).to_contain_text("picture 2 of 3")
    await expect(pictures(reply)).to_have_count(2)
    await expect(pictures(reply)).to_have_count(3)
    addresses = await pictures(reply).evaluate_all("all => all.map((img) => img.src)")
    assert len(set(addresses)) == 3
    await expect(page.locator("#spoken[role=status]")).to_have_text("3 pictures finished")
    await expect(act(reply, "Reroll")).to_have_count(3)


async def test_a_failed_place_takes_no_other_with_it_and_is_tried_again_by_itself(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Count", "×3")
    reply = await draw(page, "one gets lost loses:1")
    await expect(pictures(reply)).to_have_count(2)
    lost = reply.locator(".place").nth(1)
    await expect(lost).to_contain_text("No picture came from fake-image")
    await lost.get_by_role("button", **AGAIN).click()
    await expect(replies(page)).to_have_count(2)
    await expect(pictures(replies(page).last)).to_have_count(1)
    await expect(replies(page).last.locator(".place")).to_have_count(1)
    await expect(said(page)).to_have_count(1)


async def test_stop_keeps_the_pictures_that_came(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Count", "×3")
    reply = await ask(page, "stopped early delay:1")
    await expect(pictures(reply)).to_have_count(1)
    await reply.get_by_role("button", **STOP).click()
    await expect(reply.locator(".place").last).to_contain_text("Stopped before it was finished.")
    await expect(pictures(reply)).to_have_count(1)
    await expect(reply.get_by_role("button", **STOP)).to_have_count(0)
    await page.reload()
    await expect(pictures(page)).to_have_count(1)
    await replies(page).locator(".place").last.get_by_role("button", **AGAIN).click()
    await expect(pictures(replies(page).last)).to_have_count(1)


async def test_a_picture_that_was_stopped_can_be_asked_for_again(app: Server, page: Page):
    await visit(page, app.url)
    reply = await ask(page, "stopped in the middle delay:2")
    await expect(reply.locator("img.partial")).to_be_visible()
    await reply.get_by_role("button", **STOP).click()
    await expect(reply).to_contain_text("Stopped. What came is kept.")
    await reply.get_by_role("button", **AGAIN).first.click()
    await expect(pictures(replies(page).last)).to_be_visible()
    await expect(pictures(page)).to_have_count(1)


async def test_a_reload_at_every_stage(app: Server, page: Page):
    await visit(page, app.url)
    for number in range(3):
        await send(page, f"hanging {number} delay:0.1 then:hang")
        await expect(said(page)).to_have_count(number + 1)
    for _ in range(2):
        await expect(replies(page)).to_have_count(3)
        for running in (0, 1):
            await expect(replies(page).nth(running).get_by_role("button", **STOP)).to_be_visible()
            await expect(replies(page).nth(running).locator("img.partial")).to_be_visible()
        await expect(replies(page).nth(2)).to_contain_text("Waiting for its turn")
        await page.reload()
    await replies(page).first.get_by_role("button", **STOP).click()
    await expect(replies(page).first).to_contain_text("Stopped")
    await expect(replies(page).nth(2)).to_contain_text("Painting")
    await page.reload()
    await expect(replies(page).first).to_contain_text("Stopped")
    for running in (1, 2):
        await replies(page).nth(running).get_by_role("button", **STOP).click()
        await expect(replies(page).nth(running)).to_contain_text("Stopped")
    done = await draw(page, "whole at last")
    address = await pictures(done).get_attribute("src")
    await page.reload()
    await expect(pictures(page)).to_have_attribute("src", str(address))


async def test_a_job_that_waits_can_be_stopped(app: Server, page: Page):
    await visit(page, app.url)
    for number in range(3):
        await send(page, f"in line {number} then:hang")
        await expect(said(page)).to_have_count(number + 1)
    waiting = replies(page).last
    await expect(waiting).to_contain_text("Waiting for its turn")
    await waiting.get_by_role("button", **STOP).click()
    await expect(waiting).to_contain_text("Stopped")
    for running in (0, 1):
        await replies(page).nth(running).get_by_role("button", **STOP).click()
        await expect(replies(page).nth(running)).to_contain_text("Stopped")


async def test_pictures_run_side_by_side(app: Server, page: Page):
    await visit(page, app.url)
    await send(page, "slow delay:2")
    await send(page, "quick")
    await expect(pictures(replies(page).last)).to_be_visible()
    await expect(replies(page).first.get_by_role("button", **STOP)).to_be_visible()
    await expect(pictures(replies(page).first)).to_be_visible()


async def test_a_closed_page_finds_its_picture_finished(app: Server, page: Page):
    await visit(page, app.url)
    reply = await ask(page, "while nobody looks delay:0.8")
    await expect(reply.get_by_role("button", **STOP)).to_be_visible()
    address, again = page.url, await page.context.new_page()
    await page.close()
    await again.goto(address)
    await expect(pictures(again)).to_be_visible()
    await expect(replies(again).get_by_role("button", **STOP)).to_have_count(0)


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        ("then:fail", "No picture came from fake"),
        ("then:crash", "Something went wrong"),
        ("gives:truncated", "cut off"),
        ("gives:text", "not a picture"),
        ("gives:nothing", "No picture came"),
    ],
)
async def test_a_picture_that_does_not_come_says_why_and_can_be_tried_again(app: Server, page: Page, deed: str, told: str):
    await visit(page, app.url)
    reply = await ask(page, f"bad luck {deed}")
    await expect(reply).to_contain_text(told)
    await expect(pictures(reply)).to_have_count(0)
    await reply.get_by_role("button", **AGAIN).first.click()
    await expect(replies(page)).to_have_count(2)
    await expect(replies(page).last).to_contain_text(told)
    assert "verysecretkey" not in await page.content()


async def test_the_settings_are_obeyed_and_told(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    await choose(page, "Size", "512×512")
    await choose(page, "Quality", "Draft")
    await choose(page, "Style", "Watercolor")
    await options(page)
    await page.get_by_label("Seed", exact=True).fill("41")
    await page.get_by_label("Format", exact=True).get_by_label("JPEG").check()
    reply = await draw(page, "the sea")
    assert await pictures(reply).evaluate("async (img) => (await img.decode(), [img.naturalWidth, img.naturalHeight])") == [512, 512]
    await act(reply, "Details").click()
    details = page.get_by_role("dialog", name="Picture viewer")
    for name, value in (
        ("Size", "512×512"),
        ("Quality", "Draft"),
        ("Style", "Watercolor"),
        ("Seed", "41"),
        ("Format", "JPEG"),
        ("Price", "$0"),
    ):
        row = details.locator("dl > div").filter(has=page.locator("dt", has_text=re.compile(f"^{name}$")))
        await expect(row.locator("dd")).to_have_text(value)


async def test_a_style_that_a_model_has_not_is_sent_as_words_and_told(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Style", "Watercolor")
    reply = await draw(page, "the sea in words")
    await act(reply, "Details").click()
    details = page.get_by_role("dialog", name="Picture viewer")
    await expect(details).to_contain_text("Words that were sent")


async def test_another_model_keeps_what_fits_and_says_what_changed(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Size", "768×512")
    await choose(page, "Count", "×2")
    await choose(page, "Style", "Anime")
    await choose(page, "Model", "sketch")
    await expect(page.get_by_label("Count", exact=True)).to_have_value("×2")
    await expect(page.get_by_label("Style", exact=True)).to_have_value("Anime")
    await choose(page, "Size", "1792×1024")
    await choose(page, "Model", "fake-image")
    await expect(toast(page, "fake-image is different here")).to_contain_text("Size 1792×1024 → 768×512")
    await expect(page.get_by_label("Size", exact=True)).to_have_value("768×512")
    await expect(page.get_by_label("Count", exact=True)).to_have_value("×2")


async def test_what_changed_is_said_in_whatever_order_answers_come(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    await choose(page, "Size", "1792×1024")
    sent: list[Route] = []

    async def first_is_last(route: Route) -> None:
        sent.append(route)
        await asyncio.sleep(0.6 if len(sent) == 1 else 0)
        await route.continue_()

    await page.route(re.compile("run/predict"), first_is_last)
    await choose(page, "Model", "fake-image")
    await expect(toast(page, "fake-image is different here")).to_contain_text("Size 1792×1024 → 768×512")
    await expect(page.get_by_label("Size", exact=True)).to_have_value("768×512")


async def test_a_page_that_was_just_opened_draws_each_picture_with_a_seed_of_its_own(app: Server, page: Page):
    await visit(page, app.url)
    seeds = []
    for _ in range(2):
        reply = await draw(page, "whatever comes")
        await act(reply, "Details").click()
        row = page.get_by_role("dialog", name="Picture viewer").locator("dl > div").filter(has_text="Seed")
        seeds.append(int(await row.locator("dd").inner_text()))
        await page.keyboard.press("Escape")
    assert seeds[0] != seeds[1]
    assert 0 not in seeds
    await options(page)
    await expect(page.get_by_label("Seed", exact=True)).to_have_value("")


async def test_each_style_is_listed_with_a_picture(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    await page.get_by_label("Style", exact=True).click()
    listed = page.get_by_role("option")
    await expect(listed.first).to_be_visible()
    shown = "nodes => nodes.map(node => getComputedStyle(node, '::before').backgroundImage.startsWith('url('))"
    assert all(await listed.evaluate_all(shown))
    assert min(await listed.evaluate_all("nodes => nodes.map(node => node.offsetWidth)")) >= 200


async def test_an_example_sets_the_composer_but_for_its_seed(app: Server, page: Page):
    await visit(page, app.url)
    await page.get_by_role("button", name="A sailing boat on the sea at sunset").click()
    await expect(page.get_by_label("Size", exact=True)).to_have_value("1536×1024")
    await expect(page.get_by_label("Model", exact=True)).to_have_value(re.compile("^sketch"))
    await options(page)
    await expect(page.get_by_label("Seed", exact=True)).to_have_value("")
