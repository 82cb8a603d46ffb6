"""Every verb of the studio asked by somebody else with Ann's and the owner's ids: they get nothing of theirs and change nothing of theirs.

A verb that stands in none of the tables here fails: whoever adds one says here how a stranger would ask it.
"""

import asyncio
import inspect
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from imagechat.bootstrap import House
from imagechat.domain.money import Caps
from imagechat.domain.records import Controls
from imagechat.domain.requests import ImageRequest, Input
from imagechat.domain.values import new_id
from imagechat.domain.visitors import OWNER, Role, Visitor
from imagechat.errors import HouseFault, ImageChatError, NotFound
from imagechat.store.blobs import Blobs
from imagechat.store.gallery import Gallery
from imagechat.store.jobs import Jobs
from imagechat.studio import Receipt, Studio
from tests.asking import ask, chat, drawn, ended, said, until
from tests.conftest import OpenHouse
from tests.fakes.models import noise
from tests.fakes.provider import KEY, Provider
from tests.web.walking import Belongings, changed

KEYS = "ann-key-0123456789abcdef"
SECRET, OWNERS = "zanzibar7quartz", "vermilion9heron"
SETTINGS = Controls(model="fake-image", image_model="fake-image", text_model="fake-text", size="256x256")
DAY, LAST = date(2026, 1, 1), date(2027, 1, 1)
OF = {"model": "sketch", "size": "128x128"}
Ask = Callable[[Studio, Visitor, str], Any]


def wish(**facts: Any) -> ImageRequest:
    return ImageRequest(**{"prompt": "mine", "model": "fake-image", **facts})


