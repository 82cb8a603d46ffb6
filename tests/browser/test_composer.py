"""The composer's manners: what is typed is never lost, sent twice or sent by accident."""

import asyncio
import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.deeds import act, ask, box, choose, draw, new, new_chat, options, pictures, replies, said, send, settled, toast, visit
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


async def test_drafts_stay_with_their_chats(app: Server, page: Page):
    await visit(page, app.url)
    first = new("tokens:1 the first chat")
    await ask(page, first)
    await box(page).fill("a draft in the first")
    await new_chat(page)
    await expect(box(page)).to_have_value("")
    await box(page).fill("a draft in a new one")
    await page.reload()
    await expect(box(page)).to_have_value("a draft in a new one")
    await settled(page, page.get_by_role("button", name=first, exact=True).click())
    await expect(box(page)).to_have_value("a draft in the first")
    await page.reload()
    await expect(box(page)).to_have_value("a draft in the first")
    await box(page).press("Enter")
    await expect(said(page)).to_have_count(2)
    await page.reload()
    await expect(said(page)).to_have_count(2)
    await expect(box(page)).to_have_value("")
    await new_chat(page)
    await expect(box(page)).to_have_value("a draft in a new one")


async def test_two_tabs_keep_a_draft_each(app: Server, page: Page):
    await visit(page, app.url)
    other = await page.context.new_page()
    await visit(other, app.url)
    await box(page).fill(first := new("tokens:1 typed in one tab"))
    await box(other).fill("typed in the other")
    await page.reload()
    await expect(box(page)).to_have_value(first)
    await box(page).press("Enter")
    await expect(said(page)).to_have_text(first)
    await other.reload()
    await expect(box(other)).to_have_value("typed in the other")
    await page.reload()
    await expect(said(page)).to_have_text(first)
    await expect(box(page)).to_have_value("")
    third = await page.context.new_page()
    await other.close()
    await visit(third, app.url)
    await expect(box(third)).to_have_value("typed in the other")


async def test_what_is_typed_while_a_turn_is_sent_stays(app: Server, page: Page):
    await visit(page, app.url)
    typed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def late(route: Route) -> None:
        await typed
        await route.continue_()

    await page.route(re.compile("run/predict"), late)
    await send(page, "tokens:1 on its way")
    await expect(box(page)).to_have_value("")
    await box(page).press_sequentially("already the next")
    typed.set_result(None)
    await expect(said(page)).to_have_text("tokens:1 on its way")
    await expect(replies(page)).to_contain_text("END")
    await expect(box(page)).to_have_value("already the next")


