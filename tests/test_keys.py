"""Own keys at work: which key each request carries, what becomes of keys that are wrong, spent, removed or lost."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from imagechat.bootstrap import House
from imagechat.domain.jobs import Status
from imagechat.domain.requests import ImageRequest
from imagechat.domain.values import new_id
from imagechat.domain.visitors import Role, Visitor
from imagechat.errors import BadKey, MissingKey, NotAllowed, NotFound, NotOffered, TooFast, Unreachable
from imagechat.own import Own
from tests.asking import ANN, BEN, ask, ended, said, until
from tests.conftest import OpenHouse
from tests.fakes.provider import KEY, Provider

BENS, EVES = "ben-0123456789", "eve-0123456789"
EVE = Visitor(id="01hzzzzzzzzzzzzzzzzzzzzzzy", role=Role.MEMBER, group="member")
CHAT, IMAGE = "gpt-4o", "gpt-image-2.5-flare"
WISH = ImageRequest(prompt="a fox", model=IMAGE)


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with Provider() as server:
        server.keys = {BENS: (0, ""), EVES: (0, "")}
        yield server


@pytest.fixture
async def house(open_house: OpenHouse, provider: Provider) -> House:
    house = await open_house(openai_api_key=KEY, openai_base_url=provider.url, access="guests")
    await house.catalogue.refresh()
    return house


def carried(provider: Provider, *, listing: bool = False) -> list[str]:
    """The key of each request so far; of those for the list of models only where that is wanted."""
    asked = [each for each in provider.asked if listing == (each.path == "/v1/models")]
    return [each.headers["authorization"].removeprefix("Bearer ") for each in asked]


def own(house: House) -> Own:
    assert house.catalogue.own is not None
    return house.catalogue.own


async def test_each_request_carries_the_key_of_who_asks(house: House, provider: Provider):
    await house.studio.keep_key(BEN, "openai", BENS)
    await house.studio.keep_key(EVE, "openai", f" {EVES}\n")
    turns = await asyncio.gather(*(said(house.studio, each, ask(f"hello {each.id}", CHAT)) for each in (ANN, BEN, EVE)))
    assert [turn.job.status for turn in turns] == [Status.DONE] * 3
    keys = {each.prompt.split()[1]: each.headers["authorization"] for each in provider.asked if each.path.endswith("completions")}
    assert keys == {ANN.id: f"Bearer {KEY}", BEN.id: f"Bearer {BENS}", EVE.id: f"Bearer {EVES}"}
    purses = [(await house.jobs.get(each.id, turn.job.job))[0].purse for each, turn in zip((ANN, BEN, EVE), turns, strict=True)]
    assert purses == ["house", "own", "own"]


async def test_pictures_wordings_and_retries_carry_it_too(house: House, provider: Provider):
    await house.studio.keep_key(BEN, "openai", BENS)
    turn = await said(house.studio, BEN, ask("two foxes status:500 times:2", IMAGE, count=2))
    again = await ended(house.studio, BEN, await house.studio.retry(BEN, turn.message.id))
    assert again.job.status is Status.DONE
    await house.studio.enhance(BEN, "a fox", ask("", CHAT, text_model=CHAT).controls)
    assert set(carried(provider)) == {BENS} and len(carried(provider)) == 5


async def test_nothing_else_of_the_house_goes_along(open_house: OpenHouse, provider: Provider, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-house")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-house")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin-house")
    house = await open_house(openai_api_key=KEY, openai_base_url=provider.url, access="guests")
    await house.catalogue.refresh()
    assert "house" in str(provider.asked[-1].headers)
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", f"Authorization: Bearer {KEY}\nX-House: secret\nopenai-organization: org-house")
    provider.asked.clear()
    await house.studio.keep_key(BEN, "openai", BENS)
    await said(house.studio, BEN, ask("hello", CHAT))
    assert len(provider.asked) == 2
    for each in provider.asked:
        assert each.headers["authorization"] == f"Bearer {BENS}"
        assert "house" not in str(each.headers)


async def test_a_name_and_a_password_in_the_houses_address_stay_the_houses(open_house: OpenHouse, provider: Provider):
    address = provider.url.replace("http://", "http://house:words@")
    house = await open_house(openai_api_key=KEY, openai_base_url=address, access="guests")
    await house.studio.keep_key(BEN, "openai", BENS)
    provider.asked.clear()
    await said(house.studio, BEN, ask("hello", CHAT))
    assert carried(provider) == [BENS]


async def test_a_wrong_key_is_not_kept_and_one_that_was_there_stays(house: House, provider: Provider):
    await house.studio.keep_key(BEN, "openai", BENS)
    with pytest.raises(BadKey) as refusal:
        await house.studio.keep_key(BEN, "openai", "sk-nobody-0123456789")
    assert refusal.value.reason == "not_kept" and "nobody" not in str(refusal.value.facts)
    await said(house.studio, BEN, ask("hello", CHAT))
    assert carried(provider) == [BENS]
    assert [line.action for line in (await house.audit.page()).items] == ["key.refused", "key.kept"]


@pytest.mark.parametrize("key", ["", "short", "with a blank", "schlüssel-0123", "x" * 501, "tab\tin-the-middle", "half\ud800character"])
async def test_what_is_no_key_is_refused_before_anybody_is_asked(house: House, provider: Provider, key: str):
    before = len(provider.asked)
    with pytest.raises(MissingKey) as refusal:
        await house.studio.keep_key(BEN, "openai", key)
    assert refusal.value.reason == "bad_form" and len(provider.asked) == before


async def test_a_key_without_credit_is_kept_and_says_so_when_it_is_used(house: House, provider: Provider):
    provider.keys[BENS] = (429, "insufficient_quota")
    assert (await house.studio.keep_key(BEN, "openai", BENS)).trouble == ""
    turn = await said(house.studio, BEN, ask("hello", CHAT))
    assert (turn.job.error.code, turn.job.error.reason) == ("bad_key", "own_no_credit")
    assert [info.trouble for info in await house.studio.keys(BEN)] == ["bad_key.own_no_credit"]
    provider.keys[BENS] = (0, "")
    assert (await said(house.studio, BEN, ask("hello", CHAT))).job.status is Status.DONE
    assert [info.trouble for info in await house.studio.keys(BEN)] == [""]


async def test_a_key_that_the_provider_takes_no_more_is_told_as_ones_own(house: House, provider: Provider):
    await house.studio.keep_key(BEN, "openai", BENS)
    del provider.keys[BENS]
    turn = await said(house.studio, BEN, ask("hello", CHAT))
    assert (turn.job.error.code, turn.job.error.reason) == ("bad_key", "own_wrong")
    assert BENS not in turn.job.model_dump_json()
    assert (await house.studio.test_key(BEN, "openai")).trouble == "bad_key.own_wrong"
    assert KEY not in carried(provider)


async def test_a_key_that_is_removed_while_a_job_waits_is_not_replaced_by_the_houses(open_house: OpenHouse, provider: Provider):
    house = await open_house(
        openai_api_key=KEY, openai_base_url=provider.url, access="guests", runner={"pictures": 1}, offers={"guests": "*"},
        budget={"guests_daily": 100},
    )  # fmt: skip
    await house.catalogue.refresh()
    await house.studio.keep_key(BEN, "openai", BENS)
    first = await house.studio.draw(BEN, new_id(), WISH.again(prompt="a fox delay:0.3"), said="a fox")
    second = await house.studio.draw(BEN, new_id(), WISH.again(prompt="an owl"), said="an owl")
    await until(house.studio, BEN, first, lambda job: job.status is Status.RUNNING)
    while not carried(provider):
        await asyncio.sleep(0.01)
    await house.studio.drop_key(BEN, "openai")
    assert (await ended(house.studio, BEN, first)).job.status is Status.DONE
    error = (await ended(house.studio, BEN, second)).job.error
    assert (error.code, error.reason) == ("missing_key", "own")
    assert carried(provider) == [BENS]
    assert IMAGE in {card.id for card in house.studio.offers(BEN)}  # The house's, which are opened to guests here.


async def test_a_key_is_never_told(house: House, provider: Provider, caplog: pytest.LogCaptureFixture):
    """Even by a server that repeats it, in a form that nobody would take for a key."""
    provider.keys[BENS] = (400, "bad")
    with caplog.at_level(logging.DEBUG):
        info = await house.studio.keep_key(BEN, "openai", BENS)
        turn = await said(house.studio, BEN, ask("hello", CHAT))
        del provider.keys[BENS]
        await house.catalogue.refresh(BEN)
    told = [repr(info), turn.model_dump_json(), caplog.text, repr(await house.audit.page()), repr(own(house)._opened)]
    told += [repr(house.studio.standings(BEN)), *(repr(vars(record)) for record in caplog.records if record.name.startswith("imagechat"))]
    assert not [each for each in told if BENS in each]


async def test_a_lost_secret_is_told_and_everything_else_goes_on(
    open_house: OpenHouse, provider: Provider, caplog: pytest.LogCaptureFixture
):
    settings = {"openai_api_key": KEY, "openai_base_url": provider.url, "access": "guests"}
    house = await open_house(**settings)
    await house.studio.keep_key(BEN, "openai", BENS)
    (house.settings.data_dir / "secret").unlink()
    assert (await house.keyring.renew()).unreadable == 1  # What the next start says in a line.
    await house._pick_up_keys()
    assert "1 of the keys" in caplog.text
    assert [info.trouble for info in await house.studio.keys(BEN)] == ["missing_key.unreadable"] or house.keyring.secrets._read
    assert (await said(house.studio, BEN, ask("hello", "guide"))).job.status is Status.DONE


async def test_providers_are_opened_when_they_are_needed_and_closed_again(house: House, provider: Provider):
    pool = own(house)
    pool.most = 2
    people = [Visitor(id=f"visitor{index}") for index in range(4)]
    for each in people:
        await house.studio.keep_key(each, "openai", BENS)
        await said(house.studio, each, ask("hello", CHAT))
        assert len(pool) <= 2
    assert (await said(house.studio, people[0], ask("hello", CHAT))).job.status is Status.DONE
    pool.idle = 0.0
    pool.tidy()
    assert len(pool) == 0
    assert (await said(house.studio, people[0], ask("hello", CHAT))).job.status is Status.DONE
    assert set(carried(provider)) == {BENS}


async def test_what_works_is_not_closed(house: House, provider: Provider):
    pool = own(house)
    pool.most, pool.idle = 1, 0.0
    await house.studio.keep_key(BEN, "openai", BENS)
    await house.studio.keep_key(EVE, "openai", EVES)
    receipt = await house.studio.say(BEN, ask("hello tokens:8 delay:0.1", CHAT))
    while not carried(provider):
        await asyncio.sleep(0.01)
    await said(house.studio, EVE, ask("hello", CHAT))
    pool.tidy()
    assert (BEN.id, "openai") in pool._opened
    assert (await ended(house.studio, BEN, receipt)).job.status is Status.DONE
    pool.tidy()
    assert len(pool) == 0


async def test_a_replaced_key_is_used_from_then_on(house: House, provider: Provider):
    await house.studio.keep_key(BEN, "openai", BENS)
    await said(house.studio, BEN, ask("hello", CHAT))
    await house.studio.keep_key(BEN, "openai", EVES)
    await said(house.studio, BEN, ask("hello", CHAT))
    assert carried(provider) == [BENS, EVES]


async def test_keys_of_others_can_be_neither_seen_nor_used_nor_removed(house: House):
    await house.studio.keep_key(BEN, "openai", BENS)
    for stranger in (EVE, ANN):
        assert await house.studio.keys(stranger) == []
        with pytest.raises(NotFound):
            await house.studio.drop_key(stranger, "openai")
        with pytest.raises(NotFound):
            await house.studio.test_key(stranger, "openai")
    with pytest.raises(NotFound):
        await house.studio.keep_key(BEN, "http://10.0.0.1", BENS)
    guest = Visitor(id="01hzzzzzzzzzzzzzzzzzzzzzzx")
    with pytest.raises(NotOffered):
        await house.studio.say(guest, ask("hello", CHAT))


async def test_trying_keys_is_limited(open_house: OpenHouse, provider: Provider):
    house = await open_house(openai_base_url=provider.url, access="guests", limits={"logins": "3 per 10 minutes"})
    for _ in range(3):
        with pytest.raises(BadKey):
            await house.studio.keep_key(BEN, "openai", "sk-stolen-0123456789")
    with pytest.raises(TooFast):
        await house.studio.keep_key(BEN, "openai", BENS)
    assert (await house.studio.keep_key(EVE, "openai", EVES)).trouble == ""


async def test_a_provider_that_cannot_be_reached_keeps_nothing(open_house: OpenHouse, provider: Provider):
    house = await open_house(openai_base_url="http://127.0.0.1:9/v1", access="guests")
    with pytest.raises(Unreachable):
        await house.studio.keep_key(BEN, "openai", BENS)
    assert await house.studio.keys(BEN) == []


async def test_keys_can_be_switched_off(open_house: OpenHouse, provider: Provider):
    house = await open_house(openai_base_url=provider.url, access="guests", offers={"own_keys": False})
    assert house.studio.key_providers() == ()
    with pytest.raises(NotAllowed):
        await house.studio.keep_key(BEN, "openai", BENS)
    await house.keyring.keep(BEN.id, "openai", BENS)  # From a time when they were taken.
    assert {card.provider for card in house.studio.offers(BEN)} == {"embedded"}
    await house.studio.drop_key(BEN, "openai")
