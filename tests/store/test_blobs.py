import asyncio
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import obstore
import pytest
from sqlalchemy.exc import IntegrityError

from imagechat.domain.jobs import Place
from imagechat.domain.values import new_id, now
from imagechat.errors import DiskFull, HouseFault, NotFound
from imagechat.store import blobs as room
from imagechat.store.blobs import Blobs
from imagechat.store.jobs import Jobs
from imagechat.store.threads import Threads
from tests.store.making import ANN, BEN, blob, finished, generation, said


async def test_a_file_is_read_as_it_was_written(blobs: Blobs) -> None:
    id = new_id()
    await blobs.write(id, b"picture")
    await blobs.write_thumbnail(id, b"small")
    assert (await blobs.read(id), await blobs.read_thumbnail(id)) == (b"picture", b"small")
    assert blobs.path(id).read_bytes() == b"picture"
    await blobs.write_thumbnail(id, b"smaller")
    assert await blobs.read_thumbnail(id) == b"smaller"


async def test_what_was_never_written_is_not_there(blobs: Blobs) -> None:
    with pytest.raises(NotFound):
        await blobs.read(new_id())
    assert await blobs.read_thumbnail(new_id()) is None


@pytest.mark.parametrize("id", ["", "..", "../../etc/passwd", "a" * 25, "A" * 26, "ab/" + "0" * 23, "0" * 26 + "\n", "0" * 25 + "\0"])
async def test_nothing_but_ids_reaches_the_folder(blobs: Blobs, id: str) -> None:
    for call in (blobs.write(id, b"x"), blobs.write_thumbnail(id, b"x"), blobs.read(id), blobs.read_thumbnail(id), blobs.drop([id])):
        with pytest.raises(NotFound):
            await call
    with pytest.raises(NotFound):
        blobs.path(id)
    assert list(blobs.folder.rglob("*")) == []


async def test_a_written_file_and_its_folders_are_synced(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda opened: synced.append(os.readlink(f"/proc/self/fd/{opened}")))
    id = new_id()
    await blobs.write(id, b"picture")
    assert synced == [str(path.resolve()) for path in (blobs.path(id), blobs.path(id).parent, blobs.folder)]


