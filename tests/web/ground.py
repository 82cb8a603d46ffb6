"""Where the walk of all doors goes: the running app, and what Ann and the owner lived through in it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from imagechat.domain.values import new_id
from tests.asking import PATIENCE
from tests.browser.server import ROOT, Server, running
from tests.fakes.models import noise
from tests.fakes.provider import KEY, Provider
from tests.web.conftest import DEFAULTS, Page
from tests.web.doorway import NAME, PASSWORD, furnish
from tests.web.walking import FILE, Belongings, Walker, changed

ANNS_KEY = "ann-key-0123456789abcdef"
SECRET = "zanzibar7quartz"
OWNERS = "vermilion9heron"
UPLOAD, WAITING = noise((120, 90), 77), noise((110, 80), 78)


@dataclass
class Ground:
    """The running app, its doors, Ann's and the owner's things in it, and everybody who walks."""

    server: Server
    doors: dict[str, Any]
    config: dict[str, Any]
    things: Belongings
    ann: Page
    owner: Page
    ben: Walker
    mia: Walker
    nobody: Walker
    forged: Walker
    marks: list[str]
    transit: list[str]

    def parts(self) -> dict[str, int]:
        return {each["props"].get("elem_id"): each["id"] for each in self.config["components"] if each["props"].get("elem_id")}

    def events(self) -> dict[tuple[str, str], Any]:
        """Gradio's events with a function of ours behind them, by what they happen to."""
        names = {number: name for name, number in self.parts().items()}
        found = [each for each in self.config["dependencies"] if each["backend_fn"]]
        return {(names.get(part, str(part)), event): each for each in found for part, event in each["targets"]}


@asynccontextmanager
async def walking(server: Server, *steps: str) -> AsyncIterator[Page]:
    async with httpx2.AsyncClient(base_url=server.url, trust_env=False, timeout=PATIENCE) as client:
        for step in steps:
            await client.get(step)
        yield Page(server, client)


async def send(page: Page, outbox: Any, text: str, files: list[Any] | None = None, **values: Any) -> Any:
    """Press Send as the page does."""
    config = (await page.get("/config")).json()
    ids = {each["props"].get("elem_id"): each["id"] for each in config["components"]}
    event = next(each for each in config["dependencies"] if each["backend_fn"] and [ids["message"], "submit"] in each["targets"])
    plain = {each["id"]: each["props"].get("value") for each in config["components"]}
    given = {"message": {"text": text, "files": files or []}, "outbox": json.dumps(outbox), **values}
    plain |= {ids[name]: value for name, value in given.items()}
    body = {"fn_index": event["id"], "data": [plain[part] for part in event["inputs"]], "session_hash": "test"}
    answer = await page.client.post("/gradio_api/run/predict", json=body)
    return answer.json()["data"][0]


async def live_through(page: Page, word: str) -> tuple[list[str], list[str]]:
    """Have a chat with an added picture, two pictures, one of them trashed, one being made; something waiting, something private, a report.

    Returns the marks of presses, and the files that wait.
    """
    marks, chat = [new_id() for _ in range(3)], new_id()
    upload = {"files": [("files", (f"{word}.png", UPLOAD, "image/png"))]}
    [kept] = (await page.client.post("/gradio_api/upload", files=upload["files"])).json()
    mark = {"thread": chat, "nonce": marks[0], "files": [{"path": kept, "orig_name": f"{word}.png"}]}
    receipt = await send(page, mark, f"{word} tokens:3", model="fake-seeing")
    await page.ended(receipt)
    made = await page.ended(await page.call("conversation", "ask_words", chat, f"{word} gives:noise", marks[1]))
    await page.call("conversation", "ask_report", made["pictures"]["0"]["id"], f"{word} is not what was asked")
    gone = (await page.ended(await page.ask(f"{word} gone")))["pictures"]["0"]
    await page.call("conversation", "trash_picture", gone["id"])
    for each in (made["pictures"]["0"], gone):
        assert (await page.get(f"/{each['url']}/thumb")).status_code == 200
    waiting = [("files", (f"{word}.png", WAITING, "image/png"))]
    [path] = (await page.client.post("/gradio_api/upload", files=waiting)).json()
    private = new_id()
    assert not (await page.client.post("/private/begin", json=private)).json().get("error")
    await page.ended(await page.call("conversation", "ask_words", private, f"{word} private", new_id()))
    running = await page.call("conversation", "ask_words", new_id(), f"{word} then:hang", marks[2])
    async with asyncio.timeout(PATIENCE):
        while not (await page.turn(running))["job"]["places"][0].get("preview"):
            await asyncio.sleep(0.05)
    return marks, [path.split("/", maxsplit=1)[0], kept.split("/", maxsplit=1)[0], path]


