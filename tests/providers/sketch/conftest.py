"""Orders and painters for the Sketch tests."""

from collections.abc import AsyncGenerator, Callable

import pytest

from imagechat.domain.requests import ImageOrder, ImageRequest
from imagechat.providers.sketch.model import Sketch
from imagechat.providers.sketch.painters import Painters


@pytest.fixture
async def painters() -> AsyncGenerator[Painters]:
    pool = Painters(1)
    yield pool
    await pool.close()


@pytest.fixture
def sketch(painters: Painters) -> Sketch:
    return Sketch(painters)


@pytest.fixture
def order() -> Callable[..., ImageOrder]:
    def made(prompt: str = "sea at sunset", **facts: object) -> ImageOrder:
        wish = {"model": "sketch", "size": "192x128", "seed": 7, **facts}
        return ImageOrder(request=ImageRequest.model_validate({"prompt": prompt, **wish}), words=prompt)

    return made
