"""Forest."""

from imagechat.providers.sketch.canvas.sheet import Layer
from imagechat.providers.sketch.land.islands import paint_hills

LAYERS: dict[str, list[Layer]] = {
    "rows": [("land", paint_hills)],
    "clearing": [("land", paint_hills)],
    "path": [("land", paint_hills)],
    "stream": [("land", paint_hills)],
}
