"""Enter → the model is called, over the bare page's Enter → request. `python -m benchmarks.arrival`."""

import asyncio
from functools import partial

from benchmarks.bare import bare_page
from benchmarks.house import House, open_house
from benchmarks.timing import Pair, browser, measured, table


async def main() -> str:
    """A text model and an image model, in a new chat and in one that is open; the model's first line notes the time."""
    async with browser() as chrome, bare_page(chrome) as bare:
        pairs = []
        for model, what in (("bench-text", "words"), ("bench-picture", "a picture")):
            async with open_house(chrome, model) as house:
                for kind in ("new", "open"):
                    ours = partial(arrival, house, kind)
                    pairs.append(Pair(f"Enter → model called, {what}, {kind} chat", ours, bare.arrival, bar=40, aim=10, over=True))
                    await measured(pairs[-1:])
        return table([pair.row() for pair in pairs])


async def arrival(house: House, kind: str) -> float:
    """Milliseconds from Enter to the model's first line."""
    await (house.new_chat() if kind == "new" else house.rest())
    wish, reading = await (house.say(1) if house.model == "bench-text" else house.draw())
    return (await house.clock.moment("called", wish) - reading.pressed) * 1000


if __name__ == "__main__":
    print(asyncio.run(main()))