async def test_a_partial_picture_is_not_synced_and_everything_else_that_is_kept_is(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    for kind, times in (("preview", 0), ("upload", 3), ("picture", 3)):
        synced.clear()
        one = blob(kind=kind)
        await blobs.keep(one, b"picture")
        assert (len(synced), await blobs.read(one.id), await blobs.get(ANN, one.id)) == (times, b"picture", one)


async def test_files_of_others_are_not_there(blobs: Blobs) -> None:
    kept = blob(size=10)
    await blobs.add(kept)
    await blobs.add(blob(BEN, size=5))
    await blobs.add(blob(size=32, kind="upload", name="عکس.png"))
    assert await blobs.get(ANN, kept.id) == kept
    with pytest.raises(NotFound):
        await blobs.get(BEN, kept.id)
    assert await blobs.usage(ANN) == (2, 42)
    assert await blobs.usage("nobody") == (0, 0)


async def test_dropped_files_are_gone_with_their_rows(blobs: Blobs) -> None:
    gone, kept = blob(), blob()
    for one in (gone, kept):
        await blobs.write(one.id, b"x")
        await blobs.write_thumbnail(one.id, b"y")
        await blobs.add(one)
    await blobs.drop([gone.id, new_id()])
    with pytest.raises(NotFound):
        await blobs.get(ANN, gone.id)
    with pytest.raises(NotFound):
        await blobs.read(gone.id)
    assert await blobs.read_thumbnail(gone.id) is None
    assert (await blobs.get(ANN, kept.id), await blobs.read(kept.id)) == (kept, b"x")


async def test_the_file_of_a_kept_picture_cannot_be_dropped(blobs: Blobs, threads: Threads, jobs: Jobs) -> None:
    kept, file = await said(threads), blob()
    await blobs.write(file.id, b"x")
    await jobs.keep(kept.state, generation(kept, file), file)
    with pytest.raises(IntegrityError):
        await blobs.drop([file.id])
    assert await blobs.read(file.id) == b"x"


def age(path: Path, hours: int = 2) -> None:
    then = now().timestamp() - hours * 3600
    os.utime(path, (then, then))


async def test_the_sweep_takes_old_files_without_rows_and_nothing_else(blobs: Blobs) -> None:
    kept, orphan, young = blob(), new_id(), new_id()
    for id in (kept.id, orphan, young):
        await blobs.write(id, b"x")
        await blobs.write_thumbnail(id, b"y")
    await blobs.add(kept)
    torn, torn_lately = (blobs.folder / orphan[-2:] / f"{new_id()}#{n}" for n in (1, 2))
    for path in (torn, torn_lately):
        path.write_bytes(b"half")
    for path in blobs.folder.rglob("*"):
        if path.is_file() and young not in path.name and path != torn_lately:
            age(path)
    assert await blobs.sweep(now() - timedelta(hours=1)) == 3
    left = sorted(path.name for path in blobs.folder.rglob("*") if path.is_file())
    assert left == sorted([kept.id, f"{kept.id}.thumb", young, f"{young}.thumb", torn_lately.name])
    assert await blobs.sweep(now() - timedelta(hours=1)) == 0


async def test_the_sweep_takes_previews_that_no_job_shows(blobs: Blobs, threads: Threads, jobs: Jobs) -> None:
    long_ago = now() - timedelta(hours=3)
    shown, forgotten = (blob(kind="preview", created=long_ago) for _ in range(2))
    young, upload = blob(kind="preview"), blob(kind="upload", created=long_ago)
    for one in (shown, forgotten, young, upload):
        await blobs.write(one.id, b"x")
        await blobs.add(one)
    kept = await said(threads)
    await jobs.save(finished(kept.state, places=(Place(), Place(status="cancelled", preview=shown.id))))
    await blobs.sweep(now() - timedelta(hours=1))
    with pytest.raises(NotFound):
        await blobs.get(ANN, forgotten.id)
    with pytest.raises(NotFound):
        await blobs.read(forgotten.id)
    for one in (shown, young, upload):
        assert await blobs.get(ANN, one.id) == one


async def test_a_swept_folder_of_many_files_is_read_in_parts(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_BATCH", 4)
    kept = [blob() for _ in range(11)]
    for one in kept[:10]:
        await blobs.write(one.id, b"x")
        await blobs.add(one)
    await blobs.write(kept[10].id, b"x")
    assert await blobs.sweep(now() + timedelta(hours=1)) == 1
    await blobs.drop([one.id for one in kept[:10]])
    assert await blobs.usage(ANN) == (0, 0)


FULL = """
import asyncio, sys
from pathlib import Path
from imagechat.domain.values import new_id
from imagechat.errors import ImageChatError
from imagechat.store.blobs import Blobs
async def main():
    id = new_id()
    blobs = Blobs(None, Path(sys.argv[1]))
    try:
        await blobs.write(id, b"x" * 3_000_000)
    except ImageChatError as error:
        print(error, blobs.path(id).exists())
asyncio.run(main())
"""


@pytest.mark.parametrize(("mount", "told"), [("size=1m", "disk_full False"), ("ro", "house_fault.not_writable False")])
async def test_a_disk_that_takes_nothing_is_told(tmp_path: Path, mount: str, told: str) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    script = (
        f'mount -t tmpfs -o size=9m tmpfs {folder} && mkdir {folder}/files && mount -o remount,{mount} {folder} && exec "$0" -c "$1" "$2"'
    )
    if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", str(folder)], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    process = await asyncio.create_subprocess_exec(
        "unshare", "-rm", "sh", "-c", script, sys.executable, FULL, str(folder / "files"), stdout=subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert output.decode().strip() == told


async def test_words_of_the_system_become_ours(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    for words, fault in (("No space left on device (os error 28)", DiskFull), ("Permission denied (os error 13)", HouseFault)):

        async def refuse(*_: object, words: str = words) -> None:
            raise obstore.exceptions.GenericError(words)

        monkeypatch.setattr(obstore, "put_async", refuse)
        with pytest.raises(fault):
            await blobs.write(new_id(), b"x")


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HouseFault) as refused:
        Blobs(None, tmp_path / "file" / "folder")  # type: ignore[arg-type]
    assert refused.value.reason == "not_writable"
