"""Who is here: sessions that are only kept as hashes, accounts, links that open once, and what is forgotten when."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from imagechat.domain import values
from imagechat.domain.values import new_id
from imagechat.domain.visitors import OWNER, Role
from imagechat.errors import BadInput, NotFound, NotKnown
from imagechat.store.database import Database
from imagechat.store.passwords import Passwords, login_of
from imagechat.store.people import People
from imagechat.store.threads import Threads
from tests.store.making import said, thread

DAY = timedelta(days=1)
SetClock = Callable[[timedelta], None]


@pytest.fixture
def people(db: Database) -> People:
    return People(db, days=90)


@pytest.fixture
async def other(db: Database, path: Path) -> AsyncIterator[People]:
    """The same people, as another process sees them."""
    database = await Database.open(path)
    yield People(database, days=90)
    await database.close()


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Move the clock of this machine from where it really stands."""
    real = values.now

    def moved(by: timedelta) -> None:
        monkeypatch.setattr(values, "now", lambda: real() + by)

    return moved


def rows(path: Path, question: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as connection:
        return connection.execute(question).fetchall()


# Sessions


async def test_a_guest_is_known_by_the_token_alone(people: People, path: Path) -> None:
    ben, token = await people.arrive("Firefox\n\x00 on Linux " + "x" * 900)
    known = await people.known(token)
    assert known is not None and known.visitor == ben and not known.stale
    assert (ben.role, ben.group, ben.name) == (Role.GUEST, "guest", "")
    for wrong in ("", token[:-1], token + "x", token.swapcase(), "\ud800", "' OR 1=1 --"):
        assert await people.known(wrong) is None
    [session] = await people.sessions(ben.id)
    assert session.id == ben.session and session.agent.startswith("Firefox on Linux xxx") and len(session.agent) == 200
    for suffix in ("", "-wal"):
        file = path.with_name(path.name + suffix)
        assert not file.exists() or token.encode() not in file.read_bytes()


async def test_a_session_runs_out_after_its_last_use_and_not_before(people: People, set_clock: SetClock) -> None:
    ben, token = await people.arrive("")
    set_clock(89 * DAY)
    known = await people.known(token)
    assert known is not None and known.stale
    await people.saw(known.visitor)
    set_clock((89 + 89) * DAY)
    assert await people.known(token) is not None
    set_clock((89 + 91) * DAY)
    assert await people.known(token) is None
    assert await people.sessions(ben.id) == []


async def test_being_seen_is_written_at_most_once_an_hour(people: People, set_clock: SetClock) -> None:
    _, token = await people.arrive("")
    for minutes, stale in ((0, False), (59, False), (61, True)):
        set_clock(timedelta(minutes=minutes))
        known = await people.known(token)
        assert known is not None and known.stale is stale, minutes


async def test_a_clock_that_is_set_back_locks_nobody_out(people: People, set_clock: SetClock) -> None:
    set_clock(400 * DAY)
    _, token = await people.arrive("")
    link = await people.make_link()
    set_clock(timedelta(0))
    await people.sweep()
    known = await people.known(token)
    assert known is not None and known.stale
    # Once it was used at the right time, it lives from there.
    await people.saw(known.visitor)
    [session] = await people.sessions(known.visitor.id)
    assert session.expires < values.now() + 91 * DAY
    assert (await people.use_link(link, ""))[0].id == OWNER.id


async def test_two_processes_see_the_same_people_at_once(people: People, other: People) -> None:
    ben, token = await people.arrive("")
    assert (await other.known(token)).visitor == ben  # type: ignore[union-attr]
    arrived = await asyncio.gather(*(each.arrive("") for each in (people, other) for _ in range(20)))
    assert len({visitor.id for visitor, _ in arrived}) == 40
    await other.end_session(ben.id, str(ben.session))
    assert await people.known(token) is None


async def test_a_session_is_ended_by_whose_it_is_alone(people: People) -> None:
    (ben, token), (cat, _) = await people.arrive(""), await people.arrive("")
    assert not await people.end_session(cat.id, str(ben.session))
    assert await people.known(token) is not None
    assert await people.end_session(ben.id, str(ben.session))
    assert await people.known(token) is None and not await people.end_session(ben.id, str(ben.session))


async def test_the_owner_gets_a_row_when_one_is_needed(people: People, path: Path) -> None:
    assert rows(path, "SELECT id FROM visitors") == []
    visitor, _ = await people.begin(OWNER.id, "")
    again, _ = await people.begin(OWNER.id, "")
    assert visitor.model_copy(update={"session": None}) == OWNER and again.session != visitor.session
    assert rows(path, 'SELECT id, role, "group" FROM visitors') == [("owner", "owner", "owner")]


async def test_the_signing_key_is_made_once_by_whoever_asks(people: People, other: People) -> None:
    keys = await asyncio.gather(*(each.signing_key() for each in (people, other) for _ in range(20)))
    assert len(set(keys)) == 1 and len(keys[0]) == 64
    assert await people.signing_key() == keys[0]


# Accounts


@pytest.mark.parametrize("given", ["Ann", " ANN ", "a\u200bnn", "\uff21nn", "ann"])
def test_names_that_look_the_same_are_the_same(given: str) -> None:
    assert login_of(given) == "ann"


@pytest.mark.parametrize("given", ["", "a", "a b", "a\tb", "ann\x00", "\u200b\u200b\u200b", "\ud800ab", "x" * 65, "x" * 100_000])
def test_what_is_no_name(given: str) -> None:
    with pytest.raises(BadInput) as refusal:
        login_of(given)
    assert refusal.value.reason == "login_form"


async def test_of_twenty_who_want_a_name_one_gets_it(people: People, other: People) -> None:
    wanted = [each.add("ann", "hash", name="Ann") for each in (people, other) for _ in range(10)]
    made = await asyncio.gather(*wanted, return_exceptions=True)
    [id] = [each for each in made if isinstance(each, str)]
    assert {each.reason for each in made if isinstance(each, BadInput)} == {"login_taken"} and len(made) == 20
    account = await people.account("ann")
    assert account is not None and (account.id, account.password, account.disabled) == (id, "hash", None)
    assert await people.account("ben") is None


async def test_passwords_are_hashed_and_a_wrong_one_or_none_costs_the_same(path: Path) -> None:
    passwords = Passwords()
    kept = await passwords.hashed("correct horse")
    assert kept.startswith("$argon2id$") and "horse" not in kept and not passwords.stale(kept)
    assert await passwords.fits("correct horse", kept)
    took = {}
    for name, tried, there in (("wrong", "correct hors", kept), ("unknown", "correct horse", None), ("novel", "x" * 10_000_000, kept)):
        began = time.process_time()
        assert not await passwords.fits(tried, there)
        took[name] = time.process_time() - began
    assert max(took.values()) < 5 * min(took.values()), took
    assert not await passwords.fits("\ud800" * 12, kept) and not await passwords.fits("correct horse", "no hash")
    assert passwords.stale("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$9jzlRZ4Xm1sp8Kz3bW2ZVQ")


@pytest.mark.parametrize(("password", "reason"), [("", "short_password"), ("x" * 9, "short_password"), ("x" * 1025, "long_password")])
async def test_what_is_no_password(password: str, reason: str) -> None:
    with pytest.raises(BadInput) as refusal:
        await Passwords().hashed(password)
    assert refusal.value.reason == reason


async def test_disabling_ends_every_session_and_lets_no_other_begin(people: People) -> None:
    id = await people.add("ann", "hash", name="Ann")
    (_, token), (_, second) = await people.begin(id, ""), await people.begin(id, "")
    await people.change(id, disabled=True)
    assert (await people.known(token), await people.known(second)) == (None, None)
    assert await people.disabled([id, "owner", new_id()]) == {id}
    with pytest.raises(NotKnown) as refusal:
        await people.begin(id, "")
    assert refusal.value.reason == "disabled"
    await people.change(id, disabled=False)
    assert await people.known(token) is None
    assert (await people.begin(id, ""))[0].name == "Ann"


async def test_another_password_ends_sessions_a_stronger_hash_does_not(people: People) -> None:
    id = await people.add("ann", "hash", name="Ann")
    _, token = await people.begin(id, "")
    await people.set_password(id, "stronger", ending=False)
    assert await people.known(token) is not None
    await people.set_password(id, "other")
    assert await people.known(token) is None


async def test_who_comes_from_elsewhere_stays_the_same_under_another_name(people: People) -> None:
    assert await people.elsewhere("huggingface", "77", "ann", adding=False) is None
    first = await people.elsewhere("huggingface", "77", "ann", adding=True)
    again = await people.elsewhere("huggingface", "77", "anna", adding=True)
    assert first is not None and again is not None and first.id == again.id
    assert (await people.get(first.id)).name == "anna"
    other = await people.elsewhere("elsewhere", "77", "ann", adding=True)
    assert other is not None and other.id != first.id


async def test_people_are_found_by_name_and_what_they_made_is_counted(people: People) -> None:
    ann = await people.add("ann_b", "hash", name="Ann B", group="trusted")
    await people.add("ben", "hash", name="Ben", role=Role.ADMIN)
    guest, _ = await people.arrive("")
    found = await people.everybody("NN_")
    assert [(each.id, each.login, each.group, each.made) for each in found] == [(ann, "ann_b", "trusted", 0)]
    assert [each.role for each in await people.everybody("ben")] == [Role.ADMIN]
    assert await people.everybody("%") == []
    assert [each.id for each in await people.everybody(guest.id)] == [guest.id]
    assert {each.login for each in await people.everybody(accounts=True)} == {"ann_b", "ben"}
    with pytest.raises(NotFound):
        await people.get(new_id())
    with pytest.raises(NotFound):
        await people.change(new_id(), disabled=True)


# Links


async def test_a_link_lets_one_of_twenty_in(people: People, other: People, path: Path) -> None:
    token = await people.make_link()
    tries = await asyncio.gather(*(each.use_link(token, "") for each in (people, other) for _ in range(10)), return_exceptions=True)
    [entered] = [each for each in tries if isinstance(each, tuple)]
    assert {each.reason for each in tries if isinstance(each, NotKnown)} == {"link"} and len(tries) == 20
    assert entered[0].role is Role.OWNER
    assert token not in str(rows(path, "SELECT * FROM links"))


async def test_a_link_runs_out(people: People, set_clock: SetClock) -> None:
    token = await people.make_link()
    set_clock(timedelta(hours=25))
    for wrong in (token, "", "x" * 43):
        with pytest.raises(NotKnown):
            await people.use_link(wrong, "")


async def test_a_starts_link_takes_the_place_of_unused_ones(people: People) -> None:
    old = await people.make_link()
    new = await people.make_link(alone=True)
    with pytest.raises(NotKnown):
        await people.use_link(old, "")
    beside = await people.make_link()
    assert (await people.use_link(new, ""))[0].id == (await people.use_link(beside, ""))[0].id == OWNER.id


# What is forgotten


async def test_guests_who_made_nothing_and_did_not_come_back_are_forgotten(
    people: People, threads: Threads, set_clock: SetClock, path: Path
) -> None:
    idle, _ = await people.arrive("")
    maker, _ = await people.arrive("")
    member = await people.add("ann", "hash", name="Ann")
    await said(threads, thread(maker.id))
    await people.make_link()
    set_clock(80 * DAY)
    late, token = await people.arrive("")
    set_clock(91 * DAY)
    assert await people.sweep() == 1
    assert {each.id for each in await people.everybody()} == {maker.id, member, late.id}
    assert await people.known(token) is not None and idle.id not in str(rows(path, "SELECT * FROM sessions"))
    assert rows(path, "SELECT count(*) FROM sessions") == [(1,)] and rows(path, "SELECT count(*) FROM links") == [(0,)]
