"""Pixels to files. The format never changes the pixels before encoding."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

Pixels = NDArray[np.uint8]
PLUGINS = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
"""Imported by name, so that Pillow does not load all its other formats into the worker."""

PREVIEW = 512
"""The longest side of a preview, in pixels."""


def encoded(pixels: Pixels, form: str) -> tuple[str, bytes]:
    """(media type, file) of `pixels`, (height, width, 3 or 4) bytes. `form`: png, jpeg or webp."""
    how: dict[str, int] = {"png": {"compress_level": 1}, "jpeg": {"quality": 92}, "webp": {"quality": 90, "method": 2}}[form]
    file = BytesIO()
    Image.fromarray(pixels).save(file, form.upper(), **how)
    return f"image/{form}", file.getvalue()


def reduced(pixels: Pixels) -> tuple[str, bytes]:
    """(media type, file) of a small copy for looking at while the picture grows."""
    height, width = pixels.shape[:2]
    step = max(1, -(-max(height, width) // PREVIEW))
    small = Image.fromarray(pixels).reduce(step) if step > 1 else Image.fromarray(pixels)
    file = BytesIO()
    if small.mode == "RGBA":
        small.save(file, "WEBP", quality=80, method=0)
        return "image/webp", file.getvalue()
    small.save(file, "JPEG", quality=82)
    return "image/jpeg", file.getvalue()
