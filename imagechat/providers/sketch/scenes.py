"""The scenes as facts: their layouts, where the horizon lies, what can stand in them, and how often the seed chooses each."""

from dataclasses import dataclass

TIMES = ("dawn", "day", "golden", "sunset", "dusk", "night", "moonlight")
WEATHERS = ("clear", "scattered", "cloudy", "fog", "rain", "storm", "snow", "wind")
SEASONS = ("spring", "summer", "autumn", "winter")
WOODS = ("conifer", "deciduous")
MOODS = 3
"""Each time of day has this many moods: its light in other colours."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to compose a scene. `horizon`: (low, high) share of the height; `footing`: where things can stand in it, of "far" (behind
    the water), "land", "water", "road" and "sky"; `times`: the times of day it is kept for, all where there are none.
    """

    weight: float
    horizon: tuple[float, float]
    footing: frozenset[str]
    times: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scene:
    """`weight`: how often an empty wish becomes it; `times`: how often each time of day is chosen where none was said; `season` and
    `weather`: the scene's own, empty where any will do; `takes`: the other scenes that can stand in it; `instead`: what is left when it
    is taken away by words.
    """

    weight: float
    times: dict[str, float]
    layouts: dict[str, Layout]
    season: str = ""
    weather: str = ""
    takes: tuple[str, ...] = ("mountains",)
    instead: str = "sky"
    roofed: bool = False


def _way(weight: float, low: float, high: float, footing: str = "", times: str = "") -> Layout:
    return Layout(weight, (low, high), frozenset((*footing.split(), "sky")), frozenset(times.split()))


ANY = {"dawn": 1.5, "day": 3.0, "golden": 1.5, "sunset": 2.0, "dusk": 1.0}
LATE = {"dawn": 1.5, "day": 2.5, "golden": 1.0, "sunset": 3.5, "dusk": 1.0}
DARK = "night moonlight dusk"

