"""Keeping a picture against the bare Pillow work on it. `python -m benchmarks.keeping`.

Ours: from the model's `yield Picture(…)` until it is asked for more: checked by decoding, written durably, its rows committed, its
thumbnail made and written durably, and the watchers told. Bare: the same bytes decoded, a thumbnail made as Pillow makes it, both files
written and left to the system's cache. No browser and no server: the studio in this process.
"""

import asyncio
import io
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image

from benchmarks.bare import picture
from benchmarks.house import Clock, Painter
from benchmarks.timing import Pair, measured, table
from imagechat import bootstrap, ground, settings
from imagechat.domain.requests import ImageRequest
from imagechat.domain.values import new_id
from imagechat.domain.visitors import OWNER
from imagechat.studio import Studio


class Timer(Clock):
    """Remembers moments in memory."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}

    def note(self, deed: str, wish: str) -> None:
        """Remember that `deed` happens now."""
        self.at[deed] = time.perf_counter()


async def main() -> str:
    """The floor's picture, 1.6 MB."""
    with tempfile.TemporaryDirectory() as folder:
        timer = Timer()
        async with studio_at(Path(folder) / "data", timer) as studio:
            pair = Pair("keeping a 1.6 MB PNG", lambda: kept(studio, timer), lambda: bare(Path(folder)), bar=2, aim=1.2)
            await measured([pair])
            return table([pair.row()])


@asynccontextmanager
async def studio_at(data_dir: Path, timer: Timer) -> AsyncGenerator[Studio]:
    """The studio with the bench's painter, without a page."""
    chosen = settings.load(data_dir=data_dir)
    lock = ground.prepare(chosen)
    house = bootstrap.House(chosen, [Painter(timer)])
    await house.open()
    try:
        yield house.studio
    finally:
        await house.close()
        lock.close()


async def kept(studio: Studio, timer: Timer) -> float:
    """Milliseconds in which a picture is kept."""
    receipt = await studio.draw(OWNER, new_id(), ImageRequest(prompt="a picture", model="bench-picture"), said="a picture")
    while not (await studio.turns(OWNER, receipt.thread)).items[-1].job.status.final:
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    return (timer.at["taken"] - timer.at["handed"]) * 1000


async def bare(folder: Path) -> float:
    """Milliseconds of Pillow's work and two plain writes."""
    began = time.perf_counter()
    await asyncio.to_thread(pillow, picture(), folder / new_id())
    took = time.perf_counter() - began
    await asyncio.sleep(0.1)
    return took * 1000


def pillow(data: bytes, file: Path) -> None:
    """Decode, make a thumbnail, write both."""
    image = Image.open(io.BytesIO(data))
    image.load()
    file.write_bytes(data)
    image.thumbnail((320, 320))
    image.save(file.with_suffix(".webp"))


if __name__ == "__main__":
    print(asyncio.run(main()))
