"""Shapes."""

from imagechat.providers.sketch.canvas.sheet import Layer
from imagechat.providers.sketch.land.islands import paint_hills

LAYERS: dict[str, list[Layer]] = {
    "flow": [("land", paint_hills)],
    "circles": [("land", paint_hills)],
    "fields": [("land", paint_hills)],
    "waves": [("land", paint_hills)],
}
