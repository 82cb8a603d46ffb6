"""Solid shapes of flat faces: a thing's own metres become pixels, and each face gets the light that falls on its side."""

import math
from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet, Spot

Point = tuple[float, float]
Place = tuple[float, float, float]
"""(right, up, away) in metres from the middle of a thing's foot."""
KEY = {"dawn": 0.80, "day": 0.98, "golden": 1.05, "sunset": 0.84, "dusk": 0.26, "night": 0.16, "moonlight": 0.30}
"""How much of the direct light reaches things at each time."""
MOST = 0.86
"""No wall is brighter than this, so that it never glows by day."""


@dataclass(frozen=True, slots=True)
class View:
    """How metres become pixels at `x`, `y`: `metre` pixels each, the eye `eye` metres above the foot, sizes falling by `near` a metre."""

    x: float
    y: float
    metre: float
    eye: float
    near: float
    cos: float
    sin: float

    def at(self, place: Place) -> Point:
        """Where a place is seen."""
        right, up, away = place
        across, deep = right * self.cos - away * self.sin, right * self.sin + away * self.cos
        size = self.metre / max(0.3, 1 + deep * self.near)
        return self.x + across * size, self.y - self.eye * (self.metre - size) - up * size

    def turned(self, normal: Place) -> Place:
        """A direction of the thing as the eye has it."""
        right, up, away = normal
        return right * self.cos - away * self.sin, up, right * self.sin + away * self.cos


@dataclass(frozen=True, slots=True)
class Face:
    """A flat face on the sheet: its `window`, `u` and `v` in metres from its lower left corner, and where it covers."""

    window: tuple[slice, slice]
    u: Field
    v: Field
    cover: Field


def view_of(sheet: Sheet, spot: Spot, turn: float) -> View:
    """The view of a thing on `spot`, `turn` degrees about its own middle."""
    eye = min(11.0, max(2.4, (spot.y - sheet.horizon) / spot.metre))
    near = min(0.022, spot.metre / (1.1 * sheet.unit))
    angle = math.radians(turn)
    return View(spot.x, spot.y, spot.metre, eye, near, math.cos(angle), math.sin(angle))


def window_of(sheet: Sheet, points: list[Point]) -> tuple[slice, slice] | None:
    """The window of the sheet around `points`, None where it is empty."""
    left, right = max(0, int(min(x for x, _ in points)) - 1), min(sheet.width, int(max(x for x, _ in points)) + 2)
    first, last = max(0, int(min(y for _, y in points)) - 1), min(sheet.height, int(max(y for _, y in points)) + 2)
    return None if left >= right or first >= last else (slice(first, last), slice(left, right))


def grid(window: tuple[slice, slice]) -> tuple[Field, Field]:
    """(columns, rows) of the middles of a window's points."""
    rows = np.arange(window[0].start, window[0].stop, dtype=np.float32)[:, None] + np.float32(0.5)
    return np.arange(window[1].start, window[1].stop, dtype=np.float32)[None, :] + np.float32(0.5), rows


def within(outline: list[Point], x: Field, y: Field, soft: float = 1.0) -> Field:
    """How far inside a convex outline each point is, 0 to 1 over `soft` pixels at its rim."""
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(outline, outline[1:] + outline[:1], strict=True))
    inside: Field = np.full(np.broadcast_shapes(x.shape, y.shape), np.float32(1))
    for (ax, ay), (bx, by) in zip(outline, outline[1:] + outline[:1], strict=True):
        length = math.hypot(bx - ax, by - ay) * soft
        if length < 1e-3:
            continue
        turn = (1 if area > 0 else -1) / length
        distance = np.float32((bx - ax) * turn) * (y - np.float32(ay)) - np.float32((by - ay) * turn) * (x - np.float32(ax))
        np.minimum(inside, distance + np.float32(0.5), out=inside)
    return np.clip(inside, 0, 1, out=inside)


