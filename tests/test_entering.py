"""Coming in: who is known by what, who is kept out, and who looks after whom."""

import asyncio
import gc
import tracemalloc
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from imagechat.bootstrap import House
from imagechat.domain import values
from imagechat.domain.jobs import Status
from imagechat.domain.values import new_id
from imagechat.domain.visitors import OWNER, Role, Visitor
from imagechat.errors import BadInput, DiskFull, NotFound, NotKnown, Refused
from imagechat.store.database import Database
from imagechat.store.people import People
from imagechat.studio import Entered, Studio
from tests.asking import ask, drawn, ended, until, wish
from tests.coming import FREE, HOME, PASSWORD, account, actions, admin, refused
from tests.conftest import OpenHouse


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    """A team's house, without limits."""
    return await open_house(access="login", door={"signup": True}, limits=FREE)


# Being known


async def test_a_token_is_known_until_its_session_is_ended(studio: Studio) -> None:
    ben = await studio.arrive(HOME, "Firefox")
    assert await studio.known(ben.token) == ben.visitor
    assert await studio.known("nobody's") is None
    assert ben.token not in repr(ben)
    [session] = await studio.sessions(ben.visitor)
    await studio.end_session(ben.visitor, session.id)
    assert await studio.known(ben.token) is None


async def test_a_copied_session_is_out_when_it_is_revoked_from_another_browser(house: House) -> None:
    id, studio = await account(house), house.studio
    stolen, mine = [await studio.log_in(HOME, "ann", PASSWORD, agent) for agent in ("Laptop", "Phone")]
    assert stolen.visitor.id == mine.visitor.id == id and await studio.known(stolen.token) is not None
    assert {each.agent for each in await studio.sessions(mine.visitor)} == {"Laptop", "Phone"}
    await studio.end_session(mine.visitor, str(stolen.visitor.session))
    assert await studio.known(stolen.token) is None and await studio.known(mine.token) is not None
    await studio.log_out(mine.visitor)
    assert await studio.known(mine.token) is None
    await studio.log_out(OWNER)  # Without a session there is nothing to leave.


async def test_nobody_ends_or_sees_a_foreign_session(studio: Studio) -> None:
    ben, cat = await studio.arrive(HOME, ""), await studio.arrive(HOME, "")
    await refused(studio.end_session(cat.visitor, str(ben.visitor.session)), NotFound, "")
    assert await studio.known(ben.token) is not None
    assert [each.visitor for each in await studio.sessions(cat.visitor)] == [cat.visitor.id]


async def test_what_is_revoked_while_it_is_looked_up_does_not_come_back(studio: Studio) -> None:
    for _ in range(10):
        ben = await studio.arrive(HOME, "")
        looking = [asyncio.create_task(studio.known(ben.token)) for _ in range(8)]
        await asyncio.sleep(0.0005)
        await studio.log_out(ben.visitor)
        await asyncio.gather(*looking)
        assert await studio.known(ben.token) is None


async def test_another_process_is_noticed_within_seconds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ben = await house.studio.arrive(HOME, "")
    assert await house.studio.known(ben.token) is not None
    other = await Database.open(house.database.path)
    await People(other).change(ben.visitor.id, disabled=True)
    await other.close()
    monkeypatch.setattr("imagechat.studio.entering.FRESH", 0.05)
    await asyncio.sleep(0.1)
    assert await house.studio.known(ben.token) is None


async def test_who_is_known_costs_no_question_and_is_forgotten_in_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    ask = house.people.known

    async def counted(token: str) -> object:
        nonlocal asked
        asked += 1
        return await ask(token)

    monkeypatch.setattr(house.people, "known", counted)
    ben = await house.studio.arrive(HOME, "")
    for _ in range(50):
        await house.studio.known(ben.token)
    assert asked == 1


