"""The sheet that layers are painted on: colours, what covers the sky, and which thing each point belongs to."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from imagechat.providers.sketch.canvas.composition import Composition
from imagechat.providers.sketch.canvas.light import Light, colour, light, tinted, under
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.spec import Spec

Mask = NDArray[np.bool_]
Layer = tuple[str, Callable[["Sheet"], None]]
"""A step's name and what paints it."""


@dataclass(slots=True)
class Marks:
    """What the layers leave for the styles: `cover` 1 where something hides the sky; `part` a number for each thing (lines run between
    different numbers); `shine`: light that glows on its own. Each (height, width).
    """

    cover: Field
    part: Field
    shine: Field


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where a thing can stand. `footing`: "far" (beyond the water), "land", "water" or "road"; `x`, `y`: its foot in pixels;
    `metre`: how many pixels a metre is there; `air`: how much of the haze lies before it, 0 to 1.
    """

    footing: str
    x: float
    y: float
    metre: float
    air: float = 0.0


class Sheet:
    """A picture in the making. `rgb`: (3, height, width), 0 to 1 and above for light; `spots`: where things can stand, as the layers of
    the scene offer them, the best first; `foreign`: the colours are those of a picture that Sketch did not paint.
    """

    def __init__(self, spec: Spec, seed: int, size: tuple[int, int], composition: Composition) -> None:
        self.spec, self.seed, self.composition = spec, seed, composition
        self.width, self.height = size
        self.rgb: Field = np.zeros((3, self.height, self.width), np.float32)
        plain = (self.height, self.width)
        self.spots: list[Spot] = []
        self.foreign = False
        self.marks = Marks(np.zeros(plain, np.float32), np.zeros(plain, np.float32), np.zeros(plain, np.float32))

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.height, self.width

    @property
    def unit(self) -> int:
        """The short side in pixels: things are sized by it."""
        return min(self.width, self.height)

    @property
    def horizon(self) -> int:
        """The row where sky and ground meet."""
        return round(self.composition.horizon * self.height)

    @property
    def sun(self) -> tuple[float, float]:
        """Where the sun (at night the moon) stands: (column, row) in pixels, perhaps outside."""
        return self.composition.sun_x * self.width, self.horizon - self.composition.sun_height * self.height

    @property
    def moon(self) -> tuple[float, float]:
        """Where a moon stands: at night in the sun's place, else across the sky from it."""
        return self.sun if self.night else ((1 - self.composition.sun_x) * self.width, self.horizon * 0.22)

    @property
    def night(self) -> bool:
        """Whether it is night."""
        return self.spec.time in ("night", "moonlight")

    @property
    def low_sun(self) -> bool:
        """Whether the sun stands low: long shadows, warm light."""
        return self.spec.time in ("dawn", "golden", "sunset")

    @property
    def bright(self) -> bool:
        """Whether there is daylight enough to see the colours of things."""
        return self.spec.time in ("day", "golden")

    @property
    def snowy(self) -> bool:
        """Whether snow lies."""
        return "snow" not in self.spec.without and (
            self.spec.season == "winter" or self.spec.weather == "snow" or self.spec.subject("snow") is not None
        )

    def offer(self, footing: str, x: float, y: float, metre: float, air: float = 0.0) -> None:
        """Say that a thing can stand at `x`, `y` (pixels), where a metre is `metre` pixels long."""
        self.spots.append(Spot(footing, x, y, metre, air))

    @property
    def crisp(self) -> bool:
        """Whether the style wants clear shapes with few tones."""
        return self.spec.style in ("anime", "cartoon", "line_art", "pixel_art")

    @cached_property
    def light(self) -> Light:
        """The light of the time and mood, with the colours that the words bind to sky, water and clouds."""
        base = under(light(self.spec.time, self.spec.mood), self.spec.weather)
        sky, water, cloud = (self.spec.colour(what) for what in ("sky", "water", "cloud"))
        changes: dict[str, Field] = {}
        for wanted, names, share in (
            (sky, ("zenith", "upper", "lower", "horizon", "haze"), 0.75),
            (water, ("deep",), 0.85),
            (cloud, ("lit", "dark"), 0.6),
        ):
            if wanted is not None:
                changes |= {name: tinted(getattr(base, name), colour(wanted), share) for name in names}
        return replace(base, **changes)

    def rows(self, start: int = 0, end: int | None = None) -> Field:
        """Row numbers as a column of floats."""
        return np.arange(start, self.height if end is None else end, dtype=np.float32)[:, None]

    def columns(self) -> Field:
        """Column numbers as a row of floats."""
        return np.arange(self.width, dtype=np.float32)[None, :]

    def mix(self, tint: Field, share: Field, rows: slice = slice(None), columns: slice = slice(None)) -> None:
        """Blend one colour, or a (3, height, width) field of them, in by `share` (0 to 1)."""
        for channel in range(3):
            part = self.rgb[channel, rows, columns]
            part += (tint[channel] - part) * share

    def add(self, tint: Field, share: Field, rows: slice = slice(None), columns: slice = slice(None)) -> None:
        """Add light of one colour."""
        for channel in range(3):
            self.rgb[channel, rows, columns] += share * tint[channel]

    def hide(self, share: Field, part: float, rows: slice = slice(None), columns: slice = slice(None)) -> None:
        """Note that something numbered `part` stands here, hiding the sky by `share`."""
        cover, parts, shine = (field[rows, columns] for field in (self.marks.cover, self.marks.part, self.marks.shine))
        np.maximum(cover, share, out=cover)
        parts[share > 0.5] = part
        shine *= 1 - share