def faces_eye(corners: list[Point]) -> bool:
    """Whether a face (lower left, lower right, upper right, upper left as seen from outside) turns to the eye."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    return (cx - ax) * (dy - by) - (cy - ay) * (dx - bx) < -0.2


def face(sheet: Sheet, corners: list[Point], size: Point, outline: list[Point] | None = None) -> Face | None:
    """The face with these four corners, `size` metres; `outline`: where it is cut otherwise. None where it turns away or lies outside."""
    if not faces_eye(corners):
        return None
    edge = outline or corners
    window = window_of(sheet, edge)
    if window is None:
        return None
    x, y = grid(window)
    (a, b, c), (d, e, f), (g, h, i) = unprojected(corners)
    under = np.float32(1) / (x * np.float32(g) + y * np.float32(h) + np.float32(i))
    u = (x * np.float32(a) + y * np.float32(b) + np.float32(c)) * under * np.float32(size[0])
    v = (x * np.float32(d) + y * np.float32(e) + np.float32(f)) * under * np.float32(size[1])
    return Face(window, u, v, within(edge, x, y))


def unprojected(corners: list[Point]) -> tuple[Place, Place, Place]:
    """The matrix from pixels to shares of a face. Source: Heckbert, Fundamentals of Texture Mapping, 1989."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    dx1, dx2, sx = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
    dy1, dy2, sy = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
    under = dx1 * dy2 - dx2 * dy1
    g, h = (sx * dy2 - dx2 * sy) / under, (dx1 * sy - sx * dy1) / under
    a, b, c = x1 - x0 + g * x1, x3 - x0 + h * x3, x0
    d, e, f = y1 - y0 + g * y1, y3 - y0 + h * y3, y0
    return (e - f * h, c * h - b, b * f - c * e), (f * g - d, a - c * g, c * d - a * f), (d * h - e * g, b * g - a * h, a * e - b * d)


def lit(sheet: Sheet, x: float, normal: Place) -> Field:
    """The light on a side that looks toward `normal` (right, up, away): the sun's own and the sky's."""
    toward = 1.0 if sheet.sun[0] > x else -1.0
    sun = (0.70 * toward, 0.56, -0.44) if sheet.spec.time == "day" else (0.88 * toward, 0.34, -0.10)
    direct = max(0.0, sum(a * b for a, b in zip(normal, sun, strict=True)))
    ambient = 0.57 + 0.16 * max(0.0, normal[1]) + 0.05 * normal[0] * toward
    if sheet.night:
        ambient *= 1.5
    return sheet.light.fill * np.float32(ambient) + sheet.light.key * np.float32(direct * KEY[sheet.spec.time])


def lay(sheet: Sheet, one: Face, tone: list[Field], air: float, part: float) -> None:
    """Paint a face in its lit colours, through the air that lies before it."""
    haze = blend(sheet.light.haze, sheet.light.lower, 0.35)
    seen = np.stack([np.minimum(tone[c], MOST) * np.float32(1 - air) + haze[c] * np.float32(air) for c in range(3)])
    sheet.mix(seen, one.cover, *one.window)
    sheet.hide(one.cover, part, *one.window)


def glow(sheet: Sheet, one: Face, share: Field, lamp: Field, air: float) -> None:
    """Light of lamps on a face by `share`."""
    share = share * one.cover * np.float32(1 - air * 0.5)
    sheet.mix(lamp, share, *one.window)
    shine = sheet.marks.shine[one.window]
    np.maximum(shine, share * np.float32(0.75), out=shine)


def shadow(sheet: Sheet, view: View, half: Point, tall: float, air: float) -> None:
    """The shadow on the ground of a box `half` as wide and deep, `tall` metres high."""
    toward = 1.0 if sheet.sun[0] > view.x else -1.0
    reach = tall * (0.55 if sheet.spec.time == "day" else 1.25)
    wide, deep = half
    foot = [view.at((right, 0, away)) for right, away in ((-wide, -deep), (wide, -deep), (wide, deep), (-wide, deep))]
    level = View(view.x, view.y, view.metre, view.eye, view.near, 1.0, 0.0)
    zero, moved = level.at((0, 0, 0)), level.at((-toward * reach, 0, -0.16 * reach))
    thrown = [(x + moved[0] - zero[0], y + moved[1] - zero[1]) for x, y in foot]
    outline = hull(foot + thrown)
    window = window_of(sheet, outline)
    if window is None:
        return
    x, y = grid(window)
    strength = KEY[sheet.spec.time] * (0.30 if sheet.spec.weather in ("cloudy", "fog", "rain", "storm", "snow") else 0.56)
    share = within(outline, x, y, max(1.0, view.metre * 0.35)) * np.float32(min(0.55, strength) * (1 - air))
    sheet.mix(sheet.light.fill * np.float32(0.20), share, *window)


def hull(points: list[Point]) -> list[Point]:
    """The outline around `points`. Source: Andrew's monotone chain, 1979."""

    def chain(order: list[Point]) -> list[Point]:
        found: list[Point] = []
        for x, y in order:
            while len(found) > 1 and (found[-1][0] - found[-2][0]) * (y - found[-2][1]) <= (found[-1][1] - found[-2][1]) * (
                x - found[-2][0]
            ):
                found.pop()
            found.append((x, y))
        return found[:-1]

    return chain(sorted(points)) + chain(sorted(points, reverse=True))
