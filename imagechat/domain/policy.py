"""What a house with several people keeps an eye on: its audit log, and pictures that were reported."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from imagechat.domain.values import Id, Scalar, Value


class AuditLine(Value):
    """One deed of weight: who (`actor`, a visitor's id, or what the house is when it acts by itself) did what (`action`, "verb" or
    "thing.verb") to whom or what (`subject`), with facts that are never secret.
    """

    at: datetime
    actor: str
    action: str
    subject: str = ""
    facts: dict[str, Scalar] = Field(default_factory=dict)


Verdict = Literal["", "kept", "removed"]
"""What was decided of a reported picture; "" while nobody has."""


class Report(Value):
    """A picture that somebody said is wrong, and why. `prompt`, `model`, `width` and `height` are "" and 0 where the picture is gone."""

    id: Id
    picture: Id
    owner: str
    by: str
    reason: str
    created: datetime
    closed: datetime | None = None
    verdict: Verdict = ""
    prompt: str = ""
    model: str = ""
    width: int = 0
    height: int = 0
