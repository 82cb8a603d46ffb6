"""What guests leave behind goes when nobody can reach it any more, and nothing else does."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.bootstrap import House
from imagechat.domain import values
from imagechat.domain.jobs import Status
from imagechat.domain.values import new_id
from imagechat.domain.visitors import Role, Visitor
from imagechat.settings import Settings
from imagechat.store import forgotten, spaces
from imagechat.store.tables import sessions, visitors
from imagechat.studio.entering import Entered
from tests.asking import ANN, ask, chat, drawn, ended, said, until
from tests.conftest import OpenHouse, opened
from tests.fakes.models import png
from tests.leaving import on_disk, sums
from tests.store.test_spaces import everywhere

ROOT = Path(__file__).parent.parent
MARK = "xanthicquokka"
DAY = timedelta(days=1)
GONE = 121 * DAY
"""The 90 days after which a browser is forgotten, the 30 that are waited for, and one more."""
SetClock = Callable[[timedelta], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Move the clock of this machine from where it really stands."""
    real = values.now
    return lambda by: monkeypatch.setattr(values, "now", lambda: real() + by)


async def guests(open_house: OpenHouse, **settings: object) -> House:
    return await open_house(access="guests", **{"limits": {"guests": "1000 per 1 hour"}, **settings})


async def came(house: House) -> Entered:
    return await house.studio.arrive("192.0.2.7", "a browser")


async def lived(house: House, visitor: Visitor, mark: str = MARK) -> str:
    """What somebody makes in a while: chats, pictures, an added one that was sent, one that was not; the picture's id."""
    studio = house.studio
    made = await drawn(studio, visitor, f"a {mark} in snow")
    thread = new_id()
    for _ in range(3):
        await said(studio, visitor, chat(f"tell of a {mark}", thread=thread))
    mine = await studio.upload(visitor, png((64, 64), 1), f"{mark}.png")
    await said(studio, visitor, chat(f"see the {mark}", thread=thread, uploads=(mine.id,)))
    unsent = studio.transit(visitor) / "one" / "x.png"
    unsent.parent.mkdir(parents=True)
    unsent.write_bytes(b"x")
    return made.id