async def still(things: Belongings) -> Belongings:
    """These things, once nothing is written behind what was told any more."""
    before = things.kept()
    async with asyncio.timeout(PATIENCE):
        while True:
            await asyncio.sleep(1)
            if not changed(before, before := things.kept()):
                return things


def visitor(folder: Path, word: str) -> str:
    import sqlite3

    with sqlite3.connect(f"file:{folder / 'imagechat.db'}?mode=ro", uri=True) as db:
        [(owner,)] = set(db.execute("SELECT owner FROM messages WHERE text LIKE ?", (f"{word}%",)))
    return str(owner)


def pieces(folder: Path) -> tuple[bytes, ...]:
    """A bit from the middle of everything large that is kept or waits."""
    files = [each.read_bytes() for each in folder.glob("files/*/*") if each.stat().st_size > 2000]
    return tuple(each[len(each) // 2 :][:24] for each in (*files, UPLOAD, WAITING))


@asynccontextmanager
async def prepared(folder: Path) -> AsyncIterator[Ground]:
    """The app over `folder`, and all of it lived through; when it ends, nothing secret may stand in its log."""
    token = await furnish(folder)
    async with AsyncExitStack() as stack:
        provider = await stack.enter_async_context(Provider())
        provider.keys = {ANNS_KEY: (0, "")}
        env = {**DEFAULTS, "IMAGECHAT_ACCESS": "guests", "IMAGECHAT_LIMITS__ON": "off", "OPENAI_API_KEY": KEY,
               "OPENAI_BASE_URL": provider.url, "IMAGECHAT_SKETCH__PAINTERS": "4",
               "IMAGECHAT_METRICS__TOKEN": "walkers-have-none"}  # fmt: skip
        server = await stack.enter_async_context(running(folder, entry="tests/web/walking.py", env=env))
        ann, ben = [await stack.enter_async_context(walking(server, "/")) for _ in range(2)]
        owner, mia, nobody, forged = [await stack.enter_async_context(walking(server)) for _ in range(4)]
        assert (await owner.client.post("/enter", data={"token": token})).status_code == 303
        assert (await mia.client.post("/login", data={"name": NAME, "password": PASSWORD})).status_code == 303
        [(name, value)] = ann.client.cookies.items()
        forged.client.headers["Cookie"] = f"{name}={value[:-3]}AAA"
        assert not (await ann.call("mine", "keep_key", "openai", ANNS_KEY))["trouble"]
        lived = [await live_through(ann, SECRET), await live_through(owner, OWNERS)]
        await owner.call("mine", "make_link")
        config = (await ann.get("/config")).json()
        hidden = tuple(each for marks, files in lived for each in (*marks, *files))
        things = await still(
            Belongings(folder, (visitor(folder, SECRET), "owner"), (SECRET, OWNERS, ANNS_KEY, KEY, value), pieces(folder), hidden)
        )
        walkers = [Walker(name, page.client, things) for name, page in (("Ben", ben), ("Mia", mia), ("nobody", nobody), ("forged", forged))]
        async with asyncio.timeout(PATIENCE):
            while not (folder.parent / FILE).exists():
                await asyncio.sleep(0.05)
        doors = json.loads((folder.parent / FILE).read_text())
        marks, transit = [each for marks, _ in lived for each in marks], [files[2] for _, files in lived]
        one = Ground(server, doors, config, things, ann, owner, *walkers, marks, transit)
        for each in walkers:
            each.parts = one.parts()
        yield one
        print("doors asked:", {each.name: each.asked for each in walkers})
    assert f'File "{ROOT / "imagechat"}' not in server.log(), "only Gradio's own refusals may leave a trace"
    # Gradio repeats there which file somebody named that is none of theirs: the asker's own words.
    written = re.sub(r".*InvalidPathError: Cannot move .*", "", server.log())
    for each in (ANNS_KEY, token, SECRET, OWNERS):
        assert each not in written


async def until_own(stream: Any) -> str:
    """All that a stream said until one's own picture is done."""
    said = ""
    async with asyncio.timeout(PATIENCE):
        async for line in stream._lines:
            said += line + "\n"
            if "blue door" in said and '"final":true' in said:
                return said
    return said
