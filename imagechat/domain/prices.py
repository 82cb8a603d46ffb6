"""What tokens cost: a dated table on each card. Micro-dollars per token are dollars per million tokens."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from imagechat.domain.values import Value

SQUARE = 1024 * 1024
"""Pixels of the picture that a card's `outputs` are given for; larger ones come to more tokens by their area."""
PARTIAL = 100
"""Output tokens of one partial picture. Source: developers.openai.com/api/docs/guides/image-generation."""
LIKELY_CHARACTERS, FEWEST_CHARACTERS = 4, 2
"""Characters to a token: in most languages, and where many tokens are needed."""
EDITED = (1_000, 7_000)
"""Tokens of a picture that is edited, most often and at most (65 and 129 a tile, and 6,144 with high fidelity). Source: as above."""
SEEN = (800, 2_500)
"""Tokens of a picture that a text model looks at: most often (85 and 170 a tile), and at most with newer models' patches."""
INSTRUCTED = 400
"""Tokens of what a text model is told in our name, at most."""
REPLY = 500
"""Tokens of a usual reply."""


class Cost(Value):
    """What a piece of work costs, before it is done, in micro-dollars: most often, and at most. None where nobody knows."""

    likely: int | None = None
    most: int | None = None

    def times(self, count: int) -> "Cost":
        """The same, so often."""
        return Cost(
            likely=None if self.likely is None else self.likely * count,
            most=None if self.most is None else self.most * count,
        )


class Asked(Value):
    """What goes into a model, by its bulk: how many `characters` and how many `pictures`."""

    characters: int = 0
    pictures: int = 0


class Rates(Value):
    """Dollars per million tokens from `since` on. `image` is for pictures that go in; a cached token costs `cached` where that is known."""

    since: date
    text: Decimal = Decimal(0)
    image: Decimal = Decimal(0)
    out: Decimal
    cached: Decimal | None = None


class Used(Value):
    """Tokens: `text` and `image` (pictures) went in, `cached` of the text were remembered from before, `out` came."""

    text: int = 0
    image: int = 0
    out: int = 0
    cached: int = 0


def rates_on(table: Sequence[Rates], day: date) -> Rates | None:
    """The rates that hold on `day`: the newest that had begun by then."""
    return max((each for each in table if each.since <= day), key=lambda each: each.since, default=None)


def cost(used: Used, rates: Rates) -> int:
    """Micro-dollars, rounded half up."""
    remembered = used.cached if rates.cached is not None else 0
    exact = (used.text - remembered) * rates.text + remembered * (rates.cached or 0) + used.image * rates.image + used.out * rates.out
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def of_picture(rates: Rates, asked: Asked, out: tuple[float | None, float | None]) -> Cost:
    """One picture: `out` are the tokens that it comes to, most often and at most, None where nobody knows."""
    text = (asked.characters / LIKELY_CHARACTERS, asked.characters / FEWEST_CHARACTERS)
    likely, most = (
        None
        if tokens is None
        else cost(Used(text=ceil(words), image=each * asked.pictures, out=ceil(tokens)), rates.again(image=rates.image or rates.text))
        for words, each, tokens in zip(text, EDITED, out, strict=True)
    )
    return Cost(likely=likely, most=most)


def of_reply(rates: Rates, asked: Asked, context: int, longest: int) -> Cost:
    """One reply to a conversation, of which no more than `context` tokens go in; it has `longest` tokens at most."""
    usual = ceil(asked.characters / LIKELY_CHARACTERS) + SEEN[0] * asked.pictures
    most = ceil(asked.characters / FEWEST_CHARACTERS) + SEEN[1] * asked.pictures + INSTRUCTED
    return Cost(
        likely=cost(Used(text=min(usual, context), out=min(REPLY, longest)), rates),
        most=cost(Used(text=min(most, context), out=longest), rates),
    )


def tokens(outputs: Mapping[str, int], quality: str | None, offered: Sequence[str], usual: str | None) -> tuple[int | None, int | None]:
    """What a picture of 1024 × 1024 comes to in a quality, most often and at most: left open it may be the dearest that is offered."""
    if quality is not None and quality != "auto":
        return outputs.get(quality), outputs.get(quality)
    named = [each for each in offered if each != "auto"]
    dearest = max((outputs[each] for each in named), default=None) if all(each in outputs for each in named) else None
    return outputs.get(usual or "", outputs.get("medium")), dearest
