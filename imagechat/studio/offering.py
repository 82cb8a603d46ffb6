"""What may be chosen: the models and styles that a visitor has, and how it stands with where they come from."""

from imagechat.domain.models import ModelCard, Standing
from imagechat.domain.records import Controls
from imagechat.domain.visitors import OWNER, Visitor
from imagechat.errors import BadKey, MissingKey, NotAllowed, NotOffered
from imagechat.prompting import styles
from imagechat.studio.parts import Room


class Offering(Room):
    """The verbs that tell what there is to choose from."""

    def offers(self, visitor: Visitor) -> list[ModelCard]:
        """The models that this visitor may choose."""
        return self.parts.catalogue.of(visitor).cards()

    async def opened(self, visitor: Visitor) -> list[ModelCard]:
        """The same, when a page is opened: providers that the visitor has keys for are asked first, where they were not yet."""
        return (await self._offered(visitor)).cards()

    def laid(self) -> list[ModelCard]:
        """What a page is laid out for before anybody is there: the owner's models where nobody else comes, else what everybody has."""
        catalogue = self.parts.catalogue
        return (catalogue.of(OWNER) if self.parts.settings.mode == "local" else catalogue.embedded()).cards()

    def standings(self, visitor: Visitor) -> list[Standing]:
        """How it stands with each provider that is asked over the network."""
        return self.parts.catalogue.of(visitor).standings()

    async def refresh(self, visitor: Visitor) -> None:
        """Ask providers anew what they offer: those that the visitor has keys for, and the house's for who looks after it."""
        await self.parts.catalogue.refresh(visitor)

    def standin(self, visitor: Visitor, model: str) -> ModelCard | None:
        """The card to do `model`'s work now: its own, or that of the one in its place; None where this visitor has none."""
        try:
            return self.parts.catalogue.of(visitor).standin(model)
        except (NotOffered, NotAllowed, BadKey, MissingKey):
            return None

    @property
    def defaults(self) -> Controls:
        """What a new chat begins with."""
        chosen = self.parts.settings.defaults
        return Controls(model=chosen.model, quality=chosen.quality, style=chosen.style)

    async def draws(self, visitor: Visitor, model: str) -> bool:
        """Whether pictures can be asked of `model`. Raises: NotOffered where this visitor has no such model; NotAllowed."""
        return (await self._offered(visitor)).card(model).draws

    @staticmethod
    def styles(card: ModelCard) -> tuple[str, ...]:
        """The names of the styles that can be chosen for a model."""
        return styles.offered(card)
