"""What Sketch reads in a prompt."""

import pytest

from imagechat.providers.sketch.canvas.light import COLOURS
from imagechat.providers.sketch.scenes import FOOTING, LOOKS, SCENES, SEASONS, TIMES, WEATHERS, WOODS
from imagechat.providers.sketch.spec import Spec, Subject
from imagechat.providers.sketch.styles.grades import GRADES
from imagechat.providers.sketch.words.lexicon import lexicon
from imagechat.providers.sketch.words.reading import read

TWINS = [
    ("mountains", "کوهستان"),
    ("snowy mountains above a lake at sunrise", "کوه‌های برفی بالای دریاچه هنگام طلوع"),
    ("mountain lake at night with a full moon", "دریاچه کوهستانی در شب با ماه کامل"),
    ("foggy mountains at dawn", "کوه‌های مه‌آلود در سپیده‌دم"),
    ("sea at sunset", "دریا هنگام غروب"),
    ("sea at sunset with a boat and birds", "دریا در غروب با قایق و پرندگان"),
    ("two boats on the sea", "دو قایق روی دریا"),
    ("a red boat at sunset", "قایق قرمز در غروب"),
    ("islands at noon", "جزایر هنگام ظهر"),
    ("clear sky without clouds", "آسمان صاف بدون ابر"),
    ("purple sky over the sea", "آسمان بنفش بالای دریا"),
    ("cloudy sky", "آسمان ابری"),
    ("city at night", "شهر در شب"),
    ("city skyline at dusk, no moon", "شهر در شامگاه بدون ماه"),
    ("milky way", "راه شیری"),
    ("watercolor of the sea", "آبرنگ دریا"),
    ("above the clouds at sunrise", "بالای ابرها هنگام طلوع آفتاب"),
    ("autumn forest", "جنگل پاییزی"),
    ("a path through the forest in the fog", "راه جنگلی در مه"),
    ("pine forest at dawn", "جنگل کاج در سپیده‌دم"),
    ("a snowy forest by moonlight", "جنگل برفی زیر نور ماه"),
    ("desert dunes at sunset with palms", "تپه‌های شنی کویر در غروب با نخل‌ها"),
    ("an oasis in the desert", "واحه در کویر"),
    ("a village in spring", "روستا در بهار"),
    ("a fishing village at dusk", "روستای ماهیگیری در شامگاه"),
    ("a house in a green meadow", "خانه‌ای در چمنزار سبز"),
    ("three houses on a hill", "سه خانه روی تپه"),
    ("a lighthouse on a cliff in a storm", "فانوس دریایی روی صخره در طوفان"),
    ("a beach with a palm tree", "ساحل با درخت نخل"),
    ("a river valley in autumn", "دره رودخانه در پاییز"),
    ("a stone bridge over a river", "پل سنگی روی رودخانه"),
    ("a waterfall", "آبشار"),
    ("a frozen lake in winter", "دریاچه یخ‌زده در زمستان"),
    ("northern lights over mountains", "شفق قطبی بالای کوه"),
    ("underwater coral reef", "صخره مرجانی زیر آب"),
    ("a field of wheat at golden hour", "گندمزار در ساعت طلایی"),
    ("a flower meadow on a summer day", "دشت پر از گل در روز تابستان"),
    ("red hot air balloons over the hills", "بالن‌های قرمز بالای تپه‌ها"),
    ("a rainy city street at night", "خیابان شهر در شب بارانی"),
    ("a windmill in a field, cartoon", "آسیاب بادی در مزرعه، کارتونی"),
    ("a campfire by the lake at night", "آتش کنار دریاچه در شب"),
    ("black and white mountains in snowfall", "کوهستان سیاه و سفید در بارش برف"),
    ("two boats on the left, windy sea", "دو قایق در سمت چپ، دریای پرباد"),
]


