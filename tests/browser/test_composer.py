"""The composer's manners: keys, what cannot be sent, and settings that follow the chat and the model."""

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.deeds import (
    act,
    ask,
    box,
    choose,
    draw,
    held,
    new,
    new_chat,
    options,
    pick,
    pictures,
    replies,
    said,
    send,
    settled,
    toast,
    visit,
)
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-text"}
NOTHING = "There is nothing to send yet"


async def test_shift_enter_breaks_the_line_and_enter_sends(app: Server, page: Page):
    await visit(page, app.url)
    await box(page).press_sequentially("tokens:1 first")
    await box(page).press("Shift+Enter")
    await box(page).press_sequentially("second")
    await expect(said(page)).to_have_count(0)
    await expect(box(page)).to_have_value("tokens:1 first\nsecond")
    await box(page).press("Enter")
    await expect(said(page)).to_have_text("tokens:1 first\nsecond", use_inner_text=True)
    await expect(box(page)).to_have_value("")


async def test_a_list_that_was_shut_opens_with_the_next_click(app: Server, page: Page):
    await visit(page, app.url)
    model, entries = page.get_by_label("Model", exact=True), page.get_by_role("option")
    await model.click()
    await expect(entries.first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(entries).to_have_count(0)
    await model.click()
    await expect(entries.first).to_be_visible()
    await model.click()
    await expect(entries).to_have_count(0)
    await model.click()
    await expect(entries.first).to_be_visible()


async def test_arrow_up_brings_the_last_message_back_and_sends_a_new_turn(app: Server, page: Page):
    await visit(page, app.url)
    await ask(page, "tokens:1 older")
    await ask(page, "tokens:1 newer")
    await box(page).fill("something")
    await box(page).press("ArrowUp")
    await expect(box(page)).to_have_value("something")
    await box(page).fill("")
    await box(page).press("ArrowUp")
    await expect(box(page)).to_have_value("tokens:1 newer")
    await box(page).press_sequentially("!")
    await box(page).press("Enter")
    await expect(said(page)).to_have_text(["tokens:1 older", "tokens:1 newer", "tokens:1 newer!"])


async def test_enter_that_ends_a_composition_does_not_send(app: Server, page: Page):
    await visit(page, app.url)
    await box(page).focus()
    keyboard = await page.context.new_cdp_session(page)
    await keyboard.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    await box(page).dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True, "bubbles": True, "cancelable": True})
    await keyboard.send("Input.insertText", {"text": "日本 tokens:1"})
    await expect(box(page)).to_have_value("日本 tokens:1")
    await expect(page.locator(".toast")).to_have_count(0)
    await box(page).press("Enter")
    await expect(said(page)).to_have_text("日本 tokens:1")


@pytest.mark.parametrize("blank", ["", "  \n \t "])
async def test_nothing_is_not_sent_and_words_say_so(app: Server, page: Page, blank: str):
    await visit(page, app.url)
    await send(page, blank)
    await expect(toast(page, NOTHING)).to_be_visible()
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(toast(page, NOTHING)).to_be_visible()
    await expect(said(page)).to_have_count(0)


