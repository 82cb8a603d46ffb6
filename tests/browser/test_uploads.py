"""Pictures of one's own: chosen, pasted or dropped, shown before they are sent, refused with words and never with a loss."""

import base64
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.browser.deeds import box, choose, new_chat, pictures, replies, said, send, settled, toast, visit
from tests.browser.server import Server

ENV = {"IMAGECHAT_DEFAULTS__MODEL": "fake-seeing"}


def picture(form: str = "PNG", **saving: object) -> bytes:
    kept = BytesIO()
    Image.effect_noise((300, 200), 80).convert("RGB").save(kept, form, **saving)
    return kept.getvalue()


def file(data: bytes, name: str = "photo.png") -> dict:
    return {"name": name, "mimeType": "image/png", "buffer": data}


def shown(page: Page) -> Locator:
    """The pictures that wait in the composer."""
    return page.locator("#message .thumbnail-item")


async def add(page: Page, *files: dict | Path) -> None:
    """Choose files by the paper clip."""
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Add a picture", exact=True).click()
    await (await choosing.value).set_files(list(files))


# Hands files to the text box as the desktop does: the event `kind` with a DataTransfer.
HAND_OVER = """(area, [kind, name, data]) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0)), files = new DataTransfer();
  files.items.add(new File([bytes], name, { type: "image/png" }));
  const given = { bubbles: true, cancelable: true, dataTransfer: files, clipboardData: files };
  if (kind === "paste") area.dispatchEvent(new ClipboardEvent("paste", given));
  else for (const each of ["dragenter", "dragover", "drop"]) area.dispatchEvent(new DragEvent(each, given));
}"""


async def hand_over(page: Page, kind: str, data: bytes) -> None:
    await box(page).evaluate(HAND_OVER, [kind, f"{kind}.png", base64.b64encode(data).decode()])


async def sees(img: Locator) -> int:
    """The width in pixels of a picture that really loaded."""
    return await img.evaluate("async (img) => (await img.decode(), img.naturalWidth)")


@pytest.mark.parametrize("way", ["choose", "paste", "drop"])
async def test_a_picture_shows_before_it_is_sent_and_then_in_its_turn(app: Server, page: Page, way: str):
    await visit(page, app.url)
    if way == "choose":
        await add(page, file(picture()))
    else:
        await hand_over(page, way, picture())
    await expect(shown(page)).to_have_count(1)
    assert await sees(shown(page).locator("img")) == 300
    await box(page).fill("what is this?")
    await box(page).press("Enter")
    await expect(said(page)).to_have_text("what is this?")
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
    assert await sees(page.locator(".turn.user .inputs img")) > 100
    await expect(shown(page)).to_have_count(0)
    await expect(box(page)).to_have_value("")
    await expect(replies(page).locator(".meta")).to_be_visible()
    await page.reload()
    assert await sees(page.locator(".turn.user .inputs img")) > 100


async def test_a_picture_can_be_taken_back(app: Server, page: Page):
    await visit(page, app.url)
    await box(page).fill("hello")
    await add(page, file(picture(), "one.png"), file(picture(), "two.png"))
    await expect(shown(page)).to_have_count(2)
    for left in (1, 0):
        await shown(page).first.hover()
        await shown(page).first.get_by_role("button").first.click()
        await expect(shown(page)).to_have_count(left)
    await expect(box(page)).to_have_value("hello")
    await box(page).press("Enter")
    await expect(said(page)).to_have_text("hello")
    await expect(page.locator(".turn.user .inputs")).to_have_count(0)


BROKEN = {
    "cut off": (picture()[:3000], "cannot be read to its end"),
    "mislabelled": (b"%PDF-1.7 not a picture at all", "is not a picture that can be used here"),
    "empty": (b"", "is empty"),
    "too big": (bytes(11 * 2**20), "is too big"),
}


