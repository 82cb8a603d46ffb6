"""Abstract pictures: marbled ink, discs and rings, fields of colour, waves cut from paper."""

from imagechat.providers.sketch.canvas.sheet import Layer
from imagechat.providers.sketch.land.abstract.circles import paint_circles
from imagechat.providers.sketch.land.abstract.fields import paint_fields
from imagechat.providers.sketch.land.abstract.flow import paint_flow
from imagechat.providers.sketch.land.abstract.waves import paint_waves

LAYERS: dict[str, list[Layer]] = {
    "flow": [("land", paint_flow)],
    "circles": [("land", paint_circles)],
    "fields": [("land", paint_fields)],
    "waves": [("land", paint_waves)],
}
