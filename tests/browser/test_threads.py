"""The list of chats: new, found, renamed, thrown away and taken back; each remembers what it was drawn with."""

import asyncio
import re

from playwright.async_api import Locator, Page, Route, expect

from tests.browser.deeds import ask, box, choose, draw, new, new_chat, pictures, replies, said, send, settled, tab, tiles, toast, visit
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-text"}


def chats(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Chats")


def chat(page: Page, title: str) -> Locator:
    return chats(page).get_by_role("button", name=title, exact=True)


def in_trash(page: Page) -> Locator:
    return page.locator("#conversation").get_by_text("This chat is in the trash.")


async def test_a_chat_is_named_by_its_first_words(app: Server, page: Page):
    await visit(page, app.url)
    await ask(page, "tokens:1 " + "wonderful mountains " * 10)
    name = chats(page).locator("[aria-current=page]")
    await expect(name).to_contain_text("tokens:1 wonderful mountains")
    assert 20 < len((await name.inner_text()).strip()) <= 62
    await expect(name).to_contain_text(re.compile("…$"))
    await expect(page).to_have_url(re.compile(r"\?chat=\w{26}$"))


async def test_new_chat_is_empty_and_only_kept_once_something_was_said(app: Server, page: Page):
    await visit(page, app.url)
    await ask(page, title := new("tokens:1 a chat to leave"))
    await expect(chat(page, title)).to_be_visible()
    listed = await chats(page).locator(".thread").count()
    await new_chat(page)
    await expect(said(page)).to_have_count(0)
    await expect(box(page)).to_be_focused()
    await new_chat(page)
    await expect(chats(page).locator(".thread")).to_have_count(listed)
    await page.reload()
    await expect(page.locator(".hello")).to_be_visible()
    await expect(chats(page).locator(".thread")).to_have_count(listed)


async def test_rename_in_place(app: Server, page: Page):
    await visit(page, app.url)
    title, better = new("tokens:1 badly named"), new("<b>Better</b> name")
    await ask(page, title)
    await chat(page, title).hover()
    await page.get_by_role("button", name=f"Rename “{title}”").click()
    field = page.get_by_label("New name of the chat")
    await expect(field).to_have_value(title)
    await field.fill(better)
    await field.press("Enter")
    await expect(chat(page, better)).to_be_visible()
    await page.get_by_role("button", name=f"Rename “{better}”").click()
    await field.fill("never mind")
    await field.press("Escape")
    await expect(chat(page, better)).to_be_visible()
    await page.reload()
    await expect(chat(page, better)).to_be_visible()
    assert await chats(page).locator("b").count() == 0


async def test_search_finds_titles_and_words(app: Server, page: Page):
    await visit(page, app.url)
    zebras, quaggas = new("tokens:1 about"), new("tokens:1 and their")
    await ask(page, zebras)
    await ask(page, quaggas)
    await new_chat(page)
    await ask(page, "tokens:1 about lions")
    find = page.get_by_role("searchbox", name="Search chats")
    for words in (zebras, quaggas):
        await find.fill(words.split()[-1])
        await expect(chats(page).locator(".thread")).to_have_count(1)
        await expect(chat(page, zebras)).to_be_visible()
    await find.fill("unicorns")
    await expect(page.get_by_text("No chat has these words.")).to_be_visible()
    await find.fill("")
    await expect(chat(page, "tokens:1 about lions").first).to_be_visible()


async def test_delete_with_undo_and_its_pictures_stay(app: Server, page: Page):
    await visit(page, app.url)
    title = new("a picture that outlives its chat")
    await choose(page, "Model", "fake-image")
    await draw(page, title)
    await chat(page, title).hover()
    remove = page.get_by_role("button", name=f"Delete “{title}”")
    await remove.click()
    await expect(chat(page, title)).to_have_count(0)
    await expect(page.locator(".hello")).to_be_visible()
    await toast(page, "its pictures stay in the gallery").get_by_role("button", name="Undo").click()
    await expect(chat(page, title)).to_be_visible()
    await expect(pictures(page)).to_be_visible()
    await chat(page, title).hover()
    await remove.click()
    await expect(page.locator(".hello")).to_be_visible()
    await page.reload()
    await expect(chat(page, title)).to_have_count(0)
    await tab(page, "Gallery")
    await expect(page.locator(f"#gallery .tile[title='{title}']")).to_be_visible()
    await tiles(page).first.click()
    await page.get_by_role("dialog").get_by_role("button", name="Reroll").click()
    await expect(said(page)).to_have_text(title)
    await expect(pictures(page)).to_be_visible()


async def test_a_double_click_on_delete_takes_one_chat(app: Server, page: Page):
    await visit(page, app.url)
    titles = [new(f"tokens:1 number {number}") for number in range(3)]
    for title in titles:
        await ask(page, title)
        await new_chat(page)
    await chat(page, titles[2]).hover()
    await page.get_by_role("button", name=f"Delete “{titles[2]}”").dblclick(delay=120)
    await expect(toast(page, f"“{titles[2]}” is in the trash")).to_be_visible()
    await page.wait_for_timeout(300)
    await expect(page.locator(".toast")).to_have_count(1)
    for title in titles[:2]:
        await expect(chat(page, title)).to_be_visible()
    await page.get_by_role("button", name=f"Delete “{titles[1]}”").click()
    await expect(chat(page, titles[1])).to_have_count(0)


async def test_a_chat_in_the_trash_says_so_wherever_it_is_open_and_can_be_restored(app: Server, page: Page):
    await visit(page, app.url)
    title = new("tokens:1 thrown away elsewhere")
    await ask(page, title)
    other = await page.context.new_page()
    await visit(other, page.url)
    await chat(page, title).hover()
    await page.get_by_role("button", name=f"Delete “{title}”").click()
    await expect(page.locator(".hello")).to_be_visible()
    await expect(in_trash(page)).to_be_hidden()
    await expect(in_trash(other)).to_be_visible()
    await visit(other, other.url)
    await expect(said(other)).to_have_text(title)
    await send(other, "refused with words")
    await expect(toast(other, "Restore it, or start a new one")).to_be_visible()
    await expect(box(other)).to_have_value("refused with words")
    await other.get_by_role("button", name="Restore").click()
    await expect(in_trash(other)).to_be_hidden()
    await expect(chat(other, title)).to_be_visible()
    await expect(chat(page, title)).to_be_visible()
    await box(other).fill("tokens:1 and on it goes")
    await box(other).press("Enter")
    await expect(said(other)).to_have_count(2)


async def test_a_chat_that_could_not_be_read_is_read_when_the_connection_is_back(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append("ERR_FAILED")
    await visit(page, app.url)
    title = new("tokens:1 out of reach")
    await ask(page, title)
    await new_chat(page)
    await page.route(re.compile("component_server|run/predict"), lambda route: route.abort())
    await chat(page, title).click()
    await expect(page.locator("#conversation .status")).to_contain_text("trying again")
    await page.unroute_all()
    await expect(said(page)).to_have_text(title)


async def test_each_chat_remembers_its_model_and_settings(app: Server, page: Page):
    await visit(page, app.url)
    title = new("remembers its settings")
    await choose(page, "Model", "fake-image")
    await choose(page, "Size", "512×512")
    await choose(page, "Quality", "High")
    await choose(page, "Count", "×2")
    await draw(page, title)
    await new_chat(page)
    await expect(page.get_by_label("Model", exact=True)).to_have_value(re.compile("^fake-text"))
    await expect(page.get_by_label("Size", exact=True)).to_be_hidden()
    await ask(page, "tokens:1 only words")
    for _ in range(2):
        await settled(page, chat(page, title).click())
        for name, value in {"Model": re.compile("^fake-image"), "Size": "512×512", "Quality": "High", "Count": "×2"}.items():
            await expect(page.get_by_label(name, exact=True)).to_have_value(value)
        await page.reload()


async def test_back_and_forward_walk_through_chats(app: Server, page: Page):
    await visit(page, app.url)
    one, two = new("tokens:1 one"), new("tokens:1 two")
    await ask(page, one)
    await new_chat(page)
    await ask(page, two)
    await expect(page).to_have_url(re.compile("chat="))
    await chat(page, one).click()
    await expect(said(page)).to_have_text(one)
    await page.go_back()
    await expect(said(page)).to_have_text(two)
    await page.go_back()
    await expect(said(page)).to_have_text(one)
    await page.go_forward()
    await expect(said(page)).to_have_text(two)
    await expect(chats(page).locator("[aria-current=page]")).to_have_text(two)


async def test_a_reply_goes_on_in_a_chat_that_is_not_open(app: Server, page: Page):
    await visit(page, app.url)
    title = new("tokens:60 delay:0.05 apart")
    reply = await ask(page, title)
    await expect(reply).to_contain_text("word3")
    await new_chat(page)
    row = chats(page).locator(".thread").filter(has_text=title)
    await expect(row.get_by_role("img", name="working")).to_be_visible()
    await expect(replies(page)).to_have_count(0)
    await expect(row.get_by_role("img", name="working")).to_have_count(0)
    await row.locator(".name").click()
    await expect(replies(page)).to_contain_text("END")


async def test_an_address_of_no_chat_says_so(app: Server, page: Page):
    for chat_id in ("01hzzzzzzzzzzzzzzzzzzzzzzz", "nonsense<script>"):
        await page.goto(f"{app.url}?chat={chat_id}")
        await expect(toast(page, "This chat is not here")).to_be_visible()
        await expect(page.locator(".hello")).to_be_visible()


async def test_a_list_that_arrives_late_takes_nothing_away(app: Server, page: Page):
    gate = asyncio.Event()
    await visit(page, app.url)
    before = new("tokens:1 there before")
    await ask(page, before)

    async def late(route: Route) -> None:
        if "fetch_threads" not in (route.request.post_data or ""):
            return await route.continue_()
        answer = await route.fetch()
        await gate.wait()
        return await route.fulfill(response=answer)

    await page.route(re.compile("component_server"), late)
    await visit(page, app.url)
    title = new("tokens:1 quicker than the list")
    await ask(page, title)
    await expect(chat(page, title)).to_be_visible()
    gate.set()
    await expect(chat(page, before)).to_be_visible()
    await expect(chat(page, title)).to_be_visible()
