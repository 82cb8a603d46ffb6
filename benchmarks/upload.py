"""What the browser sends for one turn. `python -m benchmarks.upload`."""

import asyncio
from statistics import median
from urllib.parse import urlsplit

from playwright.async_api import Request

from benchmarks.house import House, open_house
from benchmarks.timing import browser, table

TURNS = 5


async def main() -> str:
    """Every request between Enter and rest, as the browser counts its bytes: bodies, and headers apart."""
    rows = []
    async with browser() as chrome:
        for model in ("bench-text", "bench-picture"):
            async with open_house(chrome, model) as house:
                turns = [await sent(house) for _ in range(TURNS)]
                rows.append([model, *(f"{median(turn[part] for turn in turns):,.0f} B" for part in ("body", "headers")), turns[-1]["what"]])
    return table(rows, ["one turn", "bodies (aim 1,024 B)", "headers", "requests"])


async def sent(house: House) -> dict[str, int | str]:
    """The bytes of one turn."""
    requests: list[Request] = []

    def hear(request: Request) -> None:
        requests.append(request)

    await house.new_chat()
    house.page.on("request", hear)
    await (house.say(50) if house.model == "bench-text" else house.draw())
    await house.rest(1)
    house.page.remove_listener("request", hear)
    sizes = [await request.sizes() for request in requests]
    return {
        "body": sum(size["requestBodySize"] for size in sizes),
        "headers": sum(size["requestHeadersSize"] for size in sizes),
        "what": ", ".join(kind(request) for request in requests),
    }


def kind(request: Request) -> str:
    """A request in short."""
    parts = urlsplit(request.url).path.strip("/").split("/")
    return f"{request.method} /{'/'.join(parts[:3] if parts[0] == 'gradio_api' else parts[:1])}"


if __name__ == "__main__":
    print(asyncio.run(main()))
