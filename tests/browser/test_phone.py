"""On a phone of 390 × 844, by touch."""

import re

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.deeds import act, ask, box, choose, new, new_chat, options, pictures, replies, said, tab, tiles, toast, visit
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-image"}

# What lies past the screen's side edges, though it can be seen and no box that scrolls sideways holds it.
PAST_THE_EDGE = """() => [...document.querySelectorAll('body *')].filter((node) => {
  const box = node.getBoundingClientRect();
  if (box.width < 2 || box.height < 2 || (box.left >= -1 && box.right <= innerWidth + 1)) return false;
  if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
  for (let up = node; up && up !== document.body; up = up.parentElement) {
    const style = getComputedStyle(up);
    if (up !== node && style.overflowX !== 'visible' && up.getBoundingClientRect().right <= innerWidth + 1) return false;
    if (style.clipPath !== 'none') return false;
  }
  return true;
}).map((node) => `${node.tagName}#${node.id}.${node.className}`)"""


# Where what a button shows begins, within its padding.
DRAWN_FROM = "it => it.getBoundingClientRect().left + parseFloat(getComputedStyle(it).paddingLeft)"


@pytest_asyncio.fixture
async def phone(app: Server, open_page: OpenPage) -> Page:
    """The app on a phone."""
    page = await open_page(size=PHONE, has_touch=True, is_mobile=True)
    await visit(page, app.url)
    return page


async def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert await page.evaluate("[document.scrollingElement.scrollWidth <= innerWidth, innerWidth]") == [True, PHONE[0]]
    assert await page.evaluate(PAST_THE_EDGE) == []


async def test_the_tabs_leave_room_for_what_stands_beside_them(phone: Page):
    last, dress = phone.get_by_role("tab", name="Account"), phone.get_by_role("button", name="Dark", exact=True)
    await last.tap()
    await expect(last).to_have_attribute("aria-selected", "true")
    for width in (390, 360, 344):
        await phone.set_viewport_size({"width": width, "height": 844})
        tab_ends, dress_begins = await last.evaluate("it => it.getBoundingClientRect().right"), await dress.evaluate(DRAWN_FROM)
        assert tab_ends <= dress_begins, width
    await dress.tap()
    await expect(phone.get_by_role("button", name="Light", exact=True)).to_be_visible()


async def test_the_first_picture_by_touch(phone: Page):
    await fits(phone)
    examples = phone.get_by_role("group", name="Try one of these").get_by_role("button")
    for example in await examples.all():
        await example.scroll_into_view_if_needed()
        await expect(example).to_be_in_viewport()
    await examples.first.tap()
    await expect(pictures(phone)).to_be_visible(timeout=40_000)
    await fits(phone)
    for name in ("Reroll", "Same seed", "Regenerate", "Download", "Details", "Delete"):
        await expect(act(replies(phone), name)).to_be_visible()
        size = await act(replies(phone), name).bounding_box()
        assert size and min(size["width"], size["height"]) >= 24, f"{name} is too small to touch (WCAG 2.5.8)"
    heights = await replies(phone).locator(".act").evaluate_all("all => all.map((it) => Math.round(it.getBoundingClientRect().top))")
    assert len(heights) == 8 and len(set(heights)) == 1, "what can be done stands in more than one row"


async def test_people_and_budgets_are_cards(phone: Page):
    await tab(phone, "Usage")
    people = phone.locator("#people")
    await expect(people.locator(".budgets tbody tr").first).to_be_visible()
    for save in await people.get_by_role("button", name="Save").all():
        await save.scroll_into_view_if_needed()
        await expect(save).to_be_in_viewport(ratio=1)
    assert await people.locator(".wide").evaluate_all("all => all.every((it) => it.scrollWidth <= it.clientWidth)")
    await fits(phone)


