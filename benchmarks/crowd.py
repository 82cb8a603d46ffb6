"""Many guests at once, and many who came and left. `python -m benchmarks.crowd`.

50 guests have a picture drawn at the same moment by a provider (tests/fakes/provider.py, a process of its own) that takes a second for
each; meanwhile one more looks at the page. Then 1,000 guests open the page, have a picture drawn at once (`door.py`) and never come back,
twice: what of them stays in memory, by whose code is nearest to each allocation (tracemalloc), and in all (RSS).
"""

import asyncio
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx2

from benchmarks.door import MODEL
from benchmarks.timing import table
from benchmarks.visitors import OPEN, component, worked
from imagechat.domain.values import new_id
from imagechat.ui.page import SESSIONS
from tests.browser.server import ROOT, free_port, running
from tests.fakes.provider import KEY

GUESTS, SLOTS, SECONDS, STANDIN = 50, 8, 1.0, "gpt-image-2.5-flare"
MANY, AT_ONCE, WARM, KIB = 1000, 5, 200, 1024
LEFT = SESSIONS
"""Pages that Gradio remembers at once."""


async def main() -> None:
    """The crowd, then those who left."""
    print(table(await drawing(), [f"{GUESTS} guests draw at once, {SLOTS} slots", "median", "p95", "max", "bar", ""]), flush=True)
    print()
    print(table(await leaving(), [f"{MANY:,} guests who came and left, each", "first", "second", "bar", ""]))


@asynccontextmanager
async def provider() -> AsyncGenerator[str]:
    """The stand-in's address."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.provider", str(port), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )  # fmt: skip
    try:
        assert process.stdout is not None
        await process.stdout.readline()
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        await process.wait()


def client(url: str) -> httpx2.AsyncClient:
    """For any number of guests: it keeps no cookies, each says their own."""
    jar = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    many = httpx2.Limits(max_connections=200, max_keepalive_connections=200)
    return httpx2.AsyncClient(base_url=url, trust_env=False, timeout=60, cookies=jar, limits=many)


class Guest:
    """A browser that has opened the page."""

    def __init__(self, web: httpx2.AsyncClient, cookie: str) -> None:
        self.web, self.headers, self.session = web, {"Cookie": cookie}, new_id()

    @classmethod
    async def come(cls, web: httpx2.AsyncClient) -> "Guest":
        """Open the page."""
        page = await web.get("/")
        assert page.status_code == 200, page.text
        return cls(web, page.headers["set-cookie"].partition(";")[0])

    async def call(self, number: int, function: str, *data: Any) -> Any:
        """Call a server function."""
        body = {"data": list(data), "fn_name": function, "component_id": number, "session_hash": self.session}
        answer = await self.web.post("/gradio_api/component_server", json=body, headers=self.headers)
        assert answer.status_code == 200 and "error" not in answer.json(), answer.text
        return answer.json()

    async def draw(self, number: int, prompt: str, model: str) -> Any:
        """Have one picture drawn; the receipt."""
        return await self.call(number, "ask_words", new_id(), prompt, new_id(), {"model": model, "style": "none"})

    async def ended(self, since: int, job: str) -> None:
        """Watch until the job is at its end."""
        async with self.web.stream("GET", f"/live?since={since}", headers=self.headers) as live:
            async for line in live.aiter_lines():
                for each in json.loads(line[6:]).get("jobs", ()) if line.startswith("data: {") else ():
                    if each["id"] == job and each["final"]:
                        assert each["status"] == "done", each
                        return


async def drawing() -> list[list[str]]:
    """How long it takes them all, and how quickly the page answers before and meanwhile."""
    async with provider() as address:
        env = {
            **OPEN, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": address, "IMAGECHAT_RUNNER__PICTURES": str(SLOTS),
            "IMAGECHAT_RUNNER__QUEUE": "200",
        }  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            async with running(Path(folder) / "data", env=env) as server, client(server.url) as web:
                await asyncio.sleep(3)  # It asks the provider for its models by itself.
                return await drawn(web, server.process.pid)


async def drawn(web: httpx2.AsyncClient, process: int) -> list[list[str]]:
    """All guests come, rest, and ask at once."""
    guests = [await Guest.come(web) for _ in range(GUESTS)]
    number = await component(web, guests[0].headers["Cookie"])
    looker = await Guest.come(web)
    await one(guests[0], number, "a warm fox wait:0")
    before = await looked(looker, number, asyncio.create_task(asyncio.sleep(5)))
    began, busy = time.perf_counter(), worked(process)
    crowd = asyncio.gather(*(one(guest, number, f"a fox wait:{SECONDS} {index}") for index, guest in enumerate(guests)))
    meanwhile = await looked(looker, number, crowd)
    took = sorted(each - began for each in await crowd)
    busy = (worked(process) - busy) / 1000
    least = math.ceil(GUESTS / SLOTS) * SECONDS
    verdict = "bar met" if took[-1] <= 1.5 * least else "MISSED"
    rows = [[f"asked → drawn; the slots allow {least:.0f} s for all", f"{median(took):.2f} s", f"{took[int(len(took) * 0.95)]:.2f} s"]]
    rows[0] += [f"{took[-1]:.2f} s", f"{1.5 * least:.1f} s", verdict]
    rows.append(
        ["  the server's processor meanwhile, all its threads", f"{busy:.2f} s", "", "", "", f"{busy / GUESTS * 1000:.0f} ms a guest"]
    )
    for name, taken in meanwhile.items():
        rows += [answers(f"{name}, before", before[name]), answers(f"{name}, meanwhile", taken)]
    return rows


async def one(guest: Guest, number: int, prompt: str) -> float:
    """A guest's picture; when its end was heard of."""
    since = (await guest.call(number, "fetch_version"))["version"]
    receipt = await guest.draw(number, prompt, STANDIN)
    await guest.ended(since, receipt["job"])
    return time.perf_counter()


