"""What a model is: a card of facts, and one verb that streams events."""

from collections.abc import AsyncGenerator
from datetime import date
from typing import Literal, Protocol, TypeVar

from pydantic import Field

from imagechat.domain import meanings
from imagechat.domain.prices import PARTIAL, SQUARE, Asked, Cost, Rates, Used, cost, of_picture, of_reply, rates_on, tokens
from imagechat.domain.requests import ImageRequest
from imagechat.domain.values import Scalar, Size, SizeRule, Value, visible
from imagechat.errors import BadInput, NotOffered

Kind = Literal["text", "image", "both"]
R = TypeVar("R", contravariant=True)


class ModelCard(Value):
    """The facts about a model. Code asks the card, never the provider's name.

    `id`: the name people choose it by; `price`: micro-dollars for one picture or reply, None where it depends on the tokens or is unknown;
    `styles`: names the model draws natively; others are sent as words where it takes `worded_styles`. Empty: it has no such control.
    `auto_size`: the size may be left to the model; `repaints`: what it drew itself it paints again from the recipe, others it changes
    only in light and style; `compresses`: its JPEG and WebP files take a compression; `context`: tokens that a conversation may have;
    `outputs`: tokens that a picture of 1024 × 1024 comes to, by quality; `longest_reply`: tokens that a reply has at most; `market`: under
    whose name public price lists know it, "" where they do not hold;
    `dialect`: which words its server understands, for its provider alone; `known`: false where the facts were guessed from the name;
    `trouble`: why it cannot be asked now, an error's "code.reason".
    """

    id: str
    label: str
    provider: str
    kind: Kind
    operations: tuple[str, ...] = ("generate",)
    sizes: tuple[Size, ...] = ()
    size_rule: SizeRule | None = None
    auto_size: bool = False
    qualities: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    compresses: bool = False
    backgrounds: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    worded_styles: bool = True
    max_count: int = 1
    max_inputs: int = 0
    repaints: bool = False
    max_prompt: int = 32_000
    seeds: bool = False
    previews: bool = False
    sees: bool = False
    price: int | None = None
    rates: tuple[Rates, ...] = ()
    outputs: dict[str, int] = Field(default_factory=dict)
    longest_reply: int = 8192
    market: str = ""
    context: int = 128_000
    defaults: dict[str, Scalar] = Field(default_factory=dict)
    dialect: str = ""
    retires: date | None = None
    successor: str | None = None
    known: bool = True
    trouble: str = ""

    @property
    def draws(self) -> bool:
        """Whether pictures can be asked of it."""
        return self.kind in ("image", "both")

    def cost(self, used: Used, day: date) -> int | None:
        """What `used` cost on `day`, in micro-dollars; None where nobody knows."""
        rates = rates_on(self.rates, day)
        return cost(used, rates) if rates else self.price

    def estimate(self, request: ImageRequest, day: date, *, characters: int | None = None, partials: int = 0) -> Cost:
        """What `request` will cost on `day`, whole, with `partials` partial pictures for each; `characters`: of the words really sent."""
        rates = rates_on(self.rates, day)
        if rates is None or self.price == 0:
            return Cost(likely=self.price, most=self.price).times(request.count)
        usual = str(self.defaults["quality"]) if "quality" in self.defaults else None
        likely, most = tokens(self.outputs, request.quality, self.qualities, usual)
        size = request.size.pixels if request.size else None
        largest = size or max((each.pixels for each in self.sizes), default=SQUARE)
        shown = PARTIAL * partials if self.previews else 0
        out = (
            None if likely is None else likely * (size or SQUARE) / SQUARE + shown,
            None if most is None else most * largest / SQUARE + shown,
        )
        asked = Asked(characters=len(request.prompt) if characters is None else characters, pictures=len(request.inputs))
        return of_picture(rates, asked, out).times(request.count)

    def estimate_reply(self, asked: Asked, day: date) -> Cost:
        """What a reply to so much will cost on `day`."""
        rates = rates_on(self.rates, day)
        if rates is None or self.price == 0:
            return Cost(likely=self.price, most=self.price)
        return of_reply(rates, asked, self.context, self.longest_reply)

    def check(self, request: ImageRequest) -> None:
        """Raise what is wrong with `request` for this model.

        Raises: BadInput (empty or too long prompt), NotOffered (anything the card does not have, with what it has).
        """
        check_prompt(request.prompt, self)
        if request.operation not in self.operations:
            raise NotOffered("operation", model=self.id, operation=request.operation)
        if len(request.inputs) > self.max_inputs:
            raise NotOffered("inputs", model=self.id, given=len(request.inputs), most=self.max_inputs)
        if request.size is not None and request.size not in self.sizes:
            self._check_free_size(request.size)
        for name, value, offered in (
            ("quality", request.quality, self.qualities),
            ("format", request.format, self.formats),
            ("background", request.background, self.backgrounds),
        ):
            if value is not None and value not in offered:
                raise NotOffered(name, model=self.id, given=value, offered=", ".join(offered))
        if request.style is not None and not self.worded_styles and request.style not in self.styles:
            raise NotOffered("style", model=self.id, given=request.style, offered=", ".join(self.styles))
        if request.background == "transparent" and request.format == "jpeg":
            raise NotOffered("transparent_jpeg", model=self.id)
        if request.seed is not None and not self.seeds:
            raise NotOffered("seed", model=self.id)
        if request.count > self.max_count:
            raise NotOffered("count", model=self.id, given=request.count, most=self.max_count)
        self._check_options(request)

    def _check_options(self, request: ImageRequest) -> None:
        for name, value in request.options.items():
            if name != "compression" or not self.compresses:
                raise NotOffered("option", model=self.id, given=name)
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
                raise BadInput("compression_range", given=str(value))

    def _check_free_size(self, size: Size) -> None:
        if self.size_rule is None:
            raise NotOffered("size", model=self.id, given=str(size), offered=", ".join(map(str, self.sizes)))
        if not self.size_rule.allows(size):
            rule = self.size_rule
            facts = {"low": rule.low, "high": rule.high, "step": rule.step, "ratio": rule.ratio}
            raise NotOffered("size_rule", model=self.id, given=str(size), pixels=rule.pixels, **facts)

    def fit(self, request: ImageRequest) -> ImageRequest:
        """`request` for this model: what it has is kept, a quality and a shape become the nearest, the rest falls back to the defaults."""

        def kept(value: str | None, offered: tuple[str, ...], name: str) -> str | None:
            default = self.defaults.get(name)
            return value if value in offered else (str(default) if default is not None else None)

        quality = None if request.quality is None else meanings.quality(request.quality, self.qualities)
        form = kept(request.format, self.formats, "format") or (self.formats[0] if self.formats else "png")
        squeezed = self.compresses and form in ("jpeg", "webp")
        styled = self.worded_styles or request.style in self.styles
        return request.again(
            model=self.id,
            size=self._fit_size(request.size),
            quality=kept(quality, self.qualities, "quality"),
            format=form,
            background=kept(request.background, self.backgrounds, "background"),
            style=request.style if styled else None,
            seed=request.seed if self.seeds else None,
            count=min(request.count, self.max_count),
            options={name: value for name, value in request.options.items() if name == "compression" and squeezed},
        )

    def _fit_size(self, size: Size | None) -> Size | None:
        """`size` where this model makes it, else its nearest of that shape; nothing said is nothing said where the model may choose."""
        if size is None and self.auto_size:
            return None
        if not self.sizes or (size is not None and (size in self.sizes or (self.size_rule and self.size_rule.allows(size)))):
            return size if self.sizes or self.size_rule else None
        usual = self.defaults.get("size")
        if size is None:
            return Size.parse(str(usual)) if usual and usual != "auto" else self.sizes[0]
        return meanings.fitting(size.ratio, self.sizes, self.size_rule)


