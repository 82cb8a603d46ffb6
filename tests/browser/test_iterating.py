"""From one picture to the next: edits, edits of edits, variations, worded prompts, retired models."""

import asyncio
import re
from pathlib import Path

from playwright.async_api import Page, expect

from imagechat.store.blobs import Blobs
from imagechat.store.database import Database, migrate
from imagechat.store.jobs import Jobs
from imagechat.store.threads import Threads
from tests.browser.conftest import PATIENCE
from tests.browser.deeds import (
    FLARE,
    LUNA,
    act,
    begin,
    box,
    choose,
    draw,
    finished,
    new,
    new_chat,
    pictures,
    replies,
    thumbnails,
    toast,
    visit,
)
from tests.browser.server import Server
from tests.fakes.models import png
from tests.store.making import blob, generation, image_request
from tests.store.making import finished as done
from tests.store.making import said as kept_turn

PROVIDER = True
OLD = "a harbour in the old days"


async def furnish(data: Path) -> None:
    """A chat whose model has retired since, with the picture that it drew."""
    data.mkdir(parents=True)
    migrate(data / "imagechat.db")
    db = await Database.open(data / "imagechat.db")
    threads, jobs, blobs = Threads(db), Jobs(db), Blobs(db, data / "files")
    turn = await kept_turn(threads, None, OLD)
    picture = blob(width=256, height=256)
    await blobs.write(picture.id, png((256, 256), 3))
    made = generation(
        turn, picture, request=image_request(OLD, model="dall-e-2", size="256x256", seed=None, style="anime"), drawn_by="dall-e-2"
    )
    place = turn.state.places[0].model_copy(update={"status": "done", "generation": made.id})
    await jobs.keep(done(turn.state, places=(place,)), made, picture)
    await db.close()


def panel(page: Page):
    """The box in which a worded prompt waits to be approved."""
    return page.get_by_role("group", name="A prompt to look at")


def sent(app: Server, prompt: str) -> dict:
    """What the provider was asked with these words."""
    return next(each for each in reversed(app.provider.asked) if prompt in each.prompt)


