"""What is asked of a model. Everything done to a picture is a change of its request."""

from typing import Literal, Self

from pydantic import Field

from imagechat.domain.values import Id, Scalar, Size, Value

Role = Literal["system", "user", "assistant"]
LARGEST_SEED = 2**53 - 1
"""The largest whole number that a page can hold without rounding it (ECMAScript's Number.MAX_SAFE_INTEGER)."""
MOST_AT_ONCE = 16


class Input(Value):
    """A picture that goes into a request: an uploaded or a drawn one."""

    blob: Id
    generation: Id | None = None


class ImageRequest(Value):
    """The visitor's wish, whole: stored, embedded in files, done again.

    `seed` is None while it is open; `count` pictures use seed, seed + 1, … ; `take` tells a reroll from a resend, as takes of a film do;
    `options` holds what only this model's card has. `parent` is the picture this one was made from; a `variation` keeps its prompt.
    `original` is what the person wrote, where a model worded `prompt` from it.
    """

    prompt: str
    model: str
    size: Size | None = None
    quality: str | None = None
    style: str | None = None
    seed: int | None = Field(default=None, ge=0, lt=2**63)
    original: str | None = None
    variation: bool = False
    count: int = Field(default=1, ge=1, le=MOST_AT_ONCE)
    format: str = "png"
    background: str | None = None
    negative: str | None = None
    strength: float | None = Field(default=None, ge=0, le=1)
    take: int = Field(default=0, ge=0)
    inputs: tuple[Input, ...] = ()
    mask: Id | None = None
    parent: Id | None = None
    options: dict[str, Scalar] = Field(default_factory=dict)

    @property
    def operation(self) -> str:
        """What is asked of the model: "generate" from words alone, "edit" of pictures, or "vary" of one."""
        return "vary" if self.variation else "edit" if self.inputs else "generate"

    def reroll(self) -> Self:
        """The same wish, another take: an open seed, one picture."""
        return self.again(take=self.take + 1, seed=None, count=1)

    def edited(self, words: str, source: Input) -> Self:
        """The picture that came of this wish, changed as `words` say."""
        return self.again(
            prompt=words, original=None, inputs=(source,), parent=source.generation, variation=False, seed=None, count=1, take=0
        )

    def varied(self, source: Input, count: int) -> Self:
        """`count` pictures like the one that came of this wish."""
        return self.again(inputs=(source,), parent=source.generation, variation=True, seed=None, count=count, take=0)

    def place(self, index: int) -> Self:
        """The recipe of picture `index` (from 0) of this request alone: its own seed, count 1."""
        return self.again(count=1, seed=None if self.seed is None else self.seed + index)


class LoadedPicture(Value):
    """A picture's bytes as a model gets them, with what the file says of itself.

    `facts` are what the model that drew it (`drawn_by`) said of it then; an uploaded picture has none.
    """

    data: bytes = Field(repr=False)
    media_type: str
    size: Size
    name: str = ""
    drawn_by: str | None = None
    facts: dict[str, Scalar] = Field(default_factory=dict)


class ImageOrder(Value):
    """An image request made ready for a model: seed resolved, inputs loaded, style by name and as words.

    `words` is the prompt with the style's template applied, for models without native styles.
    """

    request: ImageRequest
    words: str
    inputs: tuple[LoadedPicture, ...] = ()


class ChatTurn(Value):
    """One turn of a conversation as a text model gets it."""

    role: Role
    text: str
    pictures: tuple[LoadedPicture, ...] = ()


Task = Literal["talk", "enhance", "reword", "picture"]
"""What a text model is asked for: the next turn, or a prompt (a better one, a milder one, one for the whole conversation)."""


class ChatRequest(Value):
    """A conversation to be continued by `model`; `image_model` is the one that the visitor last drew with."""

    model: str
    turns: tuple[ChatTurn, ...]
    image_model: str | None = None
    task: Task = "talk"
