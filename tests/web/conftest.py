"""The real app on a real socket, spoken to as its own page speaks."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
import pytest

from imagechat.domain.values import new_id
from tests.asking import PATIENCE
from tests.browser.server import Server

Json = dict[str, Any]
DEFAULTS = {"IMAGECHAT_DEFAULTS__MODEL": "fake-image", "IMAGECHAT_DEFAULTS__QUALITY": "low", "IMAGECHAT_LOG_FORMAT": "json"}


class Page:
    """A page without a browser: server functions, media and the event stream."""

    def __init__(self, server: Server, client: httpx2.AsyncClient) -> None:
        self.server, self.client = server, client
        self._components: dict[str, int] = {}

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return await self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    async def send(self, component: str, function: str, data: Any) -> httpx2.Response:
        """Call a server function of the component with this elem_id."""
        if not self._components:
            config = (await self.client.get("/config")).json()
            self._components = {each["props"].get("elem_id"): each["id"] for each in config["components"]}
        body = {"data": data, "fn_name": function, "component_id": self._components.get(component, component), "session_hash": "test"}
        # As ASCII, for half a character cannot be written otherwise.
        headers = {"Content-Type": "application/json"}
        return await self.client.post("/gradio_api/component_server", content=json.dumps(body), headers=headers)

    async def call(self, component: str, function: str, *arguments: Any) -> Json:
        response = await self.send(component, function, list(arguments))
        assert response.status_code == 200, response.text
        return response.json()

    async def ask(self, prompt: str, thread: str | None = None) -> Json:
        """Have a prompt drawn, and the receipt."""
        return await self.call("conversation", "ask_words", thread or new_id(), prompt, new_id())

    async def turn(self, receipt: Json) -> Json:
        turns = (await self.call("conversation", "fetch_turns", receipt["thread"]))["turns"]
        return next(turn for turn in turns if turn["id"] == receipt["message"])

    async def ended(self, receipt: Json) -> Json:
        """The reply when its job is at its end."""
        assert "error" not in receipt, receipt
        async with asyncio.timeout(PATIENCE):
            while not (turn := await self.turn(receipt))["job"]["final"]:
                await asyncio.sleep(0.05)
        return turn

    async def drawn(self, prompt: str) -> Json:
        """A finished picture."""
        return (await self.ended(await self.ask(prompt)))["pictures"]["0"]

    async def version(self) -> int:
        return (await self.call("conversation", "fetch_version"))["version"]

    @asynccontextmanager
    async def live(self, since: int | None = None, **headers: str) -> AsyncIterator["Stream"]:
        query = "" if since is None else f"?since={since}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.stream("GET", f"/live{query}", headers=named) as response:
            yield Stream(response)


class Stream:
    """Server-sent events as they come. Source: html.spec.whatwg.org, server-sent events."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def event(self) -> dict[str, str]:
        """The next event's fields; comments go by."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if not line and fields:
                    return fields
                name, _, value = line.partition(":")
                if name:
                    fields[name] = value.removeprefix(" ")
        raise EOFError

    async def news(self) -> Json:
        """The next event's data, under its id."""
        fields = await self.event()
        data = json.loads(fields["data"])
        assert fields["id"] == str(data["version"])
        return data


@contextmanager
def served(one: Server) -> Iterator[Server]:
    """The app until the block ends, in which nothing may have gone wrong that nobody foresaw."""
    try:
        asyncio.run(one.start())
        yield one
    finally:
        asyncio.run(one.terminate())
        one.sweep()
    assert "Traceback" not in one.log(), one.log()[-5000:]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with the fake models, one for each worker."""
    with served(Server(tmp_path_factory.mktemp("web") / "data", "tests/fakes/app.py", (), DEFAULTS)) as one:
        yield one


@pytest.fixture
async def page(server: Server) -> AsyncIterator[Page]:
    """A page of that app."""
    async with httpx2.AsyncClient(base_url=server.url, trust_env=False, timeout=PATIENCE) as client:
        yield Page(server, client)