# How a stranger asks: with somebody else's id in each place. What else a verb takes is their own.
VERBS: dict[str, list[Ask]] = {
    # These first, for later there are ids in them that they sent themselves.
    "changes": [lambda s, v, id: s.changes(v, 0), lambda s, v, id: s.changes(v, s.version(OWNER) - 1)],
    "export": [lambda s, v, id: s.export(v)],
    "thread": [lambda s, v, id: s.thread(v, id)],
    "private": [lambda s, v, id: s.private(v, id)],
    "turns": [lambda s, v, id: s.turns(v, id), lambda s, v, id: s.turns(v, id, before=id)],
    "threads": [lambda s, v, id: s.threads(v, cursor=f"0-{id}"), lambda s, v, id: s.threads(v, search=SECRET)],
    "rename": [lambda s, v, id: s.rename(v, id, "mine")],
    "trash_thread": [lambda s, v, id: s.trash_thread(v, id)],
    "restore_thread": [lambda s, v, id: s.restore_thread(v, id)],
    "gallery": [lambda s, v, id: s.gallery(v, cursor="999999"), lambda s, v, id: s.gallery(v, search=SECRET)],
    "picture": [lambda s, v, id: s.picture(v, id)],
    "trash_picture": [lambda s, v, id: s.trash_picture(v, id)],
    "restore_picture": [lambda s, v, id: s.restore_picture(v, id)],
    "file": [lambda s, v, id: s.file(v, id)],
    "thumbnail": [lambda s, v, id: s.thumbnail(v, id)],
    "upload": [lambda s, v, id: s.upload(v, noise((20, 20), 3), "mine.png", thread=id)],
    "forget_uploads": [lambda s, v, id: s.forget_uploads(v, [id])],
    "reroll": [lambda s, v, id: s.reroll(v, id), lambda s, v, id: s.reroll(v, id, same_seed=True)],
    "retry": [lambda s, v, id: s.retry(v, id), lambda s, v, id: s.retry(v, id, 0)],
    "recipe": [lambda s, v, id: s.recipe(v, id)],
    "vary": [lambda s, v, id: s.vary(v, id, controls=SETTINGS)],
    "source": [lambda s, v, id: s.source(v, id, SETTINGS)],
    "cancel": [lambda s, v, id: s.cancel(v, id)],
    "draw": [
        lambda s, v, id: s.draw(v, new_id(), wish(), said=None, parent=id),
        lambda s, v, id: s.draw(v, new_id(), wish(**OF, inputs=(Input(blob=id),)), said="mine"),
        lambda s, v, id: s.draw(v, new_id(), wish(**OF, inputs=(Input(blob=id, generation=id),), parent=id), said="mine"),
    ],
    "say": [
        lambda s, v, id: s.say(v, ask("mine", sources=(id,))),
        lambda s, v, id: s.say(v, ask("mine", uploads=(id,))),
        lambda s, v, id: s.say(v, ask("/edit mine", sources=(id,))),
        lambda s, v, id: s.say(v, chat("mine", sources=(id,))),
    ],
    "report": [lambda s, v, id: s.report(v, id, "mine")],
    "reported_file": [lambda s, v, id: s.reported_file(v, id)],
    "decide": [lambda s, v, id: s.decide(v, id, "removed")],
    "reports": [lambda s, v, id: s.reports(v)],
    "audited": [lambda s, v, id: s.audited(v), lambda s, v, id: s.audited(v, id)],
    "called": [lambda s, v, id: s.called(v, [id])],
    "end_session": [lambda s, v, id: s.end_session(v, id)],
    "log_out": [lambda s, v, id: s.log_out(v.model_copy(update={"session": id}))],
    "sessions": [lambda s, v, id: s.sessions(v)],
    "people": [lambda s, v, id: s.people(v), lambda s, v, id: s.people(v, id)],
    "set_person": [
        lambda s, v, id: s.set_person(v, id, group="trusted"),
        lambda s, v, id: s.set_person(v, id, disabled=True),
        lambda s, v, id: s.set_person(v, v.id, role=Role.ADMIN),
    ],
    "login_name": [lambda s, v, id: s.login_name(v)],
    "change_password": [
        lambda s, v, id: s.change_password(v, id, "a longer one"),
        lambda s, v, id: s.change_password(v.model_copy(update={"session": id}), "", "a longer one"),
    ],
    "make_link": [lambda s, v, id: s.make_link(v)],
    "keys": [lambda s, v, id: s.keys(v)],
    "test_key": [lambda s, v, id: s.test_key(v, "openai"), lambda s, v, id: s.test_key(v, id)],
    "drop_key": [lambda s, v, id: s.drop_key(v, "openai"), lambda s, v, id: s.drop_key(v, id)],
    "keep_key": [lambda s, v, id: s.keep_key(v, "openai", id), lambda s, v, id: s.keep_key(v, id, KEYS)],
    "keep_private": [lambda s, v, id: s.keep_private(v, [id])],
    "end_private": [lambda s, v, id: s.end_private(v, [id]), lambda s, v, id: s.end_private(v, [id], at_once=True)],
    "usage": [lambda s, v, id: s.usage(v, DAY, LAST, whose=id), lambda s, v, id: s.usage(v, DAY, LAST, whose="all")],
    "usage_rows": [lambda s, v, id: s.usage_rows(v, DAY, LAST, whose=id), lambda s, v, id: s.usage_rows(v, DAY, LAST, whose="all")],
    "budgets": [lambda s, v, id: s.budgets(v)],
    "set_budget": [lambda s, v, id: s.set_budget(v, f"visitor:{id}", Caps(day=0)), lambda s, v, id: s.set_budget(v, "house", None)],
    "allowance": [lambda s, v, id: s.allowance(v)],
    "estimate": [lambda s, v, id: s.estimate(v, SETTINGS.again(model="fake-text"), "mine", thread=id)],
    "conversation_prompt": [lambda s, v, id: s.conversation_prompt(v, id, SETTINGS)],
    "drop_wording": [lambda s, v, id: s.drop_wording(v, id), lambda s, v, id: s.drop_wording(v, "a-press")],
    "enhance": [lambda s, v, id: s.enhance(v, "mine", SETTINGS, nonce="a-press")],
    "delete_all": [lambda s, v, id: s.delete_all(v, "no")],
    "space": [lambda s, v, id: s.space(v)],
    "busy": [lambda s, v, id: s.busy(v)],
    "version": [lambda s, v, id: s.version(v)],
    "transit": [lambda s, v, id: s.transit(v)],
    "waiting": [lambda s, v, id: s.waiting(v)],
    "add": [lambda s, v, id: s.add(v, s.taking(v))],
    "taking": [lambda s, v, id: s.taking(v)],
    "find_room": [lambda s, v, id: s.find_room(s.taking(v))],
    "guests_room": [lambda s, v, id: s.guests_room(v)],
    "kept_for": [lambda s, v, id: s.kept_for(v)],
    "complete": [lambda s, v, id: s.complete(v, "/imagine ", 9, SETTINGS)],
    "draws": [lambda s, v, id: s.draws(v, "gpt-4o")],
    "offers": [lambda s, v, id: s.offers(v)],
    "opened": [lambda s, v, id: s.opened(v)],
    "refresh": [lambda s, v, id: s.refresh(v)],
    "standin": [lambda s, v, id: s.standin(v, "gpt-4o")],
    "stands": [lambda s, v, id: s.stands(v.model_copy(update={"session": id}))],
    "standings": [lambda s, v, id: s.standings(v)],
}  # fmt: skip
# A chat that is not there is begun: with the id of a chat that is somebody else's, nothing is.
IN_CHATS: dict[str, list[Ask]] = {
    "begin_private": [lambda s, v, id: s.begin_private(v, id)],
    "draw": [lambda s, v, id: s.draw(v, id, wish(), said="mine"), lambda s, v, id: s.draw(v, id, wish())],
    "draw_words": [lambda s, v, id: s.draw_words(v, id, "mine")],
    "say": [
        lambda s, v, id: s.say(v, ask("mine", thread=id)),
        lambda s, v, id: s.say(v, chat("mine", thread=id)),
        lambda s, v, id: s.say(v, ask("/help", thread=id)),
        lambda s, v, id: s.say(v, ask("/imagine mine", thread=id)),
    ],
}
NOBODYS = {
    "arrive", "come_from", "known", "log_in", "sign_up", "use_link", "signing_key", "ready", "pick_up", "tend", "tidy", "stop_disabled",
    "count_waiting", "forget_guests",
    "key_providers", "key_server", "laid", "styles", "mode", "defaults", "knock", "bring",
}  # fmt: skip
"""What is no visitor's: the door (test_entering.py, test_accounts.py, web/test_door.py), the house's own work, what everybody has."""
ELSEWHERE = {"watch"}
"""Tested below by themselves."""


