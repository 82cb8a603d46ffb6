"""What surrounds every test: no home, no keys, no settings but its own; and a house to open where one is needed."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from imagechat.bootstrap import House
from imagechat.ground import prepare
from imagechat.settings import Settings
from imagechat.store.database import migrate
from imagechat.studio import Studio
from tests.fakes.models import FakeImage, FakeText
from tests.surroundings import foreign, quiet

MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 * 2**30:
    # Everything kept is fsynced: on a slow disk the tests would mostly wait for it.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

OpenHouse = Callable[..., Awaitable[House]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--delayed`, for a look at what goes wrong only where answers come late."""
    told = "let whatever the pages of browser tests ask wait, at random, for up to so long: answers then come in any order"
    parser.addoption("--delayed", type=float, default=0.0, metavar="SECONDS", help=told)


@pytest.fixture(autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home and an environment that neither the developer's settings nor their keys reach."""
    home = tmp_path_factory.mktemp("home")
    for name in foreign():
        monkeypatch.delenv(name)
    for name, value in quiet(home).items():
        monkeypatch.setenv(name, value)
    return home


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder of this test's own, not made yet: the app makes it."""
    return tmp_path / "data"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the newest revision, to be copied: Alembic's second is paid once."""
    path = tmp_path_factory.mktemp("migrated") / "imagechat.db"
    migrate(path)
    return path


@asynccontextmanager
async def opened(settings: Settings, *models: Any) -> AsyncIterator[House]:
    """The app without its page until the block ends."""
    lock = prepare(settings)
    house = House(settings, models or (FakeImage(), FakeText()))
    try:
        await house.open()
        yield house
    finally:
        await house.close()
        lock.close()


@pytest.fixture
async def open_house(data_dir: Path, migrated: Path) -> AsyncIterator[OpenHouse]:
    """`await open_house(*models, **settings)`: the app without its page, on this test's data folder; closed at the end.

    Without `models` it has the fakes beside its own.
    """
    async with AsyncExitStack() as open_ones:

        async def start(*models: Any, **given: Any) -> House:
            chosen = Settings(_env_file=None, **{"data_dir": data_dir, **given})
            if not (chosen.data_dir / "imagechat.db").exists():
                chosen.data_dir.mkdir(parents=True, exist_ok=True)
                shutil.copy(migrated, chosen.data_dir)
            return await open_ones.enter_async_context(opened(chosen, *models))

        yield start


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    """The app without its page, with the fake models beside its own."""
    return await open_house()


@pytest.fixture
def studio(house: House) -> Studio:
    """Its verbs."""
    return house.studio
