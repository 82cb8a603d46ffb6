"""Where models come from. Each provider is opened by one function here, which imports it only then."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imagechat.domain.models import Model
    from imagechat.settings import Settings


@dataclass(frozen=True)
class Provider:
    """An opened provider: its models, and how to close what it holds."""

    models: "tuple[Model[Any], ...]"
    close: Callable[[], Awaitable[None]]


async def _nothing() -> None:
    """Nothing to close."""


def _sketch(settings: "Settings") -> Provider:
    from imagechat.providers.sketch.model import Sketch
    from imagechat.providers.sketch.painters import Painters

    sketch = Sketch(Painters(settings.sketch.painters))
    return Provider((sketch,), sketch.close)


def _guide(settings: "Settings") -> Provider:
    from imagechat.providers.guide import Guide

    return Provider((Guide(),), _nothing)


PROVIDERS: "dict[str, Callable[[Settings], Provider]]" = {"sketch": _sketch, "guide": _guide}
"""Every provider by name, in the order in which their models are shown."""
