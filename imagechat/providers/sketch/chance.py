"""Seeded chance in named streams, so that one layer's draws never move another's."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


def key(seed: int, *names: str) -> int:
    """A 64-bit number from the seed and the stream's names, the same on every machine."""
    text = "/".join((str(seed), *names))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


class Chance:
    """A stream of draws. Pure Python: the parent settles a Spec with it without importing numpy."""

    def __init__(self, seed: int, *names: str) -> None:
        self._state = key(seed, *names)

    def unit(self) -> float:
        """The next number from 0 up to 1. Source: splitmix64 (Steele, Lea, Flood 2014)."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return ((z ^ (z >> 31)) >> 11) / 9007199254740992.0

    def between(self, low: float, high: float) -> float:
        """A number from `low` to `high`."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.unit() * (high - low + 1))

    def happens(self, share: float) -> bool:
        """True in `share` of the cases."""
        return self.unit() < share

    def sign(self) -> int:
        """-1 or 1."""
        return -1 if self.unit() < 0.5 else 1

    def choice(self, options: Sequence[T]) -> T:
        """One of `options`."""
        return options[int(self.unit() * len(options))]

    def weighed(self, options: dict[T, float]) -> T:
        """One of the keys of `options`, by their weights."""
        left = self.unit() * sum(options.values())
        for option, weight in options.items():
            left -= weight
            if left < 0:
                return option
        return next(reversed(options))
