"""Lake."""

from imagechat.providers.sketch.canvas.sheet import Layer
from imagechat.providers.sketch.land.islands import paint_hills

LAYERS: dict[str, list[Layer]] = {
    "woods": [("land", paint_hills)],
    "reeds": [("land", paint_hills)],
    "fells": [("land", paint_hills)],
}
