"""What is to go, with a word in it that stands nowhere else."""

import io
import sqlite3
import zipfile
from pathlib import Path

from imagechat.bootstrap import House
from imagechat.domain.values import new_id
from imagechat.domain.visitors import Visitor
from imagechat.studio import Studio
from tests.asking import ask, chat, said
from tests.fakes.models import png

MARK = "xanthicquokka"
"""A word that stands nowhere but in what is to go."""


async def private_chat(studio: Studio, visitor: Visitor) -> str:
    """A private chat with a reply, two pictures and an added one."""
    thread = (await studio.begin_private(visitor, new_id())).id
    await said(studio, visitor, chat(f"tell of a {MARK}", thread=thread))
    await said(studio, visitor, ask(f"a {MARK} in snow", thread=thread, count=2))
    mine = await studio.upload(visitor, png((64, 64), 1), f"{MARK}.png", thread=thread)
    await said(studio, visitor, chat(f"see the {MARK} at night", thread=thread, uploads=(mine.id,)))
    return thread


def on_disk(folder: Path) -> set[str]:
    """Every file that is kept, by its name."""
    return {path.name for path in (folder / "files").rglob("*") if path.is_file()}


async def exported(studio: Studio, visitor: Visitor) -> zipfile.ZipFile:
    pieces = [piece async for piece in await studio.export(visitor)]
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def sums(house: House) -> list[int]:
    with sqlite3.connect(house.database.path) as connection:
        return list(connection.execute("SELECT count(*), coalesce(sum(counted), 0) FROM ledger").fetchone())
