"""What is told of a key: never the key."""

from datetime import datetime

from imagechat.domain.values import Value


class KeyInfo(Value):
    """A visitor's own key for a provider: when it came, when the provider took it last, and what is wrong with it ("code.reason")."""

    provider: str
    created: datetime
    tested: datetime | None = None
    trouble: str = ""
