"""Water: what stands above it mirrored and bent by ripples in perspective, its own colour below, foam, the light's path."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend, brightness, rgb
from imagechat.providers.sketch.canvas.noise import Field, nearest, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.surf import lace, rings
from imagechat.providers.sketch.sky.heavens import has_moon

PART = 2.0
CALM = {"sea": 1.0, "coast": 0.9, "mountains": 0.26, "lake": 0.22, "river": 0.26, "city": 0.42}
"""How much the water of a scene moves on a fair day."""
ROUGH = {"storm": 2.1, "wind": 1.55, "rain": 0.9, "fog": 0.55, "clear": 0.9}
"""What the weather makes of it; by daylight a breeze goes, at dawn it is still."""
SHALLOW = rgb("46c0b4")
EYE_METRES = 11.0
"""How high above the open sea one stands."""


@dataclass(frozen=True, slots=True)
class Waters:
    """How a water looks: `calm` 0 (a mirror) to 2 (a storm); `eye`: the height one looks from, 0.09 where boats are near; `reach`: how
    many pixels a bank is mirrored for, all where it is 0; `shore` (rows below the horizon, width): how deep the floor lies, for the
    colour of shallows and the foam; `stream`: how much white water there is; `slack`: how
    far behind its foot what is mirrored may stand, as parts of the land are numbered.
    """

    calm: float
    eye: float = 0.09
    reach: int = 0
    shore: Field | None = None
    stream: Field | None = None
    slack: float = 0.6


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
    """Where boats can lie: over the whole width, most of them far."""
    chance = Chance(sheet.seed, "moorings")
    ground = sheet.height - sheet.horizon
    for strip in range(9):
        x, down = (strip + chance.between(0.25, 0.75)) / 9 * sheet.width, 0.06 + 0.30 * chance.unit() * chance.unit()
        sheet.offer("water", x, sheet.horizon + ground * down, ground * down / EYE_METRES, 0.1)


def mirrored(sheet: Sheet, share: Field, calm: float = 0.2) -> None:
    """Water where `share` (rows below the horizon, width) says so: a cove, a pool, a stream."""
    flood(sheet, Waters(calm), share)


def flood(sheet: Sheet, waters: Waters, share: Field | None = None) -> None:
    """Water of that kind over `share` of each point, everywhere that nothing stands where it is not given."""
    rows, top = sheet.height - sheet.horizon, sheet.horizon
    if rows < 2 or top < 2:
        return
    share = np.float32(1) - sheet.marks.cover[top:] if share is None else share
    near = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.6)) / np.float32(max(rows, sheet.unit * 0.3))
    swell, fine = ripples(sheet, near, waters)
    colours, shine = reflected(sheet, near, swell, fine, waters)
    under = body(sheet, waters)
    clear = fresnel(near, swell, fine, waters)
    if waters.shore is not None:
        clear = clear * (1 - fall(waters.shore * waters.shore * np.float32(60)) * np.float32(0.5))
    for channel in range(3):
        colours[channel] = under[channel] + (colours[channel] - under[channel]) * clear
    whitened(sheet, colours, near, (swell, fine), waters)
    glint = glitter(sheet, near, swell, fine, waters.calm)
    for channel in range(3):
        colours[channel] += glint * sheet.light.sun[channel]
    window = slice(top, None)
    sheet.mix(colours, share, window)
    sheet.marks.shine[window] += (shine * clear * np.float32(0.5) + glint * np.float32(0.4) - sheet.marks.shine[window]) * share
    sheet.marks.cover[window] = np.maximum(sheet.marks.cover[window], share)
    sheet.marks.part[window][share > 0.5] = PART
    if sheet.spec.weather in ("rain", "storm"):
        rings(sheet, share)


def ripples(sheet: Sheet, near: Field, waters: Waters) -> tuple[Field, Field]:
    """(long waves, fine ripples), each about -1 to 1, flat in the distance and wide toward the eye."""
    field = tile(sheet.seed, "ripples", (16, 16), 512, octaves=6, gain=0.55)
    chance = Chance(sheet.seed, "ripples")
    high = np.float32(min(3.0, max(0.8, waters.eye / 0.09)))
    far = high / (near + np.float32(0.035))
    x = (sheet.columns() - np.float32(sheet.width / 2)) / np.float32(sheet.unit)
    u, v = x * far, far + np.float32(chance.between(0, 90))
    lean = np.float32(chance.between(-0.3, 0.3))
    long = sampled(field, v * np.float32(30) + u * lean, u * np.float32(12))
    short = sampled(field, v * np.float32(110) - u * lean * np.float32(3), u * np.float32(48))
    tiny = nearest(field, v * np.float32(430) + u * lean + 8192, u * np.float32(170) + 8192)
    fine = short * np.clip(near * 5 + np.float32(0.14), 0, 0.8) + tiny * np.clip(near * 1.6 - 0.05, 0, 0.7)
    return long * np.clip(near * 16 / high, 0, 1), fine


def reflected(sheet: Sheet, near: Field, swell: Field, fine: Field, waters: Waters) -> tuple[Field, Field]:
    """((3, rows, width) colours, light) of what is mirrored: what stands over a point turned about its foot, else the sky."""
    rows, top, calm = sheet.height - sheet.horizon, sheet.horizon, np.float32(waters.calm)
    bend = (swell * np.float32(0.10) + fine * np.float32(0.05)) * calm * (near * np.float32(0.9) + np.float32(0.10))
    bend = (bend + calm * np.float32(0.13) * near) * np.float32(sheet.unit)
    row = np.arange(rows, dtype=np.float32)[:, None]
    lift = np.abs(row * np.float32(0.96) + bend)
    # What lies beyond the picture's top is guessed from the sky just below it.
    lift = np.where(lift > top - 1, np.float32(top - 1) - (lift - np.float32(top - 1)) * np.float32(0.25 if sheet.night else 0.6), lift)
    source = np.clip(np.float32(top - 1) - lift, 0, top - 1).astype(np.int32)
    columns = np.arange(sheet.width, dtype=np.int32)[None, :]
    places = source * np.int32(sheet.width) + columns
    covered = sheet.marks.cover[top:] > 0.5
    if covered.any():
        number = np.where(covered, np.arange(rows, dtype=np.int32)[:, None], np.int32(-1))
        foot = np.maximum.accumulate(number, axis=0)
        stands = np.clip(2 * foot - row - bend + np.float32(top), 0, sheet.height - 1).astype(np.int32) * np.int32(sheet.width) + columns
        parts = sheet.marks.part.ravel()
        same = np.abs(
            parts.take(stands) - parts.take((np.maximum(foot, 0) + np.int32(top)) * np.int32(sheet.width) + columns)
        ) < np.float32(waters.slack)
        mine = (foot >= 0) & same & (sheet.marks.cover.ravel().take(stands) > 0.5)
        if waters.reach:
            mine &= row - foot < np.float32(waters.reach) * (near + np.float32(0.15))
        places = np.where(mine, stands, places)
    colours = np.stack([sheet.rgb[channel].ravel().take(places) for channel in range(3)])
    colours *= np.float32(0.95)
    return colours, sheet.marks.shine.ravel().take(places)


def fresnel(near: Field, swell: Field, fine: Field, waters: Waters) -> Field:
    """How much of what is seen is mirrored: nearly all at a flat look, less where one looks down or a wave turns its face."""
    calm = min(1.35, waters.calm)
    tilt = np.clip(swell * np.float32(0.55) + fine * np.float32(0.75), -1, 1) * np.float32(calm)
    steep = near * np.float32((0.30 + 0.26 * calm) * min(1.15, max(0.85, waters.eye / 0.12)))
    return np.asarray(np.clip(np.float32(0.94) - steep - tilt * (np.float32(0.24) + near * np.float32(0.22)), 0.10, 0.97), np.float32)


def body(sheet: Sheet, waters: Waters) -> list[Field]:
    """The water's own colour: deep, toward the shore that of shallows over sand; dull in rain."""
    deep = sheet.light.deep
    if waters.shore is None:
        return [deep[channel] + 0 * deep[channel] for channel in range(3)]
    level = brightness(sheet.light.fill) * 0.75 + brightness(sheet.light.key) * (0.62 if sheet.bright else 0.12)
    tint = SHALLOW * np.float32(min(1.05, level))
    if sheet.spec.colour("water"):
        tint = blend(tint, deep, 0.6)
    pale = blend(tint, rgb("e8dcb4") * np.float32(min(1.0, level)), 0.55)
    clear = fall(waters.shore * waters.shore * np.float32(90))
    sand = fall(waters.shore * waters.shore * np.float32(3000))
    return [deep[c] + (tint[c] - deep[c]) * clear + (pale[c] - tint[c]) * clear * sand for c in range(3)]


