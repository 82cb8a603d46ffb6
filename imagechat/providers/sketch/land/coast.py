"""Coast."""

from imagechat.providers.sketch.canvas.sheet import Layer
from imagechat.providers.sketch.land.islands import paint_hills

LAYERS: dict[str, list[Layer]] = {
    "cliffs": [("land", paint_hills)],
    "beach": [("land", paint_hills)],
    "cove": [("land", paint_hills)],
    "stacks": [("land", paint_hills)],
}
