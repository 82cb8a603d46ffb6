"""A job: one request on its way to a result, with one state that every view shows."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from imagechat.domain.models import Note
from imagechat.domain.requests import ChatRequest, ImageRequest
from imagechat.domain.values import Id, Scalar, Value


class Status(StrEnum):
    """Where a job stands. The last four are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def final(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (Status.QUEUED, Status.RUNNING)


class ErrorFacts(Value):
    """An error as it is stored and shown: its code, reason and facts; words come from the locales."""

    code: str
    reason: str = ""
    retryable: bool = False
    facts: dict[str, Scalar] = Field(default_factory=dict)


PlaceStatus = Literal["waiting", "running", "done", "failed", "cancelled"]


class Place(Value):
    """One of `count` pictures. `preview`: the id of the newest partial picture; `generation`: the finished one's id.

    `step` of `of` are real steps that the model reported; `doing` names the one under way.
    """

    status: PlaceStatus = "waiting"
    preview: str | None = None
    generation: Id | None = None
    seed: int | None = None
    step: int = 0
    of: int = 0
    doing: str = ""
    error: ErrorFacts | None = None


Purse = Literal["house", "own", "free"]
"""Who pays: the house's key, the visitor's own, or nobody, for the embedded models."""


class Job(Value):
    """What a runner is given. Exactly one of `image` and `chat` is set; `message` is the reply it fills."""

    id: Id
    owner: str
    thread: Id
    message: Id
    image: ImageRequest | None = None
    chat: ChatRequest | None = None
    purse: Purse = "free"
    private: bool = False
    created: datetime

    @property
    def model(self) -> str:
        """The id of the model that is asked."""
        asked = self.image or self.chat
        assert asked is not None
        return asked.model


class JobState(Value):
    """A job's newest state, whole: who comes late needs nothing else.

    `stage` is one of queued, preparing, generating, waiting, finishing, or the final status; while it waits to try once more, `held_by`
    says for what and `resumes` until when. `ahead`: jobs before this one in the queue;
    `expected`: seconds that this model usually takes, from its earlier runs, None while there are none.
    """

    job: Id
    thread: Id
    message: Id
    kind: Literal["image", "chat"]
    model: str
    version: int = 0
    status: Status = Status.QUEUED
    stage: str = "queued"
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    expected: float | None = None
    ahead: int | None = None
    resumes: datetime | None = None
    held_by: ErrorFacts | None = None
    text: str = ""
    places: tuple[Place, ...] = ()
    notes: tuple[Note, ...] = ()
    error: ErrorFacts | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    price: int | None = None
