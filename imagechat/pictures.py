"""Pictures as files: what they really are, whether they are whole, and small ones of them. Synchronous: call it in a worker thread.

The bytes are believed, never the name. What is kept is kept as it came; only thumbnails are new files.
"""

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TypeVar

from PIL import Image, ImageOps, UnidentifiedImageError

from imagechat.domain.values import LONGEST_SIDE, Size
from imagechat.errors import BadInput, BrokenReply, ImageChatError

T = TypeVar("T")

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
MOST_DELIVERED = 80_000_000
"""Pixels of the largest picture that is taken from a model."""
MOST_FRAMES = 100_000_000
"""Pixels of an animation that are decoded to see whether it is whole."""

_ORIENTATION = 0x0112
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG", "PNG"),
    (0, b"\xff\xd8", "JPEG"),
    (8, b"WEBP", "WebP"),
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (4, b"ftypavif", "AVIF"),
    (4, b"ftypavis", "AVIF"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftyphev", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftyp", "MP4"),
    (0, b"%PDF", "PDF"),
    (0, b"8BPS", "PSD"),
    (0, b"\0\0\1\0", "ICO"),
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL ", "JPEG XL"),
    (0, b"PK\3\4", "ZIP"),
    (0, b"<svg", "SVG"),
)
_OURS = ("PNG", "JPEG", "WebP", "GIF")

# Each picture is held against its own limit as well; this turns Pillow's mere warning into a refusal.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Checked:
    """A picture that was decoded once: what it is, and its pixels for a thumbnail later.

    `size` is as it is seen, turned by its EXIF orientation; `image` is its first frame as it lies in the file.
    """

    media_type: str
    size: Size
    animated: bool
    image: Image.Image
    side: int = 320

    def thumbnail(self, side: int | None = None) -> bytes:
        """A small WebP of it, at most `side` pixels wide and high, upright."""
        return thumbnail(self.image, side or self.side)


class _Flaw(Exception):
    """What is wrong with some bytes: "empty", "unknown", "pixels" or "broken"."""

    def __init__(self, kind: str, pixels: int | None = None, most: int | None = None) -> None:
        super().__init__(kind)
        self.kind, self.pixels, self.most = kind, pixels, most


def inspect(data: bytes, *, most_bytes: int = 10 * 2**20, most_pixels: int = 25_000_000, side: int = 320) -> Checked:
    """What an uploaded picture is, after decoding all of it.

    Raises: BadInput with the reason picture_empty, picture_too_big (bytes: given, most), picture_too_many_pixels (given, most),
    picture_not_supported (found, supported) or picture_broken (found).
    """
    if len(data) > most_bytes:
        raise BadInput("picture_too_big", given=len(data), most=most_bytes)
    try:
        return _opened(data, most_pixels, side)
    except _Flaw as flaw:
        raise _refusal(flaw, data, most_pixels) from flaw.__cause__


def checked(data: bytes, side: int = 320) -> Checked:
    """What a model delivered, after decoding all of it; the same object makes the thumbnail, so it is decoded once.

    Raises: BrokenReply with the reason empty, not_a_picture, too_many_pixels or truncated.
    """
    try:
        return _opened(data, MOST_DELIVERED, side)
    except _Flaw as flaw:
        reasons = {"empty": "empty", "unknown": "not_a_picture", "pixels": "too_many_pixels", "broken": "truncated"}
        raise BrokenReply(reasons[flaw.kind]) from flaw.__cause__


def thumbnail(picture: Image.Image | bytes, side: int = 320) -> bytes:
    """A WebP of `picture`, upright, at most `side` pixels wide and high and never larger than it; transparency stays."""
    image = picture if isinstance(picture, Image.Image) else _drafted(picture, side)
    scale = min(1.0, side / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    small = _showable(image).resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    kept = BytesIO()
    ImageOps.exif_transpose(small).save(kept, "WEBP", quality=80, method=0)
    return kept.getvalue()


def _opened(data: bytes, most_pixels: int, side: int) -> Checked:
    if not data:
        raise _Flaw("empty")
    image = _sound(data, lambda: Image.open(BytesIO(data), formats=FORMATS))
    if image.width * image.height > most_pixels:
        raise _Flaw("pixels", image.width * image.height)
    if max(image.size) > LONGEST_SIDE:
        raise _Flaw("pixels", max(image.size), LONGEST_SIDE)
    _sound(data, image.load)
    animated = bool(getattr(image, "is_animated", False)) and image.format != "MPO"
    first: Image.Image = image
    if animated:
        first = image.copy()
        _sound(data, lambda: _play(image))
    orientation = _sound(data, lambda: image.getexif().get(_ORIENTATION, 1))
    width, height = image.size if orientation not in (5, 6, 7, 8) else image.size[::-1]
    return Checked(MEDIA_TYPES[str(image.format)], Size(width=width, height=height), animated, first, side)


def _sound(data: bytes, deed: Callable[[], T]) -> T:
    """Do `deed`, with everything that Pillow's decoders raise told as one flaw."""
    try:
        return deed()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise _Flaw("pixels", _pixels_in(bomb)) from bomb
    except UnidentifiedImageError as unknown:
        raise _Flaw("broken" if found(data) in _OURS else "unknown") from unknown
    except Exception as broken:
        raise _Flaw("broken") from broken


def _pixels_in(bomb: Exception) -> int | None:
    """How many pixels Pillow says a bomb has."""
    number = re.search(r"\d+", str(bomb))
    return int(number[0]) if number else None


def _play(image: Image.Image) -> None:
    """Decode the further frames of an animation, as many as the limit allows."""
    frames = min(getattr(image, "n_frames", 1), MOST_FRAMES // (image.width * image.height))
    for frame in range(1, frames):
        image.seek(frame)
        image.load()


def _refusal(flaw: _Flaw, data: bytes, most_pixels: int) -> ImageChatError:
    if flaw.kind == "empty":
        return BadInput("picture_empty")
    if flaw.kind == "pixels":
        return BadInput("picture_too_many_pixels", given=flaw.pixels, most=flaw.most or most_pixels)
    if flaw.kind == "unknown":
        return BadInput("picture_not_supported", found=found(data), supported=", ".join(_OURS))
    return BadInput("picture_broken", found=found(data))


def found(data: bytes) -> str:
    """The kind of file that `data` begins like, "" where that is not known."""
    head = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    for at, magic, name in _MAGIC:
        if data[at : at + len(magic)] == magic or (at == 0 and head.startswith(magic)):
            return name
    return "SVG" if b"<svg" in data[:1024] else ""


def _drafted(data: bytes, side: int) -> Image.Image:
    """`data` decoded no larger than a thumbnail needs, where its format can."""
    image = Image.open(BytesIO(data), formats=FORMATS)
    image.draft("RGB", (side, side))
    return image


def _showable(image: Image.Image) -> Image.Image:
    """`image` in a mode that resizes well and that WebP holds."""
    if image.mode in ("RGB", "RGBA"):
        return image
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256, "L").convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def still(data: bytes) -> bytes:
    """The first frame of a picture that was checked before, as PNG."""
    kept = BytesIO()
    _showable(Image.open(BytesIO(data), formats=FORMATS)).save(kept, "PNG", compress_level=1)
    return kept.getvalue()
