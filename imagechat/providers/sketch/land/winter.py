"""Winter."""

from imagechat.providers.sketch.canvas.sheet import Layer
from imagechat.providers.sketch.land.islands import paint_hills

LAYERS: dict[str, list[Layer]] = {
    "woods": [("land", paint_hills)],
    "field": [("land", paint_hills)],
    "frozen": [("land", paint_hills)],
}
