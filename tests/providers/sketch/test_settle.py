"""What Sketch settles by a seed where a prompt leaves it open, and the spec that comes of it."""

import json

import pytest

from imagechat.providers.sketch.scenes import SCENES
from imagechat.providers.sketch.spec import Spec, Task, read_spec, read_task
from imagechat.providers.sketch.words.reading import read
from imagechat.providers.sketch.words.settle import settle


@pytest.mark.parametrize("prompt", ["", "???", "<b>*</b>", "qwzx", "\u200c\u200f", "1234567890 " * 300, "no no no", "без"])
def test_any_words_become_something(prompt):
    assert settle(read(prompt).spec, 5).scene in SCENES


def test_settling_leaves_nothing_open_and_keeps_what_was_said():
    for seed in range(40):
        spec = settle(Spec(time="dusk"), seed)
        assert spec.time == "dusk"
        assert spec.scene and spec.weather and spec.layout and spec.mood >= 0
        assert settle(spec, seed) == spec


def test_seeds_settle_on_many_scenes_and_layouts():
    assert len({settle(Spec(), seed).scene for seed in range(80)}) == len(SCENES)
    assert len({settle(Spec(scene="city"), seed).layout for seed in range(30)}) == 4


def test_spec_and_task_travel_as_text():
    spec = settle(read("two red boats on the left at sunset, no moon").spec, 3)
    assert read_spec(spec.text()) == spec
    task = Task(spec, 2**63 - 1, (640, 480), "high", "webp", True)
    assert read_task(task.text()) == task


@pytest.mark.parametrize(
    ("prompt", "nearly"),
    [
        ("mountains at dawn by night", ("night",)),
        ("a clear sky with clouds", ("clouds",)),
        ("a boat above a sea of clouds", ("boat",)),
        ("a city above a sea of clouds", ("sea of clouds",)),
        ("mountains with islands", ("islands",)),
        ("the sun at night", ("sun",)),
        ("city at dusk, mountains, the sea, a lake, snow, pine trees, stars, crescent moon, boats, birds", ()),
    ],
)
def test_only_what_is_painted_is_told_as_understood(prompt, nearly):
    reading = read(prompt)
    assert reading.told(settle(reading.spec, 1)).nearly == nearly


@pytest.mark.parametrize(
    ("prompt", "layout"),
    [("a boat on a mountain lake", "lake"), ("a boat and a city", "river"), ("a lake with a house and a reed", "reeds")],
)
def test_what_is_asked_for_has_its_place(prompt, layout):
    assert {settle(read(prompt).spec, seed).layout for seed in range(12)} == {layout}


def test_snow_lies_where_it_can_be_seen():
    assert {settle(read("snowy mountains").spec, seed).layout for seed in range(20)} == {"lake", "range"}


def test_the_moon_asks_for_a_night_unless_a_time_or_the_sun_is_named():
    assert settle(read("sea, crescent moon").spec, 3).time == "night"
    assert settle(read("sea, sun and moon").spec, 3).time != "night"
    assert settle(read("sea at dusk, crescent moon").spec, 3).time == "dusk"


def test_specs_of_earlier_pictures_are_still_read():
    spec = settle(read("full moon over a city below mountains").spec, 3)
    assert read_spec(spec.text()) == spec
    facts = json.loads(spec.text())
    del facts["also"], facts["phase"]
    assert read_spec(json.dumps(facts)) == spec.again(also=(), phase="")


def test_what_was_taken_away_is_not_chosen():
    for seed in range(40):
        assert settle(Spec(without=("mountains", "city")), seed).scene not in ("mountains", "city")
        assert settle(Spec(scene="sea", without=("islands",)), seed).layout != "islands"


def test_the_seed_says_what_it_adds():
    seen = {tuple(one.kind for one in settle(Spec(scene="sea", time="day"), seed).subjects) for seed in range(40)}
    assert {(), ("boat",), ("birds",), ("boat", "birds")} == seen
    assert all(settle(Spec(scene="sea", without=("boat", "birds")), seed).subjects == () for seed in range(20))
