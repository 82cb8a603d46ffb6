"""Where models come from. Each provider is opened by one function here, which imports it only then."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from imagechat.domain.models import Model, ModelCard, Standing
    from imagechat.providers.openai.moderation import Moderator
    from imagechat.settings import Settings


class Provider(Protocol):
    """Where some models come from. `models` may change while it is open; `standing` is None for models that live in this process."""

    @property
    def models(self) -> "Sequence[Model[Any]]":
        """The models that it offers now, in the order in which they are shown."""
        ...

    @property
    def standing(self) -> "Standing | None":
        """How it stands with its server."""
        ...

    def retired(self, id: str) -> "ModelCard | None":
        """The card of a model that it knows and does not offer any more."""
        ...

    async def open(self) -> None:
        """Begin whatever it does by itself."""
        ...

    async def refresh(self) -> None:
        """Find out anew what it offers."""
        ...

    async def close(self) -> None:
        """Close what it holds."""
        ...


class Embedded:
    """Models that live in this process."""

    standing = None

    def __init__(self, *models: "Model[Any]", close: Callable[[], Awaitable[None]] | None = None) -> None:
        self.models: Sequence[Model[Any]] = models
        self._close = close

    def retired(self, id: str) -> "ModelCard | None":
        """None of them ever retires."""
        return None

    async def open(self) -> None:
        """Nothing to begin."""

    async def refresh(self) -> None:
        """Nothing changes."""

    async def close(self) -> None:
        """Close what they hold."""
        if self._close is not None:
            await self._close()


def _sketch(settings: "Settings") -> Provider:
    from imagechat.providers.sketch.model import Sketch
    from imagechat.providers.sketch.painters import Painters

    sketch = Sketch(Painters(settings.sketch.painters))
    return Embedded(sketch, close=sketch.close)


def _guide(settings: "Settings") -> Provider:
    from imagechat.providers.guide import Guide

    return Embedded(Guide())


def _openai(settings: "Settings") -> Provider:
    from imagechat.providers.openai import OpenAI

    return OpenAI(settings) if settings.openai_api_key.get_secret_value() or settings.openai_base_url else Embedded()


def _own_openai(settings: "Settings", key_of: Callable[[], Awaitable[str]]) -> Provider:
    from imagechat.providers.openai import OpenAI

    return OpenAI(settings, key_of)


PROVIDERS: "dict[str, Callable[[Settings], Provider]]" = {"sketch": _sketch, "guide": _guide, "openai": _openai}
"""Every provider by name, in the order in which their models are shown."""
OWN: "dict[str, Callable[[Settings, Callable[[], Awaitable[str]]], Provider]]" = {"openai": _own_openai}
"""Providers that visitors can bring a key for; the second argument fetches it when it is first needed."""


def moderator(settings: "Settings") -> "Moderator":
    """Who looks at prompts and results: OpenAI, with the house's key."""
    from imagechat.providers.openai.moderation import Moderator

    return Moderator(settings)
