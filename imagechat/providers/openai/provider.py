"""The provider: which models its server has now, each as a model of ours."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import date
from typing import Any

from imagechat.domain.models import Model, ModelCard, Standing
from imagechat.errors import ImageChatError
from imagechat.providers import cards
from imagechat.providers.openai.chat import Chat
from imagechat.providers.openai.images import Images
from imagechat.providers.openai.older import OlderImages
from imagechat.providers.openai.results import Results
from imagechat.providers.openai.server import KeyOf, Server
from imagechat.settings import Settings

log = logging.getLogger(__name__)
FRESH, TROUBLED = 3600.0, 20.0
"""Seconds until the server is asked for its models again: after an answer, and after none."""


class OpenAI:
    """OpenAI, or the server at OPENAI_BASE_URL. Before its list of models is there, the described cards stand for it.

    With `key_of` it is asked with somebody's own key.
    """

    def __init__(self, settings: Settings, key_of: KeyOf | None = None) -> None:
        self.server = Server(settings, key_of)
        self.book = cards.read(settings.models.file)
        self.partials = settings.models.partials
        self.results = Results(self.server)
        self.standing = Standing(name=self.server.name, address=self.server.address, key=bool(self.server.key or key_of))
        self._listed: list[cards.Listed] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._models = self._joined()

    @property
    def models(self) -> Sequence[Model[Any]]:
        """What is offered now."""
        return self._models

    def retired(self, id: str) -> ModelCard | None:
        """The card of a model that is known and not offered any more."""
        return self.book.known.get(id)

    async def open(self) -> None:
        """Begin to ask the server for its models, now and then."""
        self._asking = asyncio.create_task(self._keep_asking())

    async def refresh(self) -> None:
        """Ask the server for its models now; what goes wrong is told by `standing`."""
        trouble, facts = "", {}
        try:
            self._listed = await self.server.listed()
        except ImageChatError as fault:
            trouble, facts = f"{fault.code}.{fault.reason}", dict(fault.facts)
            log.warning("the list of models could not be had", extra={"provider": self.server.name, "error": str(fault)})
        except Exception:
            trouble = "internal."
            log.exception("the list of models could not be read", extra={"provider": self.server.name})
        found = len(self._listed) if self._listed is not None else None
        self.standing = self.standing.again(models=found, trouble=trouble, facts=facts)
        self._models = self._joined()

    async def _keep_asking(self) -> None:
        while True:
            await self.refresh()
            await asyncio.sleep(TROUBLED if self.standing.trouble else FRESH)

    def _joined(self) -> tuple[Model[Any], ...]:
        offered = {card.id: card for card in self._offered()}
        return tuple(self._model(self._dressed(card)) for card in offered.values())

    def _offered(self) -> list[ModelCard]:
        """The user's own cards, and the server's list; before that is there, at OpenAI itself, whatever has not retired."""
        own = [self.book.known[id] for id in self.book.known if id in self.book.own]
        if self._listed is not None:
            return [*own, *self.book.joined(self._listed)]
        today = date.today()
        usual = [card for card in self.book.known.values() if card.retires is None or card.retires > today]
        return [*own, *(usual if self.server.is_home else [])]

    def _dressed(self, card: ModelCard) -> ModelCard:
        """The card with what only this server decides: its name, our figures for OpenAI's prices, and why it cannot be asked now."""
        own = card.id in self.book.own
        rates = card.rates if self.server.is_home or own else ()
        market = "openai" if self.server.is_home and not own else ""
        return card.again(provider=self.server.name, rates=rates, market=market, trouble=self.standing.trouble)

    def _model(self, card: ModelCard) -> Model[Any]:
        if card.kind == "text":
            return Chat(card, self.server)
        kind = OlderImages if card.dialect == "older" else Images
        return kind(card, self.server, self.results, self.partials)

    async def close(self) -> None:
        """Stop asking, and close what is open."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})
        await self.server.close()