async def test_a_prompt_past_the_limit_comes_back_with_words(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    long = ("mountains " * 500)[:-1]
    await send(page, long)
    await expect(toast(page, "Your text has 4999 characters and sketch takes 4000 at most")).to_be_visible()
    await expect(box(page)).to_have_value(long)
    await expect(said(page)).to_have_count(0)
    await send(page, "mountains")
    await expect(said(page)).to_have_text("mountains")


@pytest.mark.parametrize(
    ("size", "told"), [("9x9", "sketch cannot make 9x9"), ("banana", "“banana” is not a size"), ("4096x4096", "sketch cannot make")]
)
async def test_a_size_that_cannot_be_comes_back_with_words(app: Server, page: Page, size: str, told: str):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    await page.get_by_label("Size", exact=True).fill(size)
    await send(page, "the sea in the morning")
    await expect(toast(page, told)).to_be_visible()
    await expect(box(page)).to_have_value("the sea in the morning")
    await expect(said(page)).to_have_count(0)


async def test_a_size_of_ones_own_is_drawn(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    await page.get_by_label("Size", exact=True).fill("320x200")
    reply = await draw(page, "the sea in the morning")
    assert await pictures(reply).evaluate("async (img) => (await img.decode(), [img.naturalWidth, img.naturalHeight])") == [320, 200]


@pytest.mark.parametrize("seed", ["99999999999999999999", "1e30", "1.5", "-3"])
async def test_a_seed_that_cannot_be_stays_where_it_is_and_words_say_so(app: Server, page: Page, seed: str):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    await options(page)
    field = page.get_by_label("Seed", exact=True)
    await field.fill(seed)
    for model in ("fake-image", "fake-text", "sketch"):
        await choose(page, "Model", model)
    assert float(await field.input_value()) == float(seed)
    await send(page, "the sea")
    await expect(toast(page, "cannot be a seed")).to_be_visible()
    await expect(box(page)).to_have_value("the sea")
    await choose(page, "Model", "guide")
    await ask(page, text := new("words need no seed"))
    await new_chat(page)
    await settled(page, page.get_by_role("button", name=text, exact=True).click())
    await expect(page.get_by_label("Model", exact=True)).to_have_value(re.compile("^guide"))


async def test_the_largest_seed_is_drawn_as_it_was_typed(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-image")
    await options(page)
    await page.get_by_label("Seed", exact=True).fill("9007199254740991")
    reply = await draw(page, "a large number")
    await act(reply, "Details").click()
    await expect(page.get_by_role("dialog").get_by_text("9007199254740991", exact=True)).to_be_visible()


async def test_settings_outlive_a_talk_with_a_text_model(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    await choose(page, "Size", "512×512")
    await choose(page, "Quality", "Draft")
    await choose(page, "Style", "Pixel art")
    await options(page)
    await page.get_by_label("Seed", exact=True).fill("77")
    await choose(page, "Model", "guide")
    await expect(page.get_by_label("Style", exact=True)).to_be_hidden()
    await send(page, "a prompt for a city at night")
    await page.get_by_role("button", name="Draw this", exact=True).first.click()
    await expect(pictures(page)).to_be_visible()
    await act(replies(page).last, "Details").click()
    details = page.get_by_role("dialog", name="Picture viewer")
    for value in ("512×512", "Draft", "Pixel art", "77"):
        await expect(details.get_by_text(value, exact=True).first).to_be_visible()
    await page.keyboard.press("Escape")
    await page.reload()
    await expect(page.get_by_label("Model", exact=True)).to_have_value(re.compile("^guide"))
    await choose(page, "Model", "sketch")
    for name, value in {"Size": "512×512", "Quality": "Draft", "Style": "Pixel art"}.items():
        await expect(page.get_by_label(name, exact=True)).to_have_value(value)


async def test_draw_this_paints_with_the_settings_that_are_seen(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "guide")
    await ask(page, "a prompt for a city at night")
    await choose(page, "Model", "sketch")
    await choose(page, "Size", "512×512")
    await choose(page, "Quality", "Draft")
    await page.get_by_role("button", name="Draw this", exact=True).first.click()
    await expect(pictures(page)).to_be_visible()
    await expect(replies(page).last.locator(".meta")).to_contain_text("512×512")
    await expect(replies(page).last.locator(".meta")).to_contain_text("Draft")


async def test_the_newest_of_two_quick_choices_counts(app: Server, page: Page):
    await visit(page, app.url)
    gate = await held(page)
    await pick(page, "Model", "sketch")
    await pick(page, "Model", "fake-image")
    await expect(page.locator("#composer[aria-busy=true]")).to_be_visible()
    gate.set()
    await expect(page.get_by_label("Size", exact=True)).to_have_value("1024×1024")
    await expect(page.get_by_label("Quality", exact=True)).to_have_value("Low")
    await expect(page.get_by_label("Model", exact=True)).to_have_value(re.compile("^fake-image"))


async def test_the_newest_of_two_quickly_opened_chats_has_its_own_settings(app: Server, page: Page):
    await visit(page, app.url)
    drawn, talked = new("drawn"), new("tokens:1 talked")
    await choose(page, "Model", "fake-image")
    await choose(page, "Quality", "High")
    await draw(page, drawn)
    await new_chat(page)
    await ask(page, talked)
    await new_chat(page)
    gate = await held(page)
    await page.get_by_role("button", name=talked, exact=True).click()
    await page.get_by_role("button", name=drawn, exact=True).click()
    await box(page).fill("tokens:1 sent at once")
    await box(page).press("Enter")
    gate.set()
    await expect(page.get_by_label("Quality", exact=True)).to_have_value("High")
    await expect(said(page)).to_have_text([drawn, "tokens:1 sent at once"])
    await expect(pictures(replies(page).last)).to_be_visible()


async def test_what_is_chosen_while_the_settings_follow_the_model_stays(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-image")
    gate = await held(page)
    await pick(page, "Model", "fake-image")
    await pick(page, "Size", "512×512")
    await pick(page, "Quality", "High")
    await expect(page.locator("#composer[aria-busy=true]")).to_be_visible()
    gate.set()
    await expect(page.locator("#composer[aria-busy=false]")).to_be_visible()
    await expect(page.get_by_label("Size", exact=True)).to_have_value("512×512")
    await expect((await draw(page, new("as it was chosen"))).locator(".meta")).to_contain_text(re.compile("512×512.*High"))


async def test_settings_of_a_chosen_model_that_come_late_leave_the_opened_chat_its_own(app: Server, page: Page):
    await visit(page, app.url)
    drawn = new("drawn before")
    for control, entry in (("Model", "fake-image"), ("Quality", "High")):
        await choose(page, control, entry)
    await draw(page, drawn)
    await new_chat(page)
    await choose(page, "Model", "sketch")
    await choose(page, "Quality", "Draft")
    named = "gradio_config.dependencies.find(each => each.api_name === 'follow_model').id"
    gate = await held(page, only=f'"fn_index":{await page.evaluate(named)},')
    await pick(page, "Model", "fake-image")
    await page.get_by_role("button", name=drawn, exact=True).click()
    await expect(page.get_by_label("Quality", exact=True)).to_have_value("High")
    gate.set()
    await expect(page.locator("#composer[aria-busy=false]")).to_be_visible()
    await page.wait_for_timeout(300)
    await expect(page.get_by_label("Quality", exact=True)).to_have_value("High")


async def test_settings_that_did_not_come_are_asked_for_again_before_anything_is_sent(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("ERR_FAILED|Connection errored out")
    await visit(page, app.url)
    drawn = new("drawn before")
    await choose(page, "Model", "fake-image")
    await choose(page, "Quality", "High")
    await draw(page, drawn)
    await new_chat(page)
    await page.route(re.compile("run/predict"), lambda route: route.abort())
    await page.get_by_role("button", name=drawn, exact=True).click()
    await expect(said(page)).to_have_text(drawn)
    await page.wait_for_timeout(500)
    await page.unroute_all()
    reply = await draw(page, "with its own settings")
    await expect(pictures(reply)).to_have_count(1)
    await expect(page.get_by_label("Quality", exact=True)).to_have_value("High")


async def test_settings_that_fail_twice_are_asked_for_until_they_come(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("status of 500")
    await visit(page, app.url)
    failed: list[Route] = []

    async def broken(route: Route) -> None:
        failed.append(route)
        await (route.fulfill(status=500, body="") if len(failed) < 3 else route.continue_())

    await page.route(re.compile("run/predict"), broken)
    await page.get_by_role("button", name="New chat").click()
    await send(page, text := new("tokens:1 patient"))
    await expect(said(page)).to_have_text(text)
    assert len(failed) > 2