async def test_write_send_look_and_throw_away_by_touch(phone: Page):
    await box(phone).tap()
    await box(phone).fill("by thumb " + "averyveryverylongwordwithoutanyspace" * 4)
    await fits(phone)
    await phone.get_by_role("button", name="Send", exact=True).tap()
    await expect(pictures(phone)).to_be_visible()
    await fits(phone)
    await phone.get_by_role("button", name="Open picture").tap()
    viewer = phone.get_by_role("dialog", name="Picture viewer")
    await expect(viewer.locator("dl")).to_be_visible()
    await fits(phone)
    await viewer.get_by_role("button", name="Close", exact=True).tap()
    await act(replies(phone), "Delete").tap()
    await fits(phone)
    await toast(phone, "Picture deleted").get_by_role("button", name="Undo").tap()
    await expect(pictures(phone)).to_be_visible()
    await tab(phone, "Gallery")
    await expect(tiles(phone).first).to_be_visible()
    await fits(phone)
    await tiles(phone).first.tap()
    await expect(viewer).to_be_visible()
    await viewer.get_by_role("button", name="Close", exact=True).tap()
    await tab(phone, "Account")
    await expect(phone.get_by_text("Data folder")).to_be_visible()
    await fits(phone)


async def test_the_menu_holds_the_chats(phone: Page):
    await expect(phone.get_by_role("navigation", name="Chats")).to_be_hidden()
    menu = phone.get_by_role("button", name="Chats", exact=True)
    title = new("from the phone")
    await ask(phone, title)
    await menu.tap()
    await expect(menu).to_have_attribute("aria-expanded", "true")
    chat = phone.get_by_role("navigation", name="Chats").get_by_role("button", name=title, exact=True)
    await expect(chat).to_be_in_viewport(ratio=1)
    await new_chat(phone)
    await expect(chat).to_be_hidden()
    await menu.tap()
    await chat.tap()
    await expect(said(phone)).to_have_text(title)
    await expect(chat).to_be_hidden()
    await menu.tap()
    await expect(chat).to_be_visible()
    await phone.touchscreen.tap(375, 500)
    await expect(chat).to_be_hidden()


async def test_the_options_open_and_are_obeyed(phone: Page):
    await choose(phone, "Model", "sketch")
    await expect(phone.get_by_label("Style", exact=True)).to_be_hidden()
    await options(phone)
    await fits(phone)
    for name in ("Size", "Quality", "Style", "Count", "Seed", "Format", "Background"):
        await expect(phone.get_by_label(name, exact=True)).to_be_in_viewport()
    await choose(phone, "Model", "fake-image")
    await choose(phone, "Size", "512×512")
    await choose(phone, "Count", "×2")
    await ask(phone, "two of them")
    await expect(pictures(phone)).to_have_count(2)
    await expect(replies(phone).locator(".meta").last).to_contain_text("512×512")
    await fits(phone)


async def test_a_swipe_goes_to_the_next_picture(phone: Page):
    await ask(phone, "left one")
    await expect(pictures(phone)).to_have_count(1)
    await ask(phone, "right one")
    await expect(pictures(phone)).to_have_count(2)
    await replies(phone).last.get_by_role("button", name="Open picture").tap()
    viewer = phone.get_by_role("dialog", name="Picture viewer")
    await expect(viewer.locator(".prompt")).to_have_text("right one")
    finger = await phone.context.new_cdp_session(phone)
    for kind, x in (("touchStart", 80), ("touchMove", 200), ("touchMove", 320), ("touchEnd", None)):
        await finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": 200}] if x else []})
    await expect(viewer.locator(".prompt")).to_have_text("left one")


async def test_long_words_and_tables_of_a_reply_stay_on_the_screen(phone: Page):
    await choose(phone, "Model", "guide")
    for question in ("which models are there?", "what styles are there?"):
        reply = await ask(phone, question)
        await expect(reply.locator(".meta")).to_be_visible()
        await fits(phone)
    await expect(replies(phone).first.locator(".prose")).to_have_text(re.compile(r"\w{3}"))
