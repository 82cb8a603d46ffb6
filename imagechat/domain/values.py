"""The small values that everything else is made of: frozen models, sizes, ids, money."""

import re
import secrets
import threading
import time
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_serializer, model_validator

from imagechat.errors import BadInput

Scalar = str | int | float | bool | None
Id = Annotated[str, Field(pattern=r"^[0-9a-hjkmnp-tv-z]{26}$")]
Nonce = Annotated[str, Field(min_length=1, max_length=64)]
"""A page's own mark for one press of a button: what comes twice under it is done once."""

LONGEST_SIDE = 16384
"""Pixels."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_lock = threading.Lock()
_last = 0


class Value(BaseModel):
    """A frozen value: it becomes another by `model_copy`, it is never changed in place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def again(self, **changes: object) -> Self:
        """The same value with `changes`, validated again."""
        return type(self).model_validate({**dict(self), **changes})


def now() -> datetime:
    """The time in UTC, aware."""
    return datetime.now(UTC)


def new_id() -> str:
    """A 26-character id that sorts by birth, rises within this process and cannot be guessed.

    48 bits of milliseconds and 80 random bits in Crockford's base 32, lower case.
    Source: the ULID specification (github.com/ulid/spec).
    """
    global _last
    with _lock:
        fresh = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
        # Within one millisecond the next id is the last one and a random step, so order is kept.
        if fresh >> 80 <= _last >> 80:
            fresh = _last + 1 + secrets.randbits(64)
        _last = fresh
    return "".join(_ALPHABET[fresh >> shift & 31] for shift in range(125, -1, -5))


def visible(text: str) -> bool:
    """Whether there is anything to see in `text`: more than blanks, controls and characters without width."""
    return any(unicodedata.category(each)[0] not in "CZ" for each in text)


def is_id(text: object) -> bool:
    """Whether `text` has the form of an id made by `new_id`."""
    return isinstance(text, str) and re.fullmatch(r"[0-9a-hjkmnp-tv-z]{26}", text) is not None


class Size(Value):
    """A picture's size in pixels, written "1536x1024"."""

    width: int = Field(gt=0, le=LONGEST_SIDE)
    height: int = Field(gt=0, le=LONGEST_SIDE)

    @classmethod
    @lru_cache(maxsize=256)
    def parse(cls, text: str) -> "Size":
        """Read "1536x1024" or "1536×1024".

        Raises: BadInput(field="size") when it is anything else.
        """
        found = re.fullmatch(r"\s*(\d{1,5})\s*[x×*]\s*(\d{1,5})\s*", text, re.IGNORECASE)
        if found is None or "0" in (found[1].lstrip("0") or "0", found[2].lstrip("0") or "0"):
            raise BadInput("size_form", given=text, most=LONGEST_SIDE)
        if max(int(found[1]), int(found[2])) > LONGEST_SIDE:
            raise BadInput("size_form", given=text, most=LONGEST_SIDE)
        return cls(width=int(found[1]), height=int(found[2]))

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: object) -> object:
        if isinstance(given, str):
            size = cls.parse(given)
            return {"width": size.width, "height": size.height}
        return given

    @model_serializer
    def _as_text(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def pixels(self) -> int:
        """How many pixels it has."""
        return self.width * self.height

    @property
    def ratio(self) -> float:
        """Width over height."""
        return self.width / self.height


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
