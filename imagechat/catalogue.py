"""The models that are offered now."""

from collections.abc import Iterable
from typing import Any

from imagechat.domain.models import Model, ModelCard
from imagechat.errors import NotOffered


class Catalogue:
    """Every model by its id, in the order in which they are shown."""

    def __init__(self, models: Iterable[Model[Any]]) -> None:
        self._models = {model.card.id: model for model in models}

    def cards(self) -> list[ModelCard]:
        """All cards."""
        return [model.card for model in self._models.values()]

    def model(self, name: str) -> Model[Any]:
        """The model called `name`, in its wrappers.

        Raises: NotOffered("model") with the names that there are.
        """
        if name not in self._models:
            raise NotOffered("model", given=name, offered=", ".join(self._models))
        return self._models[name]

    def card(self, name: str) -> ModelCard:
        """The card of the model called `name`. Raises as `model` does."""
        return self.model(name).card

    def drawing(self, wanted: str | None = None) -> ModelCard:
        """The card to draw with: `wanted` where it draws, else the first that does.

        Raises: NotOffered("no_image_model").
        """
        drawers = [card for card in self.cards() if card.draws]
        if not drawers:
            raise NotOffered("no_image_model")
        return next((card for card in drawers if card.id == wanted), drawers[0])
