"""Underwater: a reef, a forest of kelp, the deep."""

from imagechat.providers.sketch.canvas.sheet import Layer
from imagechat.providers.sketch.land.below.deep import paint_deep
from imagechat.providers.sketch.land.below.kelp import paint_kelp
from imagechat.providers.sketch.land.below.reef import paint_reef

LAYERS: dict[str, list[Layer]] = {
    "reef": [("land", paint_reef)],
    "kelp": [("land", paint_kelp)],
    "deep": [("land", paint_deep)],
}
