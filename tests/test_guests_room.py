"""What all guests together may take of the disk, and what of theirs goes when no browser knows them any more."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from imagechat.bootstrap import House
from imagechat.domain.records import Blob
from imagechat.domain.values import new_id
from imagechat.domain.visitors import OWNER, Role, Visitor
from imagechat.errors import SpaceFull
from imagechat.store.database import migrate
from imagechat.store.quota import guests_take
from imagechat.store.spaces import adopt
from imagechat.store.tables import blobs, ledger, visitors
from imagechat.studio import Studio, crowd
from tests.asking import ANN, PATIENCE, ask, chat, drawn, said
from tests.conftest import OpenHouse
from tests.fakes.models import FakeImage, FakeSeeing, FakeText, png

PICTURE = png((40, 30), 1)
SIZE = len(PICTURE)
AGENT = "a browser"


@pytest.fixture
def together(open_house: OpenHouse) -> Callable[..., Awaitable[House]]:
    """A house whose guests may keep so many bytes, all of them together."""

    async def start(most: int, **disk: Any) -> House:
        limits = {"on": "off", "guests": "1000 per 1 hour"}
        disk = {"guests_together": most / 2**20, **disk}
        return await open_house(FakeImage(), FakeText(), FakeSeeing(), access="guests", limits=limits, disk=disk)

    return start


async def guest(house: House) -> Visitor:
    return (await house.studio.arrive("192.0.2.7", AGENT)).visitor


async def member(house: House, group: Any = "member", role: Role = Role.MEMBER) -> Visitor:
    id = await house.people.add(f"someone{new_id()}", "hash", name="Someone", role=role, group=group)
    return Visitor(id=id, role=role, group=group)


async def added(studio: Studio, visitor: Visitor, **facts: Any) -> Blob:
    return await studio.upload(visitor, PICTURE, "fox.png", **facts)


async def counted(house: House) -> int:
    """What the database says that guests take, checked against all of their files."""
    guests = select(visitors.c.id).where(visitors.c.group == "guest", visitors.c.role != "admin")
    async with house.database.read(one_moment=True) as connection:
        said, summed = await guests_take(connection), select(func.coalesce(func.sum(blobs.c.size), 0)).where(blobs.c.owner.in_(guests))
        assert said == (await connection.execute(summed)).scalar_one()
    return said


# --- the bound ---
async def test_of_many_guests_uploads_at_once_as_many_are_kept_as_there_is_room_for(together: Any):
    house = await together(5 * SIZE)
    guests = [await guest(house) for _ in range(12)]
    came = await asyncio.gather(*(added(house.studio, each) for each in guests), return_exceptions=True)
    assert sum(isinstance(each, Blob) for each in came) == 5
    refused = [each for each in came if isinstance(each, SpaceFull)]
    assert len(refused) == 7 and {each.reason for each in refused} == {"guests"}
    assert await counted(house) == 5 * SIZE


async def test_nobody_else_is_refused(together: Any):
    house = await together(SIZE)
    await added(house.studio, await guest(house))
    made_it_themselves = await member(house, "guest")
    with pytest.raises(SpaceFull):
        await added(house.studio, made_it_themselves)
    others = (
        ANN,
        await member(house),
        await member(house, "trusted"),
        await member(house, role=Role.ADMIN),
        await member(house, "guest", Role.ADMIN),
    )
    for each in others:
        await added(house.studio, each)
        assert await drawn(house.studio, each, "a fox")
    assert await counted(house) == SIZE


async def test_pictures_are_refused_before_money_is_held_and_words_are_not(together: Any):
    house = await together(SIZE)
    ben = await guest(house)
    await added(house.studio, await guest(house))
    with pytest.raises(SpaceFull) as refused:
        await house.studio.say(ben, ask("a fox"))
    assert refused.value.reason == "guests" and {"used", "most", "needs"} <= set(refused.value.facts)
    async with house.database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(ledger))).scalar_one() == 0
    assert (await said(house.studio, ben, chat("tokens:2"))).job


async def test_what_a_guest_deletes_makes_room_for_as_much(together: Any):
    house = await together(2 * SIZE)
    studio, ben, thread = house.studio, await guest(house), new_id()
    mine = await added(studio, ben)
    await said(studio, ben, ask("what is this?", "fake-seeing", thread=thread, uploads=(mine.id,)))
    await added(studio, await guest(house))
    with pytest.raises(SpaceFull):
        await added(studio, ben)
    await studio.trash_thread(ben, thread)
    await added(studio, ben)
    assert not house.blobs.path(mine.id).exists() and await counted(house) == 2 * SIZE


@pytest.mark.parametrize("most", ["0", "", "none"])
async def test_there_need_not_be_a_bound(open_house: OpenHouse, most: str):
    house = await open_house(access="guests", disk={"guests_together": most})
    assert house.settings.disk.together is None
    await added(house.studio, await guest(house))


async def test_the_owner_reads_of_it_once(together: Any, caplog: pytest.LogCaptureFixture):
    house = await together(1)
    ben = await guest(house)
    for _ in range(3):
        with pytest.raises(SpaceFull):
            await added(house.studio, ben)
    assert sum("IMAGECHAT_DISK__GUESTS_TOGETHER" in each.getMessage() for each in caplog.records) == 1
    assert await house.studio.guests_room(ANN) == (0, 1) and await house.studio.guests_room(ben) is None


async def test_the_sum_follows_whatever_becomes_of_files_and_of_guests(together: Any):
    house = await together(0)
    studio, ben, cleo = house.studio, await guest(house), await guest(house)
    for each in (ben, ben, cleo):
        await added(studio, each)
    await drawn(studio, cleo, "three foxes")
    whole = await counted(house)
    assert whole > 3 * SIZE
    await studio.forget_uploads(ben, [(await added(studio, ben)).id])
    assert await counted(house) == whole
    await studio.set_person(OWNER, ben.id, group="trusted")
    assert await counted(house) == whole - 2 * SIZE
    await studio.set_person(OWNER, ben.id, group="guest")
    assert await counted(house) == whole
    await studio.delete_all(ben, "delete")
    assert await counted(house) == whole - 2 * SIZE
    dora = await member(house)
    await adopt(house.database, cleo.id, dora.id)
    assert await counted(house) == 0


async def test_what_was_there_before_the_sum_counts(together: Any, open_house: OpenHouse):
    """A database of the version before has guests with files."""
    house = await together(0)
    await added(house.studio, await guest(house))
    await added(house.studio, ANN)
    await house.close()
    with closing(sqlite3.connect(house.database.path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DROP TABLE taken")
        connection.execute("UPDATE alembic_version SET version_num = '0003'")
        connection.commit()
    migrate(house.database.path)
    with closing(sqlite3.connect(house.database.path)) as connection:
        assert connection.execute("SELECT bytes FROM taken WHERE whose = 'guests'").fetchall() == [(SIZE,)]


# --- what waits to be sent ---
async def test_what_waits_counts_and_is_looked_at_again_where_there_is_no_room(together: Any, monkeypatch: pytest.MonkeyPatch):
    house = await together(1000)
    studio, ben, ann = house.studio, await guest(house), waits_of_owner(house)
    await studio.count_waiting()
    assert house.studio.parts.crowd.waiting == 0, "the owner's is nobody's business"
    left = studio.transit(ben) / "one" / "x.png"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"x" * 900)
    await studio.count_waiting()
    first = studio.taking(ben)
    await studio.find_room(first)
    first.take(100)
    added = left.with_name("y.png")
    added.write_bytes(b"x" * 100)
    with pytest.raises(SpaceFull):
        first.take(1)
    with pytest.raises(SpaceFull):
        await studio.find_room(studio.taking(await guest(house)))
    added.unlink()
    first.end(0)
    second = studio.taking(ben)
    second.take(100)
    added.write_bytes(b"x" * 100)
    second.end(100)
    left.unlink()
    added.unlink()
    monkeypatch.setattr(crowd, "AGAIN", -1)
    await studio.find_room(third := studio.taking(ben))
    third.take(1000)
    assert ann.exists()


def waits_of_owner(house: House) -> Path:
    """What the owner has waiting."""
    path = house.studio.transit(ANN) / "one" / "x.png"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x" * 5000)
    return path


async def test_what_waited_before_a_start_is_counted(together: Any, data_dir: Path):
    left = data_dir / "uploads-in-transit" / "somebody" / "one" / "x.png"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"x" * 900)
    house = await together(1000)
    async with asyncio.timeout(PATIENCE):
        while house.studio.parts.crowd.waiting != 900:
            await asyncio.sleep(0.01)
