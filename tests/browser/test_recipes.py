"""What Regenerate puts into the composer, and what becomes of the draft that stood there."""

import re

from playwright.async_api import Page, expect

from tests.browser.deeds import act, ask, attach, box, choose, draw, held, new, new_chat, replies, said, settled, thumbnails, toast, visit
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-text"}


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
