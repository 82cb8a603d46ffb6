"""The gallery: everything that was made, by thumbnails and endless pages, found by words, looked at, kept, thrown away and taken back."""

import re
from pathlib import Path

from playwright.async_api import Page, expect

from imagechat.store.blobs import Blobs
from imagechat.store.database import Database, migrate
from imagechat.store.jobs import Jobs
from imagechat.store.threads import Threads
from tests.browser.conftest import OpenPage
from tests.browser.deeds import act, box, draw, new, pictures, said, tab, tiles, toast, visit
from tests.browser.server import Server
from tests.fakes.models import png
from tests.store.making import blob, finished, generation, image_request
from tests.store.making import said as kept_turn

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-image"}
MANY = 170


async def furnish(data: Path) -> None:
    """A gallery of `MANY` pictures, forty in a chat, as the app itself would have kept them; every tenth is a red fox."""
    data.mkdir(parents=True)
    migrate(data / "imagechat.db")
    db = await Database.open(data / "imagechat.db")
    threads, jobs, blobs = Threads(db), Jobs(db), Blobs(db, data / "files")
    thread = None
    for number in range(MANY):
        prompt = f"a {'red fox' if number % 10 == 0 else 'green hill'} number{number}"
        turn = await kept_turn(threads, thread if number % 40 else None, prompt)
        thread = turn.thread
        picture = blob(width=256, height=256)
        await blobs.write(picture.id, png((256, 256), number))
        made = generation(turn, picture, request=image_request(prompt, model="fake-image", size="256x256", seed=number))
        place = turn.state.places[0].model_copy(update={"status": "done", "generation": made.id})
        await jobs.keep(finished(turn.state, places=(place,)), made, picture)
    await db.close()


async def open_gallery(page: Page, app: Server) -> None:
    await visit(page, app.url)
    await tab(page, "Gallery")
    await expect(tiles(page).first).to_be_visible()


async def search(page: Page, words: str) -> None:
    await page.get_by_role("searchbox", name="Search pictures").fill(words)


async def count(page: Page, number: int) -> None:
    """Load every page and see that there are so many pictures."""
    scroller = page.locator("#gallery .scroller")
    while await page.get_by_text("That is everything.").count() == 0:
        before = await tiles(page).count()
        await scroller.evaluate("(it) => (it.scrollTop = it.scrollHeight)")
        await expect(tiles(page).nth(before).or_(page.get_by_text("That is everything.")).first).to_be_attached()
    await expect(tiles(page)).to_have_count(number)


async def test_endless_pages_of_thumbnails_and_nothing_else(app: Server, page: Page):
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "/media/" in request.url else None)
    await open_gallery(page, app)
    assert await tiles(page).count() < MANY
    await expect(tiles(page).first).to_have_accessible_name(re.compile(f"number{MANY - 1}"))
    await count(page, MANY)
    names = await tiles(page).locator("img").evaluate_all("all => all.map((img) => img.alt)")
    assert [int(name.split("number")[1]) for name in names] == list(range(MANY - 1, -1, -1))
    await tiles(page).last.scroll_into_view_if_needed()
    assert await tiles(page).last.locator("img").evaluate("async (img) => (await img.decode(), img.naturalWidth)") <= 320
    assert fetched and all(url.endswith("/thumb") for url in fetched)


