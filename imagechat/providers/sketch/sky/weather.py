"""Weather before everything else: rain, falling snow, lightning, veils of fog."""

from imagechat.providers.sketch.canvas.sheet import Sheet


def paint_weather(sheet: Sheet) -> None:
    """What falls or drifts between the eye and the picture."""
