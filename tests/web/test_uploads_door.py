"""Pictures on their way are their visitor's: nobody else reads or sends them, and no flood fills memory or disk."""

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest

from imagechat.bootstrap import sweep_uploads
from imagechat.domain.values import new_id, now
from imagechat.web import uploads
from tests.browser.server import Server, running
from tests.fakes.models import png
from tests.web.conftest import DEFAULTS, Page, served
from tests.web.doorway import NAME, PASSWORD, browser, furnish

PICTURE = png((40, 30), 1)
ENV = {**DEFAULTS, "IMAGECHAT_ACCESS": "guests", "IMAGECHAT_UPLOADS__MEGABYTES": "1", "IMAGECHAT_LIMITS__UPLOAD": "40 per 1 hour"}


@pytest.fixture(scope="module")
def guests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(Server(tmp_path_factory.mktemp("uploads") / "data", "tests/fakes/app.py", (), ENV)) as one:
        yield one


async def add(page: Page, *files: tuple[str, bytes]) -> httpx2.Response:
    return await page.client.post("/gradio_api/upload?upload_id=x", files=[("files", (name, data, "image/png")) for name, data in files])


async def send(page: Page, path: str, *, outbox: bool = True) -> dict[str, object]:
    """Press Send with this file beside the words, as the page does or as Gradio's own box would."""
    config = (await page.get("/config")).json()
    ids = {each["props"].get("elem_id"): each["id"] for each in config["components"]}
    wanted = next(
        each
        for each in config["dependencies"]
        if ids["message"] in each["inputs"] and ids["outbox"] in each["inputs"] and each["backend_fn"]
    )
    defaults = {each["id"]: each["props"].get("value") for each in config["components"]}
    file = {"path": path, "orig_name": "x.png"}
    mark = {"thread": new_id(), "nonce": new_id(), "files": [file] if outbox else []}
    values = {**defaults, ids["outbox"]: json.dumps(mark)}
    values[ids["message"]] = {"text": "tokens:1", "files": [] if outbox else [{**file, "meta": {"_type": "gradio.FileData"}}]}
    body = {"fn_index": wanted["id"], "data": [values[part] for part in wanted["inputs"]], "session_hash": "test"}
    answer = await page.client.post("/gradio_api/run/predict", json=body)
    return answer.json()["data"][0] if answer.status_code == 200 else {"error": {"code": str(answer.status_code)}}


def waiting(server: Server) -> list[Path]:
    return sorted(path for path in (server.data_dir / "uploads-in-transit").rglob("*") if path.is_file())


async def test_an_upload_is_its_visitors_alone(guests: Server):
    async with browser(guests) as ann, browser(guests) as ben, browser(guests) as nobody:
        await ann.get("/")
        await ben.get("/")
        [path] = (await add(ann, ("a fox?#%&.png", PICTURE))).json()
        assert str(guests.data_dir) not in path and not set(path) & set("?#% &")
        mine = await ann.get(f"/gradio_api/file={path}")
        assert (mine.status_code, mine.content, mine.headers["content-type"]) == (200, PICTURE, "image/png")
        assert mine.headers["cache-control"] == "no-store", "it may be meant for a private chat, of which no browser keeps anything"
        assert mine.headers["x-content-type-options"] == "nosniff" and "sandbox" in mine.headers["content-security-policy"]
        assert (await ann.client.head(f"/gradio_api/file={path}")).status_code == 200
        [whole] = [each for each in waiting(guests) if str(each).endswith(path)]
        for given in (path, str(whole), f"../{whole.parent.parent.name}/{path}"):
            assert (await ben.get(f"/gradio_api/file={given}")).status_code == 404
            told = await send(ben, given)
            assert told["error"]["code"] in ("bad_input", "404"), given  # type: ignore[index]
        assert (await nobody.get(f"/gradio_api/file={path}")).status_code == 401
        assert "error" in await send(ben, str(whole), outbox=False)
        assert "error" in await send(ann, "../../../imagechat.db")


@pytest.mark.parametrize(
    "path", ["", "..", "../..", "/etc/passwd", "../../imagechat.db", "%2e%2e/%2e%2e/imagechat.db", "\x00", "x" * 5000, "http://x"]
)
async def test_nothing_else_is_served(guests: Server, path: str):
    async with browser(guests) as page:
        await page.get("/")
        assert (
            await page.client.get(httpx2.URL(guests.url).copy_with(raw_path=f"/gradio_api/file={path}".replace("\x00", "%00").encode()))
        ).status_code == 404


async def test_what_is_no_picture_is_only_downloaded(guests: Server):
    async with browser(guests) as page:
        await page.get("/")
        [path] = (await add(page, ("evil.html", b"<script>alert(1)</script>"))).json()
        got = await page.get(f"/gradio_api/file={path}")
        assert (got.headers["content-type"], got.headers["content-disposition"]) == ("application/octet-stream", "attachment")


async def test_names_are_made_harmless(guests: Server):
    async with browser(guests) as page:
        await page.get("/")
        names = ["../../up.png", "..", ".hidden", "a/b\\c.png", "گل سرخ.png", "x" * 300 + ".png"]
        paths = (await add(page, *((name, PICTURE) for name in names))).json()
        assert len(paths) == len(names) and all(path.count("/") == 1 and ".." not in path for path in paths)
        for path in paths:
            assert (await page.get(f"/gradio_api/file={path}")).content == PICTURE


