"""A provider, and a house that knows its models."""

from collections.abc import AsyncIterator

import pytest

from imagechat import wrappers
from imagechat.settings import ModelSettings
from tests.bad_days.days import PATIENCE, Day
from tests.conftest import OpenHouse
from tests.fakes.provider import KEY, Provider


@pytest.fixture
async def server() -> AsyncIterator[Provider]:
    async with Provider() as server:
        yield server


@pytest.fixture
async def day(open_house: OpenHouse, server: Provider, monkeypatch: pytest.MonkeyPatch) -> Day:
    """The house knows the server's models; what it asked to learn them is forgotten."""
    monkeypatch.setattr(wrappers, "PAUSE", 0.05)
    settings = {"openai_api_key": KEY, "openai_base_url": server.url, "models": ModelSettings(patience=PATIENCE)}
    house = await open_house(**settings)
    await house.catalogue.refresh()
    server.asked.clear()
    return Day(house, server)
