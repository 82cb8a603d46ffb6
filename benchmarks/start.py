"""From starting the process to an answer and to a page that can be written to, against an empty Gradio app. `python -m benchmarks.start`.

`python benchmarks/start.py --port P` serves that empty app: a text box, served with the settings that ImageChat serves with.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx2
from playwright.async_api import Browser

from benchmarks.timing import Pair, browser, measured, table
from tests.browser.server import Server, running

ROUNDS = 7
EMPTY = "benchmarks/start.py"


async def main() -> str:
    """A first start makes the data folder and its database; a second one finds them. Bare and ours in turn."""
    with tempfile.TemporaryDirectory() as folder:
        async with browser() as chrome:
            home, fresh = Path(folder), (Path(folder) / f"new-{number}" for number in range(100))
            bare = partial(started, chrome, home / "bare", EMPTY)
            first = Pair("first start → page", lambda: started(chrome, next(fresh), "app.py"), bare, bar=2, aim=1.5)
            second = Pair("second start → page", partial(started, chrome, home / "kept", "app.py"), bare, bar=1.5, aim=1.2)
            answer = Pair(
                "first start → answer", lambda: answered(next(fresh), "app.py"), partial(answered, home / "bare", EMPTY), bar=1, aim=0.8
            )
            await measured([answer, first, second], warm=1, rounds=ROUNDS)
            return table([answer.row(), first.row(), second.row()])


async def answered(data: Path, entry: str) -> float:
    """Milliseconds from the start of the process to its first answer to anything."""
    began = time.perf_counter()
    async with running(data / "data", entry=entry, wait=False) as server:
        await answering(server)
        return (time.perf_counter() - began) * 1000


async def started(chrome: Browser, data: Path, entry: str) -> float:
    """Milliseconds from the start of the process to a text area that can be seen, in a browser that has seen nothing yet."""
    context = await chrome.new_context()
    page = await context.new_page()
    began = time.perf_counter()
    async with running(data / "data", entry=entry, wait=False) as server:
        await answering(server)
        await page.goto(server.url)
        await page.wait_for_selector("textarea:visible")
        took = time.perf_counter() - began
        await context.close()
    return took * 1000


async def answering(server: Server) -> None:
    """Wait until the server answers at all."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        while True:
            try:
                await client.get(f"{server.url}/favicon.ico")
                return
            except httpx2.TransportError:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def empty_gradio(folder: Path) -> AsyncGenerator[Server]:
    """The empty app in a process of its own, when it answers."""
    async with running(folder / "data", entry=EMPTY, wait=False) as server:
        await answering(server)
        yield server


def serve(port: int) -> None:
    """The empty app, for as long as nobody ends it."""
    os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
    import gradio as gr

    with gr.Blocks(analytics_enabled=False) as empty:
        gr.Textbox(label="Message")
    empty.launch(
        server_name="127.0.0.1", server_port=port, quiet=True, share=False, ssr_mode=False, run_history=False, enable_monitoring=False
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int)
    parser.add_argument("--data-dir", help="taken for the sake of the other entries, and not used")
    given = parser.parse_args()
    if given.port:
        serve(given.port)
    else:
        print(asyncio.run(main()))
