"""What stands under every picture: take it again, look at it, keep it, throw it away, and change your mind."""

import re

from playwright.async_api import Locator, Page, Route, expect

from tests.browser.deeds import act, ask, box, choose, draw, options, pictures, replies, said, tab, tiles, toast, visit
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-image"}
DEEDS = ["Reroll", "Variations", "Edit", "Same seed", "Regenerate", "Download", "Details", "Delete"]


async def data(picture: Locator) -> bytes:
    """The bytes of a picture's file."""
    answer = await picture.page.request.get(str(await picture.evaluate("img => img.src")))
    return await answer.body()


async def test_a_picture_has_its_actions_and_begins_its_alt_with_the_prompt(app: Server, page: Page):
    await visit(page, app.url)
    reply = await draw(page, "with everything")
    assert await reply.get_by_role("toolbar").get_by_role("button").all_inner_texts() == DEEDS
    for name in DEEDS:
        await expect(act(reply, name)).to_be_visible()
    assert (await pictures(reply).get_attribute("alt") or "").startswith("with everything")
    await expect(reply.get_by_role("button", name="Open picture: with everything")).to_be_visible()


async def test_reroll_takes_another_seed_and_same_seed_gives_the_same_picture(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    await choose(page, "Size", "512×512")
    first = await draw(page, "the sea at night")
    await act(first, "Reroll").click()
    await expect(pictures(replies(page).nth(1))).to_be_visible()
    await expect(replies(page).nth(1)).to_contain_text("New take of “the sea at night”")
    await act(first, "Same seed").click()
    await expect(pictures(replies(page).nth(2))).to_be_visible()
    original, other, same = [await data(pictures(replies(page).nth(place))) for place in range(3)]
    assert original == same
    assert original != other
    await expect(said(page)).to_have_count(1)


async def test_regenerate_puts_the_whole_recipe_back(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    await choose(page, "Size", "512×512")
    await choose(page, "Quality", "Draft")
    await choose(page, "Style", "Anime")
    await options(page)
    await page.get_by_label("Seed", exact=True).fill("12")
    await page.get_by_label("Format", exact=True).get_by_label("WebP").check()
    reply = await draw(page, "a city at dusk")
    await choose(page, "Model", "fake-image")
    await page.get_by_label("Seed", exact=True).fill("")
    await box(page).fill("a draft that must not be lost")
    await act(reply, "Regenerate").click()
    await expect(box(page)).to_have_value("a city at dusk")
    await expect(page.get_by_label("Model", exact=True)).to_have_value(re.compile("^sketch"))
    for name, value in {"Size": "512×512", "Quality": "Draft", "Style": "Anime", "Count": "×1", "Seed": "12"}.items():
        await expect(page.get_by_label(name, exact=True)).to_have_value(value)
    await expect(page.get_by_label("Format", exact=True).get_by_label("WebP")).to_be_checked()
    await expect(replies(page)).to_have_count(1)
    await toast(page, "your draft was set aside").get_by_role("button", name="Put back my draft").click()
    await expect(box(page)).to_have_value("a draft that must not be lost")
    await act(reply, "Regenerate").click()
    await expect(box(page)).to_have_value("a city at dusk")
    await box(page).press("Enter")
    await expect(pictures(replies(page).last)).to_have_count(1)
    await expect(pictures(page)).to_have_count(2)
    assert await data(pictures(page).first) == await data(pictures(page).last)


async def test_one_of_three_is_taken_again_by_its_own_seed(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Count", "×3")
    reply = await draw(page, "three to choose from")
    third = reply.locator(".place").nth(2)
    await third.get_by_role("button", name="Same seed", exact=True).click()
    await expect(pictures(replies(page).last)).to_have_count(1)
    assert await data(pictures(replies(page).last)) == await data(pictures(third))
    await expect(replies(page)).to_have_count(2)


async def test_delete_in_the_chat_and_undo(app: Server, page: Page):
    await visit(page, app.url)
    reply = await draw(page, "now you see it")
    await act(reply, "Delete").click()
    await expect(pictures(reply)).to_have_count(0)
    await expect(reply).to_contain_text("Picture deleted")
    await toast(page, "Picture deleted").get_by_role("button", name="Undo").click()
    await expect(pictures(reply)).to_be_visible()
    await act(reply, "Delete").click()
    await reply.get_by_role("button", name="Restore").click()
    await expect(pictures(reply)).to_be_visible()
    await expect(toast(page, "Picture deleted")).to_have_count(0, timeout=4000)  # It would go by itself after eight seconds.
    await act(reply, "Delete").click()
    await expect(pictures(reply)).to_have_count(0)
    await page.reload()
    await replies(page).get_by_role("button", name="Restore").click()
    await expect(pictures(page)).to_be_visible()
    await tab(page, "Gallery")
    await expect(tiles(page).first).to_have_accessible_name("Open picture: now you see it")


async def test_the_light_box_and_the_way_back(app: Server, page: Page):
    await visit(page, app.url)
    await draw(page, "the first one")
    reply = await draw(page, "the second one")
    await reply.get_by_role("button", name="Open picture: the second one").click()
    viewer = page.get_by_role("dialog", name="Picture viewer")
    await expect(viewer.locator(".counter")).to_have_text("2 / 2")
    await page.keyboard.press("ArrowLeft")
    await expect(viewer.locator(".prompt")).to_have_text("the first one")
    assert await viewer.locator("img.whole").evaluate("async (img) => (await img.decode(), img.naturalWidth)") == 256
    await viewer.get_by_role("button", name="Zoom in").click()
    await page.keyboard.press("0")
    await expect(viewer.get_by_role("button", name="Zoom in")).to_be_visible()
    await viewer.get_by_role("button", name="Next picture").click()
    await expect(viewer.locator(".counter")).to_have_text("2 / 2")
    await page.keyboard.press("ArrowLeft")
    await expect(viewer.locator(".counter")).to_have_text("1 / 2")
    await page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    await expect(reply.get_by_role("button", name="Open picture: the second one")).to_be_focused()
    await act(reply, "Details").click()
    await viewer.get_by_role("button", name="Reroll", exact=True).click()
    await expect(viewer).to_be_hidden()
    await expect(replies(page)).to_have_count(3)
    await expect(pictures(replies(page).last)).to_be_visible()


async def test_a_download_from_the_chat_is_named_by_its_prompt(app: Server, page: Page):
    await visit(page, app.url)
    reply = await draw(page, "un château/à la mer: <b>")
    async with page.expect_download() as coming:
        await act(reply, "Download").click()
    assert (await coming.value).suggested_filename == "un-châteauà-la-mer-b.png"


async def test_a_double_click_is_one_wish(app: Server, page: Page):
    await visit(page, app.url)
    reply = await draw(page, "clicked by a nervous hand")
    await act(reply, "Reroll").dblclick(delay=20)
    await expect(pictures(replies(page).nth(1))).to_be_visible()
    failed = await ask(page, "then:fail nervously")
    again = failed.get_by_role("button", name="Try again")
    await again.dblclick(delay=20)
    await expect(replies(page).nth(3).get_by_role("button", name="Try again")).to_be_visible()
    await expect(again).to_be_enabled()
    await expect(replies(page)).to_have_count(4)
    await act(reply, "Reroll").focus()
    await page.keyboard.press("Enter")
    await expect(pictures(page)).to_have_count(3)
    await expect(act(reply, "Reroll")).to_be_focused()


async def test_a_double_click_reaches_nothing_that_comes_to_lie_under_it(app: Server, page: Page):
    await visit(page, app.url)
    await draw(page, "the older one")
    await draw(page, "the newer one")
    failed = await ask(page, "then:fail at once")
    await failed.get_by_role("button", name="Try again").click(click_count=3, delay=150)
    await expect(replies(page)).to_have_count(4)
    await page.wait_for_timeout(500)
    await expect(replies(page)).to_have_count(4)
    await tab(page, "Gallery")
    await expect(tiles(page).first).to_have_accessible_name("Open picture: the newer one")
    there = await tiles(page).count()
    await tiles(page).first.click()
    viewer = page.get_by_role("dialog", name="Picture viewer")
    await viewer.get_by_role("button", name="Delete").dblclick(delay=400)
    await expect(tiles(page)).to_have_count(there - 1)
    await expect(viewer).to_be_hidden()


async def test_a_lost_answer_is_asked_for_again_and_nothing_is_made_twice(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("ERR_FAILED")
    await visit(page, app.url)
    reply = await draw(page, "the answer gets lost")

    async def lost(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route(re.compile("component_server"), lost)
    await act(reply, "Reroll").click()
    await expect(pictures(page)).to_have_count(2)
    await page.unroute_all(behavior="wait")
    await expect(act(reply, "Reroll")).not_to_have_attribute("aria-disabled", "true")
    await act(reply, "Reroll").click()
    await page.wait_for_timeout(700)
    await expect(act(reply, "Reroll")).not_to_have_attribute("aria-disabled", "true")
    await expect(replies(page)).to_have_count(2)
    await act(reply, "Reroll").click()
    await expect(pictures(page)).to_have_count(3)
