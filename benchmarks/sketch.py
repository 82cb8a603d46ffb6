"""Sketch's painting, in multiples of Pillow decoding a PNG of 1024² in the same run. `python -m benchmarks.sketch`.

The PNG is a picture such as the app keeps: a painted one of 1.6 to 1.8 MB, at Pillow's own compression.

Painting is measured in a process of its own that paints on one thread, after its first picture, without encoding a file: median over the
scenes. A first partial picture is what `paint` gives before its second step. Memory is the most that a fresh worker ever held, and the
import is that of the provider without painting, in a fresh process, without the interpreter's own start.
"""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from PIL import Image

from benchmarks.timing import table
from imagechat.providers.sketch.paint import Done, Painted, Pixels, paint
from imagechat.providers.sketch.painters import ROOT, surroundings
from imagechat.providers.sketch.scenes import LOOKS, SCENES
from imagechat.providers.sketch.spec import Spec, Task
from imagechat.providers.sketch.words.settle import settle

HEAD = ("what", "ours", "decoding", "ratio", "bar")
ROUNDS = 3
MEMORY = {"standard": 300.0, "high": 600.0}
STEEP = ("mountains", "city", "forest", "meadow", "coast", "village", "winter", "sky")
"""The scenes that the dearest style is looked for in."""


def decoding() -> float:
    """Milliseconds that Pillow takes to decode the PNG: the best of some."""
    file = io.BytesIO()
    Image.fromarray(painted(tasks("photorealistic", ("mountains",))[0])).save(file, "PNG")
    print(f"the PNG: {len(file.getvalue()) / 1e6:.2f} MB")
    return min(timed(lambda: Image.open(io.BytesIO(file.getvalue())).load()) for _ in range(15))


def painted(task: Task) -> Pixels:
    """The pixels of a task."""
    return next(stage.pixels for stage in paint(task) if isinstance(stage, Done))


def timed(deed: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    deed()
    return (time.perf_counter() - began) * 1000


def tasks(style: str, scenes: tuple[str, ...], size: int = 1024, quality: str = "standard") -> list[Task]:
    """One settled picture of each scene."""
    return [Task(settle(Spec(scene=scene, style=style), seed), seed, (size, size), quality) for seed, scene in enumerate(scenes, start=1)]


def painting(task: Task) -> tuple[float, float]:
    """(milliseconds to the whole picture, to the first partial one)."""
    began, first = time.perf_counter(), 0.0
    for stage in paint(task):
        if not first and isinstance(stage, Painted) and stage.partial is not None:
            first = time.perf_counter() - began
    return (time.perf_counter() - began) * 1000, first * 1000


def measured(some: list[Task]) -> tuple[list[float], list[float]]:
    """The best of some rounds for each task: (whole, first partial)."""
    painting(some[0])
    runs = [[painting(task) for _ in range(ROUNDS)] for task in some]
    return [min(whole for whole, _ in one) for one in runs], [min(first for _, first in one) for one in runs]


def child(code: str) -> str:
    """What `code` prints in a fresh process with the worker's surroundings."""
    told = subprocess.run([sys.executable, "-c", code], env=surroundings(), cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout.strip()


def memory(quality: str) -> float:
    """MB that a worker held at most, over all styles of the dearest scenes."""
    code = (
        "from benchmarks.sketch import tasks\nfrom imagechat.providers.sketch.paint import paint\n"
        "from imagechat.providers.sketch.scenes import LOOKS\n"
        f"for style in LOOKS:\n  for task in tasks(style, ('mountains', 'meadow'), quality={quality!r}):\n    list(paint(task))\n"
        "print(next(int(line.split()[1]) / 1024 for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    return float(child(code))


def importing() -> float:
    """Milliseconds to import the provider, the best of five fresh processes, where what the app has anyway is there already."""
    code = (
        "import time, imagechat.domain.models, imagechat.errors, asyncio\nbegan = time.perf_counter()\n"
        "import imagechat.providers.sketch.model\nprint((time.perf_counter() - began) * 1000)"
    )
    return min(float(child(code)) for _ in range(5))


def main() -> str:
    """The table of ratios."""
    floor = decoding()
    scenes = tuple(SCENES)
    photo, firsts = measured(tasks("photorealistic", scenes))
    drafts, _ = measured(tasks("photorealistic", scenes, 512, "draft"))
    styles = {style: median(measured(tasks(style, STEEP))[0]) for style in LOOKS}
    dearest = max(styles, key=lambda style: styles[style])
    high, _ = measured(tasks("photorealistic", ("mountains", "sea", "meadow", "city"), 1024, "high"))
    rows = [
        ("1024² photorealistic, median of the scenes", median(photo), 14),
        (f"1024² {dearest}, the dearest style, median of {len(STEEP)} scenes", styles[dearest], 24),
        ("512² draft, median of the scenes", median(drafts), 6),
        ("1024² high, median of four scenes", median(high), 100),
        ("first partial picture of 1024², median of the scenes", median(firsts), 8),
        ("import of the provider", importing(), 1),
    ]
    print(json.dumps({"styles": {name: round(value / floor, 1) for name, value in styles.items()}}))
    print(json.dumps({"scenes": {name: round(value / floor, 1) for name, value in zip(scenes, photo, strict=True)}}))
    for quality, bar in MEMORY.items():
        print(f"worker at {quality}: {memory(quality):.0f} MB of {bar:.0f}")
    return table([(name, f"{value:.1f} ms", f"{floor:.1f} ms", f"{value / floor:.2f} x", f"{bar} x") for name, value, bar in rows], HEAD)


if __name__ == "__main__":
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    print(main())