@pytest.mark.parametrize("flaw", BROKEN)
async def test_a_file_that_is_no_use_is_refused_with_words_and_nothing_is_lost(
    app: Server, page: Page, flaw: str, allowed_errors: list[str]
):
    allowed_errors.append(r"status of 413")
    data, told = BROKEN[flaw]
    await visit(page, app.url)
    await box(page).fill("look at this")
    await add(page, file(data, "holiday.png"))
    await expect(shown(page).or_(page.locator(".toast"))).to_have_count(1)
    if not await page.locator(".toast").count():
        await box(page).press("Enter")
    await expect(toast(page, told)).to_contain_text("holiday")
    await expect(box(page)).to_have_value("look at this")
    await expect(said(page)).to_have_count(0)


async def test_guide_keeps_a_picture_and_says_that_it_cannot_look(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "guide")
    await add(page, file(picture()))
    await expect(shown(page)).to_have_count(1)
    await send(page, "what is this?")
    assert await sees(page.locator(".turn.user .inputs img")) > 100
    await expect(page.locator(".turn.reply .prose")).to_contain_text("cannot look")


async def test_a_picture_for_a_painter_that_takes_none_is_refused_and_kept(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "fake-image")
    await add(page, file(picture()))
    await expect(shown(page)).to_have_count(1)
    await box(page).fill("like this")
    await box(page).press("Enter")
    await expect(toast(page, "fake-image paints from words only")).to_be_visible()
    await expect(box(page)).to_have_value("like this")
    await expect(shown(page)).to_have_count(1)
    assert await sees(shown(page).locator("img")) == 300
    await expect(said(page)).to_have_count(0)
    await choose(page, "Model", "fake-seeing")
    await box(page).press("Enter")
    await expect(said(page)).to_have_text("like this")
    assert await sees(page.locator(".turn.user .inputs img")) > 100


async def test_sketch_takes_a_picture_and_changes_its_light(app: Server, page: Page):
    await visit(page, app.url)
    await choose(page, "Model", "sketch")
    await add(page, file(picture()))
    await expect(shown(page)).to_have_count(1)
    await box(page).fill("make it night")
    await box(page).press("Enter")
    reply = page.locator(".turn.reply").last
    await expect(reply.locator(".note").first).to_contain_text("Sketch did not paint this picture")
    await expect(pictures(page)).to_have_count(1)


async def test_other_pictures_are_taken_too(app: Server, page: Page):
    await visit(page, app.url)
    moving = BytesIO()
    frames = [Image.new("RGB", (200, 200), (shade, 0, 0)) for shade in (0, 100, 200)]
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])
    files = [("a.jpg", picture("JPEG")), ("b.webp", picture("WEBP")), ("c.gif", moving.getvalue()), ("d.png", picture("JPEG"))]
    await add(page, *(file(data, name) for name, data in files))
    await expect(shown(page)).to_have_count(len(files))
    await send(page, "four of them")
    images = page.locator(".turn.user .inputs img")
    await expect(images).to_have_count(len(files))
    for image in await images.all():
        assert await sees(image) > 100


async def test_one_file_can_wait_in_two_chats_and_twice_in_one(app: Server, page: Page):
    await visit(page, app.url)
    data = picture()
    await add(page, file(data))
    await expect(shown(page)).to_have_count(1)
    await send(page, "here")
    await expect(said(page)).to_have_text("here")
    await box(page).fill("a draft with the same file")
    await add(page, file(data))
    await expect(shown(page)).to_have_count(1)
    await new_chat(page)
    for _ in range(2):
        await add(page, file(data))
    await expect(shown(page)).to_have_count(2)
    await shown(page).first.get_by_role("button", name="Remove file").click()
    await expect(shown(page)).to_have_count(1)
    await send(page, "there")
    await expect(page.locator(".turn.user .inputs img")).to_have_count(1)
    await settled(page, page.get_by_role("button", name="here", exact=True).click())
    await expect(shown(page)).to_have_count(1)
    await box(page).press("Enter")
    await expect(page.locator(".turn.user .inputs img")).to_have_count(2)


async def test_one_picture_that_is_too_large_does_not_keep_the_others_away(app: Server, page: Page):
    await visit(page, app.url)
    await add(page, file(picture(), "a.png"), file(bytes(11 * 2**20), "big.png"), file(picture(), "c.png"))
    await expect(page.locator(".toast").filter(has_text="big.png is too big")).to_be_visible()
    await expect(shown(page)).to_have_count(2)
