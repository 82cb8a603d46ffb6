"""Accounts in a browser: the way in by name and password, making an account, what a guest made, the keyboard alone, and what axe finds."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from imagechat.bootstrap import House
from imagechat.ground import prepare
from imagechat.settings import Settings
from imagechat.store.passwords import SHORTEST, Passwords
from tests.browser.conftest import PHONE, WHILE_DOWN, OpenPage
from tests.browser.deeds import FAKE_IMAGE, LOADING, box, draw, new, new_chat, pictures, send, settled, tab, tiles, toast, visit
from tests.browser.server import Server, running
from tests.browser.test_access import check

NAME, PASSWORD = "Bea", "three words here"
ENV = {"IMAGECHAT_ACCESS": "login", "IMAGECHAT_DOOR__SIGNUP": "true", "IMAGECHAT_DEFAULTS__MODEL": FAKE_IMAGE,
       "IMAGECHAT_LIMITS__LOGINS": "500 per 1 hour"}  # fmt: skip


async def furnish(data_dir: Path) -> None:
    """An account."""
    settings = Settings(_env_file=None, data_dir=data_dir)
    lock = prepare(settings)
    house = House(settings)
    try:
        await house.people.add(NAME.lower(), await Passwords().hashed(PASSWORD), name=NAME)
    finally:
        await house.database.close()
        lock.close()


async def fill(page: Page, name: str, password: str) -> None:
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password").fill(password)


async def inside(page: Page, app: Server, name: str) -> None:
    """The page is open for who is called so."""
    await expect(page.locator("#composer[aria-busy=false]")).to_be_visible(timeout=LOADING)
    await expect(page).to_have_url(re.compile(f"^{app.url}/"))
    await tab(page, "Account")
    await expect(page.locator("#mine .who")).to_contain_text(f"logged in as {name}")


async def test_a_wrong_password_is_told_and_the_name_is_kept(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append(r"status of 401")
    await page.goto(app.url)
    await expect(page).to_have_url(f"{app.url}/login")
    await fill(page, NAME, "three words there")
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    await expect(page.locator("main")).to_contain_text("Forgotten the password? Ask whoever runs this")
    await expect(page.get_by_label("Name")).to_have_value(NAME)
    await expect(page.get_by_label("Password")).to_have_value("")
    await expect(page.get_by_label("Password")).to_be_focused()
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await inside(page, app, NAME)


async def test_the_keyboard_alone_makes_an_account_and_leaves(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append(r"status of 401")
    name, press = new("kim").replace(" ", "-"), page.keyboard.press
    await page.goto(app.url)
    await expect(page.get_by_label("Name")).to_be_focused()
    for _ in range(3):
        await press("Tab")
    await expect(page.get_by_role("link", name="Make an account")).to_be_focused()
    await press("Enter")
    await expect(page).to_have_url(f"{app.url}/signup")
    await expect(page.get_by_label("Name")).to_be_focused()
    await expect(page.locator("form")).to_contain_text(f"{SHORTEST} characters or more")
    await page.keyboard.type(name)
    await press("Tab")
    await page.keyboard.type(PASSWORD)
    await press("Tab")
    await press("Space")
    await expect(page.get_by_label("Password")).to_have_attribute("type", "text")
    await press("Tab")
    await press("Enter")
    await inside(page, app, name)
    out = page.get_by_role("button", name="Log out")
    await out.focus()
    await press("Enter")
    await expect(page).to_have_url(f"{app.url}/login")
    await page.goto(f"{app.url}/usage.csv")
    await expect(page.locator("body")).not_to_contain_text("started")


async def test_who_was_logged_out_in_another_tab_is_told_and_finds_the_way_back(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append(r"status of 401")
    await page.goto(app.url)
    await fill(page, NAME, PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await inside(page, app, NAME)
    other = await page.context.new_page()
    await other.goto(app.url)
    await inside(other, app, NAME)
    await other.get_by_role("button", name="Log out").click()
    told = page.locator(".toast", has_text="You were logged out")
    await expect(told).to_be_visible(timeout=LOADING)
    await tab(page, "Chat")
    await told.get_by_role("button", name="Dismiss").click()
    await send(page, "still here")
    await expect(told).to_be_visible()
    await expect(page.locator(".toast")).to_have_count(1)
    await expect(box(page)).to_have_value("still here")
    await told.get_by_role("button", name="Log in").click()
    await expect(page).to_have_url(f"{app.url}/login")


@pytest.mark.timeout(600)
async def test_what_was_typed_is_not_there_for_who_comes_next(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append(r"status of 401")
    await page.goto(app.url)
    await fill(page, NAME, PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await inside(page, app, NAME)
    await tab(page, "Chat")
    await box(page).fill("for nobody else")
    await tab(page, "Account")
    await page.get_by_role("button", name="Log out").click()
    await expect(page).to_have_url(f"{app.url}/login")
    await page.go_back()
    await expect(page).to_have_url(f"{app.url}/login", timeout=LOADING)
    await page.goto(f"{app.url}/signup")
    await fill(page, name := new("kay").replace(" ", "-"), PASSWORD)
    await page.get_by_role("button", name="Make an account").click()
    await inside(page, app, name)
    await tab(page, "Chat")
    await expect(box(page)).to_have_value("")


async def enter(page: Page, app: Server, password: str = PASSWORD) -> None:
    """Log in as who has an account from the start."""
    await page.goto(f"{app.url}/login")
    await fill(page, NAME, password)
    await page.get_by_role("button", name="Log in").click()
    await inside(page, app, NAME)


@pytest.mark.timeout(600)
async def test_a_password_is_changed_by_who_knows_it_and_other_browsers_are_out(
    app: Server, open_page: OpenPage, allowed_errors: list[str]
):  # fmt: skip
    allowed_errors.append(r"status of 401")
    page, other = await open_page(), await open_page()
    await enter(other, app)
    await enter(page, app)
    form, fresh = page.locator("#mine .password form"), "other words here"
    await page.get_by_role("button", name="Change password…").click()
    present, new_one, again = (form.get_by_label(name) for name in ("Present password", re.compile("^New password(?! once)"), "once more"))
    kinds = [await field.get_attribute("autocomplete") for field in (present, new_one, again)]
    assert kinds == ["current-password", "new-password", "new-password"]
    await expect(present).to_be_focused()
    for typed, told, wrong in (
        (("not this one", fresh, fresh), "That is not your present password", present),
        ((PASSWORD, fresh, "other word here"), "not the same", again),
        ((PASSWORD, "short", "short"), f"{SHORTEST} characters or more", new_one),
    ):
        for field, text in zip((present, new_one, again), typed, strict=True):
            await field.fill(text)
        await form.get_by_role("button", name="Change it").click()
        await expect(form.get_by_role("alert")).to_contain_text(told)
        await expect(wrong).to_be_focused()
        await expect(wrong).to_have_attribute("aria-invalid", "true")
        await expect(wrong).to_have_accessible_description(re.compile(told))
    assert not await check(page, "password")
    await form.get_by_label("Show what I type").check()
    await expect(present).to_have_attribute("type", "text")
    for field in (new_one, again):
        await field.fill(fresh)
    await again.press("Enter")
    await expect(toast(page, "Your password is changed")).to_be_visible()
    await expect(form).to_be_hidden()
    assert not any([await field.input_value() for field in (present, new_one, again)])
    await expect(page.locator("#mine [data-session]")).to_have_count(1)
    await expect(other.locator(".toast", has_text="You were logged out")).to_be_visible(timeout=LOADING)
    await page.reload()
    await inside(page, app, NAME)
    await enter(other, app, fresh)
    await page.get_by_role("button", name="Change password…").click()
    for field, text in ((present, fresh), (new_one, PASSWORD), (again, PASSWORD)):
        await field.fill(text)
    await form.get_by_role("button", name="Change it").click()
    await expect(toast(page, "Your password is changed")).to_be_visible()


@pytest.mark.timeout(600)
async def test_what_was_typed_waits_for_who_typed_it_alone(app: Server, open_page: OpenPage, allowed_errors: list[str]):
    """Their browser was ended from elsewhere: they find it when they log in again, whoever else comes instead does not."""
    allowed_errors.append(r"status of 401")
    page, other = await open_page(), await open_page()
    told = page.locator(".toast", has_text="You were logged out")

    async def ended() -> None:
        await tab(other, "Chat")
        await tab(other, "Account")
        await expect(other.locator("#mine [data-session]").first).to_contain_text("End")
        await other.locator("#mine [data-session]").first.get_by_role("button", name="End").click()
        await expect(told).to_be_visible(timeout=LOADING)

    await enter(other, app)
    await enter(page, app)
    await tab(page, "Chat")
    await box(page).fill("for nobody else")
    await ended()
    await enter(page, app)
    await tab(page, "Chat")
    await expect(box(page)).to_have_value("for nobody else")
    await ended()
    await page.goto(f"{app.url}/signup")
    await fill(page, name := new("sam").replace(" ", "-"), PASSWORD)
    await page.get_by_role("button", name="Make an account").click()
    await inside(page, app, name)
    await tab(page, "Chat")
    await expect(box(page)).to_have_value("")
    assert "nobody else" not in await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


async def test_a_name_that_is_taken_is_told_beside_the_name(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append(r"status of 4\d\d")
    await page.goto(f"{app.url}/signup")
    await fill(page, NAME, PASSWORD)
    await page.get_by_role("button", name="Make an account").click()
    await expect(page.get_by_role("alert")).to_contain_text("That name is taken already")
    await expect(page.get_by_label("Name")).to_be_focused()
    await fill(page, "bea-two", "short")
    await page.get_by_role("button", name="Make an account").click()
    await expect(page.get_by_role("alert")).to_contain_text("A password has")
    await expect(page.get_by_label("Name")).to_have_value("bea-two")


@pytest.mark.timeout(600)
async def test_what_a_guest_made_comes_along(data_dir: Path, open_page: OpenPage, allowed_errors: list[str]):
    """The house asks for accounts from one start to the next; the guest's browser brings what it made."""
    allowed_errors.append(WHILE_DOWN)
    page = await open_page()
    async with running(data_dir, entry="tests/fakes/app.py", env={**ENV, "IMAGECHAT_ACCESS": "guests"}) as guests:
        await visit(page, guests.url)
        await draw(page, prompt := new("made as a guest"))
        await box(page).fill("typed as a guest")
        await page.goto("about:blank")
    async with running(data_dir, entry="tests/fakes/app.py", env=ENV, port=guests.port) as asking:
        await page.goto(asking.url)
        await page.get_by_role("link", name="Make an account").click()
        await fill(page, "ada", PASSWORD)
        await page.get_by_role("button", name="Make an account").click()
        await inside(page, asking, "ada")
        await tab(page, "Gallery")
        await expect(tiles(page).first).to_have_accessible_name(f"Open picture: {prompt}")
        await tab(page, "Chat")
        await settled(page, page.get_by_role("navigation", name="Chats").get_by_role("button", name=prompt, exact=True).click())
        await expect(box(page)).to_have_value("typed as a guest")
        await new_chat(page)
        await draw(page, new("made with an account"))
        await expect(pictures(page)).to_have_count(1)


@pytest.mark.parametrize("size", [(1280, 800), PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_axe_finds_nothing_serious(app: Server, open_page: OpenPage, allowed_errors: list[str], dark: bool, size: tuple[int, int]):
    allowed_errors.append(r"status of 401")
    page, found = await open_page(dark=dark, size=size), []
    for path in ("login", "signup", "enter"):
        await page.goto(f"{app.url}/{path}")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        found += await check(page, path)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        ground = await page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
        assert (sum(ground) < 300) == dark, "the page follows the system's colours"
    await page.goto(f"{app.url}/login")
    await fill(page, NAME, "a wrong one")
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    found += await check(page, "refused")
    await page.screenshot(path=f".cache/screens/login-{'dark' if dark else 'light'}-{size[0]}.png")
    assert not found, "\n".join(found)
