"""Desert."""

from imagechat.providers.sketch.canvas.sheet import Layer
from imagechat.providers.sketch.land.islands import paint_hills

LAYERS: dict[str, list[Layer]] = {
    "dunes": [("land", paint_hills)],
    "mesas": [("land", paint_hills)],
    "oasis": [("land", paint_hills)],
}
