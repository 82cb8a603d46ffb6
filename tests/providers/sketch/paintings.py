"""Paintings made in this process, by a prompt or a whole Spec; run it to write the golden hashes anew after `VERSION` has risen."""

import hashlib
import json
from pathlib import Path

import numpy as np

from imagechat.providers.sketch.canvas.composition import composed
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.paint import Done, layers, paint
from imagechat.providers.sketch.spec import Spec, Task
from imagechat.providers.sketch.words.reading import read
from imagechat.providers.sketch.words.settle import settle

GOLDEN = Path(__file__).with_name("golden.json")
PICTURES: tuple[tuple[str, int, tuple[int, int], str], ...] = (
    ("mountain lake at dawn", 1, (192, 128), ""),
    ("snowy mountains at day with clouds", 2, (128, 128), "photorealistic"),
    ("misty mountains at sunset", 3, (160, 96), "watercolor"),
    ("alpine valley with a hut in autumn", 4, (160, 128), "natural"),
    ("two boats on the sea at sunset with birds", 4, (192, 128), ""),
    ("islands at day", 5, (128, 160), "oil_painting"),
    ("stormy sea", 6, (160, 96), "photorealistic"),
    ("city at night with a full moon", 6, (160, 160), ""),
    ("city at dusk", 7, (128, 128), "anime"),
    ("city street in the rain at night", 8, (128, 128), ""),
    ("above the clouds at dawn", 8, (128, 96), ""),
    ("milky way", 9, (128, 128), "vivid"),
    ("northern lights over mountains", 10, (160, 96), ""),
    ("city by day", 10, (96, 128), "line_art"),
    ("sea at night", 11, (128, 128), "pixel_art"),
    ("sunset", 12, (128, 128), "abstract"),
    ("mountains", 13, (128, 128), "sketch"),
    ("a lake in the forest in the fog", 14, (160, 96), ""),
    ("reeds at golden hour", 15, (128, 128), "3d"),
    ("a lighthouse on a cliff at dusk", 16, (128, 160), ""),
    ("a beach by day with palms", 17, (160, 96), "cartoon"),
    ("autumn forest path", 18, (128, 128), ""),
    ("pine forest in snowfall", 19, (128, 128), "photorealistic"),
    ("flower meadow with balloons", 20, (160, 96), "anime"),
    ("wheat field with a mill at golden hour", 21, (128, 128), ""),
    ("desert dunes by moonlight", 22, (160, 96), ""),
    ("a village on a hill, black and white", 23, (128, 128), ""),
    ("a stone bridge over a river in spring", 24, (160, 96), ""),
    ("frozen lake at dusk", 25, (128, 128), "watercolor"),
    ("coral reef", 26, (128, 128), ""),
    ("abstract circles", 27, (128, 128), ""),
)
"""Prompt, seed, size in pixels, style."""


def painted(task: Task) -> np.ndarray:
    """The pixels of a task."""
    return next(stage.pixels for stage in paint(task) if isinstance(stage, Done))


def picture(prompt: str, seed: int = 1, size: tuple[int, int] = (128, 128), style: str = "", **facts: object) -> np.ndarray:
    """The pixels of a prompt."""
    spec = settle(read(prompt).spec.again(style=style), seed)
    return painted(Task(spec, seed, size, **facts))  # type: ignore[arg-type]


def sheet_of(spec: Spec, seed: int, size: tuple[int, int]) -> Sheet:
    """The sheet of a Spec that may still be open, before its finish."""
    settled = settle(spec, seed)
    sheet = Sheet(settled, seed, size, composed(settled, seed))
    for _, layer in layers(settled):
        layer(sheet)
    return sheet


def of_spec(spec: Spec, seed: int, size: tuple[int, int]) -> np.ndarray:
    """The pixels of a Spec that may still be open."""
    return painted(Task(settle(spec, seed), seed, size))


def hashed(pixels: np.ndarray) -> str:
    """A hash of decoded pixels and their shape."""
    return hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest()[:24]


def golden() -> dict[str, str]:
    """The hash of every picture in the table."""
    return {f"{one[0]} | {one[1]} | {one[2][0]}x{one[2][1]} | {one[3]}": hashed(picture(*one)) for one in PICTURES}


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(golden(), indent=1) + "\n", "utf-8")
