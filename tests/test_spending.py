"""Money through the studio: nobody gets past a budget, whatever happens in the middle, and everybody sees where they stand."""

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from imagechat.bootstrap import House
from imagechat.domain.jobs import Status
from imagechat.domain.money import Caps
from imagechat.domain.records import Controls
from imagechat.domain.values import now
from imagechat.domain.visitors import Role, Visitor
from imagechat.errors import ImageChatError, NotFound, OverBudget, Refused
from imagechat.i18n import locale
from imagechat.shown.names import Names
from tests.asking import ANN, BEN, ask, ended, said, until
from tests.browser.server import ROOT
from tests.conftest import OpenHouse
from tests.fakes.provider import KEY, Provider

MIA = Visitor(id="01hzzzzzzzzzzzzzzzzzzzzmia", group="member")
FLARE, LUNA = "gpt-image-2.5-flare", "gpt-6-luna"
OPEN = {"members": "*", "guests": "*"}
Online = Callable[..., Awaitable[House]]


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with Provider() as server:
        yield server


@pytest.fixture
def online(open_house: OpenHouse, provider: Provider) -> Online:
    """`await online(budget={…})`: an app at the stand-in, whose prices nobody knows but itself (`cost:0.05`)."""

    async def start(**settings: Any) -> House:
        basics = {"openai_api_key": KEY, "openai_base_url": provider.url, "offers": {"members": "*"}, "limits": {"on": "off"}}
        house = await open_house(**{**basics, **settings})
        await house.catalogue.refresh()
        return house

    return start


