"""What is kept: threads, messages, pictures, files. Times are aware UTC; prices are micro-dollars, None where unknown."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from imagechat.domain.jobs import JobState
from imagechat.domain.requests import ImageRequest, Input
from imagechat.domain.values import Id, Nonce, Value

NO_STYLE = "none"
"""The choice that leaves the prompt as it is; nothing chosen at all means the configured style."""

COMMAND = "command"
"""The origin of what the app itself was asked and answered (/help): no model is told of it."""


class Controls(Value):
    """The composer's settings as a thread remembers them: the chosen model and what was set beside it."""

    model: str
    size: str | None = None
    quality: str | None = None
    style: str | None = None
    count: int = 1
    seed: int | None = None
    format: str | None = None
    background: str | None = None
    image_model: str | None = None
    text_model: str | None = None
    compression: int | None = None


class Thread(Value):
    """A conversation. `updated` is the time of its newest turn; `trashed` is set while it lies in the trash.

    A `private` one is in no list and no search, and goes when its tab does.
    """

    id: Id
    owner: str
    title: str
    named: bool = False
    controls: Controls | None = None
    created: datetime
    updated: datetime
    trashed: datetime | None = None
    private: bool = False


class Message(Value):
    """One turn. A reply (`role` "assistant") is filled by its job; `origin` says which button asked for it, if one did.

    `nonce`: the page's own mark for one press of Send, so that a doubled one is kept once.
    """

    id: Id
    owner: str
    thread: Id
    parent: Id | None = None
    role: Literal["user", "assistant"]
    kind: Literal["text", "image"]
    text: str = ""
    model: str | None = None
    request: ImageRequest | None = None
    inputs: tuple[Input, ...] = ()
    origin: str | None = None
    nonce: Nonce | None = None
    created: datetime


class Blob(Value):
    """A kept file: `kind` is what it is to us, `size` its bytes, `width` × `height` its pixels."""

    id: Id
    owner: str
    kind: Literal["picture", "upload", "preview"]
    media_type: str
    size: int
    width: int
    height: int
    name: str = ""
    created: datetime
    private: bool = False


class Generation(Value):
    """A finished picture with its recipe.

    `request`: its own recipe (seed resolved, count 1); `sent`: the words that the model was really given;
    `drawn_by`: the model that drew it; `took`: milliseconds;
    `usage`: what the model said of the making (tokens, or its own facts); `alt`: alternative text, the prompt until someone edits it.
    """

    id: Id
    owner: str
    thread: Id
    message: Id
    job: Id
    place: int
    blob: Id
    media_type: str
    width: int
    height: int
    bytes: int
    request: ImageRequest
    sent: str
    alt: str
    drawn_by: str
    took: int
    usage: dict[str, Any] = Field(default_factory=dict)
    price: int | None = None
    notes: tuple[dict[str, Any], ...] = ()
    parent: Id | None = None
    created: datetime
    trashed: datetime | None = None
    private: bool = False


class Turn(Value):
    """A message with what belongs to it: its job's newest state, and its finished pictures (trashed ones too, marked so)."""

    message: Message
    job: JobState | None = None
    pictures: tuple[Generation, ...] = ()


class Page(Value):
    """One page of a longer list, newest first; `older` is the cursor for the next page, None at the end."""

    items: tuple[Any, ...]
    older: str | None = None