async def test_what_a_forgotten_guest_left_goes_and_what_was_spent_stays_as_nobody_s(
    open_house: OpenHouse, data_dir: Path, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(forgotten, "STEP", 2)
    house = await guests(open_house)
    studio, path = house.studio, house.database.path
    await lived(house, ANN, "lighthouse")
    staying = (await came(house)).visitor
    await lived(house, staying, "windmill")
    before, ben = on_disk(data_dir), (await came(house)).visitor
    await lived(house, ben)
    spent, unsent = sums(house), studio.transit(ben)
    set_clock(89 * DAY)
    await house.people.saw(staying)
    set_clock(GONE)
    assert await studio.forget_guests() == 1
    assert everywhere(path, MARK) == everywhere(path, ben.id) == []
    assert on_disk(data_dir) == before and not unsent.exists()
    assert sums(house) == spent and everywhere(path, "gone-")
    for visitor, mark in ((ANN, "lighthouse"), (staying, "windmill")):
        assert len((await studio.gallery(visitor, search=mark)).items) == 1
        assert len((await studio.threads(visitor, search=mark)).items) == 2
    [line] = [line for line in (await studio.audited(ANN)).items if line.action == "guests.forgotten"]
    assert (line.actor, line.facts) == ("house", {"count": 1})
    assert await studio.forget_guests() == 0
    assert len([line for line in (await studio.audited(ANN)).items if line.action == "guests.forgotten"]) == 1


@pytest.mark.parametrize(("days", "settings"), [(119, {}), (1000, {"disk": {"forgotten_guests": 0}}), (1000, {"door": {"days": 2000}})],
                         ids=["too_soon", "never", "known_for_longer"])  # fmt: skip
async def test_nothing_goes_before_its_time(open_house: OpenHouse, set_clock: SetClock, days: int, settings: dict[str, object]):
    house = await guests(open_house, **settings)
    ben = (await came(house)).visitor
    await lived(house, ben)
    set_clock(days * DAY)
    assert await house.studio.forget_guests() == 0
    assert (await house.studio.gallery(ben)).items


async def test_accounts_stay_whoever_made_them(open_house: OpenHouse, set_clock: SetClock):
    house = await open_house(access="login", door={"signup": True})
    studio = house.studio
    signed = (await studio.sign_up("192.0.2.7", "carla", "long enough to be one", "a browser")).visitor
    admin = Visitor(id=await house.people.add("dora", "hash", name="Dora", role=Role.ADMIN, group="guest"))
    for each in (ANN, signed, admin):
        await lived(house, each)
    set_clock(1000 * DAY)
    await house.people.sweep()
    assert await studio.forget_guests() == 0
    for each in (ANN, signed, admin):
        assert (await studio.gallery(each)).items


async def test_whose_job_runs_is_left_alone(open_house: OpenHouse, set_clock: SetClock):
    house = await guests(open_house)
    ben = (await came(house)).visitor
    receipt = await house.studio.say(ben, ask("a fox for ever delay:30"))
    await until(house.studio, ben, receipt, lambda job: job.status is Status.RUNNING)
    set_clock(GONE)
    assert await house.studio.forget_guests() == 0
    await house.studio.cancel(ben, receipt.job)
    await ended(house.studio, ben, receipt)
    assert await house.studio.forget_guests() == 1


async def test_a_reported_picture_waits_for_its_decision(open_house: OpenHouse, set_clock: SetClock):
    house = await guests(open_house)
    studio, ben = house.studio, (await came(house)).visitor
    made = await lived(house, ben)
    await studio.report(ben, made, "it frightens me")
    set_clock(GONE)
    assert await studio.forget_guests() == 0
    [report] = await studio.reports(ANN)
    _, path = await studio.reported_file(ANN, report.id)
    assert path.is_file()
    await studio.decide(ANN, report.id, "kept")
    assert await studio.forget_guests() == 1
    assert not path.exists() and (await studio.reports(ANN))[0].owner.startswith("gone-")


async def test_who_comes_back_in_time_keeps_everything(open_house: OpenHouse, set_clock: SetClock):
    """The setting was lowered: the browser is still known, and the sweep comes at the moment in which it does."""
    house = await guests(open_house, door={"days": 1}, disk={"forgotten_guests": 1})
    entered = await came(house)
    await lived(house, entered.visitor)
    async with house.database.write() as connection:
        late = values.now() + 90 * DAY
        await connection.execute(update(sessions).where(sessions.c.visitor == entered.visitor.id).values(expires=late))
    set_clock(89 * DAY)
    assert await house.studio.forget_guests() == 0
    swept, known, again = await asyncio.gather(
        house.studio.forget_guests(), house.studio.known(entered.token), house.studio.forget_guests()
    )
    assert (swept, again) == (0, 0) and known is not None
    assert (await house.studio.gallery(known)).items


async def test_who_comes_back_between_the_look_and_the_note_stays(
    open_house: OpenHouse, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
):
    house = await guests(open_house)
    ben = (await came(house)).visitor
    set_clock(GONE)
    read, looked = house.database.read, []

    @asynccontextmanager
    async def reads(**given: bool) -> AsyncIterator[AsyncConnection]:
        async with read(**given) as connection:
            yield connection
        looked.append(ben)
        if len(looked) == 1:
            await house.people.begin(ben.id, "a browser")

    monkeypatch.setattr(house.database, "read", reads)
    assert await forgotten.begin(house.database, values.now() - 120 * DAY, 20) == [] and looked
    monkeypatch.undo()
    assert (await house.people.get(ben.id)).disabled is None


async def test_a_clock_that_is_set_back_deletes_nothing(open_house: OpenHouse, set_clock: SetClock):
    house = await guests(open_house)
    set_clock(400 * DAY)
    ben = (await came(house)).visitor
    await lived(house, ben)
    for moved in (0, -4000):
        set_clock(moved * DAY)
        assert await house.studio.forget_guests() == 0
    assert (await house.studio.gallery(ben)).items


async def test_who_is_switched_off_goes_as_late_as_the_others(open_house: OpenHouse, set_clock: SetClock):
    house = await guests(open_house)
    ben = (await came(house)).visitor
    await lived(house, ben)
    set_clock(100 * DAY)
    async with house.database.write() as connection:
        await connection.execute(update(visitors).where(visitors.c.id == ben.id).values(disabled=values.now()))
    await house.people.change(ben.id, disabled=True)
    set_clock(GONE)
    assert await house.studio.forget_guests() == 0
    set_clock(100 * DAY + GONE)
    assert await house.studio.forget_guests() == 1


@pytest.mark.parametrize("step", ["noted", "files", "rows", "erased"])
async def test_after_a_kill_the_next_start_goes_on(open_house: OpenHouse, data_dir: Path, step: str):
    script = f"""
import asyncio, os, signal
from tests.house import *
from tests.test_forgotten import *
from imagechat.store import forgotten, spaces

def deadly(room, name, calls):
    inner = getattr(room, name)
    async def kills(*given, **named):
        nonlocal calls
        calls -= 1
        if not calls:
            print("there", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        return await inner(*given, **named)
    setattr(room, name, kills)

async def talk():
    settings = Settings(_env_file=None, data_dir=Path({str(data_dir)!r}), access="guests")
    lock = prepare(settings)
    house = House(settings, [FakeImage(), FakeText()])
    await house.open()
    await lived(house, ANN, "lighthouse")
    for _ in range(3):
        await lived(house, (await came(house)).visitor)
    forgotten.STEP = 2
    steps = dict(noted=(spaces, "files", 1), files=(house.blobs, "remove", 3), rows=(forgotten, "thin", 12), erased=(spaces, "left", 2))
    deadly(*steps[{step!r}])
    real = values.now
    values.now = lambda: real() + GONE
    await house.studio.forget_guests()
asyncio.run(talk())
"""
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert "there" in done.stdout, done.stderr
    assert everywhere(data_dir / "imagechat.db", "forgetting:")
    house = await guests(open_house)
    path = house.database.path
    async with asyncio.timeout(60):
        while await forgotten.begun(house.database):
            await house.studio.forget_guests()
    assert everywhere(path, MARK) == everywhere(path, "forgetting:") == []
    assert len((await house.studio.threads(ANN, search="lighthouse")).items) == 2
    mine = set(await spaces.files(house.database, ANN.id))
    assert {name.removesuffix(".thumb") for name in on_disk(data_dir)} == mine


async def test_the_start_sweeps_what_was_forgotten_while_the_house_was_closed(open_house: OpenHouse, data_dir: Path, set_clock: SetClock):
    async with opened(Settings(_env_file=None, data_dir=data_dir, access="guests")) as house:
        await lived(house, (await came(house)).visitor)
    set_clock(GONE)
    house = await guests(open_house)
    async with asyncio.timeout(60):
        while everywhere(house.database.path, MARK):
            await asyncio.sleep(0.05)
