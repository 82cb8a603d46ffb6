"""The app in a process of its own, as people run it: started, asked, killed and started again."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx2

from tests.fakes.provider import Provider
from tests.surroundings import foreign, quiet

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A loopback port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One app on one port and one data folder, over any number of lives."""

    def __init__(self, data_dir: Path, entry: str, args: tuple[str, ...], env: Mapping[str, str], port: int | None = None) -> None:
        self.data_dir, self.port = data_dir, port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.command = [sys.executable, str(ROOT / entry), "--port", str(self.port), "--data-dir", str(data_dir), *args]
        home = data_dir.parent / f"home-{self.port}"
        home.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if name not in foreign()}
        self.env = {**kept, **quiet(home), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **env}
        self.log_file = home / "log"
        self.lives: list[subprocess.Popen[bytes]] = []
        self.provider: Provider | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The newest process, running or not."""
        return self.lives[-1]

    def log(self) -> str:
        """All that it printed, over all its lives."""
        return self.log_file.read_text(errors="replace")

    def spawn(self) -> None:
        """Start the process, as the head of its own group, and do not wait for it to answer."""
        with self.log_file.open("ab") as log:
            streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": subprocess.STDOUT}
            life = subprocess.Popen(self.command, env=self.env, cwd=self.data_dir.parent, start_new_session=True, **streams)
        self.lives.append(life)

    async def start(self, seconds: float = 90) -> None:
        """Start it and wait until it says that it is well."""
        self.spawn()
        await self.healthy(seconds)

    async def healthy(self, seconds: float = 90) -> None:
        """Wait until /healthz answers 200; its last words are in the AssertionError if it never does."""
        late = time.monotonic() + seconds
        async with httpx2.AsyncClient(trust_env=False, timeout=2) as client:
            while not await self._answers(client):
                assert self.process.poll() is None, f"the app ended with {self.process.returncode}:\n{self.log()[-6000:]}"
                assert time.monotonic() < late, f"the app did not answer within {seconds:.0f} s:\n{self.log()[-6000:]}"
                await asyncio.sleep(0.05)

    async def _answers(self, client: httpx2.AsyncClient) -> bool:
        try:
            return (await client.get(f"{self.url}/healthz")).status_code == 200
        except httpx2.TransportError:
            return False

    async def ended(self, seconds: float = 60) -> int:
        """Wait for the process to end by itself; its exit status."""
        return await asyncio.to_thread(self.process.wait, seconds)

    async def terminate(self, seconds: float = 60) -> int:
        """End it politely, then not; its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return await self.ended(seconds)
        except subprocess.TimeoutExpired:
            return self.kill9()

    def kill9(self) -> int:
        """End it at once, as a power cut would: only the app's own process, its helpers must notice by themselves."""
        self.process.kill()
        return self.process.wait()

    async def restart(self, seconds: float = 90) -> None:
        """Start it again on the same port and data, ending it politely first if it still runs."""
        await self.terminate()
        await self.start(seconds)

    def sweep(self) -> None:
        """End what the app's lives left running in their groups, painters and the like."""
        for life in self.lives:
            with suppress(ProcessLookupError):
                os.killpg(life.pid, signal.SIGKILL)


@asynccontextmanager
async def running(
    data_dir: Path, *args: str, entry: str = "app.py", env: Mapping[str, str] | None = None, port: int | None = None, wait: bool = True
) -> AsyncGenerator[Server]:
    """The app on a free port and this data folder until the block ends, whatever happens in it.

    `entry` is a path from the project's root, `args` go to it as they are; with `wait=False` it is started but not waited for.
    """
    server = Server(data_dir, entry, args, env or {}, port)
    try:
        server.spawn()
        if wait:
            await server.healthy()
        yield server
    finally:
        await server.terminate()
        server.sweep()
