"""Water: what stands above it mirrored and bent by ripples in perspective, its own colour below, foam, the light's path."""

from functools import reduce

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend, brightness, rgb
from imagechat.providers.sketch.canvas.noise import Field, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.lamps import streaks
from imagechat.providers.sketch.land.mirror import feet, reflected
from imagechat.providers.sketch.land.surf import lace, rings, skirt
from imagechat.providers.sketch.land.waves import GLEAM, Surface, Waters, caps, glitter, ripples, surface, swelling

PART = 2.0
CALM = {"sea": 1.0, "coast": 0.9, "mountains": 0.26, "lake": 0.22, "river": 0.26, "city": 0.42}
"""How much the water of a scene moves on a fair day."""
ROUGH = {"storm": 2.1, "wind": 1.55, "rain": 0.9, "fog": 0.55, "clear": 0.9}
"""What the weather makes of it; by daylight a breeze goes, at dawn it is still."""
SHALLOW = rgb("4aa8a2")
MOORINGS = (0.18, 0.33, 0.04, -0.18, -0.34)
"""How far from the middle boats lie, toward the light; shares of the width."""
AWAY = 1e6
"""Where no land is near."""
WASHED = ("watercolor", "oil_painting", "sketch")
EYE_METRES = 11.0
"""How high above the open sea one stands."""


def paint_water(sheet: Sheet) -> None:
    """Water from the horizon down, where no land is: a lake and a river lie calmer than the sea."""
    flood(sheet, Waters(calmness(sheet)))
    if sheet.spec.layout in ("open", "islands", "headland", "lake", "woods", "fells", "reeds", "river", "shore"):
        offer_moorings(sheet)


def calmness(sheet: Sheet) -> float:
    """How much the water moves, by scene, weather and time."""
    still = 0.7 if sheet.spec.time in ("dawn", "night", "moonlight", "dusk") else 1.0
    return CALM.get(sheet.spec.scene, 0.3) * ROUGH.get(sheet.spec.weather, 1.0) * still


def offer_moorings(sheet: Sheet) -> None:
    """Where boats can lie: near the thirds of the width, the first of them at the side where the light falls on the water."""
    chance = Chance(sheet.seed, "moorings")
    ground = sheet.height - sheet.horizon
    for off in MOORINGS:
        x = 0.5 - sheet.composition.side * off + chance.between(-0.025, 0.025)
        down = 0.13 + 0.17 * chance.unit()
        sheet.offer("water", x * sheet.width, sheet.horizon + ground * down, ground * down / EYE_METRES, 0.1)


def flood(sheet: Sheet, waters: Waters, share: Field | None = None) -> None:
    """Water of that kind over `share` of each point, everywhere that nothing stands where it is not given."""
    if sheet.height - sheet.horizon < 2 or sheet.horizon < 2:
        return
    share = np.float32(1) - sheet.marks.cover[sheet.horizon :] if share is None else share
    here = surface(sheet, share)
    waves = ripples(sheet, here, waters)
    foot = feet(sheet, here)
    colours, shine, land = reflected(sheet, here, waves, foot, waters)
    clear = fresnel(sheet, here, waves, waters)
    floor = None if waters.shore is None else here.of(waters.shore)
    if floor is not None:
        clear = clear * (1 - fall(floor * floor * np.float32(60)) * np.float32(0.5))
    for channel, under in enumerate(body(sheet, floor)):
        colours[channel] = under + (colours[channel] - under) * clear
    swelling(sheet, colours, here, waves, waters.calm)
    if not waters.reach:
        edged(sheet, colours, here, foot)
    np.minimum(colours, np.float32(GLEAM), out=colours)
    whitened(sheet, colours, foaming(sheet, here, waves, waters, (floor, foot)))
    # In water so still that it mirrors the land, the land's image hides the light's path.
    glint = glitter(sheet, here, waves, waters.calm) * (np.float32(1) - land * np.float32(max(0.0, 0.85 - 0.7 * waters.calm)))
    for channel in range(3):
        colours[channel] += glint * sheet.light.sun[channel]
    for channel, lamps in enumerate(streaks(sheet, here, waves) or ()):
        colours[channel] += lamps
    settled(sheet, here, share, (colours, shine * clear * np.float32(0.5) + glint * np.float32(0.4)))
    if sheet.spec.weather in ("rain", "storm"):
        rings(sheet, share)


