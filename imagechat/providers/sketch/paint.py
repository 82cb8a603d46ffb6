"""From a task to a picture: the layers of its scene in turn, then the style and the finish."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imagechat.providers.sketch.above import paint_cloud_floor
from imagechat.providers.sketch.city import paint_city, park, quay
from imagechat.providers.sketch.clouds import paint_clouds
from imagechat.providers.sketch.coast import paint_headland, paint_hills, paint_islands
from imagechat.providers.sketch.composition import composed
from imagechat.providers.sketch.finish import finished, partial
from imagechat.providers.sketch.noise import Field, enlarged
from imagechat.providers.sketch.ridges import paint_foothills, paint_layers
from imagechat.providers.sketch.sheet import Sheet
from imagechat.providers.sketch.sky import paint_sky
from imagechat.providers.sketch.spec import Spec, Task
from imagechat.providers.sketch.subjects import paint_subjects
from imagechat.providers.sketch.terrain import paint_mountains
from imagechat.providers.sketch.trees import frame_with_trees
from imagechat.providers.sketch.water import paint_water

Pixels = NDArray[np.uint8]
MOST = 10_000_000
"""The most points that are painted at once: about 1 GB in the dearest style."""

Layer = tuple[str, Callable[[Sheet], None]]


@dataclass(frozen=True, slots=True)
class Painted:
    """A step is about to be taken: `partial` is the picture so far, small."""

    step: int
    of: int
    doing: str
    partial: Pixels | None


@dataclass(frozen=True, slots=True)
class Done:
    """The picture: (height, width, 3) bytes, or 4 where the sky is left out."""

    pixels: Pixels


def layers(spec: Spec) -> list[Layer]:
    """What is painted in which order, each with the name of the step: what else was asked for stands behind the water, trees before all."""
    steps = list(GROUNDS[spec.scene, spec.layout])
    if "city" in spec.also:
        at = place_of("water", steps)
        steps[at:at] = [("city", paint_city), ("quay", quay)]
    if "mountains" in spec.also:
        steps.insert(0, ("land", paint_mountains))
    if spec.subject("trees") and "trees" not in dict(steps):
        steps.insert(place_of("subjects", steps), ("trees", frame_with_trees))
    return [("sky", paint_sky), ("clouds", paint_clouds), *steps]


def place_of(name: str, steps: list[Layer]) -> int:
    """Where the step `name` is among `steps`; behind them all where there is none."""
    return next((at for at, (doing, _) in enumerate(steps) if doing == name), len(steps))


GROUNDS: dict[tuple[str, str], list[Layer]] = {
    ("mountains", "lake"): [("land", paint_mountains), ("water", paint_water), ("trees", frame_with_trees), ("subjects", paint_subjects)],
    ("mountains", "range"): [
        ("land", paint_mountains),
        ("hills", paint_foothills),
        ("trees", frame_with_trees),
        ("subjects", paint_subjects),
    ],
    ("mountains", "layers"): [("land", paint_layers), ("subjects", paint_subjects)],
    ("sea", "open"): [("water", paint_water), ("subjects", paint_subjects)],
    ("sea", "islands"): [("land", paint_islands), ("water", paint_water), ("subjects", paint_subjects)],
    ("sea", "headland"): [("land", paint_headland), ("water", paint_water), ("subjects", paint_subjects)],
    ("sky", "cumulus"): [("land", paint_hills), ("subjects", paint_subjects)],
    ("sky", "floor"): [("land", paint_cloud_floor), ("subjects", paint_subjects)],
    ("sky", "hills"): [("land", paint_hills), ("subjects", paint_subjects)],
    ("sky", "galaxy"): [("land", paint_hills), ("subjects", paint_subjects)],
    ("city", "river"): [("city", paint_city), ("quay", quay), ("water", paint_water), ("subjects", paint_subjects)],
    ("city", "district"): [("city", paint_city), ("subjects", paint_subjects)],
    ("city", "hill"): [("city", paint_city), ("trees", park), ("subjects", paint_subjects)],
}
"""What stands under the sky, by scene and layout."""


def paint(task: Task) -> Iterator[Painted | Done]:
    """Paint a settled Spec, stopping before each step to tell."""
    sheet = Sheet(task.spec, task.seed, canvas(task), composed(task.spec, task.seed))
    steps = layers(task.spec)
    of = len(steps) + 1
    for step, (doing, layer) in enumerate(steps):
        yield Painted(step, of, doing, partial(sheet) if step else None)
        layer(sheet)
    yield Painted(of - 1, of, "finish", partial(sheet))
    picture = finished(sheet)
    if task.transparent:
        alpha = np.clip(sheet.marks.cover * np.float32(255) + np.float32(0.5), 0, 255).astype(np.uint8)
        picture = np.dstack([picture, alpha])
    yield Done(resized(picture, task.size))


def canvas(task: Task) -> tuple[int, int]:
    """The size that is painted on: a draft at half, high quality at twice the size asked for, unless memory forbids that."""
    width, height = task.size
    match task.quality:
        case "draft":
            return max(32, width // 2), max(32, height // 2)
        case "high" if width * height * 4 <= MOST:
            return width * 2, height * 2
    return width, height


def resized(picture: Pixels, size: tuple[int, int]) -> Pixels:
    """`picture` in the size asked for: the mean of four where it was painted twice as large, straight lines where smaller."""
    width, height = size
    if picture.shape[:2] == (height, width):
        return picture
    if picture.shape[:2] == (height * 2, width * 2):
        parts = picture.reshape(height, 2, width, 2, -1).astype(np.uint16)
        return ((parts[:, 0, :, 0] + parts[:, 0, :, 1] + parts[:, 1, :, 0] + parts[:, 1, :, 1] + 2) >> 2).astype(np.uint8)
    planes: list[Field] = [enlarged(picture[..., i].astype(np.float32), (height, width)) for i in range(picture.shape[2])]
    return np.dstack([(plane + np.float32(0.5)).astype(np.uint8) for plane in planes])
