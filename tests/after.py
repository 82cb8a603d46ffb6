"""What stays after a job, and what is read of one that failed."""

import sqlite3

from PIL import Image

from imagechat import i18n
from imagechat.bootstrap import House
from imagechat.domain.records import Turn
from tests.asking import ANN


def in_words(turn: Turn) -> str:
    """What a person reads of the failure."""
    error = turn.job.error
    return i18n.locale("en").error(error.code, error.reason, error.facts)


def files(house: House) -> set[str]:
    """The ids of all files in the data folder, half-written ones and thumbnails too."""
    return {path.name for path in house.blobs.folder.rglob("*") if path.is_file()}


async def whole(house: House) -> None:
    """Nothing is half stored: each picture has its row, its file and nothing else has."""
    kept = {made.blob for made in (await house.studio.gallery(ANN)).items}
    shown = set()
    for thread in (await house.studio.threads(ANN)).items:
        for turn in (await house.studio.turns(ANN, thread.id)).items:
            shown |= {place.preview for place in turn.job.places if place.preview} if turn.job else set()
    assert files(house) == kept | {f"{id}.thumb" for id in kept} | shown
    for id in kept:
        Image.open(house.blobs.path(id)).load()
    with sqlite3.connect(house.database.path) as connection:
        assert {row[0] for row in connection.execute("SELECT id FROM blobs")} == kept | shown
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