def edged(sheet: Sheet, colours: Field, here: Surface, foot: Field | None) -> None:
    """A thin pale line at places where land meets the water that mirrors it; where shapes are drawn, all along."""
    far, below = beside_land(sheet, here, foot)
    if not len(far):
        return
    row, column = (far // sheet.width, far % sheet.width) if here.spots is None else (here.row.take(far), here.column.take(far))
    row, column = row.astype(np.float32), column.astype(np.float32)
    drawn = sheet.crisp or sheet.spec.style in WASHED
    off = below / (np.float32(sheet.unit * (0.0034 if drawn else 0.0022)) * (1 + row * np.float32(3 / sheet.unit)))
    off *= off
    field = tile(sheet.seed, "waterline", (16, 16), 128, octaves=3)
    broken = nearest(field, row * np.float32(60 / sheet.unit) + 512, column * np.float32(90 / sheet.unit) + 512)
    share = fall(off * off) * (np.float32(0.55) if drawn else smooth(-0.15, 0.30, broken) * np.float32(0.42))
    tone = blend(sheet.light.haze, sheet.light.horizon, 0.5)
    for channel in range(3):
        plane = colours[channel].reshape(-1)
        plane[far] += (tone[channel] - plane[far]) * share


def beside_land(sheet: Sheet, here: Surface, foot: Field | None) -> tuple[Field, Field]:
    """(which points of the water lie just below land, how many rows below it)."""
    shore = np.where(sheet.marks.cover[sheet.horizon - 1] > 0.5, np.float32(-1), np.float32(-AWAY))
    above = shore if here.spots is None else shore.take(here.column.astype(np.int64))
    below = (here.row - (above if foot is None else np.maximum(above, np.where(foot < 0, np.float32(-AWAY), foot)))) - np.float32(1)
    far = np.flatnonzero(below < sheet.unit * 0.03)
    return far, below.reshape(-1).take(far)


def settled(sheet: Sheet, here: Surface, share: Field, seen: tuple[Field, Field]) -> None:
    """Lay the water on the sheet; `seen`: its (colours, shine)."""
    colours, shine = seen
    window = slice(sheet.horizon, None)
    if here.spots is None:
        sheet.mix(colours, share, window)
        sheet.marks.shine[window] += (shine - sheet.marks.shine[window]) * share
    else:
        flat, mine = here.spots + sheet.horizon * sheet.width, share.ravel().take(here.spots)
        for plane, tone in zip((*sheet.rgb, sheet.marks.shine), (*colours, shine), strict=True):
            below = plane.reshape(-1).take(flat)
            plane.reshape(-1)[flat] = below + (tone - below) * mine
    np.maximum(sheet.marks.cover[window], share, out=sheet.marks.cover[window])
    sheet.marks.part[window][share > 0.5] = PART


def fresnel(sheet: Sheet, here: Surface, waves: tuple[Field, Field], waters: Waters) -> Field:
    """How much of what is seen is mirrored: nearly all at a flat look, less where one looks down or a wave turns its face; the sea is
    never so still that it takes the whole sky.
    """
    calm = min(1.35, waters.calm)
    swell, fine = waves
    near = here.near
    tilt = np.clip(swell * np.float32(0.55) + fine * np.float32(0.75), -1, 1) * np.float32(calm)
    steep = near * np.float32((0.30 + 0.26 * calm) * min(1.15, max(0.85, waters.eye / 0.12)))
    most = np.float32(0.94 - (0.20 * min(1.0, calm) if sheet.spec.scene in ("sea", "coast") else 0))
    return np.asarray(np.clip(most - steep - tilt * (np.float32(0.24) + near * np.float32(0.22)), 0.10, 0.97), np.float32)


def body(sheet: Sheet, floor: Field | None) -> list[Field]:
    """The water's own colour: deep, toward the shore that of shallows over sand; dull in rain."""
    deep = sheet.light.deep
    if floor is None:
        return list(deep)
    level = brightness(sheet.light.fill) * 0.75 + brightness(sheet.light.key) * (0.62 if sheet.bright else 0.12)
    tint = SHALLOW * np.float32(min(1.05, level))
    if sheet.spec.colour("water"):
        tint = blend(tint, deep, 0.6)
    tint = blend(tint, deep, 0.18)
    pale = blend(tint, rgb("e8dcb4") * np.float32(min(1.0, level)), 0.55)
    clear = fall(floor * floor * np.float32(90))
    sand = fall(floor * floor * np.float32(3000))
    return [deep[c] + (tint[c] - deep[c]) * clear + (pale[c] - tint[c]) * clear * sand for c in range(3)]


def foaming(
    sheet: Sheet, here: Surface, waves: tuple[Field, Field], waters: Waters, where: tuple[Field | None, Field | None]
) -> Field | None:
    """How much foam lies on each point: caps on a rough sea, lace along the shore, white water; `where`: (how deep the floor lies, the
    row of the land's foot above).
    """
    swell, fine = waves
    floor, foot = where
    white: list[Field] = []
    if waters.calm > 0.85 and sheet.spec.scene in ("sea", "coast"):
        white.append(caps(here, swell, fine, waters.calm))
    if floor is not None:
        white.append(lace(sheet, floor, here, waters.calm))
    elif foot is not None and sheet.spec.scene == "sea":
        white.append(skirt(sheet, here, foot, fine, waters.calm))
    if waters.stream is not None:
        white.append(here.of(waters.stream) * smooth(-0.1, 0.5, swell * np.float32(0.8) + fine))
    return reduce(np.maximum, white) if white else None


def whitened(sheet: Sheet, colours: Field, white: Field | None) -> None:
    """Lay foam on the water: `white` 0 to 1."""
    if white is None:
        return
    tone = blend(sheet.light.fill, sheet.light.key, 0.55) * np.float32(0.72 if sheet.night else 0.96)
    tone = np.minimum(tone * np.float32(max(1.0, 0.62 / max(0.05, brightness(tone)))) if not sheet.night else tone, np.float32(0.86))
    share = np.clip(white, 0, 0.92)
    for channel in range(3):
        colours[channel] += (tone[channel] - colours[channel]) * share
