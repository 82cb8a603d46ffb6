"""What Sketch paints: always something, always the same, never the same for another seed."""

import itertools
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from imagechat.providers.sketch.encode import encoded
from imagechat.providers.sketch.painters import ROOT
from imagechat.providers.sketch.spec import Spec
from imagechat.providers.sketch.words.settle import LAYOUTS, LOOKS, NIGHT_SKIES
from tests.providers.sketch.paintings import GOLDEN, golden, hashed, of_spec, picture

TIMES = ("dawn", "day", "sunset", "dusk", "night")


def alive(pixels: np.ndarray) -> bool:
    """Neither flat nor black."""
    return bool(pixels[..., :3].std() > 4 and pixels[..., :3].max() > 60)


@pytest.mark.parametrize("scene", sorted(LAYOUTS))
def test_every_scene_time_and_style_is_a_picture(scene):
    layouts = sorted({**LAYOUTS[scene], **(NIGHT_SKIES if scene == "sky" else {})})
    turns = itertools.cycle(layouts)
    for seed, (time, style) in enumerate(itertools.product(TIMES, ("", *LOOKS))):
        spec = Spec(scene=scene, time=time, style=style, layout=next(turns), weather=("clear", "scattered", "cloudy", "fog")[seed % 4])
        size = ((64, 64), (120, 40))[seed % 2]
        pixels = of_spec(spec, seed, size)
        assert pixels.shape == (size[1], size[0], 3)
        assert alive(pixels), spec


@pytest.mark.parametrize("size", [(64, 192), (192, 64), (101, 67)])
def test_every_layout_fits_any_size(size):
    layouts = [(scene, layout) for scene in LAYOUTS for layout in LAYOUTS[scene]] + [("sky", "galaxy")]
    for scene, layout in layouts:
        assert alive(of_spec(Spec(scene=scene, layout=layout, time="sunset"), 3, size))


@pytest.mark.parametrize("prompt", ["mountains at sunset", "sea at day", "city at night", "sky at dusk", "hello"])
def test_five_seeds_give_five_pictures(prompt):
    pictures = [picture(prompt, seed, (64, 64)).astype(int) for seed in range(5)]
    for one, other in itertools.combinations(pictures, 2):
        assert np.abs(one - other).mean() > 4


def test_golden_pictures():
    assert golden() == json.loads(GOLDEN.read_text("utf-8"))


def test_another_process_without_vector_features_paints_the_same():
    code = "import json; from tests.providers.sketch.paintings import golden; print(json.dumps(golden()))"
    off = {**os.environ, "NPY_DISABLE_CPU_FEATURES": "X86_V3", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    told = subprocess.run([sys.executable, "-c", code], env=off, capture_output=True, text=True, check=True, cwd=ROOT)
    assert json.loads(told.stdout) == json.loads(GOLDEN.read_text("utf-8"))


def test_the_horizon_stays_when_night_falls():
    day, night = (of_spec(Spec(scene="mountains", layout="lake", time=time, weather="clear"), 4, (128, 128)) for time in ("day", "night"))
    assert day.mean() > night.mean() + 40


def test_a_draft_and_a_high_one_show_the_same_picture():
    small = [picture("mountain lake at day", 3, (128, 128), quality=quality).astype(int) for quality in ("draft", "standard", "high")]
    assert all(one.shape == (128, 128, 3) for one in small)
    assert np.abs(small[1] - small[2]).mean() < 14
    assert np.abs(small[1] - small[0]).mean() < 18


def test_the_sky_can_be_left_out():
    for prompt in ("mountain lake at day", "city at sunset", "sea at dawn", "sky at day with clouds"):
        pixels = picture(prompt, 5, (96, 96), transparent=True)
        assert pixels.shape == (96, 96, 4)
        assert pixels[..., 3].min() == 0 or "clouds" in prompt
        assert pixels[..., 3].min() < 128
        assert pixels[-3, 48, 3] == 255


@pytest.mark.parametrize(("form", "magic"), [("png", b"\x89PNG"), ("jpeg", b"\xff\xd8"), ("webp", b"RIFF")])
def test_files_are_what_they_say(form, magic):
    media_type, data = encoded(picture("sea", 1, (64, 64)), form)
    assert (media_type, data[:4][: len(magic)]) == (f"image/{form}", magic)


def test_what_is_asked_for_is_seen():
    with_boat, without = (picture(f"sea at day {words}", 6, (192, 192)) for words in ("with a boat, no birds", "no boat, no birds"))
    changed = np.abs(with_boat.astype(int) - without.astype(int)).max(axis=2) > 12
    assert 20 < changed.sum() < 0.1 * changed.size
    red, blue = (picture(f"a {colour} boat on the sea at day", 6, (192, 192)) for colour in ("red", "blue"))
    assert hashed(red) != hashed(blue)


def changed(prompt: str, other: str, seed: int = 6) -> int:
    """How many of 192² points differ plainly between two prompts."""
    one, two = (picture(words, seed, (192, 192)).astype(int) for words in (prompt, other))
    return int((np.abs(one - two).max(axis=2) > 24).sum())


@pytest.mark.parametrize("time", ["night", "dusk", "day"])
def test_the_moon_has_the_phase_that_was_asked_for(time):
    full, half, crescent = (f"a clear sky at {time}, {phase} moon, no birds" for phase in ("full", "half", "crescent"))
    for seed in range(4):
        assert changed(full, crescent, seed) > 1.2 * changed(full, half, seed) > 30
        assert changed(half, crescent, seed) > 10


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("mountains under the milky way at night, no moon", "mountains at night, no moon"),
        ("a city at day, mountains", "a city at day"),
        ("the sea at day, mountains", "the sea at day"),
        ("mountain lake at day, a city", "mountain lake at day"),
        ("the sea at sunset, pine trees", "the sea at sunset"),
        ("a city at dusk, snow", "a city at dusk"),
        ("the sea at sunset, crescent moon", "the sea at sunset"),
        ("a city at sunset, stars", "a city at sunset"),
        ("the milky way, birds", "the milky way"),
    ],
)
def test_what_stands_beside_the_scene_is_painted(words, plain):
    assert sum(changed(words, plain, seed) for seed in (1, 2, 3)) > 12


@pytest.mark.parametrize("size", [(64, 192), (192, 64), (101, 67)])
def test_every_scene_takes_in_the_others(size):
    for scene, also in itertools.permutations(("mountains", "city", "sea"), 2):
        for prompt in (f"{scene} and {also} at dusk, trees, snow, half moon", f"{scene}, {also}, milky way"):
            assert alive(picture(prompt, 3, size))


def test_a_moon_that_was_asked_for_is_not_lost_behind_clouds():
    for seed in range(4):
        full = picture("full moon, cloudy night over the sea, no birds", seed, (128, 128)).astype(int)
        none = picture("no moon, cloudy night over the sea, no birds", seed, (128, 128)).astype(int)
        assert (full - none)[:64].max() > 90
