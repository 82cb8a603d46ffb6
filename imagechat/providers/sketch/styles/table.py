"""The styles that are more than a look. Each remakes the developed colours of a sheet in place."""

from collections.abc import Callable

from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.styles.drawn import anime, cartoon
from imagechat.providers.sketch.styles.oil import oil_painting
from imagechat.providers.sketch.styles.pencil import line_art, sketch
from imagechat.providers.sketch.styles.pixels import pixel_art
from imagechat.providers.sketch.styles.shards import abstract
from imagechat.providers.sketch.styles.solid import solid
from imagechat.providers.sketch.styles.watercolor import watercolor

STYLES: dict[str, Callable[[Sheet], None]] = {
    "watercolor": watercolor,
    "oil_painting": oil_painting,
    "anime": anime,
    "cartoon": cartoon,
    "sketch": sketch,
    "line_art": line_art,
    "pixel_art": pixel_art,
    "3d": solid,
    "abstract": abstract,
}