@dataclass
class Ground:
    house: House
    ann: Visitor
    strangers: tuple[Visitor, ...]
    things: Belongings

    @property
    def studio(self) -> Studio:
        return self.house.studio


async def live_through(studio: Studio, visitor: Visitor, word: str) -> None:
    """A chat with an added picture, a picture that is reported, something private, something that is still being made."""
    thread, private = new_id(), new_id()
    kept = await studio.upload(visitor, noise((60, 50), len(word) + ord(word[0])), f"{word}.png")
    await said(studio, visitor, ask(f"{word} tokens:3", "fake-seeing", thread=thread, uploads=(kept.id,)))
    made = await drawn(studio, visitor, f"{word} gives:noise", thread=thread)
    await studio.report(visitor, made.id, f"{word} is not it")
    await studio.begin_private(visitor, private)
    await drawn(studio, visitor, f"{word} private", thread=private)
    await until(studio, visitor, await studio.say(visitor, ask(f"{word} then:hang")), lambda job: bool(job.places[0].preview))
    folder = studio.transit(visitor) / word
    folder.mkdir(parents=True)
    (folder / "waiting.png").write_bytes(noise((50, 50), 9))


@pytest.fixture
async def ground(open_house: OpenHouse, data_dir: Path) -> AsyncIterator[Ground]:
    async with Provider() as provider:
        provider.keys = {KEYS: (0, "")}
        from tests.fakes.models import FakeImage, FakeSeeing, FakeText

        models = (FakeImage(), FakeText(), FakeSeeing())
        free = {"limits": {"on": "off"}, "sketch": {"painters": 4}}
        house = await open_house(*models, access="guests", openai_api_key=KEY, openai_base_url=provider.url, **free)
        studio = house.studio
        ann, ben = [(await studio.arrive("127.0.0.1", f"{SECRET} browser")).visitor for _ in range(2)]
        await studio.keep_key(ann, "openai", KEYS)
        await live_through(studio, ann, SECRET)
        await live_through(studio, OWNER, OWNERS)
        await asyncio.sleep(0.3)
        mia = Visitor(id=new_id(), role=Role.MEMBER, group="trusted", name="mia")
        pieces = tuple(each.read_bytes()[-90:-60] for each in (data_dir / "files").glob("*/*") if each.stat().st_size > 2000)
        things = Belongings(data_dir, (ann.id, "owner"), (SECRET, OWNERS, KEYS, KEY), pieces)
        yield Ground(house, ann, (ben, mia), things)


