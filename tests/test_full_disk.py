"""A disk that is full, that cannot be written, or that lost a file: it is told in words, and the house goes on."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from imagechat import work
from imagechat.bootstrap import House
from imagechat.domain.jobs import Status
from tests.after import in_words, whole
from tests.asking import ANN, ask, chat, drawn, ended, said, turn_of, until
from tests.conftest import OpenHouse


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 8 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small disk can be mounted by root alone")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path, *, leave: int) -> Path:
    """Take all room but `leave` bytes."""
    filler = folder / "filler"
    stat = os.statvfs(folder)
    filler.write_bytes(b"\0" * (stat.f_bavail * stat.f_frsize - leave))
    return filler


async def test_a_full_disk_is_told_in_words_and_the_house_goes_on(open_house: OpenHouse, small_disk: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(work, "AGAIN", 0.1)
    house = await open_house(data_dir=small_disk / "data")
    first = await drawn(house.studio, ANN, "a fox")
    receipt = await house.studio.say(ANN, ask("a wolf delay:0.3 gives:noise", size="1024x1024"))
    await until(house.studio, ANN, receipt, lambda job: job.status is Status.RUNNING)
    filler = fill(small_disk, leave=300_000)
    turn = await ended(house.studio, ANN, receipt)
    assert (turn.job.status, turn.job.error.code) == (Status.FAILED, "disk_full")
    assert "freed some space" in in_words(turn)
    assert not turn.pictures
    assert (await house.studio.gallery(ANN)).items == (first,)
    assert await house.studio.thumbnail(ANN, first.blob)
    filler.unlink()
    again = await ended(house.studio, ANN, await house.studio.retry(ANN, receipt.message))
    assert len(again.pictures) == 1
    await whole(house)


async def test_a_reply_whose_end_finds_no_room_is_kept_when_there_is_some(
    open_house: OpenHouse, small_disk: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(work, "AGAIN", 0.1)
    house = await open_house(data_dir=small_disk / "data")
    receipt = await house.studio.say(ANN, chat("tokens:30000 wait:0.3"))
    await until(house.studio, ANN, receipt, lambda job: job.status is Status.RUNNING)
    filler = fill(small_disk, leave=0)
    state = await until(house.studio, ANN, receipt, lambda job: job.status.final)
    assert (state.status, state.error.code) == (Status.FAILED, "disk_full")
    assert state.text.endswith("END")
    assert (await turn_of(house.studio, ANN, receipt)).job.text == state.text, "a reload shows it too"
    filler.unlink()
    await until(house.studio, ANN, receipt, lambda job: job.status is Status.DONE)
    async with asyncio.timeout(10):
        while house.runner.newest(receipt.job):
            await asyncio.sleep(0.05)
    kept = await turn_of(house.studio, ANN, receipt)
    assert (kept.job.status, kept.job.error, kept.message.text) == (Status.DONE, None, state.text)


async def test_asking_on_a_full_disk_is_refused_in_words(open_house: OpenHouse, small_disk: Path):
    house = await open_house(data_dir=small_disk / "data")
    made = await drawn(house.studio, ANN, "a fox")
    filler = fill(small_disk, leave=0)
    refused = None
    for _ in range(200):  # The write-ahead log has a few pages of room at first.
        try:
            await house.studio.say(ANN, chat("x" * 20_000 + " wait:60"))
        except Exception as fault:
            refused = fault
            break
    assert getattr(refused, "code", refused) == "disk_full"
    assert (await house.studio.gallery(ANN)).items == (made,)
    filler.unlink()
    assert await drawn(house.studio, ANN, "and on it goes")


async def test_a_folder_that_cannot_be_written_any_more(house: House):
    made = await drawn(house.studio, ANN, "a fox")
    folder, away = house.blobs.folder, house.blobs.folder.with_name("away")
    folder.rename(away)
    folder.write_text("a file where the folder was: nobody can write there, root neither")
    turn = await said(house.studio, ANN, ask("a wolf"))
    assert (turn.job.status, turn.job.error.code, turn.job.error.reason) == (Status.FAILED, "house_fault", "not_writable")
    assert "Nothing can be written to" in in_words(turn) and str(folder) in in_words(turn)
    assert (await said(house.studio, ANN, chat("words need no folder"))).job.status is Status.DONE
    folder.unlink()
    away.rename(folder)
    assert await house.studio.thumbnail(ANN, made.blob) and await drawn(house.studio, ANN, "and on it goes")
    await whole(house)


async def test_a_thumbnail_that_finds_no_room_is_made_for_the_moment(open_house: OpenHouse, small_disk: Path):
    house = await open_house(data_dir=small_disk / "data")
    made = await drawn(house.studio, ANN, "a fox")
    thumb = house.blobs.path(made.blob).with_name(f"{made.blob}.thumb")
    thumb.unlink()
    filler = fill(small_disk, leave=0)
    assert Image.open(BytesIO(await house.studio.thumbnail(ANN, made.blob))).format == "WEBP"
    filler.unlink()
    await house.studio.thumbnail(ANN, made.blob)
    assert Image.open(thumb).format == "WEBP"


async def test_a_file_that_was_taken_away(house: House):
    made = await drawn(house.studio, ANN, "a fox")
    await house.studio.file(ANN, made.blob)
    house.blobs.path(made.blob).unlink()
    both = await asyncio.gather(*(house.studio.file(ANN, made.blob) for _ in range(4)), return_exceptions=True)
    assert {str(each) for each in both} == {"not_found.file"}
