"""Refusals that stand in a chat: each has words that are true for who reads them, and a way on."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.deeds import FLARE, act, begin, box, choose, finished, new, replies, settled, tab, toast
from tests.browser.server import Server

PROVIDER = True
ENV = {
    "IMAGECHAT_ACCESS": "guests",
    "IMAGECHAT_OFFERS__GUESTS": "gpt-*",
    "IMAGECHAT_BUDGET__GUESTS_DAILY": "5",
    "IMAGECHAT_LIMITS__ON": "off",
    "IMAGECHAT_POLICY__MODERATION": "prompts",
}
OWN = "sk-spent-0123456789"


@pytest.mark.timeout(400)
async def test_who_is_refused_finds_a_way_on(app: Server, page: Page):
    await begin(page, app.url, FLARE)
    refused = await finished(page, words := new("harmful:violence a knight"))
    await expect(refused).to_contain_text("do not allow this (violence)")
    await expect(act(refused, "Try again")).to_have_count(0)
    await box(page).fill("half written")
    await act(refused, "Change the words").click()
    await expect(box(page)).to_have_value(words)
    await expect(toast(page, "Your draft was set aside")).to_be_visible()
    await toast(page, "Your draft was set aside").get_by_role("button", name="Put back my draft").click()
    await expect(box(page)).to_have_value("half written")
    await settled(page, page.reload())
    await expect(act(replies(page).first, "Change the words")).to_be_visible()
    await expect(act(replies(page).first, "Try again")).to_have_count(0)

    await choose(page, "Count", "×2")
    half = await finished(page, new("status:400 times:1 two of which one is declined"))
    await page.set_viewport_size({"width": 390, "height": 844})
    place = half.locator(".place.failed .frame")
    within = "it => it.scrollHeight <= it.clientHeight + 1 && it.scrollWidth <= it.clientWidth + 1"
    await expect(place).to_contain_text("did not take the request")
    assert await place.evaluate(within) and await place.locator(".gone").evaluate(within), "its words are cut off"
    await page.set_viewport_size({"width": 1280, "height": 800})

    spent = await finished(page, new("status:429 code:insufficient_quota a fox"))
    await expect(spent).to_contain_text("The account of this house")
    await expect(act(spent, "To Account")).to_have_count(0)

    spent = await spent.element_handle()
    app.provider.keys[OWN] = (429, "insufficient_quota")
    await tab(page, "Account")
    await page.get_by_label("Key for OpenAI").fill(OWN)
    await page.get_by_role("button", name="Test and keep").click()
    await expect(toast(page, "The key works and is kept")).to_be_visible()
    await tab(page, "Chat")
    await expect(page.locator("#composer[aria-busy=false]")).to_be_visible()
    assert await spent.evaluate("it => it.isConnected"), "the chat was read anew"
    await finished(page, new("a wolf"))
    await expect(replies(page).last).to_contain_text("Your account at the provider of")
    await act(replies(page).last, "To Account").click()
    trouble = page.locator("#mine .keys .trouble")
    await expect(trouble).to_contain_text("no credit left")
    await expect(trouble).not_to_contain_text(re.compile("[{}]"))
