"""The models that are offered now, each in its wrappers."""

from collections.abc import Sequence
from typing import Any

from imagechat.domain.models import Model, ModelCard, Standing
from imagechat.errors import NotOffered
from imagechat.providers import Provider
from imagechat.wrappers import Apart, Retry

CHAIN = 8
"""Successors that are followed from a retired model."""


class Catalogue:
    """Every model by its id, in the order in which they are shown; of two with the same id the first counts."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        self.providers = providers

    def _models(self) -> dict[str, Model[Any]]:
        found: dict[str, Model[Any]] = {}
        for provider in self.providers:
            for model in provider.models:
                found.setdefault(model.card.id, model if provider.standing is None else self._around(model))
        return found

    @staticmethod
    def _around(model: Model[Any]) -> Model[Any]:
        """What stands around a model that is asked over the network."""
        return Apart(Retry(model)) if model.card.draws else Retry(model)

    def cards(self) -> list[ModelCard]:
        """All cards."""
        return [model.card for model in self._models().values()]

    def standings(self) -> list[Standing]:
        """How it stands with each provider that is asked over the network."""
        return [standing for provider in self.providers if (standing := provider.standing) is not None]

    def model(self, name: str) -> Model[Any]:
        """The model called `name`, in its wrappers.

        Raises: NotOffered("model") with the names that there are.
        """
        models = self._models()
        if name not in models:
            raise NotOffered("model", given=name, offered=", ".join(models))
        return models[name]

    def card(self, name: str) -> ModelCard:
        """The card of the model called `name`. Raises as `model` does."""
        return self.model(name).card

    def standin(self, name: str) -> ModelCard:
        """The card of the model called `name`, or that of the one which stands in its place since it retired.

        Raises: NotOffered("model").
        """
        offered, wanted = {card.id: card for card in self.cards()}, name
        for _ in range(CHAIN):
            if wanted in offered:
                return offered[wanted]
            known = next((card for provider in self.providers if (card := provider.retired(wanted))), None)
            if known is None or known.successor is None:
                break
            wanted = known.successor
        raise NotOffered("model", given=name, offered=", ".join(offered))

    def drawing(self, wanted: str | None = None) -> ModelCard:
        """The card to draw with: `wanted` (or what stands in its place) where it draws, else the first that does.

        Raises: NotOffered("no_image_model").
        """
        return self._likely(wanted, [card for card in self.cards() if card.draws], "no_image_model")

    def writing(self, wanted: str | None = None) -> ModelCard:
        """The card to have words written by: `wanted` where it writes, else the first that does. Raises: NotOffered("no_text_model")."""
        return self._likely(wanted, [card for card in self.cards() if card.kind != "image"], "no_text_model")

    def _likely(self, wanted: str | None, cards: Sequence[ModelCard], none: str) -> ModelCard:
        if not cards:
            raise NotOffered(none)
        try:
            found = self.standin(wanted) if wanted else cards[0]
        except NotOffered:
            return cards[0]
        return found if found in cards else cards[0]

    async def refresh(self) -> None:
        """Find out anew what all providers offer."""
        for provider in self.providers:
            await provider.refresh()
