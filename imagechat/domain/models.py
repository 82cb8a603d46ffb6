"""What a model is: a card of facts, and one verb that streams events."""

from collections.abc import AsyncGenerator
from typing import Literal, Protocol, TypeVar

from pydantic import Field

from imagechat.domain.requests import ImageRequest
from imagechat.domain.values import Scalar, Size, Value, visible
from imagechat.errors import BadInput, NotOffered

Kind = Literal["text", "image", "both"]
R = TypeVar("R", contravariant=True)


class SizeRule(Value):
    """Which sizes beside the presets a card takes, in pixels: sides from `low` to `high` in steps, ratio at most `ratio`:1."""

    low: int
    high: int
    step: int = 1
    ratio: float = 3.0
    pixels: int

    def allows(self, size: Size) -> bool:
        """Whether `size` keeps the rule."""
        sides = (size.width, size.height)
        return (
            all(self.low <= side <= self.high and side % self.step == 0 for side in sides)
            and max(sides) <= self.ratio * min(sides)
            and size.pixels <= self.pixels
        )


class ModelCard(Value):
    """The facts about a model. Code asks the card, never the provider's name.

    `id`: the name people choose it by; `price`: micro-dollars for one picture or reply, None where unknown;
    `styles`: names the model draws natively, None where a style is sent as words; empty tuples: the model has no such control.
    """

    id: str
    label: str
    provider: str
    kind: Kind
    operations: tuple[str, ...] = ("generate",)
    sizes: tuple[Size, ...] = ()
    size_rule: SizeRule | None = None
    qualities: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    backgrounds: tuple[str, ...] = ()
    styles: tuple[str, ...] | None = None
    max_count: int = 1
    max_inputs: int = 0
    max_prompt: int = 32_000
    seeds: bool = False
    previews: bool = False
    sees: bool = False
    price: int | None = None
    context: int = 128_000
    defaults: dict[str, Scalar] = Field(default_factory=dict)

    @property
    def draws(self) -> bool:
        """Whether pictures can be asked of it."""
        return self.kind in ("image", "both")

    def check(self, request: ImageRequest) -> None:
        """Raise what is wrong with `request` for this model.

        Raises: BadInput (empty or too long prompt), NotOffered (anything the card does not have, with what it has).
        """
        check_prompt(request.prompt, self)
        if request.inputs and len(request.inputs) > self.max_inputs:
            raise NotOffered("inputs", model=self.id, most=self.max_inputs)
        if request.operation not in self.operations:
            raise NotOffered("operation", model=self.id, operation=request.operation)
        if request.size is not None and request.size not in self.sizes:
            self._check_free_size(request.size)
        for name, value, offered in (
            ("quality", request.quality, self.qualities),
            ("format", request.format, self.formats),
            ("background", request.background, self.backgrounds),
        ):
            if value is not None and value not in offered:
                raise NotOffered(name, model=self.id, given=value, offered=", ".join(offered))
        if request.style is not None and self.styles is not None and request.style not in self.styles:
            raise NotOffered("style", model=self.id, given=request.style, offered=", ".join(self.styles))
        if request.background == "transparent" and request.format == "jpeg":
            raise NotOffered("transparent_jpeg", model=self.id)
        if request.seed is not None and not self.seeds:
            raise NotOffered("seed", model=self.id)
        if request.count > self.max_count:
            raise NotOffered("count", model=self.id, given=request.count, most=self.max_count)

    def _check_free_size(self, size: Size) -> None:
        if self.size_rule is None:
            raise NotOffered("size", model=self.id, given=str(size), offered=", ".join(map(str, self.sizes)))
        if not self.size_rule.allows(size):
            rule = self.size_rule
            facts = {"low": rule.low, "high": rule.high, "step": rule.step, "ratio": rule.ratio}
            raise NotOffered("size_rule", model=self.id, given=str(size), pixels=rule.pixels, **facts)

    def fit(self, request: ImageRequest) -> ImageRequest:
        """`request` for this model: what it has is kept, what it lacks falls back to the card's default."""

        def kept(value: str | None, offered: tuple[str, ...], name: str) -> str | None:
            default = self.defaults.get(name)
            return value if value in offered else (str(default) if default is not None else None)

        free = self.size_rule is not None and request.size is not None and self.size_rule.allows(request.size)
        size = str(request.size) if free else kept(str(request.size), tuple(map(str, self.sizes)), "size")
        styled = self.styles is None or request.style in self.styles
        return request.again(
            model=self.id,
            size=size,
            quality=kept(request.quality, self.qualities, "quality"),
            format=kept(request.format, self.formats, "format") or request.format,
            background=kept(request.background, self.backgrounds, "background"),
            style=request.style if styled else None,
            seed=request.seed if self.seeds else None,
            count=min(request.count, self.max_count),
        )


def check_prompt(prompt: str, card: ModelCard) -> None:
    """Raise BadInput when there is nothing in `prompt` or more than the model takes."""
    if not visible(prompt):
        raise BadInput("empty_prompt")
    if len(prompt) > card.max_prompt:
        raise BadInput("long_prompt", given=len(prompt), most=card.max_prompt, model=card.id)


class TextDelta(Value):
    """More words of a reply."""

    text: str


class Preview(Value):
    """A picture on its way: `data` is an encoded picture of any size, for place `index` (from 0)."""

    index: int
    data: bytes = Field(repr=False)
    media_type: str


class Picture(Value):
    """A finished picture for place `index` (from 0): `data` is the encoded file. `facts` are the provider's own words about it."""

    index: int
    data: bytes = Field(repr=False)
    media_type: str
    facts: dict[str, Scalar] = Field(default_factory=dict)


class Progress(Value):
    """A real step that was taken for place `index`: `step` of `of`, with the name of what is being done now."""

    index: int
    step: int
    of: int
    doing: str = ""


class Note(Value):
    """Something the visitor should know about the result, by `code` (words in the locales) with `facts`."""

    code: str
    facts: dict[str, Scalar] = Field(default_factory=dict)


class Failed(Value):
    """Place `index` will stay empty, the others go on: the error's code, reason and facts."""

    index: int
    code: str
    reason: str = ""
    facts: dict[str, Scalar] = Field(default_factory=dict)


class Usage(Value):
    """What was used: tokens in and out, and the price in micro-dollars where the provider says it."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    price: int | None = None


ModelEvent = TextDelta | Preview | Picture | Progress | Note | Failed | Usage


class Model(Protocol[R]):
    """The provider interface, whole. A stream ends normally only after what was asked is complete."""

    card: ModelCard

    def stream(self, request: R) -> AsyncGenerator[ModelEvent]:
        """Do it, telling what happens; closing the generator stops the work at once."""
        ...
