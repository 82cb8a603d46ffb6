"""Pictures by id: kept by browsers for ever, shown as nothing but pictures, found by their owner alone."""

import asyncio
from io import BytesIO
from urllib.parse import quote, unquote

import pytest
from PIL import Image

from imagechat.domain.values import new_id
from tests.web.conftest import Page

NO_IDS = ["x", "0" * 26, "a" * 5000, "..%2f..%2fimagechat.db", "%2e%2e", "%00", "I" * 26, "01h'--", quote("۰" * 26), "%ff%fe"]


async def test_a_picture_is_served_whole_and_once(page: Page):
    made = await page.drawn("a fox")
    answer = await page.get(f"/{made['url']}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert Image.open(BytesIO(answer.content)).size == (made["width"], made["height"])
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    for tag in (answer.headers["etag"], f'"other", {answer.headers["etag"]}'):
        again = await page.get(f"/{made['url']}", If_None_Match=tag)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    assert (await page.get(f"/{made['url']}", If_None_Match='"other"')).status_code == 200
    assert int((await page.client.head(f"/{made['url']}")).headers["content-length"]) == len(answer.content)


async def test_part_of_a_picture(page: Page):
    made = await page.drawn("a fox")
    answer = await page.get(f"/{made['url']}", Range="bytes=0-7")
    assert (answer.status_code, answer.content) == (206, b"\x89PNG\r\n\x1a\n")


async def test_thumbnails_are_small_webp_and_made_again_when_missing(page: Page):
    receipt = await page.ask("a fox gives:noise")
    made = (await page.ended(receipt))["pictures"]["0"]
    answer = await page.get(f"/{made['thumb']}")
    small = Image.open(BytesIO(answer.content))
    assert (answer.headers["content-type"], small.format) == ("image/webp", "WEBP")
    assert max(small.size) <= 320
    assert (await page.get(f"/{made['thumb']}", If_None_Match=answer.headers["etag"])).status_code == 304
    assert answer.headers["etag"] != (await page.get(f"/{made['url']}")).headers["etag"]
    id = made["url"].removeprefix("media/")
    kept = page.server.data_dir / "files" / id[-2:] / f"{id}.thumb"
    kept.unlink()
    answers = await asyncio.gather(*(page.get(f"/{made['thumb']}") for _ in range(5)))
    assert {each.content for each in answers} == {answer.content}
    assert kept.read_bytes() == answer.content


@pytest.mark.parametrize(
    ("wanted", "stem"),
    [
        ("a fox in snow", "a-fox-in-snow"),
        ("روباهی در برف", "روباهی-در-برف"),
        ('say "hi"; filename=evil.exe', "say-hi-filenameevil.exe"),
        ("x\r\nSet-Cookie: a=b", "x-Set-Cookie-ab"),
        ("../../etc/passwd", "etcpasswd"),
        ("..", "picture"),
        ("", "picture"),
        ("x" * 300, "x" * 60),
        ("\u202egnp.exe", "gnp.exe"),
        ("🦊", "picture"),
    ],
)
async def test_a_download_has_a_safe_name_made_from_the_prompt(page: Page, wanted: str, stem: str):
    made = await page.drawn("a fox")
    answer = await page.get(f"/{made['download']}?name={quote(wanted)}")
    header = answer.headers["content-disposition"]
    plain, _, whole = header.removeprefix("attachment; filename=").partition("; filename*=UTF-8''")
    assert unquote(whole) == f"{stem}.png"
    assert plain == (f'"{stem}.png"' if stem.isascii() else '"picture.png"')
    assert "set-cookie" not in answer.headers
    assert Image.open(BytesIO(answer.content)).format == "PNG"


async def test_the_name_of_a_jpeg_ends_like_one(page: Page):
    made = await page.drawn("a fox gives:jpeg")
    assert 'filename="fox.jpg"' in (await page.get(f"/{made['download']}?name=fox")).headers["content-disposition"]


@pytest.mark.parametrize("end", ["", "/thumb", "/download?name=x"])
@pytest.mark.parametrize("id", NO_IDS)
async def test_ids_that_are_none_are_not_found(page: Page, id: str, end: str):
    answer = await page.get(f"/media/{id}{end}", If_None_Match=f'"{"0" * 26}"')
    assert answer.status_code == 404
    assert answer.headers.get("cache-control") != "private, max-age=31536000, immutable"
    assert "sqlite" not in answer.text.lower()


async def test_nothing_but_pictures_is_served_from_the_data_folder(page: Page):
    for path in (
        "/file=data/imagechat.db",
        "/gradio_api/file=imagechat.db",
        f"/gradio_api/file={page.server.data_dir}/imagechat.db",
        "/data/imagechat.db",
    ):
        answer = await page.get(path)
        assert answer.status_code in (403, 404, 405) or b"SQLite format" not in answer.content
        assert b"SQLite format" not in answer.content


async def test_partial_pictures_may_be_asked_for_as_they_go(page: Page):
    """A page asks for a preview in the moment in which it is dropped: found or not found, never an error."""
    seen: set[str] = set()
    for _ in range(5):
        receipt = await page.ask("a fox delay:0.05")
        while not (turn := await page.turn(receipt))["job"]["final"]:
            seen |= {place["preview"] for place in turn["job"]["places"] if place["preview"]}
            answers = await asyncio.gather(*(page.get(f"/{url}{end}") for url in seen for end in ("", "/thumb")))
            assert {each.status_code for each in answers} <= {200, 404}
    assert seen
    answers = [await page.get(f"/{url}") for url in seen]
    assert {each.status_code for each in answers} == {404}


async def test_a_picture_that_lies_in_the_trash_can_still_be_seen(page: Page):
    made = await page.drawn("a fox")
    await page.call("conversation", "trash_picture", made["id"])
    assert (await page.get(f"/{made['url']}")).status_code == 200


async def test_a_file_that_was_taken_away_is_told_in_words(page: Page):
    made = await page.drawn("a fox")
    id = made["url"].removeprefix("media/")
    folder = page.server.data_dir / "files" / id[-2:]
    await page.get(f"/{made['url']}")
    (folder / id).unlink()
    for end in ("", "/download"):
        answer = await page.get(f"/media/{id}{end}")
        assert (answer.status_code, "missing" in answer.text) == (404, True)
    assert (await page.get(f"/media/{new_id()}")).status_code == 404