async def test_search_finds_by_words_and_can_be_cleared(app: Server, page: Page):
    await open_gallery(page, app)
    await search(page, "red fox")
    await expect(tiles(page)).to_have_count(MANY // 10)
    await search(page, "number42")
    await expect(tiles(page)).to_have_count(1)
    await search(page, 'nobody "drew (this')
    await expect(page.get_by_text("No picture has these words.")).to_be_visible()
    await page.get_by_role("button", name="Clear the search").click()
    await expect(page.get_by_role("searchbox", name="Search pictures")).to_have_value("")
    await expect(tiles(page).nth(50)).to_be_attached()


async def test_a_picture_is_looked_at_one_after_the_other(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append(r"status of 403 \(Forbidden\) \(\S+/favicon.ico\)")  # A picture on its own is sandboxed: its tab is a stranger.
    await open_gallery(page, app)
    await search(page, "fox")
    await expect(tiles(page)).to_have_count(MANY // 10)
    await tiles(page).nth(1).click()
    viewer = page.get_by_role("dialog", name="Picture viewer")
    prompt = viewer.locator(".prompt")
    await expect(prompt).to_have_text("a red fox number150")
    await expect(viewer.locator("img.whole")).to_have_attribute("alt", "a red fox number150")
    await page.keyboard.press("ArrowRight")
    await expect(prompt).to_have_text("a red fox number140")
    await viewer.get_by_role("button", name="Previous picture").click()
    await page.keyboard.press("ArrowLeft")
    await expect(prompt).to_have_text("a red fox number160")
    await expect(viewer.get_by_role("button", name="Previous picture")).to_be_disabled()
    await page.keyboard.press("ArrowLeft")
    await expect(prompt).to_have_text("a red fox number160")
    await viewer.get_by_role("button", name="Zoom in").click()
    await expect(viewer.get_by_role("button", name="Fit to the window")).to_be_visible()
    await page.keyboard.press("-")
    await expect(viewer.get_by_role("button", name="Zoom in")).to_be_visible()
    async with page.context.expect_page() as opening:
        await viewer.get_by_role("link", name="Open original").click()
    original = await opening.value
    assert await original.evaluate("document.contentType") == "image/png"
    await original.close()
    await page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    await expect(tiles(page).nth(1)).to_be_focused()


async def test_details_tell_the_whole_recipe_and_the_file_has_a_name(app: Server, page: Page):
    await open_gallery(page, app)
    await search(page, "number77")
    await expect(tiles(page)).to_have_count(1)
    await tiles(page).click()
    viewer = page.get_by_role("dialog", name="Picture viewer")
    for name, value in {
        "Drawn by": "fake-image",
        "Size": "256×256",
        "Seed": "77",
        "Format": "PNG",
        "Price": "$0",
        "Can be repeated": "exactly",
    }.items():
        row = viewer.locator("dl > div").filter(has=page.locator("dt", has_text=re.compile(f"^{name}$")))
        await expect(row.locator("dd")).to_have_text(value)
    async with page.expect_download() as coming:
        await viewer.get_by_role("button", name="Download").click()
    download = await coming.value
    assert download.suggested_filename == "a-green-hill-number77.png"
    assert Path(await download.path()).read_bytes() == png((256, 256), 77)


async def test_a_deleted_picture_comes_back_with_undo(app: Server, page: Page):
    await open_gallery(page, app)
    await search(page, "number33")
    await expect(tiles(page)).to_have_count(1)
    await tiles(page).click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(tiles(page)).to_have_count(0)
    await search(page, "")
    await expect(tiles(page).first).to_be_visible()
    await toast(page, "Picture deleted").get_by_role("button", name="Undo").click()
    await search(page, "number33")
    await expect(tiles(page)).to_have_count(1)
    await page.reload()
    await tab(page, "Gallery")
    await search(page, "number33")
    await expect(tiles(page)).to_have_count(1)


async def test_what_comes_while_something_is_looked_for_is_shown_where_it_has_those_words(app: Server, open_page: OpenPage):
    here, elsewhere = await open_page(), await open_page()
    await open_gallery(here, app)
    word = new("heron").replace(" ", "")
    await search(here, word)
    await expect(here.locator("#gallery .status")).to_contain_text("No picture has these words")
    await visit(elsewhere, app.url)
    other = new("a sparrow")
    await draw(elsewhere, other)
    reply = await draw(elsewhere, f"a {word} by a lake")
    await expect(tiles(here)).to_have_count(1)
    await act(reply, "Delete").click()
    await expect(tiles(here)).to_have_count(0)
    await search(here, "")
    await expect(tiles(here).first).to_have_accessible_name(f"Open picture: {other}")
    await search(here, word)
    await expect(here.locator("#gallery .status")).to_contain_text("No picture has these words")
    await reply.get_by_role("button", name="Restore").click()
    await expect(tiles(here)).to_have_accessible_name(f"Open picture: a {word} by a lake")


async def test_a_deleted_picture_stays_away_after_a_reload(app: Server, page: Page):
    await visit(page, app.url)
    prompt = new("soon forgotten")
    await draw(page, prompt)
    await tab(page, "Gallery")
    await search(page, prompt)
    await expect(tiles(page)).to_have_count(1)
    await tiles(page).click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(tiles(page)).to_have_count(0)
    await page.reload()
    await expect(page.get_by_text("Picture deleted")).to_be_visible()
    await tab(page, "Gallery")
    await search(page, prompt)
    await expect(page.get_by_text("No picture has these words.")).to_be_visible()


async def test_from_a_picture_to_its_chat(app: Server, page: Page):
    await open_gallery(page, app)
    await search(page, "number5")
    await expect(tiles(page).first).to_be_visible()
    await page.locator("#gallery .tile[title='a green hill number5']").click()
    await page.get_by_role("dialog").get_by_role("button", name="Go to the chat").click()
    turn = said(page).filter(has_text=re.compile("number5$"))
    await expect(turn).to_be_in_viewport()
    await expect(page.locator(".turn.lit")).to_have_count(1)


async def test_what_is_drawn_now_stands_first_at_once(app: Server, page: Page):
    await open_gallery(page, app)
    other = await page.context.new_page()
    await visit(other, app.url)
    prompt = new("just made")
    await draw(other, prompt)
    await expect(tiles(page).first).to_have_accessible_name(f"Open picture: {prompt}")


async def test_regenerate_from_the_gallery_fills_the_composer(app: Server, page: Page):
    await open_gallery(page, app)
    await search(page, "number88")
    await expect(tiles(page)).to_have_count(1)
    await tiles(page).click()
    await page.get_by_role("dialog").get_by_role("button", name="Regenerate").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(box(page)).to_be_visible()
    await expect(box(page)).to_have_value("a green hill number88")
    await expect(page.get_by_label("Seed", exact=True)).to_have_value("88")
    await box(page).press("Enter")
    await expect(pictures(page)).to_have_count(1)