async def test_a_thousand_guests_who_left_weigh_next_to_nothing(house: House) -> None:
    studio = house.studio
    for _ in range(50):
        await studio.known((await studio.arrive(HOME, "Firefox")).token)
    gc.collect()
    tracemalloc.start()
    try:
        for _ in range(1000):
            await studio.known((await studio.arrive(HOME, "Firefox")).token)
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert taken / 1000 < 5 * 1024


async def test_no_more_tokens_are_remembered_than_may_be(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imagechat.studio.entering.REMEMBERED", 3)
    for _ in range(9):
        await studio.known((await studio.arrive(HOME, "")).token)
    assert len(studio._remembered._kept) == 3


async def test_using_a_session_is_kept_and_a_full_disk_keeps_nobody_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ben = await house.studio.arrive(HOME, "")
    real = values.now
    monkeypatch.setattr(values, "now", lambda: real() + timedelta(days=30))
    with monkeypatch.context() as full:

        async def nothing(visitor: Visitor) -> None:
            raise DiskFull(path="imagechat.db")

        full.setattr(house.people, "saw", nothing)
        assert await house.studio.known(ben.token) is not None
        house.studio._remembered.drop(visitor=ben.visitor.id)
    assert await house.studio.known(ben.token) is not None
    [session] = await house.studio.sessions(ben.visitor)
    assert session.seen > real() + timedelta(days=29) and session.expires > real() + timedelta(days=119)


# Links


async def test_the_owner_link_lets_one_browser_in_once(house: House) -> None:
    studio = house.studio
    token = await studio.make_link(OWNER)
    tries = await asyncio.gather(*(studio.use_link(HOME, token, "") for _ in range(20)), return_exceptions=True)
    [entered] = [each for each in tries if isinstance(each, Entered)]
    assert entered.visitor.id == "owner" and entered.visitor.admin
    assert {str(each) for each in tries if not isinstance(each, Entered)} == {"not_known.link"}
    assert token not in str((await house.audit.page()).items)
    # Two of the owner's browsers share one library.
    second = await studio.use_link(HOME, await studio.make_link(entered.visitor), "")
    made = await drawn(studio, entered.visitor, wish())
    assert [each.id for each in (await studio.gallery(second.visitor)).items] == [made.id]


async def test_nobody_else_makes_a_link(house: House) -> None:
    for visitor in (await admin(house), (await house.studio.arrive(HOME, "")).visitor):
        await refused(house.studio.make_link(visitor), Refused, "owner_only")


# What a guest made


@pytest.mark.parametrize("way", ["log_in", "sign_up", "come_from", "use_link"])
async def test_what_a_guest_made_goes_to_their_account(house: House, way: str) -> None:
    studio = house.studio
    guest = await studio.arrive(HOME, "")
    made = await drawn(studio, guest.visitor, wish())
    entering: dict[str, Callable[[], Awaitable[Entered]]] = {
        "log_in": lambda: studio.log_in(HOME, "ann", PASSWORD, "", guest=guest.visitor),
        "sign_up": lambda: studio.sign_up(HOME, "new", PASSWORD, "", guest=guest.visitor),
        "come_from": lambda: studio.come_from("huggingface", "77", "ann", "", owner=False, guest=guest.visitor),
        "use_link": lambda: studio.use_link(HOME, link, "", guest=guest.visitor),
    }
    await account(house)
    link = await studio.make_link(OWNER)
    entered = await entering[way]()
    assert [each.id for each in (await studio.gallery(entered.visitor)).items] == [made.id]
    assert await studio.known(guest.token) is None
    # Who is somebody already takes nothing along.
    again = await studio.log_in(HOME, "ann", PASSWORD, "", guest=entered.visitor)
    if way != "log_in":
        assert not (await studio.gallery(again.visitor)).items


# Looking after others


async def test_admins_see_everybody_and_it_is_noted(house: House) -> None:
    ada, guest = await admin(house), await house.studio.arrive(HOME, "")
    await drawn(house.studio, guest.visitor, wish())
    everybody = {each.id: each for each in await house.studio.people(ada)}
    assert everybody[guest.visitor.id].made == 1 and everybody[ada.id].login == "ada"
    assert [each.login for each in await house.studio.people(ada, "AD")] == ["ada"]
    assert (ada.id, "people.looked", "") in await actions(house)


async def test_who_is_no_admin_sees_and_changes_nobody(house: House) -> None:
    id, studio = await account(house), house.studio
    ann = (await studio.log_in(HOME, "ann", PASSWORD, "")).visitor
    for visitor in (ann, (await studio.arrive(HOME, "")).visitor):
        await refused(studio.people(visitor), NotFound, "")
        for target in (id, "owner", new_id()):
            await refused(studio.set_person(visitor, target, role=Role.ADMIN), NotFound, "")
    assert (await house.people.get(id)).role is Role.MEMBER


async def test_what_an_admin_can_change_and_what_the_owner_alone(house: House) -> None:
    studio, ada, other, id = house.studio, await admin(house), await admin(house, "eve"), await account(house)
    assert (await studio.set_person(ada, id, group="trusted")).group == "trusted"
    for target, change in ((id, {"role": Role.ADMIN}), (other.id, {"disabled": True}), (ada.id, {"role": Role.MEMBER})):
        await refused(studio.set_person(ada, target, **change), Refused, "owner_only")
    await studio.use_link(HOME, await studio.make_link(OWNER), "")
    for visitor in (ada, OWNER):
        await refused(studio.set_person(visitor, "owner", disabled=True), Refused, "owner_only")
    assert (await studio.set_person(OWNER, id, role=Role.ADMIN)).role is Role.ADMIN
    for role in (Role.OWNER, Role.GUEST):
        await refused(studio.set_person(OWNER, id, role=role), BadInput, "guest_role")
    guest = (await studio.arrive(HOME, "")).visitor
    await refused(studio.set_person(OWNER, guest.id, role=Role.ADMIN), BadInput, "guest_role")
    await refused(studio.set_person(ada, new_id(), group="trusted"), NotFound, "")
    assert (ada.id, "person.set", id) in await actions(house)


async def test_another_group_holds_at_once(house: House) -> None:
    studio, ada, id = house.studio, await admin(house), await account(house)
    ann = await studio.log_in(HOME, "ann", PASSWORD, "")
    assert (await studio.known(ann.token)).group == "member"  # type: ignore[union-attr]
    await studio.set_person(ada, id, group="trusted")
    assert (await studio.known(ann.token)).group == "trusted"  # type: ignore[union-attr]


async def test_who_is_disabled_while_drawing_stops_at_once(house: House) -> None:
    studio, ada, id = house.studio, await admin(house), await account(house)
    ann, ben = await studio.log_in(HOME, "ann", PASSWORD, ""), await studio.arrive(HOME, "")
    running = [await studio.say(each.visitor, ask("a fox delay:60")) for each in (ann, ann, ben)]
    await until(studio, ann.visitor, running[0], lambda job: job.status is Status.RUNNING)
    await studio.set_person(ada, id, disabled=True)
    for receipt in running[:2]:
        assert (await ended(studio, ann.visitor, receipt)).job.status is Status.CANCELLED  # type: ignore[union-attr]
    assert await studio.known(ann.token) is None
    assert studio.busy(ben.visitor)
    await studio.cancel(ben.visitor, running[2].job)
    await refused(studio.log_in(HOME, "ann", PASSWORD, ""), NotKnown, "disabled")


async def test_who_is_disabled_by_another_process_stops_within_seconds(house: House) -> None:
    id, studio = await account(house), house.studio
    ann = await studio.log_in(HOME, "ann", PASSWORD, "")
    receipt = await studio.say(ann.visitor, ask("a fox delay:60"))
    other = await Database.open(house.database.path)
    await People(other).change(id, disabled=True)
    await other.close()
    async with asyncio.timeout(30):
        assert (await ended(studio, ann.visitor, receipt)).job.status is Status.CANCELLED  # type: ignore[union-attr]
