"""The floor of a wood: the eye that sees it, its litter, moss, grass or snow in perspective, and ways that wind over it."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, enlarged, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.land.cast import long_shadows
from imagechat.providers.sketch.land.foliage import dimmed
from imagechat.providers.sketch.land.litter import strewn
from imagechat.providers.sketch.land.stamps import lit
from imagechat.providers.sketch.land.undergrowth import season

PART = 200.0
GROUNDS = {
    ("conifer", "spring"): ("5c6a38", "6b5640"),
    ("conifer", "summer"): ("566338", "6a543c"),
    ("conifer", "autumn"): ("6f6238", "7a5636"),
    ("conifer", "winter"): ("5e5a42", "64503c"),
    ("deciduous", "spring"): ("7a9a48", "7c6a48"),
    ("deciduous", "summer"): ("5f8040", "6c5c3e"),
    ("deciduous", "autumn"): ("b87a34", "8c5630"),
    ("deciduous", "winter"): ("7c6a4a", "6a563e"),
}
"""(growth, litter) by wood and season."""
FLECKS = {"autumn": "e0a03c", "spring": "e4e6c8", "summer": "a8b860", "winter": "a08a64"}
SNOW = rgb("eef1f8")
SHADE = rgb("9db4dc")


@dataclass(frozen=True, slots=True)
class Eye:
    """How the ground is seen: `level`: the row of the eye's height; `high`: that height in metres; `focus`: how many pixels a metre has at
    one metre's distance; `rise`: how many metres the ground climbs for each metre of distance beyond 20.
    """

    level: float
    high: float
    focus: float
    rise: float = 0.0

    def row(self, far: float) -> float:
        """The row where ground `far` metres away is seen."""
        return self.level + self.focus * (self.high - self.rise * max(0.0, far - 20.0)) / far

    def metre(self, far: float) -> float:
        """How many pixels a metre is that far away."""
        return self.focus / far


def floor(sheet: Sheet, eye: Eye, top: float) -> None:
    """The ground from row `top` down: growth and litter in patches, speckled with leaves, with light between shadows."""
    first = int(np.clip(top, 0, sheet.height - 2))
    height, width = sheet.height - first, sheet.width
    shape = height // 2 + 1, width // 2 + 1
    rows = np.arange(shape[0], dtype=np.float32)[:, None] * np.float32(2)
    depth = np.float32(1) / (rows / np.float32(sheet.unit) + np.float32(0.03 + 0.4 * max(0.0, (first - eye.level) / sheet.unit)))
    across = (np.arange(shape[1], dtype=np.float32)[None, :] * np.float32(2 / sheet.unit) - np.float32(0.5)) * depth
    field = tile(sheet.seed, "wood floor", (8, 8), 256, octaves=6, gain=0.55)
    patches = sampled(field, depth * np.float32(20) + 0 * across, across * np.float32(18))
    spots = sampled(field, depth * np.float32(46) + np.float32(91) + 0 * across, across * np.float32(26))
    shadow = smooth(-0.25, 0.35, spots + patches * np.float32(0.3))
    shadow *= long_shadows(sheet, first, eye.level, shape)
    patches, shadow = enlarged(patches, (height, width)), enlarged(shadow, (height, width))
    grain = strewn(sheet, first, eye.level, eye.high)
    tones = snowed(sheet, patches, shadow) if sheet.snowy else grown_over(sheet, patches, shadow, grain)
    cover = np.clip(sheet.rows(first) - np.float32(top), 0, 1) + 0 * patches
    air = np.clip(
        np.float32(1)
        - np.arange(height, dtype=np.float32)[:, None] / np.float32(sheet.unit * (0.32 if sheet.spec.weather == "fog" else 0.16)),
        0,
        1,
    )
    air = air * air * np.float32(0.85 if sheet.spec.weather == "fog" else 0.55)
    tones = tones + (sheet.light.haze[:, None, None] - tones) * air[None]
    sheet.mix(tones, cover, slice(first, None))
    sheet.hide(cover, PART, slice(first, None))


def grown_over(sheet: Sheet, patches: Field, shadow: Field, grain: Field) -> Field:
    """Moss, grass and litter with fallen leaves, in the season's colours."""
    growth, litter = (dimmed(sheet, rgb(text), 0.5) for text in GROUNDS[sheet.spec.wood or "conifer", season(sheet)])
    autumn = season(sheet) == "autumn"
    share = smooth(-0.35, 0.35, patches - np.abs(grain) * np.float32(0.30))
    fleck = rgb(FLECKS[season(sheet)])
    lies = np.clip(grain * np.float32(1.2), 0, np.float32(0.85 if autumn else 0.34))
    dark = np.float32(0.92) + np.minimum(grain, 0) * np.float32(0.36)
    body = np.empty((3, *grain.shape), np.float32)
    for c in range(3):
        np.multiply(share, growth[c] - litter[c], out=body[c])
        body[c] += litter[c]
        body[c] += (fleck[c] - body[c]) * lies
        body[c] *= dark
    shade = np.clip(np.float32(0.16) + shadow * np.float32(0.60) + grain * np.float32(0.16), 0.03, 1)
    return lit(sheet, body, shade)


