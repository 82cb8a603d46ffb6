"""Pictures are believed by their bytes, decoded once, and refused with words."""

import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from imagechat.errors import BadInput, BrokenReply
from imagechat.pictures import checked, inspect, thumbnail

SIZE = (64, 48)


def made(form: str = "PNG", mode: str = "RGB", size: tuple[int, int] = SIZE, **more: Any) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert(mode)
    kept = BytesIO()
    image.save(kept, form, **more)
    return kept.getvalue()


def animated(form: str) -> bytes:
    frames = [Image.new("RGB", SIZE, colour) for colour in ("red", "green", "blue")]
    kept = BytesIO()
    frames[0].save(kept, form, save_all=True, append_images=frames[1:], duration=50)
    return kept.getvalue()


def turned(form: str, orientation: int = 6) -> bytes:
    """A picture that is red at its left end and must be turned to be seen."""
    image = Image.new("RGB", (80, 40), "blue")
    image.paste("red", (0, 0, 20, 40))
    exif = Image.Exif()
    exif[0x0112] = orientation
    kept = BytesIO()
    image.save(kept, form, exif=exif)
    return kept.getvalue()


def claimed(width: int, height: int) -> bytes:
    """A tiny PNG that says it is enormous."""
    head = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    body = b"IDAT" + zlib.compress(b"\0" * 100)
    chunks = [len(chunk[4:]).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") for chunk in (head, body, b"IEND")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def refused(data: bytes, **limits: int) -> BadInput:
    with pytest.raises(BadInput) as caught:
        inspect(data, **limits)
    return caught.value


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_each_kind_is_known_by_its_bytes(form: str) -> None:
    seen = inspect(made(form))
    assert (seen.media_type, str(seen.size), seen.animated) == (f"image/{form.lower()}", "64x48", False)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_accepted_and_its_first_frame_is_what_counts(form: str) -> None:
    seen = inspect(animated(form))
    assert seen.animated
    red = seen.image.convert("RGB").getpixel((5, 5))
    assert red[0] > 240 and red[1] < 15
    small = Image.open(BytesIO(seen.thumbnail())).convert("RGB").getpixel((5, 5))
    assert small[0] > 230 and small[1] < 30


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_half_a_picture_is_broken(form: str) -> None:
    whole = made(form, size=(300, 300))
    for part in (whole[: len(whole) // 2], whole[:40], whole[:16]):
        assert refused(part).reason == "picture_broken"
        with pytest.raises(BrokenReply) as caught:
            checked(part)
        assert caught.value.reason == "truncated"


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_a_broken_later_frame_is_noticed(form: str) -> None:
    whole = animated(form)
    assert refused(whole[:-20]).reason == "picture_broken"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "HEIC"),
        (b"\0\0\0\x18ftypavif" + b"\0" * 50, "AVIF"),
        (b"just some words", ""),
        (b"\0", ""),
    ],
)
def test_other_files_are_named(data: bytes, found: str) -> None:
    error = refused(data)
    assert (error.reason, error.facts["found"], error.facts["supported"]) == ("picture_not_supported", found, "PNG, JPEG, WebP, GIF")
    with pytest.raises(BrokenReply) as caught:
        checked(data)
    assert caught.value.reason == "not_a_picture"


@pytest.mark.parametrize("form", ["BMP", "TIFF"])
def test_pictures_of_other_kinds_are_not_taken(form: str) -> None:
    error = refused(made(form))
    assert (error.reason, error.facts["found"]) == ("picture_not_supported", form)


def test_nothing_is_said_to_be_nothing() -> None:
    assert refused(b"").reason == "picture_empty"
    with pytest.raises(BrokenReply) as caught:
        checked(b"")
    assert caught.value.reason == "empty"


def test_limits_name_what_was_given_and_what_would_be_right() -> None:
    error = refused(b"x" * 100, most_bytes=99)
    assert (error.reason, error.facts) == ("picture_too_big", {"given": 100, "most": 99})
    error = refused(made(), most_pixels=64 * 48 - 1)
    assert (error.reason, error.facts["given"], error.facts["most"]) == ("picture_too_many_pixels", 3072, 3071)
    assert inspect(made(), most_pixels=64 * 48).size.pixels == 3072


@pytest.mark.parametrize("side", [6_000, 12_000, 16_000, 60_000])
def test_a_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    error = refused(claimed(side, side))
    assert (error.reason, error.facts["given"]) == ("picture_too_many_pixels", side * side)
    with pytest.raises(BrokenReply):
        checked(claimed(side * 2, side))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_turned_picture_is_shown_upright(form: str) -> None:
    data = turned(form)
    seen = inspect(data)
    assert str(seen.size) == "40x80"
    for small in (seen.thumbnail(), thumbnail(data)):
        image = Image.open(BytesIO(small)).convert("RGB")
        assert image.size == (40, 80) and image.getpixel((20, 5))[0] > 200


@pytest.mark.parametrize(
    ("form", "mode"),
    [("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "L"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("JPEG", "L")],
)
def test_every_mode_has_a_thumbnail(form: str, mode: str) -> None:
    small = Image.open(BytesIO(inspect(made(form, mode, (640, 480))).thumbnail()))
    assert (small.format, small.size) == ("WEBP", (320, 240))
    assert (small.mode == "RGBA") == (mode in ("RGBA", "LA")) or small.mode == "RGB"


def test_sixteen_bits_keep_their_brightness() -> None:
    kept = BytesIO()
    Image.new("I;16", (64, 64), 32_768).save(kept, "PNG")
    grey = Image.open(BytesIO(thumbnail(kept.getvalue()))).convert("L").getpixel((9, 9))
    assert 110 < grey < 146


def test_transparency_stays() -> None:
    kept = BytesIO()
    Image.new("RGBA", (640, 640), (255, 0, 0, 0)).save(kept, "PNG")
    assert Image.open(BytesIO(checked(kept.getvalue()).thumbnail())).convert("RGBA").getpixel((9, 9))[3] == 0


def test_a_thumbnail_can_be_made_again_and_a_thin_picture_has_one() -> None:
    seen = checked(made(size=(1000, 2)), side=100)
    assert seen.thumbnail() == seen.thumbnail()
    assert Image.open(BytesIO(seen.thumbnail())).size == (100, 1)
    assert Image.open(BytesIO(seen.thumbnail(50))).size == (50, 1)
    assert Image.open(BytesIO(thumbnail(made()))).size == SIZE


def test_a_side_that_is_too_long_is_told_as_too_many_pixels() -> None:
    strip = BytesIO()
    Image.new("L", (16385, 1)).save(strip, "PNG")
    with pytest.raises(BadInput) as refusal:
        inspect(strip.getvalue())
    assert (refusal.value.reason, refusal.value.facts) == ("picture_too_many_pixels", {"given": 16385, "most": 16384})
    with pytest.raises(BrokenReply, match="too_many_pixels"):
        checked(strip.getvalue())


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]), st.integers(0, 400), st.binary(max_size=30))
def test_damaged_files_are_refused_or_read_but_never_raise_anything_else(form: str, at: int, junk: bytes) -> None:
    whole = made(form)
    data = whole[:at] + junk + whole[at + len(junk) :]
    try:
        inspect(data).thumbnail()
    except BadInput as error:
        assert error.reason.startswith("picture_")
