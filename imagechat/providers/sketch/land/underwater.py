"""Underwater."""

from imagechat.providers.sketch.canvas.sheet import Layer
from imagechat.providers.sketch.land.islands import paint_hills

LAYERS: dict[str, list[Layer]] = {
    "reef": [("land", paint_hills)],
    "kelp": [("land", paint_hills)],
    "deep": [("land", paint_hills)],
}
