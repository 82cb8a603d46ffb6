"""Words that people know from other models, as what a card has: hd, 7 of 10, 16:9, portrait, jpg."""

import math
import re
from collections.abc import Sequence

from imagechat.domain.values import Size, SizeRule

QUALITIES = {
    "draft": 1, "fast": 2, "low": 2, "preview": 2, "standard": 5, "medium": 5, "normal": 5, "good": 6, "high": 8, "hd": 8, "best": 10,
    "xhigh": 9, "ultra": 10, "max": 10,
}  # fmt: skip
"""Each word on a scale from 1 to 10."""
SHAPES = {"square": (1, 1), "landscape": (3, 2), "wide": (16, 9), "widescreen": (16, 9), "portrait": (2, 3), "tall": (9, 16)}
FORMATS = {"jpg": "jpeg"}
USUAL = 1024 * 1024
"""Pixels of a picture whose shape alone was said."""


def quality(given: str, qualities: Sequence[str]) -> str:
    """That of `qualities` which `given` means: itself, or the nearest on the scale; `given` where nobody knows what it means."""
    wanted = given.strip().lower()
    offered = {name: QUALITIES[name] for name in qualities if name in QUALITIES}
    rank = int(wanted) if re.fullmatch(r"[1-9]|10", wanted) else QUALITIES.get(wanted)
    if wanted in qualities:
        return wanted
    return min(offered, key=lambda name: (abs(offered[name] - rank), offered[name])) if offered and rank is not None else given


def shape_of(text: str) -> float | None:
    """Width over height of "16:9", "3/2" or "portrait"; None for anything else."""
    found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*[:/]\s*(\d{1,3}(?:\.\d+)?)", text.strip())
    width, height = (float(found[1]), float(found[2])) if found else SHAPES.get(text.strip().lower(), (0, 0))
    return width / height if width and height else None


def fitting(shape: float, presets: Sequence[Size], rule: SizeRule | None) -> Size:
    """The preset of that shape; without one the size that the rule makes of it, at about a million pixels; else the nearest preset."""
    near = min(presets, key=lambda each: (round(abs(math.log(each.ratio / shape)), 3), abs(each.pixels - USUAL)))
    if rule is None or (abs(near.ratio / shape - 1) < 0.01 and near.pixels <= 2 * USUAL):
        return near
    pixels, shape = min(USUAL, rule.pixels), min(max(shape, 1 / rule.ratio), rule.ratio)
    sides = (math.sqrt(pixels * shape), math.sqrt(pixels / shape))
    width, height = (max(rule.low, min(rule.high, round(side / rule.step) * rule.step)) for side in sides)
    free = Size(width=width, height=height)
    return free if rule.allows(free) else near


def format(given: str) -> str:
    """The usual name of a file format."""
    wanted = given.strip().lower()
    return FORMATS.get(wanted, wanted)
