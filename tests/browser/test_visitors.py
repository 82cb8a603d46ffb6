"""Three people side by side: the owner and two guests, each with a space of their own. Page loads are dear, so a test goes a long way."""

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.deeds import (
    FAKE_IMAGE,
    LOADING,
    ask,
    box,
    choose,
    come_as_owner,
    draw,
    new,
    pictures,
    replies,
    send,
    tab,
    tiles,
    toast,
    visit,
)  # fmt: skip
from tests.browser.server import Server

ENV = {"IMAGECHAT_ACCESS": "guests", "IMAGECHAT_DEFAULTS__MODEL": FAKE_IMAGE}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def three(open_page: OpenPage, app: Server) -> tuple[Page, Page, Page]:
    """The owner and two guests, each in a browser of their own."""
    owner, ann, ben = [await open_page() for _ in range(3)]
    await asyncio.gather(come_as_owner(owner, app), visit(ann, app.url), visit(ben, app.url))
    return owner, ann, ben


@pytest.mark.timeout(600)
async def test_each_draws_and_sees_only_their_own(app: Server, open_page: OpenPage, allowed_errors: list[str]):
    allowed_errors.append(r"status of 404")
    people = await three(open_page, app)
    prompts = [new("delay:0.3 a picture of mine") for _ in people]
    # All at once, so that three streams tell three people of three jobs.
    await asyncio.gather(*(draw(page, prompt) for page, prompt in zip(people, prompts, strict=True)))
    addresses = []
    for page, prompt in zip(people, prompts, strict=True):
        await expect(pictures(page)).to_have_count(1)
        source = await pictures(page).first.evaluate("it => it.decode().then(() => it.currentSrc)")
        addresses.append((re.search(r"chat=(\w{26})", page.url)[1], source))
        await tab(page, "Gallery")
        await expect(tiles(page).first).to_have_accessible_name(f"Open picture: {prompt}")
        words = await page.content()
        assert not any(other in words for other in prompts if other != prompt)
    for page, (chat, source) in zip(people, addresses[1:] + addresses[:1], strict=True):
        assert (await page.context.request.get(source)).status == 404
        await tab(page, "Chat")
        await page.evaluate("chat => imagechat.openChat(chat)", chat)
        await expect(toast(page, "This chat is not here")).to_be_visible()
        await expect(replies(page)).to_have_count(0)
    await choose(people[1], "Model", "sketch")
    await draw(people[1], "a mountain lake at dawn")
    await expect(pictures(people[1])).to_have_count(1)


@pytest.mark.timeout(600)
async def test_two_browsers_of_the_owner(app: Server, open_page: OpenPage, allowed_errors: list[str]):
    """One library; a link that opens once; a browser that is ended elsewhere; logging out."""
    allowed_errors.append(r"status of 401")
    first, second, late = await open_page(), await open_page(user_agent=FIREFOX), await open_page()
    await come_as_owner(first, app)
    await draw(first, prompt := new("drawn before the second browser came"))
    await tab(first, "Account")
    await first.get_by_role("button", name="Link for another browser").click()
    link = await first.locator("#mine .link code").inner_text()
    await second.goto(link)
    await expect(second).to_have_url(f"{app.url}/")
    await expect(second.locator("#composer[aria-busy=false]")).to_be_visible(timeout=LOADING)
    await tab(second, "Gallery")
    await expect(tiles(second).first).to_have_accessible_name(f"Open picture: {prompt}")
    await tab(first, "Chat")
    await draw(first, later := new("drawn while the second looks"))
    await expect(tiles(second).first).to_have_accessible_name(f"Open picture: {later}")
    await late.goto(link)
    await expect(late.get_by_role("alert")).to_contain_text("This link was used already")
    assert "#" not in late.url
    await late.goto(f"{app.url}/enter")
    await expect(late.get_by_text("one without it says nothing")).to_be_visible()
    assert link.partition("#")[2] not in app.log()
    await tab(first, "Account")
    row = first.locator("#mine .browsers li").filter(has_text="Firefox")
    await row.get_by_role("button", name="End").click()
    await expect(toast(first, "does not know you any more")).to_be_visible()
    await expect(row).to_have_count(0)
    told = second.locator(".toast.problem")
    await expect(told).to_contain_text("You were logged out. Copy what you wrote")
    await second.screenshot(path=".cache/screens/ended.png")
    await told.get_by_role("button", name="Reload").click()
    await expect(second.locator("#composer[aria-busy=false]")).to_be_visible(timeout=LOADING)
    await expect(second.get_by_role("navigation", name="Chats")).not_to_contain_text(prompt)
    await first.get_by_role("button", name="Log out").click()
    await expect(first.get_by_role("navigation", name="Chats")).to_contain_text("Your chats will stand here", timeout=LOADING)


@pytest.mark.timeout(400)
async def test_a_tab_says_that_another_one_came_in_as_somebody_else(app: Server, page: Page):
    await visit(page, app.url)
    await box(page).fill("half a thought")
    other = await page.context.new_page()
    await come_as_owner(other, app)
    told = toast(page, "somebody else came in")
    await expect(told).to_be_visible()
    await expect(toast(other, "somebody else came in")).to_have_count(0)
    await expect(box(other)).to_have_value("half a thought")
    await told.get_by_role("button", name="Reload the page").click()
    mark = await other.locator("meta[name=imagechat]").get_attribute("content") or ""
    await expect(page.locator("meta[name=imagechat]")).to_have_attribute("content", mark, timeout=LOADING)
    await expect(told).to_have_count(0)


@pytest.mark.timeout(400)
async def test_a_guest_without_cookies_is_somebody_new_and_the_job_ends(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors += [r"status of 40[14]", r"net::ERR_"]
    await visit(page, app.url)
    reply = await ask(page, prompt := new("delay:0.4 begun before the cookie went"))
    await expect(reply).to_be_visible()
    await page.context.clear_cookies()
    await send(page, words := new("said while nobody knows this browser"))
    told = page.locator(".toast.problem")
    await expect(told.filter(has_text="does not know this browser")).to_be_visible()
    await expect(box(page)).to_have_value(words)
    await page.wait_for_timeout(1000)
    assert await told.count() == 1, "that the server could not be reached is not true"
    await visit(page, app.url)
    await expect(replies(page)).to_have_count(0)
    await expect(page.get_by_role("navigation", name="Chats")).not_to_contain_text(prompt)
    await draw(page, new("drawn as somebody new"))
    assert "Traceback" not in app.log()


@pytest.mark.timeout(400)
async def test_who_deletes_everything_finds_a_new_page(app: Server, page: Page, allowed_errors: list[str]):
    allowed_errors.append(r"status of 40[14]")
    await visit(page, app.url)
    await draw(page, prompt := new("to be deleted"))
    await tab(page, "Account")
    await page.get_by_role("button", name="Delete everything…").click()
    await page.get_by_label(re.compile("cannot come back")).fill("delete")
    await page.get_by_role("button", name="Delete everything now").click()
    chats = page.get_by_role("navigation", name="Chats")
    await expect(chats).to_contain_text("Your chats will stand here", timeout=LOADING)
    await expect(toast(page, "Everything of yours is deleted.")).to_be_visible(timeout=LOADING)
    await expect(page.locator("#composer[aria-busy=false]")).to_be_visible(timeout=LOADING)
    await expect(page.locator(".hello")).to_be_visible()
    await expect(toast(page, "This chat is not here")).to_have_count(0)
    await expect(page).to_have_url(f"{app.url}/")
    assert prompt not in await page.content()