@pytest.mark.parametrize(("english", "persian"), TWINS)
def test_persian_reads_as_its_english_twin(english, persian):
    assert read(persian).spec == read(english).spec
    assert read(english).spec != Spec()


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("a sunset over the ocean", {"scene": "sea", "time": "sunset"}),
        ("the sky over the city at night", {"scene": "city", "time": "night"}),
        ("a starry night sky", {"time": "night", "scene": "sky"}),
        ("a boat under the night sky", {"scene": "sea", "time": "night"}),
        ("sea of clouds with mountains", {"scene": "sky", "layout": "floor"}),
        ("lake in the mountains", {"scene": "mountains", "layout": "lake"}),
        ("an oil painting of a skyline", {"scene": "city", "style": "oil_painting"}),
        ("ابر نباشد", {"weather": "clear"}),
        ("sea, without any clouds", {"weather": "clear"}),
        ("no fog, mountains", {"weather": "clear"}),
    ],
)
def test_slots(prompt, wanted):
    spec = read(prompt).spec
    assert {name: getattr(spec, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("prompt", "colours"),
    [
        ("purple sky over the sea", (("sky", "purple"),)),
        ("a green field below a pink sky", (("field", "green"), ("sky", "pink"))),
        ("a red boat on a teal sea", (("boat", "red"), ("water", "teal"))),
        ("mountains in purple tones", (("whole", "purple"),)),
        ("a green field", (("field", "green"),)),
        ("a green dress", ()),
        ("دریای سبز", (("water", "green"),)),
    ],
)
def test_a_colour_binds_to_its_noun(prompt, colours):
    assert read(prompt).spec.colours == colours


def test_what_is_denied_stays_out():
    spec = read("night sea without a moon and no boats").spec
    assert set(spec.without) == {"moon", "boat"}
    assert spec.subjects == ()
    assert read("night sea with a boat", negative="boat").spec.subjects == ()


def test_numbers_and_places():
    assert read("two red boats on the left").spec.subject("boat") == Subject("boat", 2, "left")
    assert read("3 boats").spec.subject("boat") == Subject("boat", 3)


def test_a_month_is_no_moon():
    assert read("ماه آینده در دریا").spec.subject("moon") is None
    assert read("ماه بالای دریا").spec.subject("moon") is not None


def test_unknown_words_are_told_not_refused():
    told = read("a wolf near a waterfall at sunset, red dress").told()
    assert (told.known, told.nearly, told.beyond, told.unknown) == (("sunset",), ("waterfall",), ("wolf",), ("red", "dress"))


@pytest.mark.parametrize(
    ("prompt", "phase"),
    [
        ("a full moon over the sea", "full"),
        ("half moon above a city", "half"),
        ("a thin crescent moon", "crescent"),
        ("the moon over the sea", ""),
        ("ماه کامل بالای دریا", "full"),
        ("بدر بالای دریا", "full"),
        ("نیم‌ماه بالای شهر", "half"),
        ("هلال ماه در شب", "crescent"),
    ],
)
def test_a_phase_of_the_moon_is_read(prompt, phase):
    spec = read(prompt).spec
    assert (spec.phase, spec.subject("moon")) == (phase, Subject("moon"))


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("a mountain lake at dawn, calm rosy sky, pine trees", {"scene": "mountains", "layout": "lake", "colours": (("sky", "pink"),)}),
        ("calm sky at dawn above a mountain lake", {"scene": "mountains", "layout": "lake"}),
        ("mountains at night under the milky way", {"scene": "mountains", "time": "night", "subjects": (Subject("galaxy"),)}),
        ("the milky way", {"scene": "sky", "subjects": (Subject("galaxy"),)}),
        ("a blue sky with white clouds at noon", {"scene": "sky", "time": "day", "weather": "scattered"}),
        ("a blue sky at dusk", {"scene": "sky", "time": "dusk"}),
        ("clouds", {"scene": "sky"}),
        ("stars", {"scene": "sky"}),
        ("above a floor of clouds at sunrise", {"scene": "sky", "layout": "floor", "time": "dawn"}),
        ("بر فراز دریایی از ابر هنگام طلوع", {"scene": "sky", "layout": "floor", "time": "dawn"}),
        ("mountain peaks above a sea of clouds", {"scene": "sky", "layout": "floor"}),
        ("a city by the sea", {"scene": "city", "layout": "river", "also": ()}),
        ("a city by a lake", {"scene": "city", "layout": "river", "also": ()}),
        ("mountains by the sea", {"scene": "mountains", "layout": "lake", "also": ()}),
        ("the sea before high mountains", {"scene": "sea", "layout": "open", "also": ("mountains",)}),
        ("islands in the sea, a city behind", {"scene": "sea", "layout": "islands", "also": ("city",)}),
        ("a city below snowy mountains", {"scene": "city", "also": ("mountains",)}),
        ("تهران در شب با کوه‌های برفی", {"scene": "city", "also": ("mountains",), "time": "night"}),
        ("mountains, a lake and a town", {"scene": "mountains", "layout": "lake", "also": ("city",)}),
        ("a house by the water in the mountains", {"scene": "mountains", "layout": "lake"}),
        ("a quiet harbour at dusk", {"scene": "city", "layout": "river"}),
        ("a forest under a starry sky", {"scene": "forest", "time": "night"}),
        ("first light on the horizon over a mountain lake", {"scene": "mountains", "also": ()}),
        ("a wide open horizon under a starry sky", {"scene": "sky"}),
    ],
)
def test_the_ground_that_is_named_first_is_the_scene_and_what_goes_with_it_stands_beside(prompt, wanted):
    spec = read(prompt).spec
    assert {name: getattr(spec, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    "prompt", ["calm quiet still front pine rosy", "in front of the pine trees", "a calm, rosy sky", "آسمان گلگون آرام، روبه‌رو"]
)
def test_small_words_need_no_report(prompt):
    assert read(prompt).told().unknown == ()


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("autumn", {"season": "autumn", "scene": ""}),
        ("a sailing boat", {"rig": "sail", "subjects": (Subject("boat"),)}),
        ("قایق ماهیگیری در دریا", {"rig": "fisher", "subjects": (Subject("boat"),)}),
        ("seven boats", {"subjects": (Subject("boat", 7),)}),
        ("دوتا قایق", {"subjects": (Subject("boat", 2),)}),
        ("I don't want any trees, only grass and sky", {"scene": "meadow", "without": ("tree",)}),
        ("a lake but no boats, birds, or trees", {"without": ("boat", "birds", "tree")}),
        ("a tree without leaves in winter", {"season": "winter", "subjects": (Subject("tree"),)}),
        ("a boat with no sail", {"subjects": (Subject("boat"),), "without": ()}),
        ("کوه نه، دریا", {"scene": "sea", "without": ("mountains",)}),
        ("0 boats on the sea", {"without": ("boat",)}),
        ("change season to autumn", {"season": "autumn"}),
        ("a red sky without red", {"colours": (("sky", "red"),)}),
        ("red and white lighthouse", {"colours": (("lighthouse", "red"),)}),
        ("a boat, blue", {"colours": (("boat", "blue"),)}),
        ("the boat should be blue instead of red", {"colours": (("boat", "blue"),)}),
        ("pine forest with a river and mountains behind", {"scene": "forest", "layout": "stream", "also": ("mountains",)}),
        ("keep the boat but remove the clouds", {"subjects": (), "weather": "clear"}),
        ("a winter evening", {"scene": "winter", "season": "winter", "time": "sunset"}),
        ("a house in winter", {"scene": "village", "subjects": (Subject("house"),)}),
        ("the night falls over the sea", {"time": "night", "season": ""}),
        ("golden hour by the sea", {"time": "golden", "colours": ()}),
        ("a moonlit night at sea", {"time": "moonlight", "subjects": (Subject("moon"),)}),
        ("night, moonlight", {"time": "moonlight"}),
        ("storm over the sea", {"weather": "storm", "scene": "sea"}),
        ("it is snowing in the city", {"weather": "snow", "scene": "city"}),
        ("cherry blossoms by the lake", {"season": "spring", "wood": "deciduous", "colours": (("tree", "pink"),), "scene": "lake"}),
        ("a lake in the forest", {"scene": "lake", "layout": "woods"}),
        ("mountains and a river", {"scene": "river", "also": ("mountains",)}),
        ("a meadow below snowy mountains", {"scene": "meadow", "also": ("mountains",)}),
        ("a village below the mountains", {"scene": "village", "also": ("mountains",)}),
        ("a village by the sea", {"scene": "village", "layout": "shore"}),
        ("a fox in a forest", {"scene": "forest"}),
        ("a camel", {"scene": "desert"}),
        ("a whale under the sea", {"scene": "underwater"}),
        ("abstract", {"scene": "abstract"}),
        ("an abstract painting of the sea", {"scene": "sea", "style": "abstract"}),
        ("a starry sky, abstract", {"scene": "sky", "style": "abstract"}),
        ("abstract circles in watercolor", {"scene": "abstract", "layout": "circles", "style": "watercolor"}),
        ("a 3d render of a village", {"scene": "village", "style": "3d"}),
        ("a lake, darker and warmer", {"grade": ("dark", "warm")}),
        ("no boats or birds on the sea", {"without": ("boat", "birds")}),
        ("a sea without islands", {"scene": "sea", "without": ("islands",)}),
    ],
)
def test_seasons_weather_places_and_things(prompt, wanted):
    spec = read(prompt).spec
    assert {name: getattr(spec, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("prompt", "colours"),
    [
        ("make the boat blue", (("boat", "blue"),)),
        ("the sky is pink", (("sky", "pink"),)),
        ("قایق را آبی کن", (("boat", "blue"),)),
        ("آسمان را صورتی کن", (("sky", "pink"),)),
        ("make it blue", (("whole", "blue"),)),
        ("a red house and white flowers", (("house", "red"), ("flowers", "white"))),
    ],
)
def test_a_colour_finds_the_noun_before_it_too(prompt, colours):
    assert read(prompt).spec.colours == colours


def test_every_form_leads_to_something_that_can_be_painted():
    for entries in lexicon().entries.values():
        for entry in entries:
            match entry.slot:
                case "scene":
                    assert entry.value in SCENES
                case "layout":
                    assert entry.value in SCENES[entry.scene].layouts
                case "time" | "weather" | "season" | "wood":
                    assert entry.value in {"time": TIMES, "weather": WEATHERS, "season": SEASONS, "wood": WOODS}[entry.slot]
                case "style":
                    assert entry.value in LOOKS
                case "colour":
                    assert entry.value in COLOURS
                case "grade":
                    assert entry.value in GRADES
                case "subject":
                    assert entry.value in FOOTING or entry.value in ("sun", "moon", "stars", "galaxy", "aurora", "snow")
