"""The gallery with 10,000 pictures. `python -m benchmarks.gallery`.

The rows are put straight into the store; the newest have real files and thumbnails. Times of the server: `studio` is the verb and the
JSON that it becomes, in this process; `http` is the same through the running app, by the address that the page fetches. Times of the page:
Enter on the tab, or on a word that is searched, until every thumbnail in sight is decoded and painted, each time in a browser that has
seen nothing yet.
"""

import asyncio
import json
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import httpx2
import numpy as np
from PIL import Image
from playwright.async_api import Browser, Page
from sqlalchemy import insert, select

from benchmarks.bare import picture
from benchmarks.house import opened
from benchmarks.timing import browser, press, table
from imagechat import bootstrap, ground, pictures, settings
from imagechat.domain.visitors import OWNER
from imagechat.i18n import locale
from imagechat.shown import Shown
from imagechat.store import search
from imagechat.store.rows import generation_row
from imagechat.store.tables import blobs, generations, picture_words
from tests.browser.server import Server, running
from tests.store.making import blob, generation, image_request, said, thread

ROWS, WITH_FILES, ROUNDS, PAGES = 10_000, 240, 60, 7
SUBJECTS = ["fox", "harbour", "lighthouse", "meadow", "valley", "glacier", "tower", "orchard", "bridge", "island"]
LIGHTS = ["dawn", "noon", "dusk", "night", "storm", "snow", "mist", "rain"]
TAB = '#tabs [role="tab"]:nth-of-type(2)'
FIND = "#gallery .find"
PAINTED = """() => {
  const seen = [...document.querySelectorAll('#gallery .grid img')].filter(img => {
    const box = img.getBoundingClientRect()
    return box.width && box.top < innerHeight
  })
  return seen.length >= 8 && seen.every(img => img.complete && img.naturalWidth && CHECK) && seen.at(-1)
}"""


