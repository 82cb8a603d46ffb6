"""A password that somebody changes for themselves: who may, what it ends, what is written down, and how often it can be tried."""

import asyncio

import pytest

from imagechat.bootstrap import House
from imagechat.domain.visitors import OWNER
from imagechat.errors import BadInput, NotFound, NotKnown, TooFast
from imagechat.store.passwords import SHORTEST
from imagechat.studio import Entered
from tests.coming import HOME, PASSWORD, account, refused
from tests.conftest import OpenHouse

FRESH = "wrong donkey socket"


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    """A team's house with one account."""
    house = await open_house(access="login", limits={"logins": "5 per 10 minutes"})
    await account(house)
    return house


async def come(house: House, password: str = PASSWORD, address: str = HOME) -> Entered:
    return await house.studio.log_in(address, "ann", password, "Firefox")


async def noted(house: House) -> list[tuple[str, str, str]]:
    lines = (await house.audit.page()).items
    return [(line.actor, line.action, line.subject) for line in lines if line.action.startswith("password.")]


async def test_a_new_password_lets_in_and_ends_every_other_browser(house: House) -> None:
    studio = house.studio
    here, other = await come(house), await come(house)
    assert await studio.known(other.token) is not None, "it is remembered when it ends"
    await studio.change_password(here.visitor, PASSWORD, FRESH)
    assert (await studio.known(here.token), await studio.known(other.token)) == (here.visitor, None)
    assert [each.id for each in await studio.sessions(here.visitor)] == [here.visitor.session]
    await refused(come(house), NotKnown, "wrong")
    assert (await come(house, FRESH)).visitor.id == here.visitor.id
    assert await noted(house) == [(here.visitor.id, "password.changed", here.visitor.id)]
    written = str((await house.audit.page()).items)
    assert PASSWORD not in written and FRESH not in written


@pytest.mark.parametrize("present", ["correct horse batterx", "", FRESH, "x" * 5000], ids=["nearly", "nothing", "the new one", "a novel"])
async def test_who_does_not_know_the_present_one_changes_nothing(house: House, present: str) -> None:
    here, other = await come(house), await come(house)
    await refused(house.studio.change_password(here.visitor, present, FRESH), BadInput, "present_password")
    assert await house.studio.known(other.token) is not None and await come(house)
    assert await noted(house) == [(here.visitor.id, "password.refused", here.visitor.id)]
    assert FRESH not in str((await house.audit.page()).items)


@pytest.mark.parametrize(
    ("fresh", "reason"), [("x" * (SHORTEST - 1), "short_password"), ("x" * 1025, "long_password")], ids=["short", "long"]
)
async def test_one_that_cannot_be_used_is_said_before_a_try_is_counted(house: House, fresh: str, reason: str) -> None:
    here = await come(house)
    for _ in range(6):
        await refused(house.studio.change_password(here.visitor, PASSWORD, fresh), BadInput, reason)
    await house.studio.change_password(here.visitor, PASSWORD, FRESH)


async def test_it_is_no_way_to_guess_and_keeps_nobody_from_logging_in(house: House) -> None:
    """Not by several browsers of the account at once either."""
    browsers = [await come(house, address=f"192.0.2.{step}") for step in range(3)]
    tries = [house.studio.change_password(each.visitor, f"guess {step}", FRESH) for each in browsers for step in range(4)]
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(each).__name__ for each in found) == ["BadInput"] * 5 + ["TooFast"] * 7
    await refused(house.studio.change_password(browsers[0].visitor, PASSWORD, FRESH), TooFast, "logins")
    assert await come(house)


async def test_of_two_changes_at_once_one_counts(house: House) -> None:
    one, two = await come(house), await come(house)
    ways = {each.token: f"{FRESH} {each.token}" for each in (one, two)}
    asked = [house.studio.change_password(each.visitor, PASSWORD, ways[each.token]) for each in (one, two)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(str(each) for each in found) == ["None", "bad_input.present_password"]
    [kept] = [each for each in (one, two) if await house.studio.known(each.token)]
    assert await come(house, ways[kept.token])


async def test_a_browser_that_was_ended_meanwhile_changes_nothing(house: House) -> None:
    here, stolen = await come(house), await come(house)
    await house.studio.end_session(here.visitor, str(stolen.visitor.session))
    await refused(house.studio.change_password(stolen.visitor, PASSWORD, FRESH), BadInput, "present_password")
    assert await house.studio.known(here.token) is not None and await come(house)


async def test_who_has_no_password_has_none_to_change(house: House) -> None:
    studio, people = house.studio, house.people
    elsewhere = await people.elsewhere("huggingface", "77", "cat", adding=True)
    assert elsewhere is not None
    cat = (await studio.come_from("huggingface", "77", "cat", "", owner=False)).visitor
    owner = (await studio.use_link(HOME, await studio.make_link(OWNER), "")).visitor
    for visitor in (cat, owner, OWNER, (await studio.arrive(HOME, "")).visitor):
        assert await studio.login_name(visitor) is None
        await refused(studio.change_password(visitor, "", FRESH), NotFound, "")
    assert await studio.login_name((await come(house)).visitor) == "ann"
