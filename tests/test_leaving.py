"""Taking everything along, and deleting all of it: through the studio's verbs, on a real disk."""

import asyncio
import csv
import gc
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import insert

from imagechat.bootstrap import House
from imagechat.domain.jobs import Status
from imagechat.domain.values import new_id, now
from imagechat.domain.visitors import Visitor
from imagechat.errors import BadInput, NotKnown
from imagechat.settings import Settings
from imagechat.store import spaces, takeout
from imagechat.store.tables import ledger, reports, visitors
from imagechat.studio import leaving as leaving_room
from tests.asking import ANN, BEN, ask, chat, drawn, ended, said, until
from tests.conftest import OpenHouse, opened
from tests.fakes.models import png
from tests.leaving import MARK, exported, on_disk, sums
from tests.store.test_spaces import everywhere


async def everything(house: House, visitor: Visitor) -> list[str]:
    """Chats, pictures in the gallery, in the trash too, with the files of all of them."""
    return sorted(await spaces.files(house.database, visitor.id))


# --- deleting everything ---
async def person(house: House, visitor: Visitor) -> None:
    async with house.database.write() as connection:
        row = {"id": visitor.id, "role": visitor.role.value, "group": visitor.group, "name": "", "created": now(), "seen": now()}
        await connection.execute(insert(visitors).values(row))


async def full(house: House, visitor: Visitor, mark: str) -> None:
    """A space with everything in it."""
    studio = house.studio
    made = await drawn(studio, visitor, f"a {mark} in snow")
    await said(studio, visitor, chat(f"tell of a {mark}"))
    mine = await studio.upload(visitor, png((64, 64), 1), f"{mark}.png")
    await said(studio, visitor, chat(f"see the {mark} at night", uploads=(mine.id,)))
    await studio.trash_picture(visitor, made.id)
    await studio.trash_thread(visitor, made.thread)
    async with house.database.write() as connection:
        row = {"id": new_id(), "picture": made.id, "owner": visitor.id, "by": visitor.id, "reason": mark, "created": now(), "verdict": ""}
        await connection.execute(insert(reports).values(row))
        work = {"job": new_id(), "visitor": visitor.id, "group": "guest", "purse": "house", "kind": "image", "model": "fake-image"}
        money = {"provider": "embedded", "status": "settled", "outcome": "done", "day": "2026-11-21", "held": 0, "counted": 40}
        await connection.execute(insert(ledger).values(**work, **money, created=now(), asked=1, pictures=1))


async def test_nothing_of_a_visitor_is_left_but_what_was_spent_by_nobody(house: House, data_dir: Path):
    studio = house.studio
    await person(house, BEN)
    await full(house, ANN, "lighthouse")
    before, rows = on_disk(data_dir), len((await studio.threads(ANN)).items)
    await full(house, BEN, MARK)
    spent = sums(house)
    running = await studio.say(BEN, ask(f"a {MARK} for ever delay:30"))
    await until(studio, BEN, running, lambda job: job.status is Status.RUNNING)
    with pytest.raises(BadInput) as refused:
        await studio.delete_all(BEN, "no")
    assert refused.value.reason == "not_confirmed"
    await studio.delete_all(BEN, " Delete ")
    path = house.database.path
    assert set(everywhere(path, BEN.id)) <= {"facts.name"}, "until nothing can come any more"
    assert everywhere(path, MARK) == everywhere(path, BEN.id.encode().hex()) == []
    assert on_disk(data_dir) == before
    assert len((await studio.threads(ANN)).items) == rows
    assert (await studio.threads(ANN, search="lighthouse")).items
    assert spent[1] == sums(house)[1] == 80, "what was spent was spent"
    assert len(everywhere(path, "gone-")) >= 3
    for going in await spaces.leavings(house.database):
        await spaces.left(house.database, going.id)
    assert everywhere(path, BEN.id) == []


async def test_the_owner_s_content_goes_and_they_stay(house: House, data_dir: Path):
    studio = house.studio
    await full(house, ANN, MARK)
    await studio.delete_all(ANN, "delete")
    assert everywhere(house.database.path, MARK) == []
    assert on_disk(data_dir) == set()
    assert await spaces.leavings(house.database) == []
    made = await drawn(studio, ANN, "a new beginning")
    await studio.tidy()
    assert (await studio.gallery(ANN)).items == (made,)


async def test_a_crash_in_the_middle_is_finished_at_the_next_start(open_house: OpenHouse, data_dir: Path, migrated: Path):
    settings = Settings(_env_file=None, data_dir=data_dir)
    async with opened(settings) as house:
        await person(house, BEN)
        await full(house, BEN, MARK)
        await spaces.leave(house.database, BEN.id, "gone-1", stays=False)
        (first, *_) = await everything(house, BEN)
        await house.blobs.remove([first])
    house = await open_house()
    assert everywhere(house.database.path, MARK) == everywhere(house.database.path, BEN.id) == []
    assert on_disk(data_dir) == set()


async def test_what_comes_late_goes_too(house: House, monkeypatch: pytest.MonkeyPatch):
    await person(house, BEN)
    await house.studio.delete_all(BEN, "delete")
    await said(house.studio, BEN, chat(f"a {MARK} from a request that was on its way"))
    await house.studio.tidy()
    assert everywhere(house.database.path, MARK) == []
    monkeypatch.setattr(leaving_room, "LATE", leaving_room.LATE * 0)
    await house.studio.tidy()
    assert everywhere(house.database.path, BEN.id) == []


