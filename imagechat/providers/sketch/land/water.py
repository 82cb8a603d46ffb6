"""Water: what stands above it mirrored in rows, bent by ripples in perspective, and the glitter under the light."""

import numpy as np

from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.noise import Field, nearest, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.sky.heavens import has_moon

PART = 2.0


def paint_water(sheet: Sheet) -> None:
    """Water from the horizon down: a lake and a river lie calmer than the sea."""
    calm = {"sea": 1.0, "mountains": 0.30, "city": 0.42}.get(sheet.spec.scene, 0.3)
    rows = sheet.height - sheet.horizon
    if rows < 2:
        return
    near = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.6)) / np.float32(max(rows, sheet.unit * 0.3))
    slope, fine = ripples(sheet, near)
    mirror(sheet, near, slope, fine, calm)
    glitter(sheet, near, slope, fine, calm)
    whole = slice(sheet.horizon, None)
    sheet.hide(np.ones((rows, sheet.width), np.float32), PART, whole)


def ripples(sheet: Sheet, near: Field) -> tuple[Field, Field]:
    """(long waves, fine ripples), each about -1 to 1, flat in the distance and wide toward the eye."""
    field = tile(sheet.seed, "ripples", (16, 16), 512, octaves=6, gain=0.55)
    chance = Chance(sheet.seed, "ripples")
    far = np.float32(1) / (near + np.float32(0.035))
    x = (sheet.columns() - np.float32(sheet.width / 2)) / np.float32(sheet.unit)
    u, v = x * far, far + np.float32(chance.between(0, 90))
    lean = np.float32(chance.between(-0.3, 0.3))
    long = sampled(field, v * np.float32(30) + u * lean, u * np.float32(13))
    short = sampled(field, v * np.float32(110) - u * lean * np.float32(3), u * np.float32(48))
    tiny = nearest(field, v * np.float32(430) + u * lean + 8192, u * np.float32(170) + 8192)
    fine = short * np.clip(near * 5 + np.float32(0.14), 0, 0.8) + tiny * np.clip(near * 1.6 - 0.05, 0, 0.7)
    return long * np.clip(near * 16, 0, 1), fine


def mirror(sheet: Sheet, near: Field, slope: Field, fine: Field, calm: float) -> None:
    """The reflection, darker toward the eye, where one looks into the deep."""
    rows, top = sheet.height - sheet.horizon, sheet.horizon
    bend = (slope * np.float32(0.10) + fine * np.float32(0.05)) * np.float32(calm) * (near * np.float32(0.9) + np.float32(0.10))
    down = np.arange(rows, dtype=np.float32)[:, None] * np.float32(0.96)
    lift = down + bend * np.float32(sheet.unit) + np.float32(calm * 0.5) * near * np.float32(sheet.unit * 0.3)
    lift = np.abs(lift)
    lift = np.where(lift > top - 1, np.float32(2 * top - 2) - lift, lift)  # Beyond the top the sky is mirrored once more.
    source = np.clip(np.float32(top - 1) - lift, 0, top - 1).astype(np.int32)
    places = source * np.int32(sheet.width) + np.arange(sheet.width, dtype=np.int32)[None, :]
    tilt = np.clip(slope * np.float32(0.55) + fine * np.float32(0.75), -1, 1) * np.float32(calm)
    clear = np.clip(
        np.float32(0.94) - near * np.float32(0.30 + 0.26 * calm) - tilt * (np.float32(0.24) + near * np.float32(0.22)), 0.10, 0.97
    )
    deep = sheet.light.deep
    for channel in range(3):
        seen = sheet.rgb[channel, :top].ravel().take(places)
        sheet.rgb[channel, top:] = deep[channel] + (seen * np.float32(0.95) - deep[channel]) * clear
    shine = sheet.marks.shine[:top].ravel().take(places)
    sheet.marks.shine[top:] = shine * clear * np.float32(0.5)


def glitter(sheet: Sheet, near: Field, slope: Field, fine: Field, calm: float) -> None:
    """The path of broken light under a sun or moon that stands in the picture."""
    if sheet.spec.time in ("day", "dusk") or not (sheet.night or sheet.composition.sees_sun) or (sheet.night and not has_moon(sheet)):
        return
    x = (sheet.columns() - np.float32(sheet.sun[0])) / np.float32(sheet.unit)
    wide = near * np.float32(0.10 + 0.12 * calm) + np.float32(0.026)
    path = fall((x / wide) ** 2)
    path = path * path
    spark = smooth(0.30, 0.62, fine * np.float32(0.9) + slope * np.float32(0.45) + path * np.float32(0.34))
    strength = np.float32(0.8 if sheet.night else 1.0) * smooth(1.35, 0.1, near)
    sheet.add(sheet.light.sun, path * spark * strength, slice(sheet.horizon, None))
    sheet.marks.shine[sheet.horizon :] += path * spark * np.float32(0.4)
