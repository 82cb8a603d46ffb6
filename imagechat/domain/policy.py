"""What is written down about the house itself: its audit log."""

from datetime import datetime

from pydantic import Field

from imagechat.domain.values import Scalar, Value


class AuditLine(Value):
    """One deed of weight: who (`actor`, a visitor's id, or what the house is when it acts by itself) did what (`action`, "verb" or
    "thing.verb") to whom or what (`subject`), with facts that are never secret.
    """

    at: datetime
    actor: str
    action: str
    subject: str = ""
    facts: dict[str, Scalar] = Field(default_factory=dict)