def snowed(sheet: Sheet, patches: Field, shadow: Field) -> Field:
    """Snow in the wood: blue in the shade of the trees, warm where the sun comes through."""
    shade = np.clip(np.float32(0.26) + shadow * np.float32(0.52) + patches * np.float32(0.10), 0, 1)
    body = np.stack([SHADE[c] + (SNOW[c] - SHADE[c]) * shade for c in range(3)])
    return lit(sheet, body * np.float32(1.1), shade)


@dataclass(frozen=True, slots=True)
class Way:
    """A path or brook: from `near` to `end` (shares of the width), bent by `bend`, `wide` metres to each side."""

    eye: Eye
    near: float
    end: float
    bend: float
    wide: float

    def middle(self, sheet: Sheet, row: Field) -> Field:
        """The column of its middle at each row."""
        span = max(1.0, sheet.height - self.eye.level)
        t = np.clip((row - np.float32(self.eye.level)) / np.float32(span), 0, 1)
        curve = t * (np.float32(1) - t) * (np.float32(0.55) - t) * np.float32(6 * self.bend)
        return np.asarray((np.float32(self.end) + np.float32(self.near - self.end) * t + curve) * np.float32(sheet.width), np.float32)

    def half(self, row: Field) -> Field:
        """Half its width in pixels at each row."""
        return np.asarray(np.maximum(row - np.float32(self.eye.level), 0) * np.float32(self.wide / self.eye.high), np.float32)

    def at(self, sheet: Sheet, row: float) -> tuple[float, float]:
        """(middle, half the width) at one row."""
        t = min(1.0, max(0.0, (row - self.eye.level) / max(1.0, sheet.height - self.eye.level)))
        middle = self.end + (self.near - self.end) * t + t * (1 - t) * (0.55 - t) * 6 * self.bend
        return middle * sheet.width, max(0.0, row - self.eye.level) * self.wide / self.eye.high


def bed(sheet: Sheet, way: Way, edge: float = 0.25) -> tuple[tuple[slice, slice], Field, Field]:
    """(the rows and columns where it is, how much of each point is on the way, how far from its middle: -1 to 1), with ragged banks."""
    first = int(np.clip(way.eye.level + 1, 0, sheet.height - 2))
    rows = sheet.rows(first)
    half = way.half(rows) + np.float32(0.4)
    depth = np.float32(sheet.unit) / (rows - np.float32(way.eye.level) + np.float32(sheet.unit * 0.02))
    off = (sheet.columns() - way.middle(sheet, rows)) / half
    field = tile(sheet.seed, "banks", (8, 8), 64, octaves=3)
    few = sampled(field, depth[::2] * np.float32(9) + 0 * off[::2, ::2], off[::2, ::2] * np.float32(2.2) + np.float32(40))
    ragged = enlarged(few, (off.shape[0], off.shape[1]))
    cover = np.clip((np.float32(1) + ragged * np.float32(edge) - np.abs(off)) * np.float32(3.2), 0, 1)
    cover *= smooth(sheet.unit * 0.012, sheet.unit * 0.11, rows - np.float32(first))
    seen = np.flatnonzero(cover.max(0) > 0)
    columns = slice(int(seen[0]), int(seen[-1]) + 1) if seen.size else slice(0, 1)
    return (slice(first, sheet.height), columns), cover[:, columns], off[:, columns]


def earth(sheet: Sheet, way: Way) -> None:
    """A trodden path: bare earth, paler in the middle, or trodden snow."""
    window, cover, off = bed(sheet, way, 0.4)
    first = window[0].start
    body = rgb("b9c6e0") if sheet.snowy else blend(rgb("8a7050"), rgb("a8643a"), 0.4 if season(sheet) == "autumn" else 0.1)
    depth = np.float32(sheet.unit) / (sheet.rows(first) - np.float32(way.eye.level) + np.float32(sheet.unit * 0.02))
    grain = strewn(sheet, first, way.eye.level, way.eye.high, window[1])
    lies = np.clip(grain * smooth(0.15, 1.0, np.abs(off)), 0, 1) * np.float32(0.8 if season(sheet) == "autumn" else 0.3)
    coarse = tile(sheet.seed, "path shade", (8, 8), 64, octaves=3)
    dapple = enlarged(
        sampled(coarse, depth[::4] * np.float32(14) + 0 * off[::4, ::4], off[::4, ::4] * np.float32(3)), (off.shape[0], off.shape[1])
    )
    ruts = np.float32(1) - np.clip(np.abs(np.abs(off) - np.float32(0.5)) * np.float32(4), 0, 1)
    shade = np.clip(np.float32(0.42) + grain * np.float32(0.14) + dapple * np.float32(0.55) - ruts * np.float32(0.12), 0.03, 1)
    fleck = rgb(FLECKS[season(sheet)]) if not sheet.snowy else SNOW
    tones = lit(sheet, np.stack([body[c] + (fleck[c] - body[c]) * lies for c in range(3)]), shade)
    sheet.mix(tones, cover * np.float32(0.86), *window)
    sheet.hide(cover, PART + 2, *window)
