"""From a task to a picture: the layers of its scene in turn, then the style and the finish."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imagechat.providers.sketch.built import city, village
from imagechat.providers.sketch.canvas.composition import composed
from imagechat.providers.sketch.canvas.noise import Field, enlarged
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.finish import finished, partial
from imagechat.providers.sketch.land import coast, desert, forest, lake, meadow, river, shapes, underwater, winter
from imagechat.providers.sketch.land.beach import paint_beach
from imagechat.providers.sketch.land.foothills import paint_foothills
from imagechat.providers.sketch.land.islands import paint_far_coast, paint_headland, paint_islands
from imagechat.providers.sketch.land.layers import paint_layers
from imagechat.providers.sketch.land.terrain import paint_mountains
from imagechat.providers.sketch.land.trees import frame_with_trees, lake_side
from imagechat.providers.sketch.land.water import paint_water
from imagechat.providers.sketch.scenes import SCENES
from imagechat.providers.sketch.sky.above import paint_cloud_floor
from imagechat.providers.sketch.sky.clouds import paint_clouds
from imagechat.providers.sketch.sky.heavens import paint_sky
from imagechat.providers.sketch.sky.low import paint_low_land
from imagechat.providers.sketch.sky.weather import paint_weather
from imagechat.providers.sketch.spec import Spec, Task
from imagechat.providers.sketch.things.standing import paint_far_things, paint_things

Pixels = NDArray[np.uint8]


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
    """What is painted in which order, each with the name of the step: other scenes that were asked for stand behind the scene's own."""
    steps = list(GROUNDS[spec.scene][spec.layout])
    if not SCENES[spec.scene].roofed:
        for name in (one for one in BEHIND if one in spec.also):
            ground = 1 if name == "village" else 0  # Mountains and cities stand behind the land, a village upon it.
            at = place_of("water", steps) if name != "mountains" and "water" in dict(steps) else ground
            steps[at:at] = BEHIND[name]
        steps = [("sky", paint_sky), ("clouds", paint_clouds), *steps]
    if spec.subject("tree") and ("trees", frame_with_trees) not in steps and "land" not in SCENES[spec.scene].layouts[spec.layout].footing:
        steps.append(("trees", frame_with_trees))
    return [*steps, ("things", paint_things), ("weather", paint_weather)]


def place_of(name: str, steps: list[Layer]) -> int:
    """Where the step `name` is among `steps`."""
    return [doing for doing, _ in steps].index(name)


GROUNDS: dict[str, dict[str, list[Layer]]] = {
    "mountains": {
        "lake": [("land", paint_mountains), ("far", paint_far_things), ("water", paint_water), ("trees", lake_side)],
        "range": [("land", paint_mountains), ("hills", paint_foothills), ("trees", frame_with_trees)],
        "layers": [("land", paint_layers)],
    },
    "lake": lake.LAYERS,
    "sea": {
        "open": [("land", paint_far_coast), ("water", paint_water)],
        "islands": [("land", paint_islands), ("far", paint_far_things), ("water", paint_water)],
        "headland": [("land", paint_headland), ("far", paint_far_things), ("water", paint_water)],
    },
    "coast": {**coast.LAYERS, "beach": [("land", paint_beach)]},
    "forest": forest.LAYERS,
    "meadow": meadow.LAYERS,
    "desert": desert.LAYERS,
    "city": city.LAYERS,
    "village": village.LAYERS,
    "river": river.LAYERS,
    "winter": winter.LAYERS,
    "sky": {
        "cumulus": [("land", paint_low_land)],
        "floor": [("land", paint_cloud_floor)],
        "hills": [("land", paint_low_land)],
        "galaxy": [("land", paint_low_land)],
        "aurora": [("land", paint_low_land)],
    },
    "underwater": underwater.LAYERS,
    "abstract": shapes.LAYERS,
}
"""What stands under the sky, by scene and layout."""

BEHIND: dict[str, list[Layer]] = {
    "village": [("village", village.paint_behind)],
    "city": [("city", city.paint_city), ("quay", city.quay)],
    "mountains": [("land", paint_mountains)],
}
"""Another scene at the horizon of this one, the nearest first."""


def paint(task: Task) -> Iterator[Painted | Done]:
    """Paint a settled Spec, stopping before each step to tell."""
    sheet = Sheet(task.spec, task.seed, task.canvas, composed(task.spec, task.seed))
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
