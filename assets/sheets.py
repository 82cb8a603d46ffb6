"""Contact sheets of what Sketch paints, to be looked at: `make sheets`, or `python assets/sheets.py times styles` for some of them."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from imagechat.providers.sketch.edits import changed  # noqa: E402
from imagechat.providers.sketch.paint import Done, paint  # noqa: E402
from imagechat.providers.sketch.scenes import LOOKS  # noqa: E402
from imagechat.providers.sketch.spec import Spec, Task  # noqa: E402
from imagechat.providers.sketch.words.reading import read  # noqa: E402
from imagechat.providers.sketch.words.settle import settle  # noqa: E402

FOLDER = ROOT / ".cache" / "sheets"
SIDE, CAPTION = 512, 22
Tile = tuple[str, Image.Image]

SCENES = ("mountain lake", "sea", "forest", "meadow", "desert", "city", "village", "river valley")
TIMES = ("dawn", "day", "golden hour", "sunset", "night")
SEEDED = ("mountains at sunset", "forest in autumn", "the coast by day", "a meadow at golden hour")
CHAIN = ("make it night", "more fog", "add a boat", "make the boat red", "remove the fog", "in watercolor", "make it autumn at sunset")
BEST = (
    ("a mountain lake at dawn, pine trees", 31, "768x512"),
    ("autumn forest path in golden light", 31, "768x512"),
    ("lavender field at golden hour", 34, "768x512"),
    ("a lighthouse on a cliff at dusk", 34, "768x512"),
    ("desert dunes at sunset", 5, "768x512"),
    ("the milky way", 3, "768x512"),
    ("northern lights over mountains", 6, "768x512"),
    ("a fishing village at sunset", 34, "768x512"),
    ("city at night by the river", 1, "768x512"),
    ("a snowy forest at sunrise", 9, "768x512"),
    ("a mountain lake at sunset, watercolor", 8, "768x512"),
    ("rolling hills on a summer day", 3, "768x512"),
)
"""The twelve pictures of the README: prompt, seed, size."""


def painted(spec: Spec, seed: int, size: tuple[int, int] = (SIDE, SIDE), quality: str = "standard") -> Image.Image:
    """The picture of `spec`."""
    task = Task(settle(spec, seed), seed, size, quality)
    return Image.fromarray(next(one.pixels for one in paint(task) if isinstance(one, Done)))


def of_words(prompt: str, seed: int, size: tuple[int, int] = (SIDE, SIDE), style: str = "") -> Tile:
    """The picture of a prompt, with its caption."""
    spec = read(prompt).spec
    return f"{prompt}{', ' * bool(style)}{style} · {seed}", painted(spec.again(style=style or spec.style), seed, size)


def times() -> Iterable[Tile]:
    """Eight scenes at five times of day."""
    return (of_words(f"{scene} at {time}", 11 + row) for row, scene in enumerate(SCENES) for time in TIMES)


def styles() -> Iterable[Tile]:
    """One scene in the twelve styles."""
    return (of_words("mountain lake at sunset with a boat and clouds", 7, style=style) for style in LOOKS)


def seeds() -> Iterable[Tile]:
    """Four scenes, five seeds each."""
    return (of_words(scene, seed) for scene in SEEDED for seed in range(1, 6))


def chain() -> Iterable[Tile]:
    """One picture, changed again and again by words."""
    seed = 42
    spec = settle(read("mountain lake with trees by day").spec, seed)
    yield "mountain lake with trees by day", painted(spec, seed)
    for words in CHAIN:
        spec = changed(spec, read(words))
        yield words, painted(spec, seed)


def best() -> Iterable[Tile]:
    """The twelve of the README."""
    for prompt, seed, size in BEST:
        width, height = map(int, size.split("x"))
        yield of_words(prompt, seed, (width, height))


def laid_out(tiles: Iterable[Tile], columns: int) -> Image.Image:
    """The tiles in rows, each above its caption."""
    some = list(tiles)
    width, height = some[0][1].size
    rows = -(-len(some) // columns)
    sheet = Image.new("RGB", (columns * width, rows * (height + CAPTION)), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(14)
    for place, (caption, picture) in enumerate(some):
        x, y = place % columns * width, place // columns * (height + CAPTION)
        sheet.paste(picture, (x, y))
        draw.text((x + 4, y + height + 3), caption[:70], fill="black", font=font)
    return sheet


SHEETS: dict[str, tuple[Callable[[], Iterable[Tile]], int]] = {
    "times": (times, 5),
    "styles": (styles, 4),
    "seeds": (seeds, 5),
    "chain": (chain, 4),
    "best": (best, 3),
}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or SHEETS:
        make, across = SHEETS[name]
        laid_out(make(), across).save(FOLDER / f"{name}.jpg", quality=88)
        print(FOLDER.relative_to(ROOT) / f"{name}.jpg")