async def test_a_text_refused_while_the_next_is_typed_can_be_put_back(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    gate = await held(page)
    long = ("mountains " * 500)[:-1]
    await send(page, long)
    await box(page).press_sequentially("the next one")
    gate.set()
    refusal = toast(page, "sketch takes 4000 at most")
    await expect(refusal).to_be_visible()
    await expect(box(page)).to_have_value("the next one")
    await page.reload()
    await expect(box(page)).to_have_value("the next one")
    await toast(page, "A text of yours was not sent.").get_by_role("button", name="Put it back").click()
    await expect(box(page)).to_have_value(long)
    await toast(page, "Your draft was set aside").get_by_role("button", name="Put it back").click()
    await expect(box(page)).to_have_value("the next one")


async def test_a_text_refused_after_another_chat_was_opened_goes_back_to_its_own(app: Server, page: Page):
    await visit(page, app.url)
    other = new("tokens:1 another chat")
    await ask(page, other)
    await settled(page, new_chat(page))
    await choose(page, "Model", "sketch")
    gate = await held(page)
    long = ("mountains " * 500)[:-1]
    await send(page, long)
    await page.get_by_role("button", name=other, exact=True).click()
    gate.set()
    refusal = toast(page, "sketch takes 4000 at most")
    await expect(refusal).to_be_visible()
    await expect(box(page)).to_have_value("")
    await refusal.get_by_role("button", name="Show").click()
    await expect(box(page)).to_have_value(long)
    await expect(said(page)).to_have_count(0)


async def test_an_answer_that_is_lost_is_not_a_second_turn(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("ERR_FAILED")
    await visit(page, app.url)

    async def lost(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route(re.compile("/live"), lambda route: route.abort())
    await page.reload()
    await expect(page.locator("#composer[aria-busy=false]")).to_be_visible()
    await page.route(re.compile("run/predict"), lost)
    await page.evaluate("imagechat.live.lost = false")
    text = new("tokens:1 only once")
    await send(page, text)
    await expect(toast(page, "could not be reached")).to_be_visible()
    await expect(box(page)).to_have_value(text)
    await page.unroute_all()
    await page.reload()
    await expect(said(page)).to_have_text(text)
    await expect(box(page)).to_have_value("")


async def test_a_lost_answer_does_not_matter_once_the_turn_is_seen(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("ERR_FAILED")
    await visit(page, app.url)

    async def lost(route: Route) -> None:
        await route.fetch()
        await seen.wait()
        await route.abort()
        over.set()

    seen, over = asyncio.Event(), asyncio.Event()
    await page.route(re.compile("run/predict"), lost)
    text = new("tokens:1 seen")
    await send(page, text)
    await expect(replies(page)).to_contain_text("END")
    seen.set()
    await over.wait()
    await page.unroute_all()
    await page.wait_for_timeout(300)
    await expect(box(page)).to_have_value("")
    await expect(toast(page, "could not be reached")).to_have_count(0)
    await page.reload()
    await expect(said(page)).to_have_text([text])
    await expect(box(page)).to_have_value("")


async def test_what_is_slow_to_be_sent_says_so_and_can_be_taken_back(app: Server, page: Page):
    await visit(page, app.url)
    gate = await held(page)
    text = new("tokens:1 slow")
    await send(page, text)
    row = page.get_by_role("status").filter(has_text=f"Sending “{text}”")
    await expect(row).to_be_visible()
    await row.get_by_role("button", name="Take it back").click()
    await expect(box(page)).to_have_value(text)
    await expect(toast(page, "It is back in the box")).to_be_visible()
    await expect(row).to_have_count(0)
    gate.set()
    await box(page).press("End")
    await box(page).press_sequentially(", better")
    await box(page).press("Enter")
    await expect(said(page)).to_have_text([f"{text}, better"])
    await page.reload()
    await expect(said(page)).to_have_text([f"{text}, better"])


@pytest.mark.parametrize("changed", [False, True])
async def test_what_was_taken_back_too_late_stands_in_the_chat_and_is_not_sent_twice(
    app: Server, page: Page, allowed_errors: list[str], changed: bool
):
    allowed_errors.append("ERR_FAILED")
    await visit(page, app.url)
    await page.route(re.compile("/live"), lambda route: route.abort())
    await visit(page, app.url)
    await page.evaluate("imagechat.live.lost = false")
    there = asyncio.Event()

    async def unanswered(route: Route) -> None:
        await route.fetch()
        there.set()

    await page.route(re.compile("run/predict"), unanswered)
    text = new("tokens:1 too late")
    await send(page, text)
    await there.wait()
    await page.get_by_role("button", name="Take it back").click()
    await expect(box(page)).to_have_value(text)
    if changed:
        await box(page).fill("something else")
    await page.unroute_all()
    await expect(said(page)).to_have_text([text])
    await expect(box(page)).to_have_value("something else" if changed else "")
    await expect(toast(page, "had arrived after all")).to_have_count(int(changed))


async def test_messages_of_a_stalled_server_arrive_in_the_order_in_which_they_were_said(app: Server, page: Page):
    await visit(page, app.url)
    await ask(page, "tokens:1 before")
    first, later = asyncio.Event(), asyncio.Event()

    async def stalled(route: Route) -> None:
        await (later if first.is_set() else first).wait()
        await route.continue_()

    await page.route(re.compile("run/predict"), stalled)
    texts = [new(f"tokens:1 number {number}") for number in range(4)]
    for text in texts:
        await send(page, text)
    row = page.get_by_role("status").filter(has_text=texts[2])
    await row.locator("div").filter(has_text=texts[2]).get_by_role("button", name="Take it back").click()
    await expect(box(page)).to_have_value(texts[2])
    first.set()
    await expect(said(page)).to_have_count(2)
    later.set()
    await expect(said(page)).to_have_text(["tokens:1 before", texts[0], texts[1], texts[3]])
    await expect(box(page)).to_have_value(texts[2])


async def test_several_unsent_messages_outlive_a_reload(app: Server, page: Page):
    await visit(page, app.url)
    await ask(page, "tokens:1 before")
    await held(page)
    for text in ("the first", "the second"):
        await send(page, text)
    await box(page).fill("a draft")
    await page.reload()
    await expect(box(page)).to_have_value("a draft")
    await page.unroute_all(behavior="ignoreErrors")
    for text in ("the first", "the second", "a draft", "the first"):
        await page.locator(".toast").get_by_role("button", name="Put it back").click()
        await expect(box(page)).to_have_value(text)


async def test_a_press_that_waits_for_settings_sends_what_was_there_and_leaves_what_is_typed_on(app: Server, page: Page):
    await visit(page, app.url)
    gate = await held(page)
    await pick(page, "Model", "fake-image")
    await send(page, "pressed")
    await expect(box(page)).to_have_value("")
    await box(page).press_sequentially("typed on")
    gate.set()
    await expect(said(page)).to_have_text("pressed")
    await expect(pictures(replies(page))).to_be_visible()
    await expect(box(page)).to_have_value("typed on")


async def test_a_press_that_waits_for_settings_stays_in_its_chat(app: Server, page: Page):
    await visit(page, app.url)
    one, two = new("tokens:1 one chat"), new("tokens:1 another chat")
    await ask(page, one)
    await new_chat(page)
    await ask(page, two)
    gate = await held(page)
    await page.get_by_role("button", name=one, exact=True).click()
    await send(page, "pressed too early")
    await page.get_by_role("button", name=two, exact=True).click()
    await expect(box(page)).to_have_value("")
    await box(page).fill("a draft in another chat")
    gate.set()
    await expect(page.locator("#composer[aria-busy=false]")).to_be_visible()
    await toast(page, "was not sent").get_by_role("button", name="Show").click()
    await expect(box(page)).to_have_value("pressed too early")
    await expect(said(page)).to_have_text([one])
    await page.get_by_role("button", name=two, exact=True).click()
    await expect(box(page)).to_have_value("a draft in another chat")
    await expect(said(page)).to_have_text([two])


@pytest.mark.parametrize("back", [False, True])
async def test_a_picture_arrives_in_the_chat_that_it_was_added_to(app: Server, page: Page, back: bool):
    await visit(page, app.url)
    other = new("tokens:1 elsewhere")
    await choose(page, "Model", "fake-seeing")
    await ask(page, other)
    await new_chat(page)
    gate = asyncio.Event()

    async def slow(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await page.route(re.compile("upload_id"), slow)
    await page.locator("#message input[type=file]").set_input_files(
        {"name": "red.png", "mimeType": "image/png", "buffer": dot((200, 0, 0))}
    )
    await expect(page.get_by_text("Adding red.png…")).to_be_visible()
    await settled(page, page.get_by_role("button", name=other, exact=True).click())
    await expect(page.get_by_text("Adding red.png…")).to_have_count(0)
    if back:
        await new_chat(page)
    else:
        await send(page, "tokens:1 is not kept waiting")
        await expect(said(page)).to_have_count(2)
    gate.set()
    if not back:
        await page.wait_for_timeout(500)
        await expect(thumbnails(page)).to_have_count(0)
        await new_chat(page)
    await expect(thumbnails(page)).to_have_count(1)
    await choose(page, "Model", "fake-seeing")
    await send(page, "tokens:1 with the picture")
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
    await expect(thumbnails(page)).to_have_count(0)


async def test_pictures_that_were_added_outlive_a_reload(app: Server, page: Page, allowed_errors: list[str]):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    await attach(page, "blue.png", (0, 0, 200))
    await thumbnails(page).first.get_by_role("button", name="Remove file").click()
    await expect(thumbnails(page)).to_have_count(1)
    await visit(page, app.url)
    await expect(thumbnails(page)).to_have_count(1)
    await choose(page, "Model", "fake-seeing")
    await send(page, "tokens:1 with blue")
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
    await expect(thumbnails(page)).to_have_count(0)
    await page.reload()
    await expect(said(page)).to_have_count(1)
    await expect(thumbnails(page)).to_have_count(0)
    await attach(page, "green.png", (0, 200, 0))
    allowed_errors.append("404")
    await page.route(re.compile("/file="), lambda route: route.fulfill(status=404))
    await page.reload()
    await expect(toast(page, "The picture green.png is no longer on the server")).to_be_visible()
    await expect(thumbnails(page)).to_have_count(0)


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
    await page.get_by_role("button", name="Draw this").first.click()
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
    await page.get_by_role("button", name="Draw this").first.click()
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
    await expect(page.get_by_label("Size", exact=True)).to_have_value("256×256")
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


async def test_each_chat_keeps_its_own_pictures(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    first = new("tokens:1 the first")
    await ask(page, first)
    await new_chat(page)
    await settled(page, page.get_by_role("button", name=first, exact=True).click())
    await attach(page, "red.png", (200, 0, 0))
    await new_chat(page)
    await expect(thumbnails(page)).to_have_count(0)
    await attach(page, "blue.png", (0, 0, 200))
    await attach(page, "green.png", (0, 200, 0))
    await settled(page, page.get_by_role("button", name=first, exact=True).click())
    await expect(thumbnails(page)).to_have_count(1)
    await send(page, "tokens:1 with red")
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
    await expect(thumbnails(page)).to_have_count(0)


async def test_a_draft_with_its_picture_is_put_back_after_a_recipe(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-image")
    reply = await draw(page, "a recipe")
    await attach(page, "red.png", (200, 0, 0))
    await box(page).fill("a draft with a picture")
    await act(reply, "Regenerate").click()
    await expect(box(page)).to_have_value("a recipe")
    await expect(thumbnails(page)).to_have_count(0)
    await toast(page, "your draft was set aside").get_by_role("button", name="Put back my draft").click()
    await expect(box(page)).to_have_value("a draft with a picture")
    await expect(thumbnails(page)).to_have_count(1)


async def test_a_picture_added_while_another_is_sent_stays(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    gate = await held(page)
    await send(page, "tokens:1 one picture")
    await attach(page, "blue.png", (0, 0, 200), there=1)
    gate.set()
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
    await expect(thumbnails(page)).to_have_count(1)


async def test_a_draft_that_made_room_for_a_recipe_stays_with_its_chat_and_outlives_a_reload(app: Server, page: Page):
    await visit(page, app.url)
    other = new("tokens:1 another chat")
    await ask(page, other)
    await box(page).fill("a draft of another chat")
    await new_chat(page)
    await choose(page, "Model", "fake-image")
    reply = await draw(page, first := new("a recipe"))
    await attach(page, "red.png", (200, 0, 0))
    await box(page).fill("a draft with a picture")
    await act(reply, "Regenerate").click()
    await expect(box(page)).to_have_value(first)
    await settled(page, page.get_by_role("button", name=other, exact=True).click())
    await expect(page.locator(".toast")).to_have_count(0)
    await expect(box(page)).to_have_value("a draft of another chat")
    await expect(thumbnails(page)).to_have_count(0)
    await settled(page, page.get_by_role("button", name=first, exact=True).click())
    await page.reload()
    await expect(box(page)).to_have_value(first)
    await toast(page, "Your draft was set aside").get_by_role("button", name="Put it back").click()
    await expect(box(page)).to_have_value("a draft with a picture")
    await expect(thumbnails(page)).to_have_count(1)
    await toast(page, "Your draft was set aside").get_by_role("button", name="Dismiss").click()
    await page.reload()
    await expect(box(page)).to_have_value("a draft with a picture")
    await expect(thumbnails(page)).to_have_count(1)
    await expect(page.locator(".toast")).to_have_count(0)


async def test_a_recipe_that_comes_late_leaves_the_chat_alone_that_is_open_by_then(app: Server, page: Page):
    await visit(page, app.url)
    other = new("tokens:1 another chat")
    await ask(page, other)
    await box(page).fill("a draft of another chat")
    await new_chat(page)
    await choose(page, "Model", "fake-image")
    reply = await draw(page, "a recipe")
    gate = await held(page)
    await act(reply, "Regenerate").click()
    await page.get_by_role("button", name=other, exact=True).click()
    gate.set()
    await expect(toast(page, "Another chat was opened before the recipe came")).to_be_visible()
    await expect(page.locator("#composer[aria-busy=false]")).to_be_visible()
    await expect(page.get_by_label("Model", exact=True)).to_have_value(re.compile("^fake-text"))
    await expect(box(page)).to_have_value("a draft of another chat")
    await page.reload()
    await expect(box(page)).to_have_value("a draft of another chat")


async def test_a_reload_lets_no_later_message_overtake(app: Server, page: Page):
    await visit(page, app.url)
    await ask(page, "tokens:1 before")
    asked: list[str] = []

    async def late(route: Route) -> None:
        asked.append(route.request.post_data or "")
        await asyncio.sleep(60)

    await page.route(re.compile("run/predict"), late)
    for text in ("o-0", "o-1", "o-2"):
        await send(page, text)
    await page.reload()
    await page.wait_for_timeout(500)
    assert [name for name in ("o-0", "o-1", "o-2") if any(name in each for each in asked)] == ["o-0"]
    await page.unroute_all(behavior="ignoreErrors")


async def test_an_upload_stays_with_its_new_chat_when_that_gets_its_address(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    answer, arrival = await held(page), asyncio.Event()

    async def slow(route: Route) -> None:
        await arrival.wait()
        await route.continue_()

    await page.route(re.compile("upload_id"), slow)
    await send(page, text := new("tokens:1 first"))
    await page.locator("#message input[type=file]").set_input_files(
        {"name": "red.png", "mimeType": "image/png", "buffer": dot((200, 0, 0))}
    )
    answer.set()
    await expect(said(page)).to_have_text(text)
    await expect(page).to_have_url(re.compile("chat="))
    await send(page, "tokens:1 with the picture")
    await expect(toast(page, "A picture is still on its way up")).to_be_visible()
    await new_chat(page)
    arrival.set()
    await page.wait_for_timeout(500)
    await expect(thumbnails(page)).to_have_count(0)
    await settled(page, page.get_by_role("button", name=text, exact=True).click())
    await expect(thumbnails(page)).to_have_count(1)
    await expect(box(page)).to_have_value("tokens:1 with the picture")


async def test_what_was_set_aside_goes_when_it_turns_out_to_have_arrived(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("ERR_FAILED")
    await visit(page, app.url)
    await ask(page, "tokens:1 before")
    there = asyncio.Semaphore(0)
    await page.route(re.compile("/live"), lambda route: route.abort())
    await visit(page, page.url)
    await page.evaluate("imagechat.live.lost = false")

    async def unanswered(route: Route) -> None:
        await route.fetch()
        there.release()

    await page.route(re.compile("run/predict"), unanswered)
    first, second = new("tokens:1 first"), new("tokens:1 second")
    await send(page, first)
    await send(page, second)
    for text in (first, second):
        await there.acquire()
        row = page.get_by_role("status").locator("div").filter(has_text=text)
        await row.get_by_role("button", name="Take it back").click()
    await expect(box(page)).to_have_value(first)
    await toast(page, "was not sent").get_by_role("button", name="Put it back").click()
    await expect(box(page)).to_have_value(second)
    await page.unroute_all(behavior="ignoreErrors")
    await page.reload()
    await expect(said(page)).to_have_text(["tokens:1 before", first, second])
    await expect(box(page)).to_have_value("")
    await expect(page.get_by_role("button", name="Put it back")).to_have_count(0)


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


async def test_a_picture_that_is_added_after_a_press_waits_for_the_next(app: Server, page: Page):
    await visit(page, app.url)
    gate = await held(page)
    await pick(page, "Model", "fake-seeing")
    await send(page, "tokens:1 pressed without")
    await attach(page, "later.png", (200, 0, 0))
    gate.set()
    await expect(said(page)).to_have_text("tokens:1 pressed without")
    await expect(replies(page)).to_contain_text("END")
    await expect(thumbnails(page)).to_have_count(1)
    await expect(page.locator(".turn.user .inputs img")).to_have_count(0)


async def test_a_picture_alone_can_follow_one_that_is_on_its_way(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    gate = await held(page)
    await send(page, "tokens:1 with red")
    await expect(thumbnails(page)).to_have_count(0)
    await attach(page, "blue.png", (0, 0, 200))
    for _ in range(5):
        await box(page).press("Enter")
    gate.set()
    await expect(page.locator(".turn.user .inputs img")).to_have_count(2)
    await expect(page.locator(".turn.user")).to_have_count(2)
    await expect(page.locator(".toast")).to_have_count(0)
    await expect(thumbnails(page)).to_have_count(0)


async def test_a_browser_that_keeps_nothing_loses_nothing_on_the_page(app: Server, open_page: OpenPage, allowed_errors: list[str]):
    allowed_errors.append("status of 500")
    page = await open_page()
    await page.add_init_script("Storage.prototype.setItem = Storage.prototype.getItem = () => { throw new DOMException('full') }")
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    await send(page, first := new("tokens:1 with red"))
    await expect(said(page)).to_have_text(first)
    await expect(thumbnails(page)).to_have_count(0)
    gate = asyncio.Event()

    async def broken(route: Route) -> None:
        await gate.wait()
        await route.fulfill(status=500, body="")

    await page.route(re.compile("run/predict"), broken)
    await send(page, "sent and lost")
    await box(page).fill("typed on")
    gate.set()
    await page.get_by_role("button", name="Put it back").click()
    await expect(box(page)).to_have_value("sent and lost")
    await page.unroute_all()
    await page.get_by_role("button", name="Dark", exact=True).click()
    await new_chat(page)
    await settled(page, page.get_by_role("button", name=first, exact=True).click())
    await expect(box(page)).to_have_value("sent and lost")


async def test_a_draft_that_another_tab_took_over_and_sent_is_gone_here_too(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    await box(page).fill("tokens:1 in two tabs")
    other = await page.context.new_page()
    await visit(other, app.url)
    await expect(box(other)).to_have_value("tokens:1 in two tabs")
    await expect(thumbnails(other)).to_have_count(1)
    await box(page).press("Enter")
    await expect(said(page)).to_have_count(1)
    await expect(box(other)).to_have_value("")
    await expect(thumbnails(other)).to_have_count(0)


async def test_a_reload_while_a_picture_is_sent_raises_no_alarm(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    there = asyncio.Event()

    async def unanswered(route: Route) -> None:
        await route.fetch()
        there.set()

    await page.route(re.compile("run/predict"), unanswered)
    await send(page, text := new("tokens:1 with red"))
    await there.wait()
    await page.reload()
    await page.unroute_all(behavior="ignoreErrors")
    await expect(said(page)).to_have_text(text)
    await expect(thumbnails(page)).to_have_count(0)
    await expect(box(page)).to_have_value("")
    await page.wait_for_timeout(300)
    await expect(page.locator(".toast")).to_have_count(0)


async def test_an_example_in_a_new_chat_leaves_the_draft_where_it_is_seen(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    await box(page).fill("my precious words")
    await page.locator(".example").first.click()
    await expect(pictures(page)).to_be_visible(timeout=30_000)
    await expect(box(page)).to_have_value("my precious words")
    await page.reload()
    await expect(box(page)).to_have_value("my precious words")
    await expect(thumbnails(page)).to_have_count(1)
    await choose(page, "Model", "fake-seeing")
    await box(page).press("Enter")
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
    await new_chat(page)
    await expect(box(page)).to_have_value("")
    await expect(thumbnails(page)).to_have_count(0)


async def test_a_picture_comes_back_with_its_own_message_and_goes_with_no_other(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("status of 500")
    await visit(page, app.url)
    await choose(page, "Model", "fake-seeing")
    await attach(page, "red.png", (200, 0, 0))
    gate = asyncio.Event()

    async def broken(route: Route) -> None:
        await gate.wait()
        await route.fulfill(status=500, body="")

    await page.route(re.compile("run/predict"), broken)
    await send(page, "tokens:1 look at red")
    await box(page).fill("tokens:1 unrelated")
    gate.set()
    await expect(page.get_by_role("button", name="Put it back")).to_be_visible()
    await page.unroute_all()
    await box(page).press("Enter")
    await expect(said(page)).to_have_text("tokens:1 unrelated")
    await expect(page.locator(".turn.user .inputs img")).to_have_count(0)
    await page.get_by_role("button", name="Put it back").click()
    await expect(thumbnails(page)).to_have_count(1)
    await box(page).press("Enter")
    await expect(said(page)).to_have_text(["tokens:1 unrelated", "tokens:1 look at red"])
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)


async def test_what_is_refused_in_a_chat_that_never_was_comes_to_the_new_one(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    gate = await held(page)
    long = ("mountains " * 500)[:-1]
    await send(page, long)
    await page.get_by_role("button", name="New chat").click()
    gate.set()
    await expect(toast(page, "sketch takes 4000 at most")).to_be_visible()
    await page.reload()
    await expect(box(page)).to_have_value(long)
    await expect(page.locator(".toast")).to_have_count(0)


@pytest.mark.parametrize("arrives", [False, True])
async def test_a_reload_finds_what_was_on_its_way_in_a_new_chat_that_was_left(app: Server, page: Page, arrives: bool):
    await visit(page, app.url)
    there = asyncio.Event()

    async def stalled(route: Route) -> None:
        if arrives:
            await route.fetch()
        there.set()

    await page.route(re.compile("run/predict"), stalled)
    await send(page, text := new("tokens:1 left behind"))
    await there.wait()
    await page.get_by_role("button", name="New chat").click()
    await page.reload()
    await page.unroute_all(behavior="ignoreErrors")
    if arrives:
        await settled(page, page.get_by_role("button", name=text, exact=True).click())
        await expect(said(page)).to_have_text(text)
    else:
        await expect(box(page)).to_have_value(text)
        await page.reload()
        await expect(box(page)).to_have_value(text)
    await expect(page.get_by_role("button", name="Put it back")).to_have_count(0)


async def test_nothing_is_sent_while_a_recipe_is_on_its_way(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-image")
    reply = await draw(page, "a recipe")
    await choose(page, "Model", "fake-text")
    await box(page).fill("tokens:1 words for the text model")
    gate = await held(page)
    await act(reply, "Regenerate").click()
    await box(page).press("Enter")
    await expect(toast(page, "recipe is on its way")).to_be_visible()
    gate.set()
    await expect(box(page)).to_have_value("a recipe")
    await toast(page, "your draft was set aside").get_by_role("button", name="Put back my draft").click()
    await expect(box(page)).to_have_value("tokens:1 words for the text model")
    await expect(said(page)).to_have_count(1)


async def test_a_recipe_waits_for_settings_that_are_asked_for_again(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("status of 500")
    await visit(page, app.url)
    await choose(page, "Model", "fake-image")
    reply = await draw(page, drawn := new("a recipe"))
    await choose(page, "Model", "fake-text")
    await ask(page, "tokens:1 the chat has a text model now")
    await new_chat(page)
    await page.route(re.compile("run/predict"), lambda route: route.fulfill(status=500, body=""), times=1)
    await page.get_by_role("button", name=drawn, exact=True).click()
    await act(reply, "Regenerate").first.click()
    await expect(box(page)).to_have_value(drawn)
    await expect(page.locator("#composer[aria-busy=false]")).to_be_visible()
    await page.wait_for_timeout(3500)
    await expect(page.get_by_label("Model", exact=True)).to_have_value(re.compile("^fake-image"))


async def test_two_recipes_asked_for_in_two_chats_do_not_mix(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-image")
    await draw(page, one := new("one recipe"))
    await new_chat(page)
    await choose(page, "Model", "fake-image")
    await draw(page, other := new("another recipe"))
    gate = await held(page)
    await act(replies(page).last, "Regenerate").click()
    await page.get_by_role("button", name=one, exact=True).click()
    await expect(said(page)).to_have_text(one)
    await act(replies(page).last, "Regenerate").click()
    gate.set()
    await expect(box(page)).to_have_value(one)
    await page.reload()
    await expect(box(page)).to_have_value(one)
    await expect(page.get_by_role("button", name="Put it back")).to_have_count(0)
    await settled(page, page.get_by_role("button", name=other, exact=True).click())
    await expect(box(page)).to_have_value("")


def thumbnails(page: Page) -> Locator:
    """The pictures that wait in the composer."""
    return page.locator("#message .thumbnail-item")


async def attach(page: Page, name: str, colour: tuple[int, int, int], there: int | None = None) -> None:
    """Add a picture of one colour, and wait until it is there."""
    before = await thumbnails(page).count()
    await page.locator("#message input[type=file]").set_input_files({"name": name, "mimeType": "image/png", "buffer": dot(colour)})
    await expect(thumbnails(page)).to_have_count(there or before + 1)


def dot(colour: tuple[int, int, int]) -> bytes:
    """A small PNG of one colour."""
    data = BytesIO()
    Image.new("RGB", (64, 64), colour).save(data, "PNG")
    return data.getvalue()


async def held(page: Page) -> asyncio.Event:
    """Hold back what the page asks of Gradio until the event is set."""
    gate = asyncio.Event()

    async def late(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await page.route(re.compile("run/predict"), late)
    return gate


async def pick(page: Page, control: str, entry: str) -> None:
    """Choose without waiting for what follows."""
    await page.get_by_label(control, exact=True).click()
    await page.get_by_role("option", name=re.compile(rf"^(✓\s*)?{re.escape(entry)}")).click()
