"""The ways out over HTTP: the zip, the word that deletes, and what a tab says of its private chats."""

import io
import json
import zipfile

from imagechat.domain.values import new_id
from tests.web.conftest import Page


async def post(page: Page, path: str, body: object, **headers: str) -> tuple[int, dict]:
    """A POST as the page or a beacon sends it."""
    answer = await page.client.post(path, content=json.dumps(body), headers=headers)
    return answer.status_code, answer.json()


async def test_the_export_is_a_zip_to_be_saved(page: Page):
    made = await page.drawn("a lighthouse to take along")
    answer = await page.get("/account/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith('attachment; filename="imagechat-20')
    assert answer.headers["cache-control"] == "no-store"
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert packed.testzip() is None
    (name,) = [name for name in packed.namelist() if made["id"][-8:] in name and name.endswith(".png")]
    assert packed.read(name) == (await page.get(f"/{made['url']}")).content
    assert "a-lighthouse-to-take-along" in name


async def test_another_word_deletes_nothing(page: Page):
    made = await page.drawn("a lighthouse that stays")
    for body in ({"confirm": "yes"}, {}, [], "delete", None):
        status, told = await post(page, "/account/delete", body)
        assert status == 422 and "delete" in told["error"]["text"]
    assert (await page.get(f"/{made['url']}")).status_code == 200


async def test_a_private_chat_from_its_beginning_to_its_end(page: Page):
    thread = new_id()
    assert await post(page, "/private/begin", thread) == (200, {"thread": thread, "private": True})
    turn = await page.ended(await page.ask("a private lighthouse", thread))
    made = turn["pictures"]["0"]
    assert made["private"]
    for path in (made["url"], made["thumb"], made["download"]):
        answer = await page.get(f"/{path}")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert made["id"] not in {each["id"] for each in (await page.get("/gallery")).json()["pictures"]}
    listed = (await page.call("threads", "fetch_threads"))["threads"]
    assert thread not in {each["id"] for each in listed}
    assert await post(page, "/private/keep", [thread, new_id()]) == (200, {"threads": [thread]})
    assert await post(page, "/private/end", [thread], **{"Content-Type": "text/plain;charset=UTF-8"}) == (200, {})
    assert (await page.get(f"/{made['url']}")).status_code == 200, "in the first minute its tab can come back"
    assert await post(page, "/private/keep", [thread]) == (200, {"threads": [thread]})
    assert await post(page, "/private/end", {"threads": [thread], "now": True}) == (200, {})
    assert (await page.get(f"/{made['url']}")).status_code == 404
    assert (await page.call("conversation", "fetch_turns", thread))["error"]["code"] == "not_found"
    assert await post(page, "/private/keep", [thread]) == (200, {"threads": []})


async def test_what_is_no_such_message_is_refused_in_words(page: Page):
    for path in ("/private/begin", "/private/keep", "/private/end"):
        for body in (7, [7], {"threads": "all"}, ["x"] * 101, "x" * 200_000):
            status, told = await post(page, path, body)
            assert status in {404, 422} and told["error"]["text"], (path, body)
        answer = await page.client.post(path, content=b"{")
        assert answer.status_code == 422
        assert (await page.get(path)).status_code in {404, 405}
    assert (await page.client.post("/private/end", content="[]", headers={"Origin": "http://elsewhere.example"})).status_code == 403
