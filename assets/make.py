"""Make the pictures of the empty screen and of the style list anew: `python assets/make.py` in the project's root."""

import sys
import tomllib
from pathlib import Path

from PIL import Image

ASSETS = Path(__file__).resolve().parent
sys.path.insert(0, str(ASSETS.parent))

from imagechat.providers.sketch.paint import Done, paint  # noqa: E402
from imagechat.providers.sketch.words.settle import LOOKS, settle  # noqa: E402
from imagechat.providers.sketch.spec import Task  # noqa: E402
from imagechat.providers.sketch.words.reading import read  # noqa: E402

SCENE, SEED, THUMBNAIL, WIDE = "mountain lake at sunset with a boat and clouds", 7, 96, 480


def painted(prompt: str, seed: int, size: tuple[int, int], style: str) -> Image.Image:
    """The picture that Sketch paints of exactly these words."""
    spec = settle(read(prompt).spec.again(style=style or read(prompt).spec.style), seed)
    return Image.fromarray(next(one.pixels for one in paint(Task(spec, seed, size)) if isinstance(one, Done)))


def examples() -> None:
    """One picture for each entry of examples.toml, `WIDE` pixels wide."""
    for one in tomllib.loads((ASSETS / "examples" / "examples.toml").read_text("utf-8"))["example"]:
        width, height = map(int, one["size"].split("x"))
        picture = painted(one["prompt"], one["seed"], (width, height), one.get("style", ""))
        picture.resize((WIDE, WIDE * height // width), Image.Resampling.LANCZOS).save(
            ASSETS / "examples" / one["file"], quality=86, method=6
        )


def styles() -> None:
    """One scene in each style, and in none."""
    for style in ("", *LOOKS):
        picture = painted(SCENE, SEED, (384, 384), style)
        small = picture.resize((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
        small.save(ASSETS / "styles" / f"{style or 'none'}.webp", quality=86, method=6)


if __name__ == "__main__":
    examples()
    styles()
