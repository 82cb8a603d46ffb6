"""Villages."""

from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.land.islands import paint_hills


def paint_behind(sheet: Sheet) -> None:
    """A village at the horizon of another scene."""


LAYERS: dict[str, list[Layer]] = {
    "valley": [("land", paint_hills)],
    "hill": [("land", paint_hills)],
    "shore": [("land", paint_hills)],
}
