"""Model cards as data: `assets/models.toml` and a file of the user's own, and what a server's list of models makes of them."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from imagechat.domain.models import ModelCard
from imagechat.errors import BadInput, CannotStart
from imagechat.settings import ASSETS

SHIPPED = ASSETS / "models.toml"
Facts = dict[str, dict[str, Any]]
_SNAPSHOT = re.compile(r"-20\d\d-?\d\d-?\d\d$")


class _Guess(BaseModel):
    names: tuple[str, ...]
    like: str | None = None


class _Entry(BaseModel):
    id: str
    like: str | None = None


class _File(BaseModel):
    """What such a file must be, before any card is made of it."""

    models: tuple[_Entry, ...] = ()
    guess: tuple[_Guess, ...] = ()
    ignored: tuple[str, ...] = ()


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
    facts: Facts = {}
    known = {id: _card(each, facts, str(SHIPPED)) for id, each in _by_id(shipped).items()}
    yours = {id: _card(each, facts, own) for id, each in _by_id(added).items()}
    guesses = [(each, own) for each in added.get("guess", ())] + [(each, str(SHIPPED)) for each in shipped.get("guess", ())]
    return Cards(
        {**known, **yours},
        frozenset(yours),
        tuple((tuple(each["names"]), _guess(each, facts, path)) for each, path in guesses),
        (*shipped.get("ignored", ()), *added.get("ignored", ())),
    )


def _by_id(parsed: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(each.get("id")): each for each in parsed.get("models", ())}


def _parsed(path: Path) -> dict[str, Any]:
    try:
        parsed = tomllib.loads(path.read_text(encoding="utf-8"))
        _File.model_validate(parsed)
        return parsed
    except ValidationError as fault:
        raise CannotStart("bad_models", path=str(path), entry="", why=_why(fault)) from fault
    except (OSError, ValueError) as fault:
        raise CannotStart("bad_models", path=str(path), entry="", why=str(fault)) from fault


def _guess(entry: Mapping[str, Any], facts: Facts, path: str) -> ModelCard:
    said = {name: value for name, value in entry.items() if name != "names"}
    return _card({"id": "guess", "label": "guess", "provider": "openai", **said}, dict(facts), path)


def _card(entry: Mapping[str, Any], facts: Facts, path: str) -> ModelCard:
    """The card of one entry: what it says, over what an entry before it says which it is `like`; a retirement is never inherited.

    `facts` has what all entries before it came to, by id, and gets this one's.
    """
    id, said = str(entry.get("id")), dict(entry)
    like = said.pop("like", None)
    if like is not None and like not in facts:
        raise CannotStart("bad_models", path=path, entry=id, why=f"like = {like!r}: there is no such entry before it")
    inherited = {name: value for name, value in facts.get(like, {}).items() if name not in ("retires", "successor")}
    facts[id] = inherited | said
    if facts[id].get("kind") not in ("text", "image"):
        raise CannotStart("bad_models", path=path, entry=id, why='kind: it is "text" or "image"')
    try:
        return ModelCard.model_validate({name: value for name, value in facts[id].items() if (name, value) != ("size_rule", False)})
    except ValidationError as fault:
        raise CannotStart("bad_models", path=path, entry=id, why=_why(fault)) from fault
    except BadInput as fault:
        raise CannotStart("bad_models", path=path, entry=id, why=str(fault.facts.get("given", fault))) from fault


def _why(fault: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, each['loc'])) or 'entry'}: {each['msg']}" for each in fault.errors()[:3])
