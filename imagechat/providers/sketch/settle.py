"""What the words left open is settled by the seed, so that the Spec says all and even an empty wish becomes a good picture."""

from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.spec import Spec

LOOKS = ("photorealistic", "natural", "vivid", "anime", "watercolor", "oil_painting", "sketch", "line_art", "pixel_art", "abstract")
"""The styles that are painted natively; an empty style is the default look."""

SCENES = {"mountains": 3.0, "sea": 3.0, "city": 2.0, "sky": 2.0}
TIMES = {
    "mountains": {"dawn": 2.0, "day": 3.0, "sunset": 2.5, "dusk": 1.0},
    "sea": {"dawn": 1.5, "day": 2.5, "sunset": 3.5, "dusk": 1.0},
    "city": {"day": 2.0, "sunset": 2.5, "dusk": 2.0, "night": 2.5},
    "sky": {"dawn": 1.5, "day": 3.0, "sunset": 3.0, "dusk": 1.0, "night": 1.0},
}
LAYOUTS = {
    "mountains": {"lake": 3.0, "range": 2.0, "layers": 2.0},
    "sea": {"open": 2.5, "islands": 2.5, "headland": 2.5},
    "sky": {"cumulus": 3.0, "floor": 2.5, "hills": 2.0},
    "city": {"river": 3.0, "district": 2.0, "hill": 1.5},
}
NIGHT_SKIES = {"galaxy": 3.0, "hills": 1.5, "floor": 1.0}
CARRIED: dict[str, dict[str, tuple[str, ...]]] = {
    "boat": {"mountains": ("lake",), "city": ("river",)},
    "snow": {"mountains": ("lake", "range")},
    "galaxy": {"sky": ("galaxy",)},
    "cloudy": {"sky": ("cumulus", "hills")},
}
"""The layouts that can show what was asked for, where not all of them can."""
WEATHERS = {"clear": 2.0, "scattered": 5.0, "cloudy": 1.0}
MOODS = 3
"""Each time of day has this many moods: its light in other colours."""


def settle(wish: Spec, seed: int) -> Spec:
    """`wish` with every open field chosen by `seed`. Each choice has its own stream, so that one never moves another."""
    scene = wish.scene or Chance(seed, "scene").weighed(SCENES)
    time = wish.time or (_night_of(wish) or Chance(seed, "time", scene).weighed(TIMES[scene]))
    return wish.again(
        scene=scene,
        time=time,
        weather=wish.weather or Chance(seed, "weather").weighed(WEATHERS),
        layout=wish.layout or Chance(seed, "layout", scene).weighed(_layouts(wish, scene, time)),
        mood=wish.mood if wish.mood >= 0 else Chance(seed, "mood").whole(0, MOODS - 1),
    )


def _night_of(wish: Spec) -> str:
    """The moon and the stars ask for a night, where no time was said and no sun is up."""
    return "night" if (wish.subject("moon") or wish.subject("stars")) and not wish.subject("sun") else ""


def _layouts(wish: Spec, scene: str, time: str) -> dict[str, float]:
    """The layouts to choose from, by their weights: those that carry what was asked for."""
    offered = NIGHT_SKIES if (scene, time) == ("sky", "night") else LAYOUTS[scene]
    for asked in (*(one.kind for one in wish.subjects), wish.weather):
        if fit := CARRIED.get(asked, {}).get(scene):
            offered = {layout: weight for layout, weight in offered.items() if layout in fit} or dict.fromkeys(fit, 1.0)
    return offered
