"""Meadow."""

from imagechat.providers.sketch.canvas.sheet import Layer
from imagechat.providers.sketch.land.islands import paint_hills

LAYERS: dict[str, list[Layer]] = {
    "hills": [("land", paint_hills)],
    "flowers": [("land", paint_hills)],
    "field": [("land", paint_hills)],
    "tree": [("land", paint_hills)],
}
