"""kill -9 at random moments, twenty times on one data folder: what was finished is all there, what was not can be tried again."""

import asyncio
import random
import sqlite3
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import httpx2
import pytest
from PIL import Image

from imagechat.bootstrap import House
from imagechat.domain.jobs import Status
from imagechat.domain.records import Generation, Turn
from imagechat.domain.values import new_id
from imagechat.settings import Settings
from imagechat.studio import Studio
from tests.asking import ANN, ask, chat, ended, said, until
from tests.browser.server import ROOT, running
from tests.conftest import OpenHouse, opened
from tests.web.conftest import DEFAULTS, Page

KILLS = 16


def killed(data_dir: Path, seed: int, after: float) -> list[list[str]]:
    """A house that is killed `after` seconds of work; the lines that it printed."""
    command = [sys.executable, "-m", "tests.house", str(data_dir), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first == "ready\n", process.stderr.read() if process.stderr else ""
        time.sleep(after)
        process.kill()
        rest = process.stdout.read()
    return [line.split() for line in rest.splitlines() if line.count(" ")]


async def turns(studio: Studio) -> list[Turn]:
    """Every reply there is."""
    found: list[Turn] = []
    cursor = None
    while True:
        page = await studio.threads(ANN, cursor=cursor)
        for thread in page.items:
            found += [turn for turn in (await studio.turns(ANN, thread.id)).items if turn.job]
        if (cursor := page.older) is None:
            return found


async def pictures(studio: Studio) -> list[Generation]:
    found: list[Generation] = []
    cursor = None
    while True:
        page = await studio.gallery(ANN, cursor=cursor)
        found += page.items
        if (cursor := page.older) is None:
            return found


async def whole(house: House, finished: set[str]) -> list[Turn]:
    """Nothing that was finished is lost, nothing is half there; every reply."""
    with sqlite3.connect(house.database.path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        kept = {row[0] for row in connection.execute("SELECT id FROM blobs")}
    there = await pictures(house.studio)
    assert finished <= {made.id for made in there}
    for made in there:
        blob, path = await house.studio.file(ANN, made.blob)
        data = path.read_bytes()
        assert len(data) == blob.size == made.bytes
        Image.open(BytesIO(data)).load()
        assert Image.open(BytesIO(await house.studio.thumbnail(ANN, made.blob))).format == "WEBP"
    assert {made.blob for made in there} <= kept
    replies = await turns(house.studio)
    assert {turn.job.status for turn in replies} <= {Status.DONE, Status.INTERRUPTED}
    for turn in replies:
        assert [place.generation for place in turn.job.places if place.status == "done"] == [made.id for made in turn.pictures]
        assert all(place.status in ("done", "cancelled") for place in turn.job.places)
    return replies


@pytest.mark.timeout(240)
async def test_killed_again_and_again_at_work(data_dir: Path):
    """Sixteen lives without the page; after every fourth all is looked at, and what was broken off is made after all."""
    chance = random.Random(5)
    finished: set[str] = set()
    words: dict[str, int] = {}
    interrupted = 0
    for kill in range(KILLS):
        for kind, id, *length in await asyncio.to_thread(killed, data_dir, kill, chance.uniform(0.02, 1.2)):
            if kind == "picture":
                finished.add(id)
            else:
                words[id] = int(length[0])
        if kill % 4 < 3:
            continue
        async with opened(Settings(_env_file=None, data_dir=data_dir)) as house:
            replies = await whole(house, finished)
            for turn in replies:
                if turn.job.job in words:
                    assert (turn.job.status, len(turn.message.text)) == (Status.DONE, words[turn.job.job])
            broken = [turn for turn in replies if turn.job.status is Status.INTERRUPTED]
            interrupted += len(broken)
            for kind in ("image", "chat"):
                turn = next((turn for turn in broken if turn.job.kind == kind and turn.job.model != "sketch"), None)
                if turn is not None:
                    again = await ended(house.studio, ANN, await house.studio.retry(ANN, turn.message.id))
                    assert again.job.status is Status.DONE
                    finished |= {made.id for made in again.pictures}
    assert interrupted >= KILLS / 4
    assert finished and words


async def test_of_a_reply_a_kill_takes_at_most_the_last_second(open_house: OpenHouse, data_dir: Path):
    """A word each 5 ms for three seconds, then the kill: all but what came after the last keeping is there."""
    script = f"""
import asyncio
from tests.house import *
async def talk():
    settings = Settings(_env_file=None, data_dir=Path({str(data_dir)!r}))
    lock = prepare(settings)
    house = House(settings, [FakeText()])
    await house.open()
    receipt = await house.studio.say(ANN, chat("tokens:100000 delay:0.005"))
    for _ in range(60):
        await asyncio.sleep(0.05)
        print(len(house.runner.newest(receipt.job).text), flush=True)
    import os, signal
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(talk())
"""
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    lengths = [int(line) for line in done.stdout.split()]
    assert len(lengths) == 60, done.stderr
    (turn,) = await turns((await open_house()).studio)
    assert turn.job.status is Status.INTERRUPTED
    # 1 s between two keepings is 20 of 60 lengths; a third more for a slow machine.
    assert len(turn.message.text or turn.job.text) >= lengths[-27]


@pytest.mark.timeout(240)
async def test_the_whole_app_is_killed_and_comes_back(data_dir: Path):
    """Four lives of the whole app: on a live stream's eyes, in mid-picture and mid-reply; no half file is served."""
    chance = random.Random(11)
    finished: dict[str, str] = {}
    async with (
        running(data_dir, entry="tests/fakes/app.py", env=DEFAULTS) as server,
        httpx2.AsyncClient(base_url=server.url, trust_env=False, timeout=30) as client,
    ):
        for life in range(4):
            page = Page(server, client)
            receipts = [await page.ask(f"three foxes number {life} delay:{chance.choice((0.01, 0.03))}") for _ in range(3)]
            await asyncio.sleep(chance.uniform(0, 0.6))
            for receipt in receipts:
                finished |= {made["id"]: made["url"] for made in (await page.turn(receipt))["pictures"].values()}
            server.kill9()
            await server.start()
            for url in finished.values():
                Image.open(BytesIO((await page.get(f"/{url}")).content)).load()
                assert Image.open(BytesIO((await page.get(f"/{url}/thumb")).content)).format == "WEBP"
            there = (await page.get("/gallery")).json()["pictures"]
            assert set(finished) <= {made["id"] for made in there}
            for made in there:
                Image.open(BytesIO((await page.get(f"/{made['url']}")).content)).load()
            ends = [(await page.turn(receipt))["job"]["status"] for receipt in receipts]
            assert set(ends) <= {"done", "interrupted"}
            for receipt, end in zip(receipts, ends, strict=True):
                if end == "interrupted":
                    again = await page.ended(await page.call("conversation", "ask_retry", receipt["message"], None, new_id()))
                    assert again["job"]["status"] == "done"
        with sqlite3.connect(data_dir / "imagechat.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert "Traceback" not in server.log()


async def test_a_painter_that_is_killed_in_mid_picture_takes_one_picture_with_it(house: House):
    studio = house.studio
    receipt = await studio.say(ANN, ask("mountains at sunset", "sketch", size="1024x1024", quality="high"))
    await until(studio, ANN, receipt, lambda job: bool(job.places and job.places[0].preview))
    for pid in house.catalogue.model("sketch").painters.pids:
        subprocess.run(["kill", "-9", str(pid)], check=True)
    turn = await ended(studio, ANN, receipt)
    assert (turn.job.status, turn.job.error.code, turn.job.error.retryable) == (Status.FAILED, "worker_died", True)
    assert turn.job.places[0].preview, "what came is kept"
    again = await ended(studio, ANN, await studio.retry(ANN, receipt.message))
    assert again.job.status is Status.DONE and again.pictures
    assert (await said(studio, ANN, ask("sea", "sketch", size="128x128"))).pictures
    assert (await said(studio, ANN, chat("tokens:3"))).job.status is Status.DONE