def whitened(sheet: Sheet, colours: Field, near: Field, waves: tuple[Field, Field], waters: Waters) -> None:
    """Caps on the crests of a rough sea, foam along the shore, white water in a stream."""
    white = np.zeros(colours[0].shape, np.float32)
    if waters.calm > 1.15:
        surge = smooth(0.10, 0.24, waves[0]) * smooth(0.52, 0.34, waves[0]) * smooth(0.0, 0.34, waves[1])
        white += surge * smooth(0.0, 0.06, near) * np.float32(min(0.95, waters.calm * 0.55))
        for channel in range(3):
            colours[channel] *= 1 + (waves[0] * np.float32(0.75) + waves[1] * np.float32(0.45)) * np.float32(
                min(1.0, (waters.calm - 0.9) * 0.85)
            )
    if waters.shore is not None:
        white = np.maximum(white, lace(sheet, waters.shore, near, waters.calm))
    if waters.stream is not None:
        white = np.maximum(white, waters.stream * smooth(-0.1, 0.5, waves[0] * np.float32(0.8) + waves[1]))
    if not white.any():
        return
    tone = blend(sheet.light.fill, sheet.light.key, 0.55) * np.float32(0.72 if sheet.night else 0.96)
    tone = np.minimum(tone * np.float32(max(1.0, 0.62 / max(0.05, brightness(tone)))) if not sheet.night else tone, np.float32(0.92))
    for channel in range(3):
        colours[channel] += (tone[channel] - colours[channel]) * np.clip(white, 0, 0.92)


def glitter(sheet: Sheet, near: Field, swell: Field, fine: Field, calm: float) -> Field:
    """The path of broken light under a sun or moon that stands in the picture."""
    if sheet.spec.time in ("day", "dusk") or not (sheet.night or sheet.composition.sees_sun) or (sheet.night and not has_moon(sheet)):
        return np.zeros(swell.shape, np.float32)
    calm = min(1.0, calm)
    x = (sheet.columns() - np.float32(sheet.sun[0])) / np.float32(sheet.unit)
    wide = near * np.float32(0.10 + 0.12 * calm) + np.float32(0.026)
    across = x / wide
    path = fall(across * across)
    path = path * path
    spark = smooth(0.30, 0.62, fine * np.float32(0.9) + swell * np.float32(0.45) + path * np.float32(0.34))
    strength = np.float32(0.8 if sheet.night else 1.0) * smooth(1.35, 0.1, near)
    return np.asarray(path * spark * strength, np.float32)
