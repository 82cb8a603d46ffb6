from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from imagechat.store.blobs import Blobs
from imagechat.store.database import Database, migrate
from imagechat.store.gallery import Gallery
from imagechat.store.jobs import Jobs
from imagechat.store.threads import Threads


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "imagechat.db"


@pytest.fixture
async def db(path: Path) -> AsyncIterator[Database]:
    migrate(path)
    database = await Database.open(path)
    yield database
    await database.close()


@pytest.fixture
def threads(db: Database) -> Threads:
    return Threads(db)


@pytest.fixture
def jobs(db: Database) -> Jobs:
    return Jobs(db)


@pytest.fixture
def gallery(db: Database) -> Gallery:
    return Gallery(db)


@pytest.fixture
def blobs(db: Database, tmp_path: Path) -> Blobs:
    return Blobs(db, tmp_path / "data" / "files")