async def test_an_edit_shows_its_source_before_it_is_sent_and_can_be_edited_again(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    first = await draw(page, new("a fox in snow"))
    await act(first, "Edit").click()
    await expect(thumbnails(page)).to_have_count(1)
    await expect(box(page)).to_have_attribute("placeholder", "Say what to change…")
    words = new("make it night")
    second = await draw(page, words)
    await expect(thumbnails(page)).to_have_count(0)
    assert [name for name, _, _ in sent(app, words).files] == ["image[]"]
    await expect(page.locator(".turn.user").last.locator(".inputs img")).to_have_count(1)
    await act(second, "Edit").click()
    await expect(thumbnails(page)).to_have_count(1)
    third = await draw(page, new("now with an owl"))
    await expect(pictures(third)).to_have_count(1)


async def test_a_source_can_be_taken_away_and_outlives_a_reload(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    reply = await draw(page, new("a fox in snow"))
    await act(reply, "Edit").click()
    await expect(thumbnails(page)).to_have_count(1)
    await page.reload()
    await expect(thumbnails(page)).to_have_count(1)
    await page.locator("#message .delete-button").click()
    await expect(thumbnails(page)).to_have_count(0)


async def test_sketch_edits_what_it_painted_and_keeps_the_rest(page: Page, app: Server):
    await visit(page, app.url)
    reply = await draw(page, new("a lake by day with a boat"))
    await act(reply, "Edit").click()
    await expect(thumbnails(page)).to_have_count(1)
    edited = await draw(page, "make it night")
    await expect(edited.locator(".note")).to_contain_text("Understood: night")
    refused = await ask_with_source(page, edited, "xyzzy")
    await expect(refused.locator(".problem")).to_contain_text("understood nothing of that change")


async def test_sketch_changes_the_light_of_what_another_drew_and_says_so(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    reply = await draw(page, new("a fox in snow"))
    await choose(page, "Model", "sketch")
    await act(reply, "Edit").click()
    await expect(thumbnails(page)).to_have_count(1)
    edited = await draw(page, "make it night")
    await expect(edited.locator(".note").first).to_contain_text("Sketch did not paint this picture")
    await act(edited, "Edit").click()
    await expect(thumbnails(page)).to_have_count(1)
    await expect((await draw(page, "in watercolor")).locator(".note").first).to_contain_text("Sketch did not paint this picture")


async def ask_with_source(page: Page, reply, words: str):
    await act(reply, "Edit").click()
    await expect(thumbnails(page)).to_have_count(1)
    return await finished(page, words)


async def test_variations_are_four_beside_each_other(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    prompt = new("a fox in snow")
    reply = await draw(page, prompt)
    await act(reply, "Variations").click()
    await expect(pictures(page)).to_have_count(5)
    await expect(replies(page).last).to_contain_text(f"Variations of “{prompt}”")
    await expect(replies(page).last.locator(".meta")).to_contain_text("$0.144 in all")
    assert "new variation" in sent(app, prompt).prompt


async def test_an_enhanced_prompt_is_approved_and_one_click_goes_back(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    await box(page).fill("a fox in snow")
    await page.get_by_role("button", name="Enhance").click()
    await expect(panel(page)).to_contain_text("Worded by guide · $0")
    await expect(panel(page)).to_contain_text("Your words: a fox in snow")
    worded = await panel(page).get_by_role("textbox").input_value()
    assert worded.startswith("a fox in snow") and len(worded) > 20
    await panel(page).get_by_role("button", name="Use these words").click()
    await expect(box(page)).to_have_value(worded)
    await page.get_by_role("button", name="Back to my words").click()
    await expect(box(page)).to_have_value("a fox in snow")
    await page.get_by_role("button", name="Enhance").click()
    await panel(page).get_by_role("button", name="Use these words").click()
    reply = await draw(page, await box(page).input_value())
    await act(reply, "Details").click()
    await expect(page.locator("#viewer .side")).to_contain_text("Your words")


async def test_enhancing_can_be_stopped_and_then_asks_and_says_nothing_more(page: Page, app: Server):
    await begin(page, app.url, LUNA)
    await choose(page, "Model", FLARE)
    words = new("status:429 retry:10 a fox")
    await box(page).fill(words)
    await page.get_by_role("button", name="Enhance").click()
    await expect(panel(page)).to_contain_text("Wording a prompt…")
    async with asyncio.timeout(PATIENCE / 1000):
        while not [each for each in app.provider.asked if words in each.prompt]:
            await asyncio.sleep(0.05)
    await panel(page).get_by_role("button", name="Stop").click()
    await expect(panel(page)).to_have_count(0)
    await expect(box(page)).to_have_value(words)
    await page.wait_for_timeout(11_000)  # It would have asked again by then.
    assert len([each for each in app.provider.asked if words in each.prompt]) == 1
    await expect(page.locator(".toast.problem")).to_have_count(0)


async def test_a_double_click_words_a_prompt_once_and_what_is_typed_meanwhile_is_kept(page: Page, app: Server):
    await begin(page, app.url, LUNA)
    await choose(page, "Model", FLARE)
    words = new("wait:1 a fox")
    await box(page).fill(words)
    await page.get_by_role("button", name="Enhance").dblclick()
    await box(page).press_sequentially(" with a red scarf")
    await panel(page).get_by_role("button", name="Use these words").click()
    await expect(box(page)).to_have_value(re.compile("^word0 word1"))
    assert len([each for each in app.provider.asked if words in each.prompt]) == 1
    await page.get_by_role("button", name="Put back my draft").click()
    await expect(box(page)).to_have_value(f"{words} with a red scarf")


async def test_a_proposal_stays_with_its_chat_and_can_be_shown_again(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    await draw(page, new("a fox in snow"))
    await box(page).fill("a boat on a lake")
    await page.get_by_role("button", name="Enhance").click()
    await panel(page).get_by_role("textbox").fill("my own proposal")
    await new_chat(page)
    await expect(panel(page)).to_have_count(0)
    await page.go_back()
    await expect(panel(page).get_by_role("textbox")).to_have_value("my own proposal")
    await panel(page).get_by_role("textbox").press("Escape")
    await expect(panel(page)).to_have_count(0)
    await page.get_by_role("button", name="Show it again").click()
    await expect(panel(page).get_by_role("textbox")).to_have_value("my own proposal")


async def test_of_a_command_only_the_prompt_is_enhanced(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    await box(page).fill("/imagine a fox in snow size:16:9")
    await page.get_by_role("button", name="Enhance").click()
    await expect(panel(page).get_by_role("textbox")).to_have_value(re.compile(r"^/imagine a fox in snow .+ size:16:9$"))


async def test_a_picture_that_was_deleted_is_not_edited(page: Page, app: Server):
    await begin(page, app.url, FLARE)
    reply = await draw(page, new("a fox in snow"))
    await act(reply, "Edit").click()
    await expect(thumbnails(page)).to_have_count(1)
    await act(reply, "Delete").click()
    await expect(toast(page, "Picture deleted")).to_be_visible()
    await box(page).fill("make it night")
    await box(page).press("Enter")
    await expect(toast(page, "was deleted. Restore it")).to_be_visible()
    await expect(box(page)).to_have_value("make it night")


async def test_an_empty_chat_has_nothing_to_be_drawn(page: Page, app: Server):
    await visit(page, app.url)
    await page.get_by_role("button", name="Draw this chat").click()
    await expect(toast(page, "Nothing was said in this chat yet")).to_be_visible()


async def test_the_conversation_is_drawn_when_its_prompt_is_approved(page: Page, app: Server):
    await begin(page, app.url, LUNA)
    await finished(page, new("tell me of the sea at sunset"))
    await page.get_by_role("button", name="Draw this chat").click()
    await expect(panel(page)).to_contain_text(f"Worded by {LUNA}")
    await panel(page).get_by_role("textbox").fill("the sea at sunset, gulls")
    await panel(page).get_by_role("button", name="Draw it").dblclick()
    await expect(pictures(page)).to_have_count(1)
    await expect(panel(page)).to_have_count(0)


async def test_a_chat_whose_model_has_retired_goes_on_with_the_one_in_its_place(page: Page, app: Server):
    await visit(page, app.url)
    await page.get_by_role("button", name=OLD).first.click()
    await expect(pictures(page)).to_have_count(1)
    await act(replies(page).first, "Reroll").click()
    await expect(pictures(page)).to_have_count(2)
    await expect(replies(page).last).to_contain_text(f"dall-e-2 is not offered any more: {FLARE} stood in for it.")
    await act(replies(page).first, "Regenerate").click()
    await expect(toast(page, "dall-e-2 is not offered any more")).to_be_visible()
    await expect(page.get_by_label("Model", exact=True)).to_have_value(re.compile(f"^{re.escape(FLARE)}"))
    await new_chat(page)
