"""Make the pictures of the empty screen, of the style list and of the README anew: `python assets/make.py` in the project's root."""

import sys
import tomllib
from pathlib import Path

from PIL import Image

ASSETS = Path(__file__).resolve().parent
ROOM = ASSETS.parent / "docs" / "screens"
sys.path.insert(0, str(ASSETS.parent))

from assets.sheets import best  # noqa: E402
from imagechat.providers.sketch.paint import Done, paint  # noqa: E402
from imagechat.providers.sketch.scenes import LOOKS  # noqa: E402
from imagechat.providers.sketch.spec import Task  # noqa: E402
from imagechat.providers.sketch.words.reading import read  # noqa: E402
from imagechat.providers.sketch.words.settle import settle  # noqa: E402

SCENE, SEED, THUMBNAIL, WIDE = "mountain lake at sunset with clouds", 8, 96, 480


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


def twelve() -> None:
    """The twelve pictures of the README."""
    for number, (_, picture) in enumerate(best(), start=1):
        wide = WIDE * picture.height // picture.width
        picture.resize((WIDE, wide), Image.Resampling.LANCZOS).save(ROOM / f"sketch-{number}.webp", quality=84, method=6)


if __name__ == "__main__":
    examples()
    styles()
    twelve()