async def main() -> str:
    """Seed, ask in this process, then ask the running app."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        rows = await in_process(data)
        async with running(data) as server, browser() as chrome:
            rows += [*await over_http(server), *await on_screen(chrome, server)]
    return table(rows, [f"gallery of {ROWS:,}", "median", "bar", "aim", ""])


async def in_process(data: Path) -> list[list[str]]:
    """The verb and its JSON, for the first page, any page, and a search."""
    chosen = settings.load(data_dir=data)
    lock = ground.prepare(chosen)
    house, shown = bootstrap.House(chosen), Shown(locale(chosen.locale))
    await seed(house)

    async def page(**asked: Any) -> None:
        found = await house.studio.gallery(OWNER, **asked)
        assert len(json.dumps([shown.picture(each) for each in found.items])) > 1000

    asks: dict[str, Callable[[], Awaitable[None]]] = {
        "first page": page,
        "any page": lambda: page(cursor=str(random.randrange(100, ROWS))),
        "search, one word": lambda: page(search=random.choice(SUBJECTS)),
        "search, two words": lambda: page(search=f"{random.choice(SUBJECTS)} {random.choice(LIGHTS)[:2]}"),
    }
    rows = [server_row(f"server, studio: {name}", await milliseconds(deed)) for name, deed in asks.items()]
    await house.close()
    lock.close()
    return rows


async def seed(house: bootstrap.House) -> None:
    """Put the pictures into the store, under one turn."""
    turn = await said(house.threads, thread(owner=OWNER.id, title="everything"), text="everything")
    kept = [blob(owner=OWNER.id, size=len(picture()), width=1024, height=1024) for _ in range(ROWS)]
    made = [generation(turn, each, request=image_request(prompt())) for each in kept]
    async with house.database.write() as connection:
        await connection.execute(insert(blobs), [dict(each) for each in kept])
        await connection.execute(insert(generations), [generation_row(each) for each in made])
        numbers = {row.id: row.number for row in await connection.execute(select(generations.c.id, generations.c.number))}
        owner = search.owner_word(OWNER.id)
        words = [{"rowid": numbers[each.id], "owner": owner, "words": search.normalised(each.request.prompt)} for each in made]
        await connection.execute(insert(picture_words), words)
    files(house, [each.id for each in kept[-WITH_FILES:]])


def prompt() -> str:
    """A prompt of some length, for its words and its bytes."""
    return f"a {random.choice(SUBJECTS)} at {random.choice(LIGHTS)}, {' '.join(random.choices(SUBJECTS + LIGHTS, k=12))}"


def files(house: bootstrap.House, ids: list[str]) -> None:
    """One large file under every id, and thumbnails of a dozen kinds."""
    grain = np.random.default_rng(3)
    scenes = [Image.fromarray(grain.integers(0, 255, (24, 24, 3), dtype=np.uint8)).resize((1024, 1024)) for _ in range(12)]
    thumbnails = [pictures.thumbnail(scene) for scene in scenes]
    whole = house.blobs.folder / "whole"
    whole.write_bytes(picture())
    for number, id in enumerate(ids):
        file = house.blobs.path(id)
        file.parent.mkdir(parents=True, exist_ok=True)
        os.link(whole, file)
        file.with_name(f"{id}.thumb").write_bytes(thumbnails[number % len(thumbnails)])
    whole.unlink()


async def over_http(server: Server) -> list[list[str]]:
    """The address that the page fetches, over one kept connection."""
    async with httpx2.AsyncClient(base_url=server.url, trust_env=False) as client:

        async def ask(**asked: str) -> None:
            answer = await client.get("/gallery", params=asked)
            assert len(answer.json()["pictures"]) > 0, answer.text

        asks: dict[str, Callable[[], Awaitable[None]]] = {
            "first page": ask,
            "any page": lambda: ask(cursor=str(random.randrange(100, ROWS))),
            "search, one word": lambda: ask(search=random.choice(SUBJECTS)),
        }
        return [server_row(f"server, http: {name}", await milliseconds(deed)) for name, deed in asks.items()]


async def on_screen(chrome: Browser, server: Server) -> list[list[str]]:
    """Enter on the tab → thumbnails, and a search; then a good deal of scrolling, and what was fetched by all that."""
    shown, found, fetched = [], [], []

    def hear(request: Any) -> None:
        fetched.append(urlsplit(request.url).path)

    for _ in range(PAGES):
        context = await chrome.new_context(viewport={"width": 1280, "height": 800})
        page = await opened(context, server.url)
        page.on("request", hear)
        shown.append((await press(page, TAB, PAINTED.replace("CHECK", "true"))).shown)
        found.append(await searched(page, random.choice(SUBJECTS)))
        await page.fill(FIND, "")
        for _ in range(8):
            await page.evaluate("() => document.querySelector('#gallery .scroller').scrollBy(0, 1500)")
            await asyncio.sleep(0.15)
        await context.close()
    large = [path for path in fetched if path.startswith("/media/") and not path.endswith("/thumb")]
    small = len(fetched) - len(large)
    return [
        ["page: the tab → thumbnails painted", f"{median(shown):.0f} ms", "600 ms", "400 ms", verdict(median(shown), 600, 400)],
        ["page: a word typed → its thumbnails painted", f"{median(found):.0f} ms", "600 ms", "400 ms", verdict(median(found), 600, 400)],
        ["page: full-size pictures fetched", f"{len(large)} ({small} others)", "none", "none", "MISSED" if large else "aim met"],
    ]


async def searched(page: Page, word: str) -> float:
    """Milliseconds from the last key of a word to its pictures; the page's own wait for more keys (150 ms) is among them."""
    await page.fill(FIND, word)
    return (await press(page, FIND, PAINTED.replace("CHECK", f"img.alt.includes('{word}')"))).shown


async def milliseconds(deed: Callable[[], Awaitable[None]]) -> float:
    """The median time of a deed."""
    times = []
    for _ in range(ROUNDS + 5):
        began = time.perf_counter()
        await deed()
        times.append(time.perf_counter() - began)
    return median(times[5:]) * 1000


def server_row(name: str, took: float) -> list[str]:
    """A line of the table for a time of the server."""
    return [name, f"{took:.1f} ms", "10 ms", "3 ms", verdict(took, 10, 3)]


def verdict(score: float, bar: float, aim: float) -> str:
    """What a score amounts to."""
    return "aim met" if score <= aim else "bar met" if score <= bar else "MISSED"


if __name__ == "__main__":
    print(asyncio.run(main()))