async def test_what_is_too_much_leaves_nothing(guests: Server):
    async with browser(guests) as page:
        await page.get("/")
        before = waiting(guests)
        large = await add(page, ("small.png", PICTURE), ("large.png", b"x" * (2**20 + 1)))
        assert large.status_code == 422 and "large.png is too big" in large.text
        many = await add(page, *((f"{number}.png", PICTURE) for number in range(17)))
        assert many.status_code == 422 and "16 pictures" in many.text
        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
        broken = (
            head + PICTURE,
            b"",
            b"nonsense",
            b"--b\r\n" + b"x" * 99_999,
            head + b"x" * 100,
            b"--b\r\nA: " + b"a" * 40_000 + b"\r\n\r\n",
        )
        for body in broken:
            assert (await page.client.post("/gradio_api/upload", content=body, headers=kind)).status_code == 422
        for other in ("multipart/form-data", f"multipart/form-data; boundary={'b' * 300}", "application/json", ""):
            assert (await page.client.post("/gradio_api/upload", content=head, headers={"Content-Type": other})).status_code == 422
        assert waiting(guests) == before


async def test_a_flood_is_told_to_wait(guests: Server):
    async with browser(guests) as page:
        await page.get("/")
        statuses = [(await add(page, *((f"{number}.png", PICTURE) for number in range(10)))).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 200, 429]


def test_of_very_many_small_files_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "WAITING_SMALL", 3)
    for number in range(5):
        file = tmp_path / f"folder{number}" / "x.png"
        file.parent.mkdir()
        file.write_bytes(b"x")
        os.utime(file, (number, number))
    uploads._prune(tmp_path, 10**9)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder2", "folder3", "folder4"]


@pytest.mark.parametrize("look", [lambda folder: uploads._prune(folder, 10**9), lambda folder: sweep_uploads(folder, now())])
def test_a_folder_may_go_while_it_is_looked_at(look: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("goes", "stays"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.png").write_bytes(b"x")
    scandir = os.scandir

    def looked(at: str | Path):
        if Path(at) == tmp_path / "goes" and Path(at).exists():
            (tmp_path / "goes" / "x.png").unlink()
            (tmp_path / "goes").rmdir()
        return scandir(at)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", looked)
        look(tmp_path)
    assert not (tmp_path / "goes").exists()


async def test_a_guest_whose_space_is_full_is_told_what_helps(tmp_path: Path):
    env = {**ENV, "IMAGECHAT_DEFAULTS__MODEL": "guide", "IMAGECHAT_DISK__GUESTS": f"{2.5 * len(PICTURE) / 2**20:.9f}"}
    async with running(tmp_path / "data", entry="tests/fakes/app.py", env=env) as full, browser(full) as page:
        await page.get("/")
        paths = (await add(page, *((f"{number}.png", PICTURE) for number in range(4)))).json()
        assert len(waiting(full)) == 2, "what waits is no more than what may be kept"
        told = [await send(page, path) for path in (paths[2], paths[3], paths[3])]
        assert ["error" in each for each in told] == [False, False, True]
        error = told[2]["error"]
        assert (error["code"], error["status"]) == ("space_full", 507) and "MB" in error["text"] and "delete" in error["text"]  # type: ignore[index]


async def test_what_a_guest_added_and_did_not_send_is_there_when_they_log_in(tmp_path: Path):
    await furnish(tmp_path / "data")
    env = {**ENV, "IMAGECHAT_DEFAULTS__MODEL": "guide"}
    async with running(tmp_path / "data", entry="tests/fakes/app.py", env=env) as server, browser(server) as page, browser(server) as other:
        await page.get("/")
        [first] = (await add(page, ("before.png", PICTURE))).json()
        assert (await page.client.post("/login", data={"name": NAME, "password": PASSWORD})).status_code == 303
        [second] = (await add(page, ("after.png", PICTURE))).json()
        for path in (first, second):
            assert (await page.get(f"/gradio_api/file={path}")).content == PICTURE
            assert "error" not in await send(page, path)
        await other.get("/")
        assert (await other.get(f"/gradio_api/file={first}")).status_code == 404


async def test_what_all_guests_add_at_once_is_no_more_than_all_may_have(tmp_path: Path):
    await furnish(tmp_path / "data")
    env = {**ENV, "IMAGECHAT_DISK__GUESTS_TOGETHER": "0.5", "IMAGECHAT_DEFAULTS__MODEL": "guide"}
    file = ("x.png", b"x" * 100_000)
    async with AsyncExitStack() as open_ones:
        server = await open_ones.enter_async_context(running(tmp_path / "data", entry="tests/fakes/app.py", env=env))
        pages = [await open_ones.enter_async_context(browser(server)) for _ in range(6)]
        for page in pages:
            await page.get("/")
        came = await asyncio.gather(*(add(page, file, file) for page in pages))
        refused = [each.text for each in came if each.status_code != 200]
        assert 4 <= len(refused) < 6 and all("MB" in each and "guests" in each for each in refused)
        assert len(waiting(server)) == 2 * (6 - len(refused))
        member = await open_ones.enter_async_context(browser(server))
        await member.get("/")
        assert (await member.client.post("/login", data={"name": NAME, "password": PASSWORD})).status_code == 303
        assert (await add(member, *[file] * 8)).status_code == 200, "a member is not one of them"
