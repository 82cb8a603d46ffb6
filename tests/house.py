"""The app without its page in a process of its own, to be killed: `python -m tests.house <data folder> <seed>`.

It prints a line for each step ("ready", then what it sees), asks for pictures and replies without end, and never ends by itself.
"""

import asyncio
import random
import sys
from pathlib import Path

from imagechat.bootstrap import House
from imagechat.domain.values import new_id
from imagechat.ground import prepare
from imagechat.settings import Settings
from imagechat.studio import Ask, Studio
from tests.asking import ANN, ask, chat, until
from tests.fakes.models import FakeImage, FakeText


async def main(folder: Path, seed: int) -> None:
    """Work until somebody kills us."""
    settings = Settings(_env_file=None, data_dir=folder)
    lock = prepare(settings)
    house = House(settings, [FakeImage(), FakeText()])
    await house.open()
    chance = random.Random(seed)
    print("ready", flush=True)
    studio = house.studio
    while not lock.closed:
        thread = new_id()
        asked = [
            ask(f"three foxes delay:{chance.choice(('0', '0.01', '0.05'))}", thread=thread, count=3),
            ask("sea at sunset", "sketch", thread=thread, size="128x128"),
            chat(f"tokens:{chance.choice((50, 3000))} delay:0.001", thread=thread),
            chat("tokens:5", thread=thread),
            chat("tokens:5"),
        ]
        await asyncio.gather(*(told(studio, each) for each in asked))


async def told(studio: Studio, asked: Ask) -> None:
    """Ask, and say what came when it is whole."""
    receipt = await studio.say(ANN, asked)
    state = await until(studio, ANN, receipt, lambda job: job.status.final)
    if state.text:
        print("reply", state.job, len(state.text), flush=True)
    for place in state.places:
        if place.generation:
            print("picture", place.generation, flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
