"""What the words left open is settled by the seed, so that the Spec says all and even an empty wish becomes a good picture."""

from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.scenes import MOODS, SCENES, Layout, carries
from imagechat.providers.sketch.spec import Spec, Subject

SHOWN_BY: dict[str, dict[str, tuple[str, ...]]] = {
    "snow": {"mountains": ("lake", "range")},
    "galaxy": {"sky": ("galaxy",)},
    "aurora": {"sky": ("aurora",)},
    "cloudy": {"sky": ("cumulus", "hills")},
    "scattered": {"sky": ("cumulus", "hills")},
    "storm": {"sky": ("hills",)},
    "rain": {"sky": ("hills",)},
    "wind": {"sky": ("cumulus", "hills")},
}
"""The layouts that show what was asked for well, where the others would hide it."""
SKIES = {"clear": 2.5, "scattered": 5.5, "cloudy": 0.5}
SEASONS = {"spring": 2.0, "summer": 4.0, "autumn": 2.0}
EXTRAS: dict[str, dict[str, float]] = {
    "sea": {"boat": 0.40, "birds": 0.30},
    "coast": {"boat": 0.20, "birds": 0.35},
    "lake": {"boat": 0.20, "birds": 0.20},
    "mountains": {"birds": 0.12},
    "meadow": {"birds": 0.25},
    "river": {"birds": 0.20},
    "sky": {"birds": 0.25},
    "village": {"birds": 0.25},
}
"""How often the seed adds something where nobody asked for it."""
TREES = {"conifer": 3.0, "deciduous": 2.0}
ROUGH = frozenset(("storm", "rain", "snow", "fog"))
"""The weather that boats and birds stay at home in, unless they are asked for."""
DARK = frozenset(("dusk", "night", "moonlight"))


def settle(wish: Spec, seed: int) -> Spec:
    """`wish` with every open field chosen by `seed`. Each choice has its own stream, so that one never moves another."""
    scene = wish.scene or Chance(seed, "scene").weighed(_scenes(wish))
    facts = SCENES[scene]
    time = wish.time or _night_of(wish) or Chance(seed, "time", scene).weighed(_times(wish, facts.times))
    season = wish.season or facts.season or _season_of(wish, scene) or Chance(seed, "season").weighed(SEASONS)
    return wish.again(
        scene=scene,
        style="" if (scene, wish.style) == ("abstract", "abstract") else wish.style,
        subjects=wish.subjects if wish.mood >= 0 else (*wish.subjects, *_extras(wish, seed, scene, time)),
        time=time,
        weather=wish.weather or facts.weather or _weather_of(wish) or Chance(seed, "weather").weighed(SKIES),
        season=season,
        wood=wish.wood
        or Chance(seed, "wood").weighed({**TREES, "deciduous": 5.0 if season == "autumn" else 0.3 if wish.subject("aurora") else 2.0}),
        layout=wish.layout or Chance(seed, "layout", scene).weighed(_layouts(wish, scene, time)),
        mood=wish.mood if wish.mood >= 0 else Chance(seed, "mood").whole(0, MOODS - 1),
    )


def _scenes(wish: Spec) -> dict[str, float]:
    """The scenes to choose from, by their weights: under a sky where anything was asked for that only a sky shows."""
    open_air = bool(wish.subjects or wish.time or wish.weather or wish.season)
    able = {name: one for name, one in SCENES.items() if name not in wish.without and not (open_air and one.roofed)}
    fitting = {
        name: max(sum(carries(name, layout, one.kind) for one in wish.subjects) for layout in facts.layouts) for name, facts in able.items()
    }
    most = max(fitting.values())
    return {name: one.weight for name, one in able.items() if fitting[name] == most}


def _times(wish: Spec, times: dict[str, float]) -> dict[str, float]:
    """The times of day to choose from: those that the sun is up in, where it was asked for."""
    lit = {name: weight for name, weight in times.items() if name not in DARK}
    return lit if wish.subject("sun") and lit else times


def _extras(wish: Spec, seed: int, scene: str, time: str) -> list[Subject]:
    """What the seed adds on its own: a boat, some birds. It is in the Spec then, as if it had been asked for."""
    named = {one.kind for one in wish.subjects} | {*wish.without}
    often = {kind: share for kind, share in EXTRAS.get(scene, {}).items() if kind not in named}
    gone = {"birds"} if time in DARK else set()
    gone |= {"birds", "boat"} if wish.weather in ROUGH else set()
    return [Subject(kind) for kind, share in often.items() if kind not in gone and Chance(seed, "extra", kind).happens(share)]


def _season_of(wish: Spec, scene: str) -> str:
    """Falling snow asks for a winter, and so does snow where no mountains bear it."""
    lies = wish.subject("snow") is not None and scene != "mountains"
    return "winter" if wish.weather == "snow" or lies else ""


def _weather_of(wish: Spec) -> str:
    """What shines far above the clouds asks for a clear sky."""
    return "clear" if any(wish.subject(kind) for kind in ("stars", "galaxy", "aurora")) else ""


def _night_of(wish: Spec) -> str:
    """The moon and the stars ask for a night, where no time was said and no sun is up."""
    asked = any(wish.subject(kind) for kind in ("moon", "stars", "galaxy", "aurora"))
    return "night" if asked and not wish.subject("sun") else ""


def _layouts(wish: Spec, scene: str, time: str) -> dict[str, float]:
    """The layouts to choose from, by their weights: those of the time that carry most of what was asked for."""
    able = {name: one for name, one in SCENES[scene].layouts.items() if (not one.times or time in one.times) and name not in wish.without}
    able = able or SCENES[scene].layouts
    if time in DARK and any(one.times for one in able.values()):
        able = {name: one for name, one in able.items() if one.times and time in one.times} | _plain(able, wish)
    asked = [*(one.kind for one in wish.subjects), wish.weather]
    fitting = {name: sum(_shows(one, scene, name) for one in asked) for name in able}
    most = max(fitting.values())
    return {name: able[name].weight for name, count in fitting.items() if count == most}


def _plain(able: dict[str, Layout], wish: Spec) -> dict[str, Layout]:
    """By night, too, a low floor of clouds or hills, where no galaxy and no aurora was asked for."""
    return {name: able[name] for name in ("hills", "floor") if name in able and not (wish.subject("galaxy") or wish.subject("aurora"))}


def _shows(asked: str, scene: str, layout: str) -> bool:
    fit = SHOWN_BY.get(asked, {}).get(scene)
    return (fit is None or layout in fit) and carries(scene, layout, asked)
