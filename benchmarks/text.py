"""2,000 tokens without delay: Enter → complete on screen, against the bare page. `python -m benchmarks.text`."""

import asyncio

from benchmarks.bare import TOKENS, bare_page
from benchmarks.house import House, open_house
from benchmarks.timing import Pair, browser, measured, table

TURNS = 20


async def main() -> str:
    """The first turn of a chat, and one that comes after twenty others of that length."""
    async with browser() as chrome, bare_page(chrome) as bare, open_house(chrome, "bench-text") as house:
        first = Pair(f"{TOKENS:,} tokens, a new chat", lambda: new(house), bare.text, bar=10, aim=3)
        await measured([first])
        later = Pair(f"{TOKENS:,} tokens, turn {TURNS} and more", lambda: next_turn(house), bare.text, bar=10, aim=3)
        await measured([later], warm=TURNS)
        return table([first.row(), later.row()])


async def new(house: House) -> float:
    """The first turn of a chat."""
    await house.new_chat()
    return (await house.say(TOKENS))[1].shown


async def next_turn(house: House) -> float:
    """One more turn of the open chat."""
    await house.rest()
    return (await house.say(TOKENS))[1].shown


if __name__ == "__main__":
    print(asyncio.run(main()))
