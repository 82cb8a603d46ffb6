"""What Sketch paints: always something, always the same, never the same for another seed."""

import copy
import itertools
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from imagechat.providers.sketch.encode import encoded
from imagechat.providers.sketch.finish import finished
from imagechat.providers.sketch.painters import ROOT
from imagechat.providers.sketch.scenes import FOOTING, LOOKS, SCENES, SEASONS, TIMES, WEATHERS, WOODS, carries
from imagechat.providers.sketch.spec import Spec, Subject
from imagechat.providers.sketch.words.settle import settle
from tests.providers.sketch.paintings import GOLDEN, golden, hashed, of_spec, picture, sheet_of


def alive(pixels: np.ndarray) -> bool:
    """Neither flat nor black."""
    return bool(pixels[..., :3].std() > 4 and pixels[..., :3].max() > 60)


SIZES = ((64, 64), (192, 64), (64, 192), (160, 120), (101, 67))
LAYOUTS = [(scene, layout) for scene, facts in SCENES.items() for layout in facts.layouts]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_time_and_style_is_a_picture(scene, size):
    """Layers are painted once for the drawn styles and once for the others; each style then finishes a copy of them.

    Each time comes in two of the sizes, other ones for the next scene.
    """
    turns, weathers = itertools.cycle(SCENES[scene].layouts), itertools.cycle(WEATHERS)
    shift = list(SCENES).index(scene) + SIZES.index(size)
    for seed, time in enumerate(TIMES):
        layout, weather = next(turns), next(weathers)
        if (seed + shift) % len(SIZES) not in {0, 2}:
            continue
        for crisp, styles in itertools.groupby(sorted(("", *LOOKS), key=drawn), key=drawn):
            some = list(styles)
            spec = settle(Spec(scene=scene, time=time, layout=layout, weather=weather, style=some[0]), seed)
            sheet = sheet_of(spec, seed, size)
            for style in some:
                copied = copy.deepcopy(sheet)
                copied.spec = spec.again(style=style)
                pixels = finished(copied)
                assert pixels.shape == (size[1], size[0], 3)
                assert alive(pixels), (spec, style, crisp)


def drawn(style: str) -> bool:
    """Whether the layers are painted otherwise for `style`."""
    return style in ("anime", "cartoon", "line_art", "pixel_art")


@pytest.mark.parametrize(("scene", "layout"), LAYOUTS)
def test_every_layout_in_every_weather_and_season(scene, layout):
    """Of all pairs of the two a layout has every other one, and the next layout the rest."""
    shift = LAYOUTS.index((scene, layout))
    for seed, (weather, season) in enumerate(itertools.product(WEATHERS, SEASONS)):
        if (WEATHERS.index(weather) + SEASONS.index(season) + shift) % 2:
            continue
        time = TIMES[seed % len(TIMES)]
        spec = Spec(scene=scene, layout=layout, time=time, weather=weather, season=season, wood=WOODS[seed // 5 % 2])
        assert alive(of_spec(spec, seed, (96, 72))), spec


@pytest.mark.parametrize(("scene", "layout"), [one for one in LAYOUTS if not SCENES[one[0]].roofed])
def test_the_silhouette_stays_when_night_falls(scene, layout):
    for seed in (3, 8):
        day = settle(Spec(scene=scene, layout=layout, time="day", weather="scattered"), seed)
        one, other = (sheet_of(day.again(time=time), seed, (160, 120)).marks.part > 0 for time in ("day", "night"))
        assert (one & other).sum() / max(1, (one | other).sum()) >= 0.98


def seen(one: Spec, other: Spec, size: tuple[int, int]) -> int:
    """How many points differ plainly between two Specs; a fence on a far alp is seen in a larger picture only."""
    pixels = [of_spec(each, 5, size).astype(int) for each in (one, other)]
    return int((np.abs(pixels[0] - pixels[1]).max(axis=2) > 10).sum())


@pytest.mark.parametrize("kind", sorted(FOOTING))
def test_each_thing_is_painted_wherever_it_has_a_place(kind):
    for scene, layout in LAYOUTS:
        if not carries(scene, layout, kind):
            continue
        spec = settle(Spec(scene=scene, layout=layout, time="golden", weather="clear", without=(kind,)), 5)
        there = spec.again(without=(), subjects=(*spec.subjects, Subject(kind)))
        assert any(seen(spec, there, size) > 3 for size in ((192, 144), (512, 384))), (scene, layout)


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
