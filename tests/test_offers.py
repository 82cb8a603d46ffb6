"""Which models are whose: by group, by own key, in each mode; and a house in which nothing is drawn."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from imagechat.bootstrap import House
from imagechat.domain.jobs import Job, Status
from imagechat.domain.requests import ChatRequest, ImageRequest
from imagechat.domain.values import new_id, now
from imagechat.domain.visitors import Role, Visitor
from imagechat.errors import BadInput, MissingKey, NotAllowed, NotOffered
from imagechat.i18n import locale
from imagechat.shown import Shown
from imagechat.ui.controls import Offer
from imagechat.ui.usage import usage
from tests.asking import ANN, BEN, ask, drawn, said
from tests.conftest import OpenHouse
from tests.fakes.provider import KEY, Provider

BENS = "ben-0123456789"
ADMIN = Visitor(id="01hzzzzzzzzzzzzzzzzzzzzzz1", role=Role.ADMIN, group="member")
MEMBER = Visitor(id="01hzzzzzzzzzzzzzzzzzzzzzz2", role=Role.MEMBER, group="member")
TRUSTED = Visitor(id="01hzzzzzzzzzzzzzzzzzzzzzz3", role=Role.MEMBER, group="trusted")
CHAT, IMAGE = "gpt-4o", "gpt-image-2.5-flare"


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with Provider() as server:
        server.keys = {BENS: (0, "")}
        yield server


async def started(open_house: OpenHouse, provider: Provider, **given: Any) -> House:
    house = await open_house(**{"openai_api_key": KEY, "openai_base_url": provider.url, "access": "guests", **given})
    await house.catalogue.refresh()
    return house


def theirs(house: House, visitor: Visitor) -> set[str]:
    """What a visitor has beside what everybody has."""
    return {card.id for card in house.studio.offers(visitor) if card.provider != "embedded"}


async def test_each_group_has_what_is_opened_to_it(open_house: OpenHouse, provider: Provider):
    offers = {"guests": "gpt-4o tiny-*", "members": "gpt-*", "trusted": "*"}
    house = await started(open_house, provider, offers=offers, budget={"guests_daily": 1})
    everything = theirs(house, ANN)
    assert {CHAT, IMAGE, "dall-e-3"} <= everything
    assert theirs(house, ADMIN) == theirs(house, TRUSTED) == everything
    assert theirs(house, BEN) == {"gpt-4o", "tiny-chat"}
    assert theirs(house, MEMBER) == {each for each in everything if each.startswith("gpt-")}
    for visitor in (ANN, BEN, MEMBER):
        assert {"sketch", "guide"} <= {card.id for card in house.studio.offers(visitor)}


async def test_the_houses_key_serves_the_owner_alone_until_models_are_opened(open_house: OpenHouse, provider: Provider):
    house = await started(open_house, provider)
    assert theirs(house, BEN) == set() and theirs(house, ANN)
    provider.asked.clear()
    for refused in (ask("hello", CHAT), ask("a fox", IMAGE), ask("/imagine a fox model:gpt-image-2.5-flare", "sketch")):
        with pytest.raises((NotOffered, BadInput)) as refusal:
            await house.studio.say(BEN, refused)
        assert "gpt" not in str(refusal.value.facts.get("offered"))
    with pytest.raises(NotOffered):
        await house.studio.draw(BEN, new_id(), ImageRequest(prompt="a fox", model=IMAGE), said="a fox")
    assert (await house.studio.enhance(BEN, "a fox", ask("", "sketch", text_model=CHAT).controls)).model == "guide"
    assert provider.asked == []
    assert house.studio.standings(BEN) == []
    info = (await said(house.studio, BEN, ask("/info"))).message.text
    assert "gpt-" not in info and provider.url not in info


async def test_who_comes_with_an_account_of_their_own_making_has_what_guests_have(open_house: OpenHouse, provider: Provider):
    house = await started(open_house, provider)
    studio = house.studio
    cara = (await studio.come_from("huggingface", "7", "cara", "", owner=False)).visitor
    assert (cara.role, cara.group, theirs(house, cara)) == (Role.MEMBER, "guest", set())
    owner = (await studio.come_from("huggingface", "1", "me", "", owner=True)).visitor
    await studio.set_person(owner, cara.id, group="member")
    cara = (await studio.come_from("huggingface", "7", "cara", "", owner=False)).visitor
    assert (cara.group, IMAGE in theirs(house, cara)) == ("member", True)


async def test_the_owner_at_their_own_machine_has_everything(open_house: OpenHouse, provider: Provider):
    house = await started(open_house, provider, access="local")
    assert theirs(house, ANN) == set(provider.models) - {"text-embedding-3-small"}
    assert [card.id for card in house.studio.laid()] == [card.id for card in house.studio.offers(ANN)]


async def test_an_own_key_opens_its_provider_and_stands_before_the_houses(open_house: OpenHouse, provider: Provider):
    house = await started(open_house, provider, offers={"guests": CHAT}, budget={"guests_daily": 1})
    assert theirs(house, BEN) == {CHAT}
    await house.studio.keep_key(BEN, "openai", BENS)
    assert theirs(house, BEN) == theirs(house, ANN)
    assert {house.catalogue.of(BEN).purse(each) for each in theirs(house, BEN)} == {"own"}
    assert house.catalogue.of(BEN).purse("sketch") == "free" and house.catalogue.of(ANN).purse(CHAT) == "house"
    await house.studio.drop_key(BEN, "openai")
    assert theirs(house, BEN) == {CHAT} and house.catalogue.of(BEN).purse(CHAT) == "house"


async def left(house: House, visitor: Visitor) -> str:
    """What Usage shows of what is left."""
    return usage._meters(await house.studio.allowance(visitor), locale("en"))


async def test_who_can_spend_nothing_of_the_houses_reads_that_and_no_allowance(open_house: OpenHouse, provider: Provider, data_dir: Path):
    budget = {"guests_daily": 1, "house_daily": 2}
    house = await started(open_house, provider, offers={"guests": "", "members": CHAT}, budget=budget)
    assert "is free" in (shown := await left(house, BEN)) and "$" not in shown and "meter" not in shown
    await house.studio.keep_key(BEN, "openai", BENS)
    assert "your own key" in (shown := await left(house, BEN)) and "$" not in shown
    await house.studio.drop_key(BEN, "openai")
    assert "$10.00 left" in (shown := await left(house, MEMBER)) and "free" not in shown
    assert "$2.00 left" in await left(house, ADMIN)
    open_to_guests = await started(open_house, provider, offers={"guests": CHAT}, budget=budget, data_dir=data_dir / "other")
    assert "$1.00 left" in (shown := await left(open_to_guests, BEN)) and "free" not in shown


async def test_an_admin_without_a_paid_model_still_sees_what_the_house_has_left(open_house: OpenHouse, provider: Provider):
    house = await started(open_house, provider, openai_api_key="", budget={"house_daily": 2})
    await house.studio.keep_key(ADMIN, "openai", BENS)
    shown = await left(house, ADMIN)
    assert "your own key" in shown and "$2.00 left" in shown and shown.count("role='meter'") == 1


async def test_an_own_key_works_where_the_house_has_none(open_house: OpenHouse, provider: Provider):
    house = await started(open_house, provider, openai_api_key="")
    await house.studio.keep_key(BEN, "openai", BENS)
    assert (await said(house.studio, BEN, ask("hello", CHAT))).job.status is Status.DONE
    assert theirs(house, MEMBER) == set()


@pytest.mark.parametrize(("purse", "refusal"), [("own", MissingKey), ("free", NotOffered)])
async def test_a_job_is_done_with_its_own_purse_or_not_at_all(
    open_house: OpenHouse, provider: Provider, purse: Any, refusal: type[Exception]
):
    house = await started(open_house, provider)
    asked = ChatRequest(model=CHAT, turns=())
    job = Job(id=new_id(), owner=BEN.id, thread=new_id(), message=new_id(), chat=asked, purse=purse, created=now())
    with pytest.raises(refusal):
        await house.catalogue.at_work(job)


async def test_the_selector_has_only_what_is_theirs(open_house: OpenHouse, provider: Provider):
    house = await started(open_house, provider)
    offer = Offer(house.studio, Shown(locale("en")))
    assert not [name for _, name in offer.models() if name.startswith("gpt")]
    assert not [name for _, name in offer.of(BEN).models() if name.startswith("gpt")]
    assert IMAGE in [name for _, name in offer.of(ANN).models()]
    wanted = ask("", IMAGE).controls
    assert offer.of(ANN).settings(wanted)[0]["value"] == IMAGE
    assert offer.of(BEN).settings(wanted)[0]["value"] == "sketch"


class TestNothingIsDrawn:
    @pytest.fixture
    async def house(self, open_house: OpenHouse, provider: Provider) -> House:
        return await started(open_house, provider, offers={"pictures": False})

    async def test_the_app_starts_and_offers_what_writes(self, house: House):
        for visitor in (ANN, BEN):
            assert not [card for card in house.studio.offers(visitor) if card.draws]
            assert house.studio.offers(visitor)
        assert not [card for card in house.studio.laid() if card.draws]
        offer = Offer(house.studio, Shown(locale("en"))).of(BEN)
        assert offer.card(house.studio.defaults.model).id == "guide"
        assert house.studio.complete(BEN, "/im", 3, ask("").controls)

    @pytest.mark.parametrize("visitor", [ANN, BEN])
    async def test_whoever_asks_for_a_picture_is_told(self, house: House, visitor: Visitor):
        for refused in (ask("a fox", "sketch"), ask("/imagine a fox", "guide"), ask("/imagine a fox model:sketch", "guide")):
            with pytest.raises(NotAllowed) as refusal:
                await house.studio.say(visitor, refused)
            assert refusal.value.reason == "pictures_off"
        with pytest.raises(NotAllowed):
            await house.studio.draw(visitor, new_id(), ImageRequest(prompt="a fox", model="sketch"), said="a fox")
        with pytest.raises(NotAllowed):
            await house.studio.draw_words(visitor, new_id(), "a fox")
        assert (await said(house.studio, visitor, ask("hello", "guide"))).job.status is Status.DONE

    async def test_old_pictures_stay_and_are_not_drawn_again(
        self, open_house: OpenHouse, provider: Provider, monkeypatch: pytest.MonkeyPatch
    ):
        before = await open_house()
        made = await drawn(before.studio, ANN, "a fox")
        before.catalogue._pictures = False
        monkeypatch.setitem(before.settings.offers.__dict__, "pictures", False)  # Every test's, where they are the default ones.
        assert (await before.studio.picture(ANN, made.id)).id == made.id
        await before.studio.recipe(ANN, made.id)
        for verb in (before.studio.reroll, before.studio.vary):
            with pytest.raises(NotAllowed):
                await verb(ANN, made.id)
