"""What a guest's files may take of the disk: exact, told in words, and what is deleted makes room again."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text

from imagechat.bootstrap import House
from imagechat.domain.records import Blob
from imagechat.domain.values import new_id
from imagechat.domain.visitors import Visitor
from imagechat.errors import NotFound, SpaceFull
from imagechat.store import quota
from imagechat.studio import Studio
from tests.asking import ANN, BEN, ask, chat, drawn, said
from tests.conftest import OpenHouse
from tests.fakes.models import FakeImage, FakeSeeing, FakeText, png

PICTURE = png((40, 30), 1)
SIZE = len(PICTURE)
MEMBER = Visitor(id=new_id(), group="member")


@pytest.fixture
def guests(open_house: OpenHouse) -> Callable[..., Awaitable[House]]:
    """A house whose guests may keep so many bytes."""

    async def start(most: int) -> House:
        return await open_house(FakeImage(), FakeText(), FakeSeeing(), access="guests", limits={"on": "off"}, disk={"guests": most / 2**20})

    return start


async def added(studio: Studio, visitor: Visitor = BEN, **facts: Any) -> Blob:
    return await studio.upload(visitor, PICTURE, "fox.png", **facts)


async def held(house: House, visitor: Visitor = BEN) -> int:
    """Bytes that a visitor's files take on the disk, thumbnails left out."""
    async with house.database.read() as connection:
        rows = (await connection.exec_driver_sql("SELECT id FROM blobs WHERE owner = ?", (visitor.id,))).scalars().all()
    paths = [house.blobs.path(id) for id in rows]
    return sum(path.stat().st_size for path in paths if path.is_file())


async def test_of_many_uploads_at_once_as_many_are_kept_as_there_is_room_for(guests: Any):
    house = await guests(5 * SIZE)
    came = await asyncio.gather(*(added(house.studio) for _ in range(12)), return_exceptions=True)
    assert sum(isinstance(each, Blob) for each in came) == 5
    refused = [each for each in came if isinstance(each, SpaceFull)]
    assert len(refused) == 7 and {"used", "most", "needs"} <= set(refused[0].facts)
    assert await held(house) == 5 * SIZE
    assert (await house.studio.space(BEN)).most == 5 * SIZE
    for _ in range(6):
        await added(house.studio, ANN)
        await added(house.studio, MEMBER)


async def test_pictures_that_are_made_need_room_too(guests: Any):
    house = await guests(SIZE)
    made = await drawn(house.studio, BEN, "a fox")
    while (await house.studio.space(BEN)).bytes < SIZE:
        made = await drawn(house.studio, BEN, "a fox")
    with pytest.raises(SpaceFull):
        await house.studio.say(BEN, ask("another fox"))
    assert (await said(house.studio, BEN, chat("tokens:2"))).job, "words need none"
    assert await drawn(house.studio, ANN, "a fox")
    await house.studio.trash_picture(BEN, made.id)
    assert await drawn(house.studio, BEN, "a fox again")
    assert not house.blobs.path(made.blob).exists()
    with pytest.raises(NotFound):
        await house.studio.restore_picture(BEN, made.id)


async def test_a_press_that_was_taken_is_not_refused_when_it_comes_again(guests: Any):
    house = await guests(1)
    asked = ask("a fox", nonce=new_id())
    first = await house.studio.say(BEN, asked)
    await drawn(house.studio, ANN, "meanwhile")
    while not (await house.studio.space(BEN)).bytes:
        await asyncio.sleep(0.01)
    again = await house.studio.say(BEN, asked)
    assert (again.job, again.fresh) == (first.job, False)


async def test_what_lies_in_the_trash_goes_oldest_first_and_only_as_far_as_needed(guests: Any):
    house = await guests(4 * SIZE)
    studio, chats = house.studio, [new_id() for _ in range(4)]
    blobs = [await added(studio) for _ in chats]
    for thread, blob in zip(chats, blobs, strict=True):
        await said(studio, BEN, ask("what is this?", "fake-seeing", thread=thread, uploads=(blob.id,)))
    for thread in chats[1:]:
        await studio.trash_thread(BEN, thread)
    await added(studio)
    there = [house.blobs.path(blob.id).exists() for blob in blobs]
    assert there == [True, False, True, True]
    assert await held(house) == 4 * SIZE == (await studio.space(BEN)).bytes
    await studio.restore_thread(BEN, chats[1])
    turn = await said(studio, BEN, ask("and now?", "fake-seeing", thread=chats[1]))
    assert turn.job and turn.job.status == "done", "what is gone is left out of what the model is told"


async def test_what_something_else_needs_or_somebody_reported_stays(guests: Any):
    house = await guests(2 * SIZE)
    studio, blob = house.studio, await added(house.studio)
    for thread in (kept := new_id(), gone := new_id()):
        await said(studio, BEN, ask("what is this?", "fake-seeing", thread=thread, uploads=(blob.id,)))
    await studio.trash_thread(BEN, gone)
    await added(studio)
    with pytest.raises(SpaceFull):
        await added(studio)
    assert house.blobs.path(blob.id).exists()
    await studio.trash_thread(BEN, kept)
    await added(studio)
    assert not house.blobs.path(blob.id).exists()


async def test_a_reported_picture_waits_for_its_decision(guests: Any):
    house = await guests(1)
    made = await drawn(house.studio, BEN, "a fox")
    await house.studio.report(BEN, made.id, "it frightens me")
    await house.studio.trash_picture(BEN, made.id)
    with pytest.raises(SpaceFull):
        await house.studio.say(BEN, ask("a fox"))
    [report] = await house.studio.reports(ANN)
    await house.studio.decide(ANN, report.id, "kept")
    assert await drawn(house.studio, BEN, "a fox")


async def test_a_trash_that_is_too_small_stays_whole(guests: Any):
    house = await guests(2 * SIZE)
    studio, thread = house.studio, new_id()
    small = await added(studio)
    await said(studio, BEN, ask("what is this?", "fake-seeing", thread=thread, uploads=(small.id,)))
    await studio.trash_thread(BEN, thread)
    with pytest.raises(SpaceFull):
        await studio.upload(BEN, _large(), "large.png")
    assert house.blobs.path(small.id).exists() and await held(house) == SIZE


def _large() -> bytes:
    """A picture larger than all that a guest of these tests may keep."""
    return next(data for side in range(100, 3000, 100) if len(data := png((side, side), 1)) > 2 * SIZE)


async def test_what_may_go_is_found_without_reading_whole_tables(guests: Any):
    """Where the room is full, everybody who is refused has it looked for, and whoever else writes waits."""
    house = await guests(SIZE)
    async with house.database.read() as connection:
        plan = (await connection.execute(text(f"EXPLAIN QUERY PLAN {quota._DELETED}"), {"owner": BEN.id})).all()
    read = [row.detail for row in plan if re.match("SCAN (threads|messages|jobs|generations|blobs)", row.detail)]
    assert plan and not read
