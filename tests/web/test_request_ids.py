"""A request's id: in its answer, in its log lines, in those of its jobs, at the provider, and in the words for what nobody expected."""

import asyncio
import json
import re
from typing import Any

import httpx2
import pytest

from imagechat.domain.values import new_id
from imagechat.i18n import locale
from imagechat.logs import request_id
from imagechat.settings import Settings
from imagechat.web.proxies import Proxies
from imagechat.web.requests import Requests
from tests.asking import ANN, PATIENCE, ask, chat, said
from tests.conftest import OpenHouse
from tests.fakes.provider import KEY, Provider
from tests.web.conftest import Page

HEX = re.compile(r"[0-9a-f]{16}")


async def test_every_answer_names_its_request(page: Page):
    answers = [await page.get(path) for path in ("/healthz", "/", "/nowhere", "/media/x", "/theme.css")]
    found = [answer.headers["x-request-id"] for answer in answers]
    assert all(HEX.fullmatch(each) for each in found) and len(set(found)) == len(found)
    refused = await page.get("/", Host="evil.example")
    assert refused.status_code == 403 and HEX.fullmatch(refused.headers["x-request-id"])


async def test_nobody_gives_their_own(page: Page):
    answer = await page.get("/healthz", X_Request_ID="mine")
    assert HEX.fullmatch(answer.headers["x-request-id"])


@pytest.mark.parametrize(
    ("client", "given", "taken"),
    [
        ("10.1.2.3", "abc-DEF_1.2", True),
        ("10.1.2.3", "x" * 64, True),
        ("10.1.2.3", "x" * 65, False),
        ("10.1.2.3", "a b", False),
        ("10.1.2.3", 'a"; drop', False),
        ("10.1.2.3", "", False),
        ("192.0.2.1", "abc", False),
    ],
)
async def test_a_trusted_proxy_may_say_it(client: str, given: str, taken: bool, house):
    async def app(scope, receive, send):
        seen.append(request_id.get())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    seen: list[str] = []
    proxies = Proxies(Settings(_env_file=None, door={"trusted_proxies": "10.0.0.0/8"}))
    named = Requests(app, proxies, (), house.metrics)
    transport = httpx2.ASGITransport(app=named, client=(client, 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as asker:
        answer = await asker.get("/", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] == seen[0]
    assert (seen[0] == given) is taken and (taken or HEX.fullmatch(seen[0]))
    assert request_id.get() == ""


def logged_ends(page: Page) -> dict[str, dict[str, Any]]:
    """The log's line on each job's end."""
    lines = [json.loads(line) for line in page.server.log().splitlines() if line.startswith("{")]
    return {line["job"]: line for line in lines if line["message"] == "job ended"}


async def test_a_job_logs_under_the_request_that_brought_it(page: Page):
    """Through the page's own door, and where jobs wait for each other."""
    answers = {}
    for _ in range(6):
        answer = await page.send("conversation", "ask_words", [new_id(), "a fox delay:0.02", new_id()])
        answers[answer.json()["job"]] = answer
    for answer in answers.values():
        await page.ended(answer.json())
    async with asyncio.timeout(PATIENCE):
        while not answers.keys() <= (ends := logged_ends(page)).keys():
            await asyncio.sleep(0.05)  # The line follows what the page is told.
    for job, answer in answers.items():
        assert ends[job]["request"] == answer.headers["x-request-id"]
        assert (ends[job]["outcome"], ends[job]["model"], ends[job]["price"]) == ("done", "fake-image", 0)
        assert ends[job]["seconds"] > 0 and ends[job]["owner"] != "owner"
        assert "fox" not in json.dumps(ends[job])


async def test_what_nobody_expected_is_told_with_its_request(house):
    token = request_id.set("abc123")
    failed = await said(house.studio, ANN, chat("then:crash"))
    request_id.reset(token)
    assert failed.job is not None and failed.job.error is not None
    for code in ("en", "fa"):
        assert "abc123" in locale(code).error(failed.job.error.code, failed.job.error.reason, failed.job.error.facts)


async def test_the_provider_hears_it(open_house: OpenHouse):
    async with Provider() as server:
        house = await open_house(openai_api_key=KEY, openai_base_url=server.url)
        await house.catalogue.refresh()
        token = request_id.set("abc123")
        await said(house.studio, ANN, ask("hello", "gpt-6-luna"))
        request_id.reset(token)
        sent = [each.headers.get("x-client-request-id") for each in server.asked if each.body]
    assert sent == ["abc123"]
