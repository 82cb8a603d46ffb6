"""Figures: for whom, which, and that nobody is in them."""

import asyncio
import re

import httpx2
import pytest

from imagechat.bootstrap import House
from imagechat.domain.values import new_id
from imagechat.errors import BadInput
from tests.asking import ANN, BEN, PATIENCE, ask, chat, said
from tests.browser.server import Server
from tests.conftest import OpenHouse
from tests.web.conftest import DEFAULTS, Page

NONE_PAINTS = 'imagechat_jobs_now{kind="painting",stands="running"} 0.0'


async def test_the_owner_of_this_machine_sees_what_happened(page: Page):
    receipt = await page.ask("a fox in snow")
    await page.ended(receipt)
    await page.get(f"/media/{new_id()}")
    async with page.live() as stream:
        await stream.event()
        async with asyncio.timeout(PATIENCE):  # Others of this app may just be going.
            while not {"imagechat_streams_open 1.0", NONE_PAINTS} <= set((answer := await page.get("/metrics")).text.splitlines()):
                await asyncio.sleep(0.05)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain")
    found = answer.text
    assert re.search(r'imagechat_jobs_total{kind="image",model="fake-image",outcome="done",provider="embedded"} [1-9]', found)
    assert 'imagechat_job_seconds_count{kind="image",model="fake-image",provider="embedded"}' in found
    assert re.search(r'imagechat_requests_total{route="/gradio_api/component_server",status="200"} [1-9]', found)
    assert receipt["job"] not in found and "fox" not in found
    assert {route for route in re.findall(r'route="([^"]*)"', found) if re.search(r"\d", route)} == set()


async def test_a_stranger_needs_the_token(tmp_path_factory: pytest.TempPathFactory):
    given = DEFAULTS | {"IMAGECHAT_ACCESS": "guests", "IMAGECHAT_METRICS__TOKEN": "a-scraper-token"}
    async with asked(tmp_path_factory, given) as client:
        refused = await client.get("/metrics")
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        for wrong in ("Bearer a-scraper-toke", "Bearer", "Basic a-scraper-token", "Bearer ä"):
            assert (await client.get("/metrics", headers={"Authorization": wrong.encode()})).status_code == 401
        taken = await client.get("/metrics", headers={"Authorization": "Bearer a-scraper-token"})
        assert taken.status_code == 200 and "imagechat_requests_total" in taken.text
        await client.get("/")
        assert (await client.get("/metrics")).status_code == 401, "a guest is no admin"


async def test_without_a_token_there_is_nothing_for_strangers(tmp_path_factory: pytest.TempPathFactory):
    async with asked(tmp_path_factory, DEFAULTS | {"IMAGECHAT_ACCESS": "guests"}) as client:
        assert (await client.get("/metrics", headers={"Authorization": "Bearer"})).status_code == 404


class asked(httpx2.AsyncClient):  # noqa: N801
    """A client of an app of this test's own."""

    def __init__(self, folders: pytest.TempPathFactory, settings: dict[str, str]) -> None:
        self._server = Server(folders.mktemp("metrics") / "data", "tests/fakes/app.py", (), settings)
        super().__init__(base_url=self._server.url, trust_env=False, timeout=30)

    async def __aenter__(self) -> "asked":
        await self._server.start()
        await super().__aenter__()
        return self

    async def __aexit__(self, *gone: object) -> None:
        await self._server.terminate()
        self._server.sweep()
        await super().__aexit__()


# --- what is counted ---


def figure(house: House, name: str, **labels: str) -> float:
    return house.metrics.registry.get_sample_value(f"imagechat_{name}", labels) or 0.0


async def reaches(house: House, amount: float, name: str, **labels: str) -> None:
    """A figure follows what the page is told."""
    async with asyncio.timeout(PATIENCE):
        while figure(house, name, **labels) != amount:
            await asyncio.sleep(0.01)


async def test_ends_of_jobs_and_refusals(house: House):
    await said(house.studio, BEN, ask("a fox"))
    await said(house.studio, BEN, chat("then:fail"))
    model = {"provider": "embedded", "model": "fake-text"}
    await reaches(house, 1, "jobs_total", provider="embedded", model="fake-image", kind="image", outcome="done")
    await reaches(house, 1, "jobs_total", **model, kind="chat", outcome="failed")
    assert figure(house, "job_seconds_count", **model, kind="chat") == 1
    assert figure(house, "refusals_total", reason="broken_reply.no_picture") == 1
    house.metrics.refused(BadInput("empty_prompt"))
    assert figure(house, "refusals_total", reason="bad_input.empty_prompt") == 1


async def test_money_is_counted_in_dollars_and_names_of_ones_own_are_others(house: House):
    turn = await said(house.studio, BEN, chat("hello"))
    assert turn.job is not None
    job, state = await house.jobs.get(BEN.id, turn.job.job)
    for price, purse, model in ((1_250_000, "house", job.model), (2_000_000, "own", "gpt-of-my-own"), (None, "own", "x" * 5000)):
        asked_of = job.chat.again(model=model)
        house.metrics.ended(job.model_copy(update={"purse": purse, "chat": asked_of}), state.model_copy(update={"price": price}))
    assert figure(house, "spent_dollars_total", provider="embedded", model="fake-text", purse="house") == 1.25
    assert figure(house, "spent_dollars_total", provider="other", model="other", purse="own") == 2
    assert figure(house, "unpriced_jobs_total", provider="other", model="other", purse="own") == 1


async def test_who_waits_and_runs_now(open_house: OpenHouse):
    house = await open_house(sketch={"painters": 1})
    receipts = [await house.studio.say(ANN, ask("a fox then:hang")) for _ in range(3)]
    await reaches(house, 1, "jobs_now", kind="painting", stands="running")
    await reaches(house, 2, "jobs_now", kind="painting", stands="waiting")
    for receipt in reversed(receipts):
        await house.studio.cancel(ANN, receipt.job)
    await reaches(house, 3, "jobs_total", provider="embedded", model="fake-image", kind="image", outcome="cancelled")
    await reaches(house, 0, "jobs_now", kind="painting", stands="waiting")


async def test_nobody_is_in_a_label(house: House):
    for visitor in (ANN, BEN):
        await said(house.studio, visitor, ask("a fox"))
    text = house.metrics.text().decode()
    assert BEN.id not in text and '"owner"' not in text