async def looked(guest: Guest, number: int, meanwhile: Any) -> dict[str, list[float]]:
    """Milliseconds of what a page asks for, in turn, for as long as `meanwhile` runs."""
    asks = {
        "GET /": lambda: guest.web.get("/", headers=guest.headers),
        "GET /live/now": lambda: guest.web.get("/live/now?since=0", headers=guest.headers),
        "a server function": lambda: guest.call(number, "fetch_version"),
    }
    taken: dict[str, list[float]] = {name: [] for name in asks}
    while not meanwhile.done():
        for name, ask in asks.items():
            began = time.perf_counter()
            await ask()
            taken[name].append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.02)
    return taken


def answers(name: str, taken: list[float]) -> list[str]:
    """A row of answers; the bar is for the median and the 95th percentile."""
    late = quantiles(taken, n=20)[-1]
    verdict = "bar met" if late <= 200 else "median met, p95 MISSED" if median(taken) <= 200 else "MISSED"
    return [f"  {name} ({len(taken)} times)", *(f"{each:.0f} ms" for each in (median(taken), late, max(taken))), "200 ms", verdict]


async def leaving() -> list[list[str]]:
    """Memory, traced in one run and whole in another."""
    traced, whole = await left({"BENCH_TRACE": "1"}), await left({})
    each = [{name: (after[name] - before[name]) / MANY / KIB for name in ("imagechat", "gradio", "others")} for before, after in traced]
    bars = {"imagechat": "5.0 KiB"}
    rows = []
    for name, words in (
        ("imagechat", "our own"),
        ("gradio", "Gradio's sessions and answers"),
        ("others", "other libraries, by themselves"),
    ):
        verdict = ("bar met" if max(one[name] for one in each) <= 5 else "MISSED") if name in bars else ""
        rows.append([words, *(f"{one[name]:.1f} KiB" for one in each), bars.get(name, ""), verdict])
    rss = [(after["rss"] - before["rss"]) / MANY / KIB for before, after in whole]
    rows.append(["RSS of the process, not traced", *(f"{one:.1f} KiB" for one in rss), "", ""])
    capped = "capped" if whole[-1][1]["sessions"] <= LEFT + 1 else "NOT CAPPED"
    rows.append([f"Gradio's sessions held (at most {LEFT:,})", *(str(after["sessions"]) for _, after in whole), "", capped])
    if os.environ.get("BENCH_PLACES"):
        before, after = (one["places"] for one in traced[-1])
        grown = sorted(((after[name] - before.get(name, 0)) / MANY, name) for name in after)[::-1][:25]
        rows += [[f"  {name}", "", f"{each / KIB:.2f} KiB", "", ""] for each, name in grown]
    return rows


async def left(env: dict[str, str]) -> list[tuple[Any, Any]]:
    """What is held before and after MANY came and left, twice."""
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder) / "data", entry="benchmarks/door.py", env={**OPEN, **env}) as server, client(server.url) as web:
            looker = await Guest.come(web)
            number = await component(web, looker.headers["Cookie"])
            await visits(web, number, WARM)
            held = [await memory(looker)]
            for _ in range(2):
                await visits(web, number, MANY)
                held.append(await memory(looker))
    return list(pairwise(held))


async def visits(web: httpx2.AsyncClient, number: int, count: int) -> None:
    """So many guests, a few at once: the page, a function, a picture, and gone."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def visit() -> None:
        async with gate:
            guest = await Guest.come(web)
            await guest.call(number, "fetch_version")
            receipt = await guest.draw(number, "a fox in snow", MODEL)
            await web.get("/bench/ended", params={"job": receipt["job"]}, headers=guest.headers)

    await asyncio.gather(*(visit() for _ in range(count)))


async def memory(guest: Guest) -> Any:
    """What the process says, a while after everything ended."""
    await asyncio.sleep(2)
    await guest.web.get("/live/now?since=0", headers=guest.headers)  # Whoever comes next has those forgotten who left.
    return (await guest.web.get("/bench/memory", headers=guest.headers, timeout=300)).json()


if __name__ == "__main__":
    asyncio.run(main())