async def answer(studio: Studio, visitor: Visitor, asked: Any) -> bytes:
    """All that a verb says, read to its end; of work, what became of it."""
    told = await asked if inspect.isawaitable(asked) else asked
    if isinstance(told, Receipt):
        turn = await ended(studio, visitor, told)
        told = (told, turn, [await studio.file(visitor, each.blob) for each in turn.pictures])
    if inspect.isasyncgen(told):
        told = [each async for each in told]
        if told and isinstance(told[0], bytes):
            with zipfile.ZipFile(BytesIO(b"".join(told))) as packed:
                return b"\n".join(packed.read(name) for name in packed.namelist())
    if isinstance(told, tuple) and len(told) == 2 and isinstance(told[1], Path):
        return repr(told).encode() + told[1].read_bytes()
    return told if isinstance(told, bytes) else repr(told).encode()


async def found(ground: Ground, verbs: dict[str, list[Ask]], ids: list[str]) -> list[str]:
    """What strangers get by asking so with these ids."""
    told = []
    for visitor in ground.strangers:
        for name, ways in verbs.items():
            for number, way in enumerate(ways):
                for id in ids if visitor is ground.strangers[0] else ids[::6]:
                    try:
                        heard = await answer(ground.studio, visitor, way(ground.studio, visitor, id))
                    except ImageChatError as fault:
                        heard = repr((fault, fault.facts)).encode()
                        told += [f"{name} {number} with {id}: {fault!r}"] if isinstance(fault, HouseFault) else []
                    except ValidationError:  # What is no id at all does not get as far.
                        continue
                    told += [f"{name} {number} with {id}: {each}" for each in ground.things.told(heard, id + SECRET)]
    return told


def test_every_verb_is_known():
    public = {name for name, _ in inspect.getmembers(Studio) if not name.startswith("_")}
    known = VERBS.keys() | IN_CHATS.keys() | NOBODYS | ELSEWHERE
    assert {f"unknown verb: {name}" for name in public - known} == set() == known - public


async def test_strangers_get_nothing_and_change_nothing(ground: Ground):
    before = ground.things.kept()
    wording = asyncio.create_task(ground.studio.enhance(ground.ann, "wait:600", SETTINGS, nonce="a-press"))
    await asyncio.sleep(0)
    some = [id for ids in ground.things.ids.values() for id in (ids[0], ids[-1])]
    told = await found(ground, VERBS, [*some, "owner", "../x"])
    assert told == [], "\n".join(told[:10])
    assert await found(ground, IN_CHATS, ground.things.ids["threads"]) == []
    assert not wording.done(), "hers is still being worded"
    wording.cancel()
    await asyncio.gather(wording, return_exceptions=True)
    after = ground.things.kept()
    told = [each for each in changed(before, after) if not each.startswith(("ledger ", "balances "))]
    assert len(before) > 30 and told == [], "\n".join(told)


async def test_strangers_end_nothing_by_going(ground: Ground):
    before = ground.things.kept()
    for visitor in ground.strangers:
        await drawn(ground.studio, visitor, "mine")
        await ground.studio.delete_all(visitor, "delete")
    assert changed(before, ground.things.kept()) == []


async def test_nobody_watches_another(ground: Ground):
    (ben, _), studio = ground.strangers, ground.studio
    watching = studio.watch(ben, studio.version(OWNER) - 10_000)
    heard = [repr(await anext(watching))]
    await drawn(studio, ground.ann, f"{SECRET} once")
    await drawn(studio, OWNER, f"{OWNERS} once")
    made = await drawn(studio, ben, "mine")
    while made.id not in heard[-1]:
        heard.append(repr(await anext(watching)))
    assert ground.things.told("".join(heard), "") == []
    await watching.aclose()


# That the walk finds a hole where there is one


HOLES = {
    "a picture for anybody": (Gallery, "many"), "a file for anybody": (Blobs, "get"), "a job for anybody": (Jobs, "get"),
}  # fmt: skip


@pytest.mark.parametrize("hole", HOLES)
async def test_the_walk_finds_a_hole(ground: Ground, monkeypatch: pytest.MonkeyPatch, hole: str):
    kind, name = HOLES[hole]
    plain = getattr(kind, name)

    async def careless(self: Any, owner: str, *given: Any) -> Any:
        for each in (owner, ground.ann.id, "owner"):
            try:
                return await plain(self, each, *given)
            except NotFound:
                continue
        raise NotFound()

    monkeypatch.setattr(kind, name, careless)
    before = ground.things.kept()
    asked = {each: VERBS[each] for each in ("picture", "recipe", "file", "thumbnail", "cancel", "forget_uploads")}
    holes = await found(ground, asked, ground.things.every())
    assert holes or changed(before, ground.things.kept())
