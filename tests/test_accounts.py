"""Accounts: logging in and being guessed at, signing up under which names, and coming from elsewhere."""

import asyncio

import pytest
from argon2 import PasswordHasher

from imagechat.bootstrap import House
from imagechat.domain.visitors import Role
from imagechat.errors import BadInput, NotKnown, TooFast
from imagechat.store.passwords import Passwords
from imagechat.studio import Entered
from tests.coming import FREE, HOME, PASSWORD, account, actions, refused
from tests.conftest import OpenHouse


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    """A team's house, without limits."""
    return await open_house(access="login", door={"signup": True}, limits=FREE)


async def test_logging_in_by_name_in_any_form(house: House) -> None:
    id = await account(house)
    entered = await house.studio.log_in(HOME, " ANN ", PASSWORD, "Firefox")
    assert (entered.visitor.id, entered.visitor.role, entered.visitor.name) == (id, Role.MEMBER, "Ann")
    assert (await house.studio.known(entered.token)) == entered.visitor
    assert (id, "login", id) in await actions(house)


@pytest.mark.parametrize(
    ("login", "password"), [("ann", "correct horse batterx"), ("ann", ""), ("ben", PASSWORD), ("", ""), ("\ud800", "x" * 5000)]
)
async def test_what_is_wrong_is_not_told_apart(house: House, login: str, password: str) -> None:
    await account(house)
    await refused(house.studio.log_in(HOME, login, password, ""), NotKnown, "wrong")
    assert [line for line in await actions(house) if line[1] == "login.failed"]
    assert not password or password not in str((await house.audit.page()).items)


async def test_a_password_typed_as_a_name_is_not_written_down(house: House) -> None:
    await account(house)
    for login in ("hunter2secret", "ann"):
        await refused(house.studio.log_in(HOME, login, "something else", ""), NotKnown, "wrong")
    failed = [line[2] for line in await actions(house) if line[1] == "login.failed"]
    assert sorted(failed) == ["ann", "unknown"]


async def test_disabled_is_told_to_who_has_the_password_alone(house: House) -> None:
    await house.people.change(await account(house), disabled=True)
    await refused(house.studio.log_in(HOME, "ann", "wrong" * 3, ""), NotKnown, "wrong")
    await refused(house.studio.log_in(HOME, "ann", PASSWORD, ""), NotKnown, "disabled")


async def test_an_old_hash_is_made_stronger_at_a_login(house: House) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
    await house.people.add("ann", weak, name="Ann")
    first = await house.studio.log_in(HOME, "ann", PASSWORD, "")
    kept = await house.people.account("ann")
    assert kept is not None and kept.password != weak and not Passwords().stale(str(kept.password))
    await house.studio.log_in(HOME, "ann", PASSWORD, "")
    assert await house.studio.known(first.token) is not None


async def test_a_flood_of_logins_and_of_guests_is_refused_by_address(open_house: OpenHouse) -> None:
    house = await open_house(access="login", limits={"logins": "4 per 10 minutes", "guests": "2 per 1 hour"})
    await account(house)
    tries = [house.studio.log_in(HOME, f"name{step}", "wrong", "") for step in range(12)]
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(each).__name__ for each in found) == ["NotKnown"] * 4 + ["TooFast"] * 8
    await refused(house.studio.log_in(HOME, "ann", PASSWORD, ""), TooFast, "logins")
    await refused(house.studio.use_link(HOME, "token", ""), TooFast, "logins")
    arrived = await asyncio.gather(*(house.studio.arrive(HOME, "") for _ in range(5)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in arrived) == ["Entered"] * 2 + ["TooFast"] * 3


STRANGERS = {"logins": "4 per 10 minutes", "names": "6 per 1 hour"}


async def strangers(house: House, login: str = "ANN") -> list[BaseException | Entered]:
    """What becomes of tries under one name, each from an address of its own."""
    tries = (house.studio.log_in(f"198.51.100.{step}", login, "wrong", "", device="1.2") for step in range(9))
    return await asyncio.gather(*tries, return_exceptions=True)


@pytest.mark.parametrize("login", ["ann", "nobody"], ids=["one that there is", "one that there is not"])
async def test_guesses_at_one_name_from_everywhere_are_bounded(open_house: OpenHouse, login: str) -> None:
    house = await open_house(access="login", limits=STRANGERS)
    await account(house)
    found = await strangers(house, login)
    assert sorted(type(each).__name__ for each in found) == ["NotKnown"] * 6 + ["TooFast"] * 3
    await refused(house.studio.log_in(HOME, login, PASSWORD, ""), TooFast, "names")


async def test_strangers_keep_nobody_out_of_a_browser_that_was_in_before(open_house: OpenHouse) -> None:
    house = await open_house(access="login", limits=STRANGERS, door={"signup": True})
    studio = house.studio
    await account(house)
    ann = await studio.log_in(HOME, "ann", PASSWORD, "")
    bea = await studio.sign_up("192.0.2.8", "bea", PASSWORD, "")
    await strangers(house)
    flood = (studio.log_in(HOME, "ann", "wrong", "") for _ in range(6))
    await asyncio.gather(*flood, return_exceptions=True)
    again = await studio.log_in(HOME, "ann", PASSWORD, "", device=ann.device)
    assert again.visitor.id == ann.visitor.id
    for step, mark in enumerate((bea.device, f"{ann.device}0", ann.device.partition(".")[0], ".", "é.é")):
        await refused(studio.log_in(f"203.0.113.{step}", "ann", PASSWORD, "", device=mark), TooFast, "names")
    assert (await studio.log_in("192.0.2.9", "bea", PASSWORD, "", device=bea.device)).visitor.id == bea.visitor.id


async def test_who_has_such_a_browser_cannot_guess_on_for_ever(open_house: OpenHouse) -> None:
    house = await open_house(access="login", limits=STRANGERS)
    await account(house)
    ann = await house.studio.log_in(HOME, "ann", PASSWORD, "")
    tries = (house.studio.log_in(f"203.0.113.{step}", "ann", "wrong", "", device=ann.device) for step in range(6))
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(each).__name__ for each in found) == ["NotKnown"] * 4 + ["TooFast"] * 2
    assert await house.studio.log_in("192.0.2.30", "ann", PASSWORD, ""), "it is out by itself alone"


