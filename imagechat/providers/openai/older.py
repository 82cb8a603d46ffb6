"""An image model in the older dialect, which servers of one's own speak: no partial pictures, `response_format`, a style by name."""

from typing import Any

from imagechat.domain.requests import ImageOrder
from imagechat.providers.openai.images import Images, seeded
from imagechat.providers.openai.reading import Json


class OlderImages(Images):
    """The same, but for what is said on the wire."""

    def wire(self, order: ImageOrder) -> Json:
        """The request on the wire. Source: the images API as it was for DALL·E 2 and 3, in the openai package 3.52."""
        wish = order.request
        wire: dict[str, Any] = {"prompt": order.words, "response_format": "b64_json", "n": 1}
        if wish.size:
            wire["size"] = str(wish.size)
        if wish.quality:
            wire["quality"] = wish.quality
        if wish.style in self.card.styles:
            wire["style"] = wish.style
        return wire | seeded(order)
