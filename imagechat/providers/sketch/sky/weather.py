"""Weather before everything else: rain, falling snow, veils of fog, what the wind carries."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, across, enlarged, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.scenes import SCENES
from imagechat.providers.sketch.styles.strokes import bands, grown

DROPS = ((900, 0.020, 0.0004, 0.16), (420, 0.042, 0.0007, 0.22), (70, 0.085, 0.0013, 0.20))
"""Far, middle and near rain: streaks over a square sheet, their length and half width in short sides, and how much they show."""
FLAKES = ((1500, 0.0011, 0.60), (420, 0.0022, 0.75), (90, 0.0046, 0.60), (14, 0.0100, 0.26))
"""From far to near: flakes over a square sheet, their radius in short sides, and how much they show; the nearest are out of focus."""
LEAVES = {"spring": ("f4c8d8", "f8e4ec"), "summer": ("6a8c3a", "8aa04a"), "autumn": ("c8702a", "a84a24", "d8a03a"), "winter": ("eef2f8",)}


def paint_weather(sheet: Sheet) -> None:
    """What falls or drifts between the eye and the picture."""
    if not SCENES[sheet.spec.scene].roofed and (falls := WEATHERS.get(sheet.spec.weather)):
        falls(sheet)


def rain(sheet: Sheet) -> None:
    """Mist on the ground, a dimmer picture, streaks at three depths."""
    storm = sheet.spec.weather == "storm"
    veil(sheet, 0.30, 0.20)
    sheet.rgb *= np.float32(0.94)
    slant = (0.36 if storm else 0.10) * sheet.composition.side
    tint = blend(sheet.light.haze, np.ones(3, np.float32), 0.25 if sheet.night else 0.5)
    total = np.zeros(sheet.shape, np.float32)
    for number, (count, length, thick, share) in enumerate(DROPS):
        streaks(sheet, total, f"rain {number}", (count, length, thick, share * (1.25 if storm else 1.0)), slant)
    for part in bands(sheet.height):
        sheet.mix(tint, total[part], part)


def streaks(sheet: Sheet, total: Field, name: str, kind: tuple[int, float, float, float], slant: float) -> None:
    """Slanting strokes of one kind of DROPS into `total`, faint at both ends; `slant`: columns for each row."""
    count, long_, thick, strength = kind
    many = max(4, min(4096, int(count * sheet.width * sheet.height / sheet.unit**2)))
    draws = lattice(key(sheet.seed, name), (4, 4096))[:, :many] * np.float32(0.5) + np.float32(0.5)
    steps = max(2, int(long_ * sheet.unit))
    along = np.arange(steps, dtype=np.float32)[None, :]
    length = np.float32(steps) * (np.float32(0.5) + draws[2] * np.float32(0.5))[:, None]
    y = draws[1][:, None] * np.float32(sheet.height + steps) - steps + along
    x = draws[0][:, None] * np.float32(sheet.width * 1.2) - np.float32(sheet.width * 0.1) + along * np.float32(slant)
    t = along / length
    share = np.clip(t * (np.float32(1) - t) * 4, 0, 1) * (np.float32(0.4) + draws[3] * np.float32(0.6))[:, None]
    dotted(total, x.ravel(), y.ravel(), share.ravel() * np.float32(strength), thick * sheet.unit)


def dotted(field: Field, x: Field, y: Field, share: Field, radius: float) -> None:
    """A soft dot of `radius` pixels at each point into `field`, as strong as its share; less than a pixel wide, it is fainter."""
    height, width = field.shape
    inside = (x > -radius - 2) & (x < width + radius + 2) & (y > -radius - 2) & (y < height + radius + 2) & (share > 0)
    x, y, share = x[inside], y[inside], share[inside] * np.float32(min(1.0, 0.35 + radius))
    soft = max(radius, 0.7)
    column, row = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    reach = int(soft + 0.8)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            off, low = column + np.float32(right + 0.5) - x, row + np.float32(down + 0.5) - y
            body = np.clip(np.float32(1.15) - (off * off + low * low) * np.float32(1 / (soft + 0.35) ** 2), 0, 1) * share
            at = np.clip(row + down, 0, height - 1), np.clip(column + right, 0, width - 1)
            field[at] = np.maximum(field[at], body)


def stamped(field: Field, x: Field, y: Field, share: Field, radius: float) -> None:
    """As `dotted`, each dot laid down as a whole: for those of several pixels."""
    reach = int(radius + 1.2)
    side = np.arange(-reach, reach + 1, dtype=np.float32)
    stamp = np.clip(np.float32(1.15) - (side[:, None] * side[:, None] + side * side) * np.float32(1 / (radius + 0.35) ** 2), 0, 1)
    for column, row, strong in zip(x.astype(np.int32) - reach, y.astype(np.int32) - reach, share, strict=True):
        part = field[max(0, row) : max(0, row + 2 * reach + 1), max(0, column) : max(0, column + 2 * reach + 1)]
        top, left = max(0, -row), max(0, -column)
        np.maximum(part, stamp[top : top + part.shape[0], left : left + part.shape[1]] * strong, out=part)


def veil(sheet: Sheet, most: float, least: float) -> None:
    """Haze over the land: thickest at the horizon, `least` of it left at the picture's foot, drifting in banks."""
    rows = (sheet.rows() - np.float32(sheet.horizon)) / np.float32(sheet.height)
    below, above = np.clip(rows, 0, 1), np.clip(-rows, 0, 1)
    thick = np.where(rows > 0, np.float32(least) + np.float32(1 - least) * fall(below * below * 42), fall(above * above * 90))
    half = -(-sheet.height // 2), -(-sheet.width // 2)
    banks = grown(across(sheet.seed, "banks", (-(-half[0] // 2), -(-half[1] // 2)), 3, octaves=4), half)
    tint = blend(sheet.light.haze, sheet.light.horizon, 0.4)
    share = np.clip(thick[::2] * (np.float32(0.85) + banks * np.float32(0.45)), 0, 1) * np.float32(most)
    share = grown(share, sheet.shape)
    for part in bands(sheet.height):
        sheet.mix(tint, share[part], part)


def fog(sheet: Sheet) -> None:
    """A veil that swallows what is far and leaves what is near."""
    veil(sheet, 0.62, 0.16)


def snow(sheet: Sheet) -> None:
    """Dense haze, then flakes from far to near; the near ones drift and blur."""
    veil(sheet, 0.42, 0.30)
    tint = blend(sheet.light.fill, np.ones(3, np.float32), 0.45 if sheet.night else 0.9)
    slant, total = 0.5 * sheet.composition.side, np.zeros(sheet.shape, np.float32)
    for number, (count, radius, share) in enumerate(FLAKES):
        many = max(3, min(6000, int(count * sheet.width * sheet.height / sheet.unit**2)))
        draws = lattice(key(sheet.seed, f"flakes {number}"), (3, 6000))[:, :many] * np.float32(0.5) + np.float32(0.5)
        x, y, size = draws[0] * sheet.width, draws[1] * sheet.height, np.float32(0.35) + draws[2] * np.float32(0.65)
        if number in (1, 2):
            x, y = (
                np.concatenate([x, x + np.float32(slant * radius * sheet.unit)]),
                np.concatenate([y, y + np.float32(radius * sheet.unit)]),
            )
            size = np.concatenate([size, size * np.float32(0.7)])
        (stamped if radius * sheet.unit > 2.5 else dotted)(total, x, y, size * np.float32(share), radius * sheet.unit)
    for part in bands(sheet.height):
        sheet.mix(tint, total[part], part)


def wind(sheet: Sheet) -> None:
    """Leaves or petals on the air where something grows, sand or snow along the ground where not."""
    chance = Chance(sheet.seed, "wind")
    bare = sheet.snowy or sheet.spec.scene in ("desert", "winter")
    if bare:
        drift(sheet)
    if not bare and sheet.spec.scene not in ("sea", "sky", "city"):
        for _ in range(round(26 * sheet.width / sheet.unit)):
            leaf(sheet, chance)


def drift(sheet: Sheet) -> None:
    """Sand or snow that streams low over the ground."""
    tint = blend(sheet.light.haze, np.ones(3, np.float32) if sheet.snowy else rgb("d8b078"), 0.5)
    small = max(8, sheet.height // 4), max(8, sheet.width // 16)
    banks = enlarged(across(sheet.seed, "drift", small, 5, octaves=4), sheet.shape)
    low = smooth(sheet.horizon - sheet.unit * 0.02, sheet.horizon + sheet.unit * 0.12, sheet.rows())
    sheet.mix(tint, smooth(0.05, 0.9, banks) * low * np.float32(0.45))


def leaf(sheet: Sheet, chance: Chance) -> None:
    """One leaf that tumbles by: a slanted lens of a few pixels."""
    near = chance.unit() * chance.unit()
    x, y = chance.unit() * sheet.width, (0.25 + 0.7 * chance.unit()) * sheet.height
    size, lean, thin = sheet.unit * (0.003 + 0.009 * near), chance.between(-1, 1), chance.between(0.2, 0.5)
    tint = rgb(chance.choice(LEAVES[sheet.spec.season])) * (sheet.light.key * np.float32(0.6) + sheet.light.fill * np.float32(0.4))
    rows = slice(max(0, int(y - size - 1)), max(0, min(sheet.height, int(y + size) + 2)))
    columns = slice(max(0, int(x - size - 1)), max(0, min(sheet.width, int(x + size) + 2)))
    right = (sheet.columns()[:, columns] - np.float32(x)) / np.float32(size)
    down = (sheet.rows(rows.start, rows.stop) - np.float32(y)) / np.float32(size)
    along, off = right + down * np.float32(lean), (down - right * np.float32(lean)) / np.float32(thin)
    sheet.mix(tint, smooth(1.1, 0.6, along * along + off * off) * np.float32(0.9 - 0.3 * near), rows, columns)


WEATHERS = {"rain": rain, "storm": rain, "fog": fog, "snow": snow, "wind": wind}
