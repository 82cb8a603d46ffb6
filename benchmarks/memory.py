"""Memory of the app and of its painter. `python -m benchmarks.memory`.

RSS is what `top` shows; PSS shares out what several processes have in common, and is the fairer figure for a painter that was forked.
"""

import asyncio
import tempfile
from pathlib import Path

import psutil
from playwright.async_api import Browser

from benchmarks.house import LAST, House, open_house, opened
from benchmarks.start import empty_gradio
from benchmarks.timing import browser, table
from tests.browser.server import Server, running

WARM, PICTURES = 20, 100
MIB = 2**20


async def main() -> str:
    """Idle with one page open, growth over the floor's picture a hundred times, and the painter's own."""
    async with browser() as chrome:
        rows = await at_rest(chrome)
        async with open_house(chrome, "bench-picture") as house:
            rows.append(await growth(house))
        async with open_house(chrome, "sketch") as house:
            rows += await painting(house)
    return table(rows, ["memory", "RSS", "PSS", "aim", ""])


async def at_rest(chrome: Browser) -> list[list[str]]:
    """An empty Gradio app; the app after its first start, which makes the database, and after a later one."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        async with empty_gradio(Path(folder) / "empty") as server:
            page = await chrome.new_page()
            await page.goto(server.url)
            await page.wait_for_selector("textarea:visible")
            rows.append(row("an empty Gradio app, idle", await idle(server), None))
            await page.close()
        for start in ("first start", "later start"):
            async with running(Path(folder) / "data") as server:
                page = await opened(chrome, server.url)
                rows.append(row(f"ImageChat, idle, {start}", await idle(server), 190))
                await page.close()
    return rows


async def idle(server: Server) -> tuple[float, float]:
    """MiB of the server's process, a while after its page was opened."""
    await asyncio.sleep(5)
    return held(psutil.Process(server.process.pid))


def held(process: psutil.Process) -> tuple[float, float]:
    """RSS and PSS of one process in MiB."""
    seen = process.memory_full_info()
    return seen.rss / MIB, seen.pss / MIB


async def growth(house: House) -> list[str]:
    """What a hundred kept pictures of 1.6 MB add, after twenty that warmed everything up."""
    await draw(house, WARM)
    before = await idle(house.server)
    await draw(house, PICTURES)
    after = await idle(house.server)
    return row(f"growth over {PICTURES} pictures", (after[0] - before[0], after[1] - before[1]), 10)


async def draw(house: House, count: int) -> None:
    """So many pictures, one after the other, ten to a chat."""
    for number in range(count):
        if number % 10 == 0:
            await house.new_chat()
        await house.draw()


async def painting(house: House) -> list[list[str]]:
    """A painter after its first picture and after twelve more, and the most that it held meanwhile."""
    await paint(house, "a lighthouse by the sea at sunset")
    rows = [row("a painter, after its first picture", held(painter(house)), 200)]
    for _ in range(12):
        await paint(house, "mountains at night in the snow")
    peak = peak_of(painter(house))
    return [*rows, row("a painter, after twelve more", held(painter(house)), 200), row("a painter, at its peak", (peak, peak), 200)]


async def paint(house: House, wish: str) -> None:
    """One picture of Sketch's, at its defaults, and rest."""
    await house.new_chat()
    await house.ask(wish, f"() => {LAST}?.querySelector('img.final')?.complete")
    await house.rest(1)


def painter(house: House) -> psutil.Process:
    """The largest process that the app started."""
    return max(psutil.Process(house.server.process.pid).children(recursive=True), key=held)


def peak_of(process: psutil.Process) -> float:
    """The most MiB that a process ever held (RSS), as Linux remembers it."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


def row(name: str, held: tuple[float, float], aim: float | None) -> list[str]:
    """A line of the table; the aim is about RSS."""
    rss, pss = held
    verdict = "" if aim is None else "aim met" if rss <= aim else "MISSED"
    return [name, f"{rss:.0f} MiB", f"{pss:.0f} MiB", f"{aim} MiB" if aim else "", verdict]


if __name__ == "__main__":
    print(asyncio.run(main()))