def rows(house: House, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(house.database.path) as connection:
        return connection.execute(query).fetchall()


def at_rest(house: House) -> int:
    """No hold is left and every balance is the sum of the ledger; what the house spent in all."""
    assert rows(house, "SELECT job FROM ledger WHERE status = 'held'") == []
    for scope, period, held, spent, pictures_held, pictures in rows(house, "SELECT * FROM balances"):
        kind, _, name = scope.partition(":")
        where = {"visitor": f"visitor = '{name}'", "group": f"\"group\" = '{name}'", "house": "1"}[kind]
        sums = f"SELECT sum(counted), sum(pictures) FROM ledger WHERE purse = 'house' AND {where} AND day LIKE '{period}%'"
        assert (held, pictures_held) == (0, 0) and rows(house, sums) == [(spent, pictures)], scope
    return rows(house, "SELECT coalesce(sum(counted), 0) FROM ledger")[0][0]


async def test_two_hundred_at_once_against_a_dollar(online: Online):
    """Each may cost 25 cents, for nobody says how much: four begin, the others are refused in words, and the bills are the server's."""
    house = await online(budget={"daily": "1.00", "pictures_daily": "none"}, runner={"queue": 300, "each": 300})
    asked = [house.studio.say(MIA, ask(f"fox {index} cost:0.05", FLARE)) for index in range(200)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    receipts = [each for each in answers if not isinstance(each, BaseException)]
    refusals = [each for each in answers if isinstance(each, OverBudget)]
    assert (len(receipts), len(refusals)) == (4, 196)
    assert {each.reason for each in refusals} == {"visitor_day"} and refusals[0].facts["most"] == "$1.00"
    for receipt in receipts:
        assert (await ended(house.studio, MIA, receipt)).job.price == 50_000
    assert at_rest(house) == 4 * 50_000
    assert (await said(house.studio, MIA, ask("sea", "sketch", size="128x128"))).pictures, "Sketch still works"


@pytest.mark.parametrize(
    ("says", "outcome", "price", "counted"),
    [
        ("cost:0.9", "done", 900_000, 900_000), ("usage", "done", None, 250_000), ("status:400", "failed", 0, 0),
        ("then:reset at:middle", "failed", None, 250_000),
    ],
)  # fmt: skip
async def test_what_came_of_it_counts(online: Online, says: str, outcome: str, price: int | None, counted: int):
    house = await online()
    await said(house.studio, MIA, ask(f"a fox {says}", FLARE))
    assert rows(house, "SELECT outcome, price, counted FROM ledger") == [(outcome, price, counted)]
    assert at_rest(house) == counted


async def test_what_somebody_who_left_still_spends_is_added_to_what_they_spent(online: Online):
    house = await online()
    await said(house.studio, MIA, ask("a fox cost:0.05", FLARE))
    await house.studio.delete_all(MIA, "delete")
    await said(house.studio, MIA, ask("a fox cost:0.05", FLARE))  # From a request that was on its way.
    await house.studio.tidy()
    assert at_rest(house) == 100_000
    assert not [scope for (scope,) in rows(house, "SELECT scope FROM balances") if MIA.id in scope]


async def test_a_request_that_is_broken_off_leaves_no_hold_that_nobody_ends(online: Online):
    house = await online(budget={"pictures_daily": "none", "monthly": "none"})
    for milliseconds in range(0, 60, 2):
        asked = asyncio.create_task(house.studio.say(MIA, ask(f"fox {milliseconds} cost:0.05", FLARE)))
        await asyncio.sleep(milliseconds / 1000)
        asked.cancel()
        await asyncio.wait({asked})
    async with asyncio.timeout(30):
        while house.runner.owners():
            await asyncio.sleep(0.05)
    at_rest(house)


async def test_a_doubled_press_holds_once_and_a_stopped_one_counts_as_unknown(online: Online):
    house = await online()
    asked = ask("a fox delay:30", FLARE, nonce="press")
    receipt, other = await asyncio.gather(house.studio.say(MIA, asked), house.studio.say(MIA, asked))
    assert receipt.job == other.job and rows(house, "SELECT held FROM balances WHERE scope = 'house'") == [(250_000,)] * 2
    await until(house.studio, MIA, receipt, lambda job: job.stage == "generating")
    await asyncio.sleep(0.3)
    assert (await house.studio.cancel(MIA, receipt.job)).status is Status.CANCELLED
    assert rows(house, "SELECT outcome, price FROM ledger") == [("cancelled", None)] and at_rest(house) == 250_000


async def test_wordings_are_paid_too(online: Online):
    house = await online(budget={"daily": "0.30"})
    controls = Controls(model=FLARE, text_model=LUNA)
    assert (await house.studio.enhance(MIA, "a fox cost:0.1", controls)).price == 100_000
    with pytest.raises(OverBudget):
        await house.studio.enhance(MIA, "a fox", controls)
    assert rows(house, "SELECT kind, outcome, price FROM ledger") == [("wording", "done", 100_000)] and at_rest(house) == 100_000


@pytest.mark.parametrize("own_keys", [True, False])
async def test_who_is_refused_is_told_what_is_true_for_them(online: Online, own_keys: bool):
    """Of keys of their own only where they are taken; of pictures where those are counted; of a kept text once it was sent."""
    house = await online(offers={"guests": "gpt-*", "own_keys": own_keys}, budget={"guests_daily": "1.00"})
    await house.studio.set_budget(ANN, "group:guest", Caps(day=1_000_000, pictures_day=1))
    await said(house.studio, BEN, ask("a fox cost:0.01", FLARE))
    with pytest.raises(OverBudget) as refused:
        await house.studio.say(BEN, ask("a fox", FLARE))
    assert refused.value.reason == "group_pictures_day"
    told = locale("en").error("over_budget", "group_pictures_day", refused.value.facts)
    assert told.startswith("Pictures left for today, shared with others: 0 of 1; this asks for 1. It works again from")
    assert "your text is kept" in told and ("keys of your own" in told) == own_keys
    before = await house.studio.estimate(BEN, ask("", FLARE).controls, "a fox")
    line = str(Names(locale("en")).estimate(before)["text"])
    assert (await house.studio.estimate(BEN, ask("", FLARE).controls, "/help")).purse == "free"
    assert "your text is kept" not in line and "Sketch" in line and ("keys of your own" in line) == own_keys


async def test_where_somebody_stands(online: Online):
    house = await online(budget={"daily": "1.00"})
    studio = house.studio
    before = await studio.estimate(MIA, Controls(model=FLARE, quality="low"), "a fox")
    assert (before.purse, before.likely, before.reserves, before.fits, before.left) == ("house", None, 250_000, True, 1_000_000)
    await said(studio, MIA, ask("a fox cost:0.85", FLARE))
    allowance = await studio.allowance(MIA)
    assert (allowance.warned, allowance.cap("visitor_day").left, allowance.pictures.left) == (80, 150_000, 49)
    after = await studio.estimate(MIA, Controls(model=FLARE), "a fox")
    assert not after.fits and (after.refused.reason, after.refused.facts["left"]) == ("visitor_day", "$0.15")
    free = await studio.estimate(MIA, Controls(model="sketch"), "a fox")
    assert (free.purse, free.likely, free.most, free.fits) == ("free", 0, 0, True)
    today = now().date()
    report = await studio.usage(MIA, today, today)
    assert (report.total.price, report.total.pictures, report.total.jobs) == (850_000, 1, 1) and report.total.median > 0
    assert [(use.day, use.model, use.price) for use in report.days] == [(today, FLARE, 850_000)] and report.visitors == ()
    assert [use.visitor for use in (await studio.usage(ANN, today, today, whose="all")).visitors] == [MIA.id]
    assert [row.price async for row in studio.usage_rows(ANN, today, today, whose=MIA.id)] == [850_000]
    assert (await studio.usage(MIA, today - timedelta(days=9), today - timedelta(days=1))).total.jobs == 0


async def test_who_looks_after_nobody_sees_and_sets_nothing(house: House):
    today = now().date()
    for verb in (
        house.studio.usage(MIA, today, today, whose="all"), house.studio.usage(MIA, today, today, whose="owner"),
        house.studio.budgets(MIA), house.studio.set_budget(MIA, f"visitor:{MIA.id}", None),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            await verb
    await house.studio.set_budget(ANN, f"visitor:{MIA.id}", Caps(day=5))
    assert (await house.studio.budgets(ANN))[-1].caps == Caps(day=5)
    for scope in ("", "visitor:", "group:nobody", "moon"):
        with pytest.raises(ImageChatError, match="budget_scope"):
            await house.studio.set_budget(ANN, scope, None)


async def test_what_the_owner_may_spend_only_the_owner_says(house: House):
    admin = MIA.again(role=Role.ADMIN)
    with pytest.raises(Refused, match="owner_only"):
        await house.studio.set_budget(admin, "visitor:owner", Caps(day=0))
    await house.studio.set_budget(ANN, "visitor:owner", Caps(day=5))
    assert [cap.most for cap in (await house.studio.allowance(ANN)).caps] == [5]


async def test_the_webhook_is_told_once_and_is_in_nobodys_way(online: Online):
    heard: list[dict[str, Any]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(next(line for line in head.decode().lower().split("\r\n") if line.startswith("content-length")).split(":")[1])
        heard.append(json.loads(await reader.readexactly(length)))
        status = b"500 Oh" if len(heard) == 1 else b"200 OK"
        writer.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/told"
    house = await online(budget={"daily": "1.00", "monthly": "none", "webhook": address})
    house.webhook.pauses = (0.0, 0.0)
    for cost in ("0.6", "0.01"):
        await said(house.studio, MIA, ask(f"a fox cost:{cost}", FLARE))
    async with asyncio.timeout(30):
        while len(heard) < 2:
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)
    server.close()
    assert [(each["scope"], each["percent"], each["used"], each["budget"]) for each in heard] == [
        (f"visitor:{MIA.id}", 50, 600_000, 1_000_000)
    ] * 2, "the first answer was an error, so it is told once more, and then never again"


@pytest.mark.timeout(240)
async def test_killed_between_hold_and_end(online: Online, provider: Provider, data_dir: Path):
    """kill -9 at random moments: after the next start no hold is left, and the balances are what the ledger says."""
    script = f"""
import asyncio
from pathlib import Path
from imagechat.bootstrap import House
from imagechat.ground import prepare
from imagechat.settings import Settings
from tests.asking import ask
from tests.test_spending import MIA, FLARE, LUNA
from imagechat.domain.records import Controls
async def main():
    settings = Settings(_env_file=None, data_dir=Path({str(data_dir)!r}), openai_api_key={KEY!r}, openai_base_url={provider.url!r},
        offers={{"members": "*"}}, limits={{"on": "off"}}, budget={{"monthly": "none", "pictures_daily": "none"}})
    lock = prepare(settings)
    house = House(settings)
    await house.open()
    await house.catalogue.refresh()
    print("ready", flush=True)
    while not lock.closed:
        await asyncio.gather(*(house.studio.say(MIA, ask(f"fox {{n}} delay:0.03 cost:0.05", FLARE, count=n)) for n in (1, 2)),
            house.studio.enhance(MIA, "a fox delay:0.01 cost:0.01", Controls(model=FLARE, text_model=LUNA)), return_exceptions=True)
        await asyncio.sleep(0.05)
asyncio.run(main())
"""
    chance = random.Random(3)
    for _ in range(4):
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
            assert process.stdout is not None and await asyncio.to_thread(process.stdout.readline) == "ready\n"
            await asyncio.sleep(chance.uniform(0.1, 1.5))
            os.kill(process.pid, signal.SIGKILL)
    house = await online()
    assert at_rest(house) > 0
    assert rows(house, "SELECT count(*) FROM ledger WHERE outcome = 'interrupted'")[0][0] > 0