async def test_signing_up_makes_a_member_for_whom_the_house_pays_as_for_a_guest(house: House) -> None:
    entered = await house.studio.sign_up(HOME, "Ann", PASSWORD, "")
    assert (entered.visitor.role, entered.visitor.group, entered.visitor.name) == (Role.MEMBER, "guest", "Ann")
    assert (await house.studio.log_in(HOME, "ann", PASSWORD, "")).visitor.id == entered.visitor.id
    await refused(house.studio.sign_up(HOME, "aNN", PASSWORD, ""), BadInput, "login_taken")
    await refused(house.studio.sign_up(HOME, "a", PASSWORD, ""), BadInput, "login_form")
    await refused(house.studio.sign_up(HOME, "ben", "short", ""), BadInput, "short_password")


@pytest.mark.parametrize("given, shown", [("\u202eniMda", "niMda"), ("\u2066x\u2069y", "xy"), ("سلام\u200cدنیا", "سلام\u200cدنیا")])
async def test_a_name_turns_nothing_that_stands_beside_it(house: House, given: str, shown: str) -> None:
    assert (await house.studio.sign_up(HOME, given, PASSWORD, "")).visitor.name == shown


MIXED = {
    "a Cyrillic а": "\u0430nn", "a Greek ο": "b\u03bfb", "a Cyrillic С that folds": "A\u0421E",
    "Arabic and Latin": "سلامann", "Armenian օ": "b\u0585b", "Cherokee Ꭵ": "\u13a5da",
}  # fmt: skip
WHOLE = {
    "Latin": "Ann_9.x-y", "accents": "Žoë", "Persian": "زهرا۱۲", "with a joiner": "می\u200cنا", "Arabic": "مُحَمَّد", "Cyrillic": "Наташа2",
    "Greek": "Ελένη", "Hindi": "मीरा", "Japanese": "田中ゆきコー々", "Korean": "김金", "Hebrew": "נועה", "Thai": "สมชาย",
    "Ukrainian": "Мар\u02bcяна", "wide": "\uff21\uff4e\uff4e\uff41",
}  # fmt: skip


@pytest.mark.parametrize("given", MIXED.values(), ids=MIXED)
async def test_a_name_that_only_looks_like_another_is_refused(house: House, given: str) -> None:
    await refused(house.studio.sign_up(HOME, given, PASSWORD, ""), BadInput, "login_scripts")


@pytest.mark.parametrize("given", WHOLE.values(), ids=WHOLE)
async def test_a_name_may_be_in_any_one_script(house: House, given: str) -> None:
    entered = await house.studio.sign_up(HOME, given, PASSWORD, "")
    assert (await house.studio.log_in(HOME, given, PASSWORD, "")).visitor.id == entered.visitor.id


@pytest.mark.parametrize("given", ["owner", "OWNER", "own\u200der"])
async def test_nobody_signs_up_as_the_owner(house: House, given: str) -> None:
    await refused(house.studio.sign_up(HOME, given, PASSWORD, ""), BadInput, "login_taken")


@pytest.mark.parametrize("given", [{"access": "login"}, {"access": "guests", "door": {"signup": True}}])
async def test_signing_up_where_nobody_can(open_house: OpenHouse, given: dict[str, object]) -> None:
    house = await open_house(**given)
    await refused(house.studio.sign_up(HOME, "ann", PASSWORD, ""), NotKnown, "closed")


async def test_coming_from_elsewhere(open_house: OpenHouse) -> None:
    closed = await open_house(access="login", limits=FREE)
    await refused(closed.studio.come_from("huggingface", "77", "ann", "", owner=False), NotKnown, "closed")
    owner = await closed.studio.come_from("huggingface", "1", "me", "", owner=True)
    assert (owner.visitor.id, owner.visitor.role) == ("owner", Role.OWNER)
    account = await closed.people.elsewhere("huggingface", "77", "ann", adding=True)
    assert account is not None
    entered = await closed.studio.come_from("huggingface", "77", "anna", "", owner=False)
    assert (entered.visitor.id, entered.visitor.name, entered.visitor.role) == (account.id, "anna", Role.MEMBER)
    await closed.people.change(account.id, disabled=True)
    await refused(closed.studio.come_from("huggingface", "77", "ann", "", owner=False), NotKnown, "disabled")


async def test_whom_a_space_lets_in_gets_an_account(open_house: OpenHouse) -> None:
    house = await open_house(access="guests", limits=FREE)
    first = await house.studio.come_from("huggingface", "77", "ann", "", owner=False)
    assert (await house.studio.come_from("huggingface", "77", "ann", "", owner=False)).visitor.id == first.visitor.id
