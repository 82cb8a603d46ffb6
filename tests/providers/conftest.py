"""OpenAI's provider on the stand-in server, as the real SDK sees it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeVar

import pytest

from imagechat.domain.models import Model, ModelEvent
from imagechat.providers.openai import OpenAI
from imagechat.settings import ModelSettings, Settings
from tests.fakes.provider import KEY, Provider

Opened = Callable[..., Awaitable[OpenAI]]
Event = TypeVar("Event")


@pytest.fixture
async def server() -> AsyncIterator[Provider]:
    """The stand-in."""
    async with Provider() as server:
        yield server


@pytest.fixture
async def opened(server: Provider) -> AsyncIterator[Opened]:
    """`await opened(key="sk-…", url="http://…", patience=1.0)`: the provider, with the server's list of models; closed at the end."""
    open_ones: list[OpenAI] = []

    async def start(*, key: str = KEY, url: str | None = None, **models: Any) -> OpenAI:
        chosen = ModelSettings(**{"patience": 10.0, **models})
        found = OpenAI(Settings(_env_file=None, openai_api_key=key, openai_base_url=server.url if url is None else url, models=chosen))
        open_ones.append(found)
        await found.refresh()
        server.asked.clear()
        return found

    yield start
    for each in open_ones:
        await each.close()


def model(provider: OpenAI, name: str) -> Model[Any]:
    """One of its models."""
    return next(each for each in provider.models if each.card.id == name)


async def told(model: Model[Any], request: Any) -> list[ModelEvent]:
    """Everything that the model tells."""
    async with aclosing(model.stream(request)) as events:
        return [event async for event in events]


def only(kind: type[Event], events: list[ModelEvent]) -> list[Event]:
    """The events of one kind."""
    return [event for event in events if isinstance(event, kind)]
