"""A 1.6 MB PNG handed over by a model → on screen, against the bare page. `python -m benchmarks.picture`.

Ours runs from the model's `yield Picture(…)`: between that and the screen lie the check by decoding, the durable file, the rows and the
event stream. The floor runs from the moment when its server has the wish, and with it the bytes, which are ready in memory: its answer
with the address, the page's request and the drawing. Both end when the picture is decoded and painted, two frames later.
"""

import asyncio

from benchmarks.bare import bare_page
from benchmarks.house import House, open_house
from benchmarks.timing import Pair, browser, measured, table


async def main() -> str:
    """In a new chat, as the first turn."""
    async with browser() as chrome, bare_page(chrome) as bare, open_house(chrome, "bench-picture") as house:
        pairs = [
            Pair("1.6 MB PNG: handed over → on screen", lambda: handed(house), bare.handed, bar=3, aim=2),
            Pair("1.6 MB PNG: Enter → on screen", lambda: entered(house), bare.picture, bar=3, aim=2),
        ]
        await measured(pairs)
        return table([pair.row() for pair in pairs])


async def handed(house: House) -> float:
    """Milliseconds from the model's handing over to the screen."""
    await house.new_chat()
    wish, reading = await house.draw()
    return (reading.pressed - await house.clock.moment("handed", wish)) * 1000 + reading.shown


async def entered(house: House) -> float:
    """Milliseconds from Enter to the screen."""
    await house.new_chat()
    return (await house.draw())[1].shown


if __name__ == "__main__":
    print(asyncio.run(main()))
