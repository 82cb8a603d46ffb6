"""The models that are offered now, each in its wrappers, and what of them each visitor may use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from imagechat.domain.jobs import Job, Purse
from imagechat.domain.models import Model, ModelCard, Standing
from imagechat.domain.visitors import Visitor
from imagechat.errors import BadKey, ImageChatError, MissingKey, NotAllowed, NotOffered
from imagechat.moderation import Moderation
from imagechat.own import Own
from imagechat.providers import Provider
from imagechat.settings import OfferSettings
from imagechat.wrappers import Apart, Held, Retry

CHAIN = 8
"""Successors that are followed from a retired model."""


@dataclass(frozen=True)
class Offer:
    """A model as it is offered, and who pays for it."""

    model: Model[Any]
    purse: Purse


class Offered:
    """Models by their ids, in the order in which they are shown, and what can be asked about them.

    `_providers` know what stands in place of retired ones; without `_pictures` those that draw are kept from everybody.
    """

    def __init__(
        self, providers: Sequence[Provider], models: Mapping[str, Offer], *, pictures: bool = True, moderation: Moderation | None = None
    ) -> None:
        self._providers, self._models, self._pictures, self.moderation = providers, models, pictures, moderation

    def _all(self) -> Mapping[str, Offer]:
        return self._models

    def _now(self) -> dict[str, Offer]:
        return {name: offer for name, offer in self._all().items() if self._pictures or not offer.model.card.draws}

    def _found(self, name: str) -> Offer:
        offers = self._now()
        if name not in offers:
            raise self._missed(name)
        return offers[name]

    def cards(self) -> list[ModelCard]:
        """All cards."""
        return [offer.model.card for offer in self._now().values()]

    def standings(self) -> list[Standing]:
        """How it stands with each provider that is asked over the network."""
        return [standing for provider in self._providers if (standing := provider.standing) is not None]

    def model(self, name: str) -> Model[Any]:
        """The model called `name`, in its wrappers.

        Raises: NotOffered("model") with the names that there are; NotAllowed("pictures_off"); BadKey and MissingKey for own keys.
        """
        offer = self._found(name)
        return offer.model if offer.purse == "free" else around(offer.model, self.moderation)

    def purse(self, name: str) -> Purse:
        """Who pays for the model called `name`. Raises as `model` does."""
        return self._found(name).purse

    def purses(self) -> frozenset[Purse]:
        """Who pays for something of what is offered."""
        return frozenset(offer.purse for offer in self._now().values())

    def card(self, name: str) -> ModelCard:
        """The card of the model called `name`. Raises as `model` does."""
        return self._found(name).model.card

    def standin(self, name: str) -> ModelCard:
        """The card of the model called `name`, or that of the one which stands in its place since it retired.

        Raises: NotOffered("model"); NotAllowed("pictures_off").
        """
        offered, wanted = {card.id: card for card in self.cards()}, name
        for _ in range(CHAIN):
            if wanted in offered:
                return offered[wanted]
            known = next((card for provider in self._providers if (card := provider.retired(wanted))), None)
            if known is None or known.successor is None:
                break
            wanted = known.successor
        raise self._missed(name)

    def _missed(self, name: str) -> ImageChatError:
        """Why there is no model called `name`: it may be that of a provider which does not even say what it has for an own key."""
        if not self._pictures and name in self._all():
            return NotAllowed("pictures_off")
        for standing in self.standings():
            if standing.models is None and standing.trouble == "bad_key.own_wrong":
                return BadKey("own_wrong", model=name)
            if standing.models is None and standing.trouble == "missing_key.unreadable":
                return MissingKey("unreadable", provider=standing.name)
        return NotOffered("model", given=name, offered=", ".join(self._now()))

    def drawing(self, wanted: str | None = None) -> ModelCard:
        """The card to draw with: `wanted` (or what stands in its place) where it draws, else the first that does.

        Raises: NotOffered("no_image_model"); NotAllowed("pictures_off").
        """
        if not self._pictures:
            raise NotAllowed("pictures_off")
        return self._likely(wanted, [card for card in self.cards() if card.draws], "no_image_model")

    def writing(self, wanted: str | None = None) -> ModelCard:
        """The card to have words written by: `wanted` where it writes, else the first that does. Raises: NotOffered("no_text_model")."""
        return self._likely(wanted, [card for card in self.cards() if card.kind != "image"], "no_text_model")

    def _likely(self, wanted: str | None, cards: Sequence[ModelCard], none: str) -> ModelCard:
        if not cards:
            raise NotOffered(none)
        try:
            found = self.standin(wanted) if wanted else cards[0]
        except (NotOffered, NotAllowed, BadKey, MissingKey):
            return cards[0]
        return found if found in cards else cards[0]


class Catalogue(Offered):
    """Every model of the house; of two with the same id the first counts. What one visitor may use of it, `of` says."""

    def __init__(
        self,
        providers: Sequence[Provider],
        offers: OfferSettings | None = None,
        own: Own | None = None,
        *,
        moderation: Moderation | None = None,
    ) -> None:
        self.offers = offers or OfferSettings()
        super().__init__(providers, {}, pictures=self.offers.pictures, moderation=moderation)
        self.providers, self.own = providers, own

    def _all(self) -> Mapping[str, Offer]:
        return _first(offer for provider in self.providers for offer in _house(provider))

    def known(self) -> list[ModelCard]:
        """All cards, those too that the settings keep from everybody."""
        return [offer.model.card for offer in self._all().values()]

    def embedded(self) -> Offered:
        """What everybody has."""
        return Offered(
            self.providers,
            _first(each for each in self._all().values() if each.purse == "free"),
            pictures=self.offers.pictures,
            moderation=self.moderation,
        )

    def of(self, visitor: Visitor) -> Offered:
        """What `visitor` may use: the embedded models, those of the house that are opened to their group, and all of each provider
        that they have a key for, through that key alone. `ready` has asked those providers what they have.
        """
        own = self.own.providers(visitor.id) if self.own else {}
        theirs = {provider.standing.name: (name, provider) for name, provider in own.items() if provider.standing}
        offers: list[Offer] = []
        seen: list[Provider] = []
        for provider in self.providers:
            named = theirs.pop(provider.standing.name, None) if provider.standing else None
            if named is not None:
                seen.append(named[1])
                offers += self._own(visitor, *named)
                continue
            opened = [each for each in _house(provider) if each.purse == "free" or self._opened(visitor, each.model.card)]
            offers += opened
            if provider.standing is None or opened or visitor.admin:
                seen.append(provider)
        for name, provider in theirs.values():
            seen.append(provider)
            offers += self._own(visitor, name, provider)
        return Offered(seen, _first(offers), pictures=self.offers.pictures, moderation=self.moderation)

    def _opened(self, visitor: Visitor, card: ModelCard) -> bool:
        """Whether the house pays when this visitor uses the model."""
        if visitor.admin:
            return True
        named = {"guest": self.offers.guests, "member": self.offers.members, "trusted": self.offers.trusted}.get(visitor.group, "")
        return any(fnmatchcase(card.id, pattern) for pattern in named.split())

    def _own(self, visitor: Visitor, name: str, provider: Provider) -> list[Offer]:
        own = self.own
        assert own is not None
        return [Offer(Held(model.card, own.lent(visitor.id, name, model.card.id)), "own") for model in provider.models]

    async def open(self) -> None:
        """Begin what the providers behind own keys do by themselves."""
        if self.own is not None:
            await self.own.open()

    async def close(self) -> None:
        """Close the providers behind own keys."""
        if self.own is not None:
            await self.own.close()

    async def ready(self, visitor: str) -> None:
        """Have the providers that this visitor has keys for say what they offer; a silent one is not waited for long."""
        if self.own is not None:
            await self.own.ready(visitor)

    async def at_work(self, job: Job) -> Model[Any]:
        """The model for `job`, paid as it was when the job was taken: one for an own key is never done with the house's.

        Raises: MissingKey("own"); NotOffered; NotAllowed.
        """
        if job.purse != "own":
            if self.purse(job.model) != job.purse:
                raise NotOffered("model", given=job.model, offered=", ".join(card.id for card in self.cards()))
            return self.model(job.model)
        await self.ready(job.owner)
        own = self.own.providers(job.owner) if self.own else {}
        if not own:
            raise MissingKey("own", model=job.model)
        visitor = Visitor(id=job.owner)
        offers = _first(offer for name, provider in own.items() for offer in self._own(visitor, name, provider))
        return Offered(list(own.values()), offers, pictures=self.offers.pictures, moderation=self.moderation).model(job.model)

    async def refresh(self, visitor: Visitor | None = None) -> None:
        """Find out anew what all providers offer; with `visitor` those of theirs: the house's too for who looks after it."""
        if visitor is None or visitor.admin:
            for provider in self.providers:
                await provider.refresh()
        if visitor is not None and self.own is not None:
            await self.own.refresh(visitor.id)


def around(model: Model[Any], moderation: Moderation | None = None) -> Model[Any]:
    """What stands around a model that is asked over the network."""
    asked: Model[Any] = Apart(Retry(model)) if model.card.draws else Retry(model)
    return moderation.around(asked) if moderation else asked


def _house(provider: Provider) -> list[Offer]:
    return [Offer(model, "free" if provider.standing is None else "house") for model in provider.models]


def _first(offers: Any) -> dict[str, Offer]:
    found: dict[str, Offer] = {}
    for offer in offers:
        found.setdefault(offer.model.card.id, offer)
    return found