def check_prompt(prompt: str, card: ModelCard) -> None:
    """Raise BadInput when there is nothing in `prompt` or more than the model takes."""
    if not visible(prompt):
        raise BadInput("empty_prompt")
    if len(prompt) > card.max_prompt:
        raise BadInput("long_prompt", given=len(prompt), most=card.max_prompt, model=card.id)


class Standing(Value):
    """How it stands with a provider that is asked over the network.

    `name`: whose it is; `key`: whether there is one; `models`: how many it offers, None before it was asked; `trouble`: the error with
    which it answered last, as "code.reason", with its `facts`.
    """

    name: str
    address: str
    key: bool
    models: int | None = None
    trouble: str = ""
    facts: dict[str, Scalar] = Field(default_factory=dict)


class TextDelta(Value):
    """More words of a reply."""

    text: str


class Preview(Value):
    """A picture on its way: `data` is an encoded picture of any size, for place `index` (from 0)."""

    index: int
    data: bytes = Field(repr=False)
    media_type: str


class Picture(Value):
    """A finished picture for place `index` (from 0): `data` is the encoded file. `facts` are the provider's own words about it.

    `usage` is what this one used, where the provider tells it apart from the others.
    """

    index: int
    data: bytes = Field(repr=False)
    media_type: str
    facts: dict[str, Scalar] = Field(default_factory=dict)
    usage: "Usage | None" = None


class Progress(Value):
    """A real step that was taken for place `index`: `step` of `of` (0 where it only began), with the name of what is being done now."""

    index: int
    step: int
    of: int
    doing: str = ""


class Note(Value):
    """Something the visitor should know about the result, by `code` (words in the locales) with `facts`."""

    code: str
    facts: dict[str, Scalar] = Field(default_factory=dict)


class Failed(Value):
    """Place `index` will stay empty, the others go on: the error's code, reason and facts.

    `unbilled`: surely nothing was charged; `told`: what it used was told by a `Usage` of its own.
    """

    index: int
    code: str
    reason: str = ""
    retryable: bool = False
    unbilled: bool = False
    told: bool = False
    facts: dict[str, Scalar] = Field(default_factory=dict)


class Waiting(Value):
    """Nothing was done yet and nothing can have been billed: it is tried once more in `seconds`, for the error's code and reason."""

    seconds: float
    code: str
    reason: str = ""


class Usage(Value):
    """What was used: tokens in and out, and the price in micro-dollars, None where it is unknown."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    price: int | None = None


ModelEvent = TextDelta | Preview | Picture | Progress | Note | Failed | Waiting | Usage


class Model(Protocol[R]):
    """The provider interface, whole. A stream ends normally only after what was asked is complete."""

    @property
    def card(self) -> ModelCard:
        """The facts about it."""
        ...

    def stream(self, request: R) -> AsyncGenerator[ModelEvent]:
        """Do it, telling what happens; closing the generator stops the work at once."""
        ...
