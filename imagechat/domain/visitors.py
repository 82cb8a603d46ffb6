"""Who asks. Every verb of the studio takes a visitor."""

from enum import StrEnum

from imagechat.domain.values import Value


class Role(StrEnum):
    """What a visitor may do beyond their own space."""

    OWNER = "owner"
    GUEST = "guest"


class Visitor(Value):
    """One person's space: `id` owns every row made there."""

    id: str
    role: Role = Role.GUEST


OWNER = Visitor(id="owner", role=Role.OWNER)
"""The one whose machine this is: the same id in every access mode, so that their library stays theirs."""