async def test_whoever_is_deleted_is_nobody_at_once(house: House):
    entered = await house.studio.arrive("192.0.2.7", "a browser")
    assert await house.studio.known(entered.token)
    await house.studio.delete_all(entered.visitor, "delete")
    assert await house.studio.known(entered.token) is None


async def test_what_a_guest_still_makes_for_an_account_goes_with_the_account(house: House, monkeypatch: pytest.MonkeyPatch):
    guest = Visitor(id=new_id())
    await person(house, BEN)
    receipt = await house.studio.say(guest, ask(f"a {MARK} for ever delay:30"))
    await until(house.studio, guest, receipt, lambda job: job.status is Status.RUNNING)
    assert not await spaces.adopt(house.database, guest.id, BEN.id)
    monkeypatch.setattr(leaving_room, "LATE", leaving_room.LATE * 0)
    await house.studio.delete_all(BEN, "delete")
    await house.studio.tidy()
    path = house.database.path
    assert everywhere(path, MARK) == everywhere(path, guest.id) == everywhere(path, BEN.id) == []


async def test_the_log_forgets_what_an_account_was_called(open_house: OpenHouse):
    house = await open_house(access="login", door={"signup": True})
    entered = await house.studio.sign_up("192.0.2.7", MARK, "long enough to be one", "a browser")
    with pytest.raises(NotKnown):
        await house.studio.log_in("192.0.2.7", MARK, "and this is another", "a browser")
    assert everywhere(house.database.path, MARK)
    await house.studio.delete_all(entered.visitor, "delete")
    assert everywhere(house.database.path, MARK) == []
    assert "login.failed" in {line.action for line in (await house.studio.audited(ANN)).items}


# --- taking along ---
async def test_an_export_has_everything_of_mine_and_nothing_of_another_s(house: House):
    studio = house.studio
    await full(house, BEN, MARK)
    await full(house, ANN, "lighthouse")
    last = await drawn(studio, ANN, "گربه‌ای در برف")
    packed = await exported(studio, ANN)
    assert packed.testzip() is None
    names = packed.namelist()
    assert not [
        name
        for name in names
        if MARK in name or MARK in packed.read(name).decode("latin-1") or BEN.id in packed.read(name).decode("latin-1")
    ]
    folders = [name.partition("/")[0] for name in names]
    assert {name: folders.count(name) for name in set(folders)} == {
        "README.txt": 1, "profile.json": 1, "usage.csv": 1, "chats": 8, "pictures": 4, "uploads": 1,
    }  # fmt: skip
    recipe = next(name for name in names if name.endswith(".json") and last.id[-8:] in name)
    assert json.loads(packed.read(recipe))["request"]["prompt"] == "گربه‌ای در برف"
    _, path = await studio.file(ANN, last.blob)
    assert packed.read(recipe.replace(".json", ".png")) == path.read_bytes()
    assert len(list(csv.DictReader(io.StringIO(packed.read("usage.csv").decode())))) == len(
        [row async for row in takeout.used(house.database, ANN.id)]
    )
    assert "fake-image" in packed.read("usage.csv").decode()
    for name in names:
        if name.endswith(".json") and name.startswith("chats"):
            assert json.loads(packed.read(name))["turns"]


async def test_of_exports_that_begin_at_the_same_moment_one_does(house: House):
    asked = (house.studio.export(visitor) for visitor in (ANN, ANN, BEN, ANN))
    came = await asyncio.gather(*asked, return_exceptions=True)
    assert [getattr(each, "reason", "begins") for each in came] == ["begins", "export_runs", "begins", "export_runs"]
    # None was taken up: whoever asked is gone, and may ask again.
    del came, asked
    await asyncio.sleep(0)
    gc.collect()
    assert (await exported(house.studio, ANN)).namelist()
    assert (await exported(house.studio, BEN)).namelist()


async def test_one_export_at_a_time(house: House):
    first = await house.studio.export(ANN)
    await anext(first)
    with pytest.raises(BadInput) as refused:
        await house.studio.export(ANN)
    assert refused.value.reason == "export_runs"
    await first.aclose()
    assert (await exported(house.studio, ANN)).namelist()


# --- a guest becomes an account ---
async def test_what_a_guest_still_makes_comes_to_the_account_when_it_is_done(house: House):
    studio = house.studio
    receipt = await studio.say(BEN, ask(f"three {MARK} delay:0.2", count=3))
    await until(studio, BEN, receipt, lambda job: job.status is Status.RUNNING)
    assert not await spaces.adopt(house.database, BEN.id, ANN.id)
    await ended(studio, BEN, receipt)
    await studio.tidy()
    assert len((await studio.gallery(ANN, search=MARK)).items) == 3
    assert everywhere(house.database.path, BEN.id) == []


async def test_a_guest_s_private_chat_goes_from_their_account_too(house: House, monkeypatch: pytest.MonkeyPatch):
    studio = house.studio
    thread = (await studio.begin_private(BEN, new_id())).id
    await said(studio, BEN, chat(f"tell of a {MARK}", thread=thread))
    assert await spaces.adopt(house.database, BEN.id, ANN.id)
    assert await studio.keep_private(ANN, [thread]) == [thread]
    monkeypatch.setattr(leaving_room, "ALONE", 0)
    await studio.tidy()
    assert everywhere(house.database.path, MARK) == []