SCENES: dict[str, Scene] = {
    "mountains": Scene(
        3.0,
        ANY,
        {
            "lake": _way(3.0, 0.56, 0.66, "far water"),
            "range": _way(2.0, 0.62, 0.72, "land"),
            "layers": _way(2.0, 0.60, 0.72),
        },
        takes=("city", "village"),
        instead="meadow",
    ),
    "lake": Scene(
        2.0,
        ANY,
        {
            "woods": _way(3.0, 0.46, 0.56, "far water"),
            "reeds": _way(2.0, 0.48, 0.60, "far water"),
            "fells": _way(2.0, 0.50, 0.60, "far water"),
        },
        takes=("mountains", "city"),
        instead="meadow",
    ),
    "sea": Scene(
        3.0,
        LATE,
        {
            "open": _way(2.5, 0.42, 0.68, "water"),
            "islands": _way(2.5, 0.46, 0.62, "water far"),
            "headland": _way(2.5, 0.48, 0.62, "water far"),
        },
        takes=("mountains", "city"),
        instead="sky",
    ),
    "coast": Scene(
        2.0,
        LATE,
        {
            "cliffs": _way(2.5, 0.42, 0.54, "water land"),
            "beach": _way(2.0, 0.40, 0.52, "water land"),
            "cove": _way(2.0, 0.40, 0.50, "water land"),
            "stacks": _way(2.0, 0.48, 0.60, "water"),
        },
        instead="sea",
    ),
    "forest": Scene(
        2.5,
        {"dawn": 2.5, "day": 3.0, "golden": 2.0, "sunset": 1.0, "dusk": 0.6},
        {
            "rows": _way(2.5, 0.50, 0.62, "land"),
            "clearing": _way(2.0, 0.58, 0.68, "land"),
            "path": _way(2.5, 0.52, 0.62, "land road"),
            "stream": _way(1.5, 0.50, 0.60, "land"),
        },
        instead="meadow",
    ),
    "meadow": Scene(
        2.5,
        {"dawn": 1.5, "day": 3.5, "golden": 2.5, "sunset": 2.0, "dusk": 0.6},
        {
            "hills": _way(3.0, 0.46, 0.60, "land road"),
            "flowers": _way(2.5, 0.40, 0.54, "land"),
            "field": _way(2.0, 0.44, 0.58, "land road"),
            "tree": _way(2.0, 0.56, 0.68, "land road"),
        },
        takes=("mountains", "city", "village"),
        instead="sky",
    ),
    "desert": Scene(
        1.5,
        {"dawn": 1.5, "day": 2.0, "golden": 2.5, "sunset": 2.5, "dusk": 0.8},
        {
            "dunes": _way(3.0, 0.40, 0.54, "land"),
            "mesas": _way(2.0, 0.56, 0.66, "land road"),
            "oasis": _way(1.5, 0.46, 0.56, "land water"),
        },
        instead="meadow",
    ),
    "city": Scene(
        2.0,
        {"day": 2.0, "golden": 1.5, "sunset": 2.5, "dusk": 2.0, "night": 2.5},
        {
            "river": _way(3.0, 0.62, 0.72, "water"),
            "district": _way(2.0, 0.80, 0.88),
            "hill": _way(1.5, 0.66, 0.74),
            "street": _way(1.5, 0.58, 0.66),
        },
        instead="meadow",
    ),
    "village": Scene(
        1.5,
        {"dawn": 1.5, "day": 3.0, "golden": 2.0, "sunset": 2.0, "dusk": 1.5},
        {
            "valley": _way(2.5, 0.46, 0.56, "land"),
            "hill": _way(2.0, 0.60, 0.70, "land"),
            "shore": _way(2.0, 0.52, 0.62, "water"),
        },
        instead="meadow",
    ),
    "river": Scene(
        1.5,
        ANY,
        {
            "valley": _way(2.5, 0.40, 0.52, "land water"),
            "gorge": _way(1.5, 0.50, 0.60, "water"),
            "plain": _way(2.0, 0.42, 0.54, "land water"),
        },
        takes=("mountains", "city", "village"),
        instead="meadow",
    ),
    "winter": Scene(
        1.0,
        {"dawn": 2.0, "day": 2.5, "golden": 1.5, "sunset": 2.0, "dusk": 1.5},
        {
            "woods": _way(2.5, 0.48, 0.60, "land"),
            "field": _way(2.0, 0.50, 0.62, "land road"),
            "frozen": _way(1.5, 0.46, 0.56, "far land"),
        },
        season="winter",
        takes=("mountains", "village"),
        instead="meadow",
    ),
    "sky": Scene(
        1.5,
        {"dawn": 1.5, "day": 3.0, "golden": 1.0, "sunset": 3.0, "dusk": 1.0, "night": 2.0},
        {
            "cumulus": _way(3.0, 0.86, 0.93, "", "dawn day golden sunset dusk"),
            "floor": _way(2.5, 0.50, 0.62),
            "hills": _way(2.0, 0.80, 0.88),
            "galaxy": _way(4.0, 0.82, 0.90, "", DARK),
            "aurora": _way(2.5, 0.78, 0.88, "", DARK),
        },
        instead="meadow",
    ),
    "underwater": Scene(
        0.5,
        {"day": 1.0},
        {"reef": _way(2.0, 0.66, 0.78), "kelp": _way(1.5, 0.72, 0.82), "deep": _way(1.5, 0.78, 0.88)},
        takes=(),
        instead="sea",
        roofed=True,
    ),
    "abstract": Scene(
        0.5,
        {"day": 1.0, "sunset": 1.0, "dusk": 1.0, "night": 0.6},
        {"flow": _way(2.0, 0.5, 0.5), "circles": _way(1.5, 0.5, 0.5), "fields": _way(1.5, 0.5, 0.5), "waves": _way(1.5, 0.5, 0.5)},
        takes=(),
        instead="sky",
        roofed=True,
    ),
}
"""Every scene. `roofed`: no sky is painted behind it."""

LOOKS = (
    "photorealistic",
    "natural",
    "vivid",
    "anime",
    "cartoon",
    "watercolor",
    "oil_painting",
    "sketch",
    "line_art",
    "pixel_art",
    "3d",
    "abstract",
)
"""The styles; an empty one is the default look."""

FOOTING: dict[str, tuple[str, ...]] = {
    "boat": ("water",),
    "bridge": ("water",),
    "house": ("land", "far"),
    "hut": ("land", "far"),
    "tower": ("land", "far"),
    "lighthouse": ("land", "far"),
    "mill": ("land", "far"),
    "tree": ("land", "far"),
    "palm": ("land", "far"),
    "campfire": ("land",),
    "fence": ("road",),
    "flowers": ("land",),
    "road": ("road",),
    "birds": ("sky",),
    "balloon": ("sky",),
}
"""Where each thing can stand, the best place first; what is not here (sun, moon, stars) is the sky's own."""


def carries(scene: str, layout: str, thing: str) -> bool:
    """Whether there is a place for `thing` in that layout. Trees find one everywhere: where no ground is near they frame the picture."""
    wanted = FOOTING.get(thing)
    if thing == "tree":
        return not SCENES[scene].roofed
    return wanted is None or not SCENES[scene].layouts[layout].footing.isdisjoint(wanted)
