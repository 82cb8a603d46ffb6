"""From where people come: names, proxies and a Space, over the real app."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.browser.server import Server
from tests.web.doorway import GUESTS, HOST, PROXY, browser, cookie, doorway, said


@pytest.fixture(scope="module")
def guests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from doorway(GUESTS, tmp_path_factory)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from doorway({**GUESTS, "IMAGECHAT_DOOR__TRUSTED_PROXIES": PROXY, "IMAGECHAT_LIMITS__GUESTS": "2 per 1 hour"}, tmp_path_factory)


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    env = {**GUESTS, "SPACE_ID": "ann/studio", "SPACE_HOST": "ann-studio.hf.space", "SPACE_AUTHOR_NAME": "ann", "SYSTEM": "spaces",
           "IMAGECHAT_HOST": "127.0.0.1", "IMAGECHAT_DOOR__TRUSTED_PROXIES": PROXY}  # fmt: skip
    yield from doorway(env, tmp_path_factory)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", f"x.{HOST}", f"{HOST}.evil.example", "[", "hf.space"])
async def test_names_that_are_not_ours_stay_out(guests: Server, host: str):
    async with browser(guests) as page:
        answer = await page.get("/", Host=host)
        assert (answer.status_code, cookie(answer)) == (403, "")
        assert "IMAGECHAT_DOOR__HOSTS" in answer.text


@pytest.mark.parametrize("host", [HOST, f"{HOST}:8080", HOST.upper(), "192.168.7.9:7860", "[2001:db8::1]:7860", "localhost"])
async def test_names_that_are_ours_come_in(guests: Server, host: str):
    async with browser(guests) as page:
        assert (await page.get("/healthz", Host=host)).status_code == 200
        for origin in (f"http://{host}", f"https://{host}"):
            assert (await page.get("/healthz", Host=host, Origin=origin)).status_code == 200
        for origin in ("http://evil.example", "null", f"http://{host}.evil.example", "http://127.0.0.1:1"):
            assert (await page.get("/healthz", Host=host, Origin=origin)).status_code == 403
        site = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}
        assert (await page.get("/healthz", Host=host, **site, Sec_Fetch_Dest="document")).status_code == 200
        assert (await page.get("/healthz", Host=host, **site, Sec_Fetch_Dest="iframe")).status_code == 403


async def test_what_anybody_says_of_proxies_is_not_heard(guests: Server):
    """Gradio, too, would make the page's address of it, and uvicorn believes this machine."""
    lies = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9", "X-Gradio-Server": "http://evil.example",
            "Forwarded": "host=evil.example;proto=https", "X-Real-IP": "9.9.9.9"}  # fmt: skip
    async with browser(guests) as page:
        answer = await page.client.get("/", headers=lies)
        assert answer.status_code == 200 and "Secure" not in cookie(answer)
        assert "evil.example" not in answer.text and f"http://127.0.0.1:{guests.port}" in answer.text
        config = await page.client.get("/config", headers=lies)
        assert config.json()["root"] == guests.url


async def test_behind_a_trusted_proxy(proxied: Server):
    told = {"X-Forwarded-Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9, 203.0.113.5"}
    async with browser(proxied, **told) as page:
        first = await page.get("/")
        assert first.status_code == 200
        assert cookie(first).endswith("Path=/; HttpOnly; SameSite=Lax; Secure")
        kept = said(cookie(first))
        assert (await page.get("/config", Cookie=kept)).json()["root"] == f"https://{HOST}"
        assert (await page.get("/config", Cookie=kept, Origin=f"https://{HOST}")).status_code == 200
        assert (await page.get("/config", Cookie=kept, Origin=f"http://{HOST}")).status_code == 403
        assert (await page.get("/", X_Forwarded_Host="evil.example")).status_code == 403


async def test_a_robot_makes_few_guests_from_one_address_whatever_it_says(proxied: Server):
    async def arrive(said: str) -> httpx2.Response:
        async with browser(proxied) as page:
            return await page.get("/", X_Forwarded_For=said)

    statuses = [(await arrive(f"10.9.8.{number}, 203.0.113.77")).status_code for number in range(3)]
    assert statuses == [200, 200, 429]
    last = await arrive("203.0.113.77:4711")
    assert (last.status_code, cookie(last)) == (429, "")
    assert int(last.headers["retry-after"]) > 0 and "address" in last.text
    async with browser(proxied) as page:
        told = await page.get("/", Accept="text/html", X_Forwarded_For="203.0.113.77")
    assert 'href="/login"' in told.text, "who has an account comes in by it"
    assert [(await arrive(f"2001:db8:1:2::{number}")).status_code for number in range(3)] == [200, 200, 429], "of IPv6 by /64"
    assert (await arrive("[2001:db8:1:3::1]:99")).status_code == 200


async def test_on_a_space(space: Server):
    host = {"Host": "ann-studio.hf.space", "X-Forwarded-For": "198.51.100.4", "X-Forwarded-Proto": "https"}
    async with browser(space, **host) as page:
        framed = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"}
        first = await page.get("/", **framed)
        assert first.status_code == 200
        assert cookie(first).endswith("Path=/; HttpOnly; SameSite=None; Secure; Partitioned")
        assert first.headers["content-security-policy"] == "frame-ancestors 'self' https://huggingface.co https://*.hf.space"
        assert (
            await page.client.post("/gradio_api/run/predict", headers={name.replace("_", "-"): it for name, it in framed.items()})
        ).status_code == 403
        assert (await page.get("/live/now", Cookie=said(cookie(first)), Origin="https://ann-studio.hf.space")).status_code == 200
        assert (await page.get("/live/now", Cookie=said(cookie(first)), Origin="https://huggingface.co")).status_code == 403
        assert (await page.get("/", Host="ben-studio.hf.space")).status_code == 403
