"""Models over the network, as people meet them: chat, pictures with partial ones, Stop, reload, a second tab, bad days."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.deeds import (
    DALLE,
    FLARE,
    LUNA,
    act,
    ask,
    begin,
    choose,
    draw,
    finished,
    new,
    options,
    pictures,
    replies,
    send,
    tab,
    toast,
    visit,
)
from tests.browser.server import Server

PROVIDER = True
ENV = {"IMAGECHAT_MODELS__PATIENCE": "4"}


async def test_a_chat_is_streamed_and_says_what_it_cost(page: Page, app: Server):
    await begin(page, app.url, LUNA)
    reply = await ask(page, new("tokens:20 delay:0.1 hello"))
    await expect(reply.locator(".prose")).to_contain_text("word2")
    await expect(reply).to_have_class(re.compile("running"))
    await expect(reply.locator(".meta")).to_contain_text("→ 20 tokens")
    await expect(reply.locator(".meta")).to_contain_text(re.compile(r"\$0\.0000"))
    await expect(reply.locator(".prose")).to_contain_text("word19")


async def test_a_picture_comes_with_partial_ones_and_says_what_it_cost(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    reply = await ask(page, new("delay:1.2 a fox in snow"))
    await expect(reply.locator("img.partial")).to_be_visible()
    await expect(pictures(reply)).to_have_count(1)
    await expect(reply.locator("img.partial")).to_have_count(0)
    await expect(reply.locator(".meta")).to_contain_text("$0.036")
    await act(reply, "Details").click()
    side = page.locator("#viewer .side")
    await expect(side).to_contain_text("20 → 1200 tokens")
    await expect(side).to_contain_text("no: the model has no seed")
    await expect(act(reply, "Same seed")).to_have_count(0)


async def test_one_of_three_fails_alone_and_can_be_tried_again(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    await choose(page, "Count", "×3")
    reply = await ask(page, new("status:500 times:1 three foxes"))
    await expect(pictures(reply)).to_have_count(2)
    failed = reply.locator(".place.failed")
    await expect(failed).to_contain_text("error 500")
    await failed.get_by_role("button", name="Try again").click()
    await expect(pictures(page)).to_have_count(3)


async def test_stop_ends_the_call_and_keeps_what_came(page: Page, app: Server):
    await begin(page, app.url, LUNA)
    reply = await ask(page, new("tokens:500 delay:0.1 hello"))
    await expect(reply.locator(".prose")).to_contain_text("word3")
    await page.get_by_role("button", name="Stop").click()
    await expect(reply.locator(".problem")).to_contain_text("Stopped. What came is kept.")
    await expect(reply.locator(".prose")).to_contain_text("word3")
    assert app.provider.open == 0


async def test_a_reload_and_a_second_tab_in_mid_stream_show_the_newest(page: Page, open_page: OpenPage, app: Server):
    await begin(page, app.url, LUNA)
    reply = await ask(page, new("tokens:60 delay:0.1 hello"))
    await expect(reply.locator(".prose")).to_contain_text("word3")
    await page.reload()
    await expect(replies(page).locator(".prose")).to_contain_text("word8")
    other = await page.context.new_page()
    await visit(other, page.url)
    await expect(replies(other).locator(".prose")).to_contain_text("word30")
    for each in (page, other):
        await expect(replies(each).locator(".prose")).to_contain_text("word59")
        await expect(replies(each).locator(".meta")).to_be_visible()


async def test_a_busy_provider_is_waited_for_once_and_the_page_says_how_long(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    reply = await ask(page, new("status:429 retry:3 times:1 a fox"))
    await expect(reply.locator(".live")).to_contain_text(f"{FLARE} is busy")
    await expect(reply.locator(".live")).to_contain_text(re.compile(r"tries once more in \d s; nothing was charged"))
    await expect(pictures(reply)).to_have_count(1)


BAD = {
    "status:401": "did not accept the key",
    "status:403": "has no access",
    "status:404": "The provider has no model",
    "status:500": "stumbled (error 500)",
    "status:429 retry:90": "asked too often",
    "then:hang at:start": "said nothing for 4 seconds",
    "then:reset": "broke off in the middle",
    "then:short": "ended before its end",
}


@pytest.mark.parametrize("fault", BAD)
@pytest.mark.parametrize("model", [LUNA, FLARE])
async def test_a_bad_day_is_told_in_words_with_a_way_on(page: Page, app: Server, fault: str, model: str):
    await begin(page, app.url, model)
    reply = await finished(page, new(f"tokens:8 {fault} a fox"))
    await expect(reply.locator(".problem")).to_contain_text(BAD[fault])
    await expect(reply.locator(".problem").get_by_role("button", name="Try again")).to_be_visible()
    await expect(pictures(reply)).to_have_count(0)
    assert "{" not in await reply.locator(".problem").inner_text()


async def test_a_blocked_prompt_is_explained_and_can_be_reworded(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    reply = await finished(page, new("then:blocked at:start a fight by the sea"))
    await expect(reply.locator(".problem")).to_contain_text("safety rules")
    await expect(reply.locator(".problem")).to_contain_text("safety_violations=[violence]")
    await reply.get_by_role("button", name="Reword").click()
    panel = page.get_by_role("group", name="A prompt to look at")
    await expect(panel.get_by_role("textbox")).to_have_value(re.compile("a fight by the sea"))
    await panel.get_by_role("textbox").fill("two friends by the sea")
    await panel.get_by_role("button", name="Use these words").click()
    await expect(page.get_by_role("textbox", name="Message", exact=True)).to_have_value("two friends by the sea")


async def test_switching_models_shows_exactly_its_controls_and_says_what_changed(page: Page, app: Server):
    await visit(page, app.url)
    await options(page)
    await page.get_by_label("Seed", exact=True).fill("7")
    await choose(page, "Model", FLARE)
    await expect(page.get_by_label("Seed", exact=True)).to_be_hidden()
    await expect(toast(page, f"{FLARE} is different here: Seed.")).to_be_visible()
    await expect(page.get_by_label("Quality", exact=True)).to_have_value("Medium")
    await choose(page, "Quality", "Maximum")
    await choose(page, "Size", "3840")
    await expect(page.get_by_label("Compression (0–100)", exact=True)).to_be_hidden()
    await page.get_by_role("radio", name="WebP").check()
    await expect(page.get_by_label("Compression (0–100)", exact=True)).to_be_visible()
    await choose(page, "Model", DALLE)
    await expect(toast(page, "Quality Maximum → HD")).to_be_visible()
    await expect(toast(page, "Size 3840×2160 → 1792×1024")).to_be_visible()
    for name in ("Background", "Compression (0–100)"):
        await expect(page.get_by_label(name, exact=True)).to_be_hidden()
    await choose(page, "Model", LUNA)
    for name in ("Size", "Quality", "Style", "Count"):
        await expect(page.get_by_label(name, exact=True)).to_be_hidden()


async def test_the_older_dialect_draws_and_shows_its_own_words(page: Page, app: Server):
    await begin(page, app.url, DALLE)
    await choose(page, "Style", "Vivid")
    prompt = new("a lighthouse")
    reply = await draw(page, prompt)
    await expect(reply.locator(".note")).to_contain_text("reworded the prompt")
    await act(reply, "Details").click()
    await expect(page.locator("#viewer .side")).to_contain_text(f"{prompt}, revised")
    asked = next(each.said for each in reversed(app.provider.asked) if each.said.get("prompt") == prompt)
    assert (asked["style"], asked["quality"], asked["response_format"]) == ("vivid", "standard", "b64_json")


async def test_a_style_without_a_native_one_goes_as_words_that_details_show(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    await choose(page, "Style", "Anime")
    reply = await draw(page, new("a lighthouse"))
    await act(reply, "Details").click()
    await expect(page.locator("#viewer .side")).to_contain_text("anime film")


async def test_a_chat_that_is_too_long_is_fitted_and_says_so(page: Page, app: Server):
    await begin(page, app.url, "tiny-chat")
    for word in ("one", "two", "three"):
        await finished(page, new(f"tokens:40 {word} ") + "and so on " * 20)
    await expect(replies(page).last.locator(".note")).to_contain_text("oldest")


async def test_the_account_shows_what_was_found_but_never_the_key(page: Page, app: Server):
    await visit(page, app.url)
    await tab(page, "Account")
    account = page.locator("#account")
    await expect(account).to_contain_text(f"http://127.0.0.1:{app.provider.port}/v1")
    await expect(account).to_contain_text("A key was found. Reached; it offers")
    await expect(account).to_contain_text("gpt-image-2.5-sunburst then stands in for it.")
    assert "sk-right" not in await page.content()
    assert "sk-right" not in app.log()


async def test_a_provider_that_goes_away_is_told_and_loses_nothing(page: Page, app: Server):
    await begin(page, app.url, LUNA)
    await send(page, new("then:hang at:middle tokens:8 hello"))
    await expect(replies(page).locator(".problem")).to_contain_text("said nothing for 4 seconds")
    await expect(replies(page).locator(".prose")).to_contain_text("word0")
