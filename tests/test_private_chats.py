"""Chats of which nothing stays: through the studio's verbs, on a real disk."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from imagechat.bootstrap import House
from imagechat.domain.records import Controls
from imagechat.domain.values import new_id
from imagechat.errors import BadInput, NotFound, TooFast
from imagechat.studio import Ask
from imagechat.studio import leaving as leaving_room
from tests.asking import ANN, BEN, ask, drawn, said
from tests.conftest import OpenHouse
from tests.leaving import MARK, exported, on_disk, private_chat
from tests.store.test_spaces import everywhere

ROOT = Path(__file__).parent.parent


async def test_a_private_chat_is_nowhere_while_it_lives_but_in_its_tab(house: House):
    studio = house.studio
    other = await drawn(studio, ANN, "a lighthouse")
    thread = await private_chat(studio, ANN)
    page = await studio.turns(ANN, thread)
    pictures = [made for turn in page.items for made in turn.pictures]
    assert len(pictures) == 2 and all(made.private for made in pictures)
    assert [each.id for each in (await studio.threads(ANN)).items] == [other.thread]
    assert (await studio.threads(ANN, search=MARK)).items == ()
    assert [each.id for each in (await studio.gallery(ANN)).items] == [other.id]
    assert (await studio.gallery(ANN, search=MARK)).items == ()
    assert (await studio.space(ANN)).pictures == 1
    assert (await studio.picture(ANN, pictures[0].id)).private
    assert (await studio.file(ANN, pictures[0].blob))[0].private
    for verb in (studio.turns(BEN, thread), studio.picture(BEN, pictures[0].id)):
        with pytest.raises(NotFound):
            await verb
    packed = await exported(studio, ANN)
    assert not [name for name in packed.namelist() if MARK in name or MARK in packed.read(name).decode("latin-1")]


async def test_nothing_is_left_of_a_private_chat_whose_tab_is_gone(house: House, data_dir: Path, monkeypatch: pytest.MonkeyPatch):
    studio = house.studio
    other = await drawn(studio, ANN, "a lighthouse")
    before = on_disk(data_dir)
    thread = await private_chat(studio, ANN)
    running = await studio.say(ANN, ask(f"a {MARK} for ever delay:30", thread=thread))
    await studio.end_private(ANN, [thread])
    await studio.tidy()
    assert (await studio.turns(ANN, thread)).items, "in the first minute it can come back"
    monkeypatch.setattr(leaving_room, "GRACE", 0)
    await studio.end_private(ANN, [thread])
    await studio.tidy()
    with pytest.raises(NotFound):
        await studio.turns(ANN, thread)
    assert house.runner.newest(running.job) is None
    assert everywhere(house.database.path, MARK) == everywhere(house.database.path, thread) == []
    assert {name.removesuffix(".thumb") for name in on_disk(data_dir)} == {name.removesuffix(".thumb") for name in before}
    assert (await studio.picture(ANN, other.id)) == other
    assert studio.changes(ANN, studio.version(ANN) - 1).reset, "what was heard of it is forgotten too"


async def test_a_tab_that_comes_back_keeps_its_private_chat(house: House, monkeypatch: pytest.MonkeyPatch):
    studio = house.studio
    thread = (await studio.begin_private(ANN, new_id())).id
    monkeypatch.setattr(leaving_room, "GRACE", 0)
    await studio.end_private(ANN, [thread])
    assert await studio.keep_private(ANN, [thread, new_id()]) == [thread]
    await studio.tidy()
    assert (await studio.thread(ANN, thread)).private
    assert await studio.keep_private(BEN, [thread]) == []
    await studio.end_private(BEN, [thread], at_once=True)
    assert (await studio.thread(ANN, thread)).private, "nobody ends another's"


async def test_a_robot_begins_few_private_chats(open_house: OpenHouse):
    studio = (await open_house(access="guests", limits={"chat": "2 per 1 hour"})).studio
    one = new_id()
    for thread in (one, one, new_id()):
        assert (await studio.begin_private(BEN, thread)).private
    with pytest.raises(TooFast):
        await studio.begin_private(BEN, new_id())


async def test_one_that_no_tab_speaks_of_goes(house: House, monkeypatch: pytest.MonkeyPatch):
    studio = house.studio
    thread = (await studio.begin_private(ANN, new_id())).id
    await studio.tidy()
    assert (await studio.thread(ANN, thread)).private
    monkeypatch.setattr(leaving_room, "ALONE", 0)
    await studio.tidy()
    with pytest.raises(NotFound):
        await studio.thread(ANN, thread)


async def test_a_private_picture_stays_in_its_chat(house: House):
    studio = house.studio
    thread = (await studio.begin_private(ANN, new_id())).id
    made = await drawn(studio, ANN, f"a {MARK}", thread=thread)
    elsewhere = Ask(thread=new_id(), text="at night", controls=Controls(model="sketch", size="128x128"), sources=(made.id,))
    with pytest.raises(BadInput) as refused:
        await studio.say(ANN, elsewhere)
    assert refused.value.reason == "source_private"
    turn = await said(studio, ANN, elsewhere.again(thread=thread))
    assert turn.pictures[0].private


async def test_a_private_chat_cannot_lie_in_the_trash_from_where_its_pictures_would_begin_new_chats(house: House):
    thread = (await house.studio.begin_private(ANN, new_id())).id
    with pytest.raises(NotFound):
        await house.studio.trash_thread(ANN, thread)
    assert (await house.studio.thread(ANN, thread)).trashed is None


async def test_a_kill_ends_private_chats_at_the_next_start(open_house: OpenHouse, data_dir: Path):
    script = f"""
import asyncio, os, signal
from tests.house import *
from tests.asking import said
from tests.leaving import private_chat, MARK
async def talk():
    settings = Settings(_env_file=None, data_dir=Path({str(data_dir)!r}))
    lock = prepare(settings)
    house = House(settings, [FakeImage(), FakeText()])
    await house.open()
    await said(house.studio, ANN, chat("a lighthouse"))
    thread = await private_chat(house.studio, ANN)
    await house.studio.say(ANN, ask(f"three {{MARK}} delay:30", thread=thread, count=3))
    print("there", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(talk())
"""
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert "there" in done.stdout, done.stderr
    assert everywhere(data_dir / "imagechat.db", MARK)
    house = await open_house()
    assert everywhere(data_dir / "imagechat.db", MARK) == []
    assert on_disk(data_dir) == set()
    assert len((await house.studio.threads(ANN)).items) == 1
