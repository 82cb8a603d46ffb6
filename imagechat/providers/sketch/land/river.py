"""River."""

from imagechat.providers.sketch.canvas.sheet import Layer
from imagechat.providers.sketch.land.islands import paint_hills

LAYERS: dict[str, list[Layer]] = {
    "valley": [("land", paint_hills)],
    "gorge": [("land", paint_hills)],
    "plain": [("land", paint_hills)],
}
