"""Model cards as data: `assets/models.toml` and a file of the user's own, and what a server's list of models makes of them."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from imagechat.domain.models import ModelCard
from imagechat.errors import CannotStart
from imagechat.settings import ASSETS

SHIPPED = ASSETS / "models.toml"
_SNAPSHOT = re.compile(r"-20\d\d-?\d\d-?\d\d$")


@dataclass(frozen=True)
class Listed:
    """One entry of a server's list of models; `retires`: its `shutdown_date`, where the server says one."""

    id: str
    retires: date | None = None


@dataclass(frozen=True)
class Cards:
    """`known` cards by id, of which those in `own` are from the user's file; `guesses` for all other names, the first match counts."""

    known: Mapping[str, ModelCard]
    own: frozenset[str] = frozenset()
    guesses: tuple[tuple[tuple[str, ...], ModelCard], ...] = ()
    ignored: tuple[str, ...] = field(default=())

    def card(self, id: str) -> ModelCard:
        """The card for any id: the known one, that of the model it is a dated snapshot of, else a safe guess from its name."""
        known = self.known.get(id) or self.known.get(_SNAPSHOT.sub("", id))
        if known is not None:
            return known if known.id == id else known.again(id=id, label=id)
        likely = next(card for names, card in self.guesses if _like(id, names))
        return likely.again(id=id, label=id, known=False)

    def joined(self, listed: Iterable[Listed]) -> list[ModelCard]:
        """Cards for what a server offers, the known ones first and in their order; ids that neither talk nor draw are left out.

        A dated snapshot stands back where its model is offered too.
        """
        there = {each.id: each for each in listed}
        ids = [*(id for id in self.known if id in there), *sorted(id for id in there if id not in self.known)]
        wanted = [id for id in ids if id in self.known or not (_like(id, self.ignored) or _SNAPSHOT.sub("", id) in there.keys() - {id})]
        cards = [self.card(id) for id in wanted]
        return [card.again(retires=there[card.id].retires or card.retires) for card in cards]


def _like(id: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(id.lower(), pattern) for pattern in patterns)


def read(own: str = "") -> Cards:
    """The shipped cards with those of the file `own` over them.

    Raises: CannotStart("bad_models") with the file, the entry and what is wrong with it.
    """
    shipped, added = _parsed(SHIPPED), _parsed(Path(own)) if own else {}
    ours, yours = _by_id(shipped), _by_id(added)
    path = own or str(SHIPPED)
    known = {id: _card(id, entry, ours, path) for id, entry in ours.items()}
    known |= {
        id: _card(id, entry, {**ours, **{name: each for name, each in yours.items() if name != id}}, path) for id, entry in yours.items()
    }
    guesses = [*added.get("guess", ()), *shipped.get("guess", ())]
    return Cards(
        known,
        frozenset(yours),
        tuple((tuple(each["names"]), _guess(each, {**yours, **ours}, path)) for each in guesses),
        (*shipped.get("ignored", ()), *added.get("ignored", ())),
    )


def _by_id(parsed: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(each.get("id")): each for each in parsed.get("models", ())}


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise CannotStart("bad_models", path=str(path), entry="", why=str(fault)) from fault


def _guess(entry: Mapping[str, Any], entries: Mapping[str, Any], path: str) -> ModelCard:
    facts = {name: value for name, value in entry.items() if name != "names"}
    return _card("guess", {"id": "guess", "label": "guess", "provider": "openai", **facts}, entries, path)


def _card(id: str, entry: Mapping[str, Any], entries: Mapping[str, Any], path: str) -> ModelCard:
    """The card of one entry: what it says, over what that of `entries` says which it is `like`; a retirement is never inherited."""
    facts = dict(entry)
    seen: list[str] = []
    while (like := facts.pop("like", None)) is not None:
        if like not in entries or like in seen:
            raise CannotStart("bad_models", path=path, entry=id, why=f"like = {like!r}: there is no such entry")
        seen.append(like)
        facts = {name: value for name, value in entries[like].items() if name not in ("retires", "successor")} | facts
    if facts.get("size_rule") is False:
        del facts["size_rule"]
    try:
        return ModelCard.model_validate(facts)
    except ValidationError as fault:
        why = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'entry'}: {each['msg']}" for each in fault.errors()[:3])
        raise CannotStart("bad_models", path=path, entry=id, why=why) from fault
