"""Inside a wood: the bright air between its trunks, stems behind stems that fade into it, and the roof of leaves above."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, enlarged, lattice, nearest, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.conifers import needle_colour
from imagechat.providers.sketch.land.leaves import leaf_colours, shining
from imagechat.providers.sketch.land.plans import Plan
from imagechat.providers.sketch.land.ridges import line
from imagechat.providers.sketch.land.stamps import Dots, Grove, Stamp, lit, stamped, toward
from imagechat.providers.sketch.land.trunks import BARKS, BIRCH, furrows, hazed, mist_colour
from imagechat.providers.sketch.land.woods import PART, Wood, free

STEMS = (104.0, 76.0, 56.0, 42.0, 31.0, 22.0, 15.5)
"""How far away the rows of stems stand, in metres."""
ROOFS = (60.0, 30.0, 16.0)
"""How far away the crowns hang, in metres."""
FINE = 5.0
"""Half the width in pixels from which a stem shows its bark."""
WIDE = 0.9
"""Half the width of a spray of leaves, as a share of its height."""


def bright_air(sheet: Sheet, wood: Wood, plan: Plan) -> None:
    """The air behind all stems: bright where the wood opens, dim in leaf shade above and aside."""
    last = int(np.clip(wood.eye.level + sheet.unit * 0.08, 2, sheet.height))
    step = max(1, sheet.unit // 256)
    rows, columns = sheet.rows(0, last)[::step], sheet.columns()[:, ::step]
    x = (columns - np.float32(plan.light * sheet.width)) / np.float32(sheet.unit * plan.open)
    y = (rows - np.float32(wood.eye.level - sheet.unit * 0.10)) / np.float32(sheet.unit * plan.open * 1.25)
    field = tile(sheet.seed, "leaf shade", (8, 8), 128, octaves=5, gain=0.62)
    scale = np.float32(36 / sheet.unit)
    leaves = sampled(field, rows * scale + 0 * columns, columns * scale + 0 * rows)
    high = smooth(wood.eye.level - sheet.unit * 0.12, wood.eye.level - sheet.unit * 0.5, rows)
    glow = fall(x * x + y * y) * (np.float32(1) - high * (np.float32(0.35) + leaves * np.float32(0.45)))
    dim, bright = dim_air(sheet), blend(sheet.light.horizon, sheet.light.glow, 0.55) * np.float32(1.06)
    if sheet.night:
        dim, bright = dim * np.float32(1.5), blend(bright, sheet.light.key, 0.35)
    share = enlarged(np.clip(glow, 0, 1), (last, sheet.width))
    tones = np.stack([dim[c] + (bright[c] - dim[c]) * share for c in range(3)])
    edge = np.full((last, 1), np.float32(0.96))
    sheet.mix(tones, edge, slice(0, last))
    sheet.hide(np.broadcast_to(edge, share.shape), PART, slice(0, last))


def low_mist(sheet: Sheet, wood: Wood, plan: Plan) -> None:
    """Mist and growth where the floor ends among the farthest stems, so that no edge is seen there."""
    reach = sheet.unit * 0.075
    first, last = int(max(0, wood.eye.level - reach)), int(min(sheet.height, wood.eye.level + reach * 1.5))
    if first >= last:
        return
    off = (sheet.rows(first, last) - np.float32(wood.eye.row(105.0))) / np.float32(reach)
    tops = line(sheet.seed, "far growth", sheet.width, 26 * sheet.width / sheet.unit, gain=0.7, ridged=False)
    growth = smooth(-0.42, -0.30, off - tops[None, :] * np.float32(0.14)) * smooth(0.5, 0.0, off)
    sheet.mix(blend(mist_colour(sheet), dim_air(sheet), 0.55), growth * np.float32(0.62), slice(first, last))
    soft = np.clip(np.float32(1) - off * off, 0, 1)
    x = (sheet.columns() - np.float32(plan.light * sheet.width)) / np.float32(sheet.unit * (plan.open + 0.12))
    near = fall(x * x)
    sheet.mix(
        blend(mist_colour(sheet), sheet.light.glow, 0.3), soft * soft * (near * np.float32(0.6) + np.float32(0.15)), slice(first, last)
    )


def dim_air(sheet: Sheet) -> Field:
    """The air in the shade: mist with the colour of leaves in it."""
    leaf = needle_colour(sheet, Chance(sheet.seed, "air"))
    if sheet.spec.wood == "deciduous" and not bare(sheet):
        leaf = leaf_colours(sheet, "air", 1)[:, 0]
    glowing = leaf * (sheet.light.fill * np.float32(0.7) + sheet.light.key * np.float32(0.5))
    return blend(mist_colour(sheet) * np.float32(0.62), glowing, 0.5 if not sheet.snowy else 0.2)


def stems(sheet: Sheet, wood: Wood, plan: Plan, between: tuple[float, float]) -> None:
    """Rows of stems from far to near, from distance `between`[0] to `between`[1]."""
    for number, far in enumerate(STEMS):
        chance = Chance(sheet.seed, "stems", str(number))
        metre = wood.eye.metre(far)
        count = max(2, round(sheet.width / metre / (3.3 if far > 40 else 4.0) * plan.dense))
        for i in range(count):
            x, away = (i + chance.between(0.0, 1.0)) / count * sheet.width, far * chance.between(0.88, 1.12)
            half, lean, shift = metre * plan.stout * chance.between(0.10, 0.24), chance.between(-0.035, 0.035), chance.between(0, 200)
            birch, tone = chance.happens(0.9 if plan.birch else 0.12), chance.choice(BARKS[sheet.spec.wood or "conifer"])
            if between[1] <= far <= between[0] and free(sheet, wood, x, far) and chance.happens(0.85):
                body = BIRCH if birch and sheet.spec.wood == "deciduous" else rgb(tone)
                one = (x, wood.eye.row(away)), half * (0.7 if birch else 1.0), lean, shift
                stem(sheet, one, body, (hazed(sheet, away) * 0.92, PART + 3 + number * 2 + i % 2))


def stem(sheet: Sheet, one: tuple[tuple[float, float], float, float, float], body: Field, depth: tuple[float, float]) -> None:
    """One stem ((x, foot row), half width, lean, where its bark is taken from) of `body`; `depth`: (haze before it, part)."""
    (x, foot), half, lean, shift = one
    air, part = depth
    half = max(half, 0.7)
    last = min(sheet.height, int(foot) + 1)
    reach = half * 1.7 + 1
    left, right = int(max(0, min(x, x + lean * foot) - reach)), int(min(sheet.width, max(x, x + lean * foot) + reach + 1))
    if last <= 0 or left >= right:
        return
    up = np.float32(foot) - sheet.rows(0, last)
    flare = np.clip(np.float32(1) - up / np.float32(half * 3.5), 0, 1)
    wide = np.float32(half) * (np.float32(1.04) - up * np.float32(0.30 / sheet.unit) + flare * flare * np.float32(0.6))
    off = (np.arange(left, right, dtype=np.float32)[None, :] - np.float32(x) - up * np.float32(lean)) / wide
    shade = off * np.float32(0.36 * toward(sheet)) + np.float32(0.34)
    if half > FINE:
        roughen(sheet, shade, (up, off), half, shift, pale=float(body[0]) > 0.7)
    cover = (np.float32(1) - np.abs(off, out=off)) * wide
    cover += np.float32(0.5)
    np.clip(cover, 0, 1, out=cover)
    window = slice(0, last), slice(left, right)
    dark, bright = (blend(lit(sheet, body, np.full(1, tone, np.float32))[:, 0], mist_colour(sheet), air) for tone in (0, 1))
    for channel in range(3):
        there = sheet.rgb[channel, *window]
        tone = shade * (bright[channel] - dark[channel])
        tone += dark[channel]
        tone -= there
        tone *= cover
        there += tone
    np.copyto(sheet.marks.part[window], np.float32(part), where=cover > np.float32(0.5))
    np.maximum(sheet.marks.cover[window], cover, out=sheet.marks.cover[window])


def roughen(sheet: Sheet, shade: Field, place: tuple[Field, Field], half: float, shift: float, *, pale: bool) -> None:
    """Put the furrows of bark, or the scars of a `pale` birch, into `shade`; `place`: (pixels up, off from the middle)."""
    up, off = place
    bark = nearest(
        furrows(sheet.seed),
        up * np.float32((7.0 if pale else 3.0) / half) + np.float32(shift),
        off * np.float32(3 if pale else 9) + np.float32(shift + 512),
    )
    if pale:
        shade *= np.float32(1) - smooth(0.2, 0.4, bark)
        shade -= smooth(0.25, 0.45, bark) * np.float32(0.35)
    else:
        shade += bark * np.float32(0.26)
        np.maximum(shade, np.float32(0), out=shade)


def sprays(sheet: Sheet, tall: float) -> list[Stamp]:
    """Three clouds of leaves, or of needles that hang, as they are seen from below."""
    return [stamped([spray(sheet, f"spray {i}")], tall, WIDE) for i in range(3)]


def spray(sheet: Sheet, name: str) -> Dots:
    """Clumps of leaves on level twigs; thin at the rim, where light comes through."""
    clumps, leaves = 84, 80
    leafy = sheet.spec.wood == "deciduous"
    draws = lattice(key(sheet.seed, name), (6, clumps, 1))
    fine = lattice(key(sheet.seed, name, "leaves"), (7, clumps, leaves))
    middle_x = (draws[0] + draws[1]) * np.float32(0.5) * np.float32(0.72)
    middle_y = np.float32(0.56) + (draws[2] + draws[3]) * np.float32(0.20) - middle_x * middle_x * np.float32(0.4)
    flat = np.float32(0.055 if leafy else 0.09)
    x = middle_x + (fine[0] + fine[1]) * np.float32(0.085)
    y = middle_y + (fine[2] + fine[3]) * flat * np.float32(0.6)
    if not leafy:
        y -= fine[5] * fine[5] * np.float32(0.10)
    away = (x * x * np.float32(1.6) + (y - np.float32(0.5)) * (y - np.float32(0.5)) * np.float32(4)) * np.float32(1.4)
    shade = np.clip(np.float32(0.20) + away * np.float32(0.35) + draws[4] * np.float32(0.16) + fine[4] * np.float32(0.10), 0.02, 1)
    if leafy:
        body = leaf_colours(sheet, name, clumps)[:, :, None] * (np.float32(0.92) + fine[6] * np.float32(0.14))
    else:
        body = needle_colour(sheet, Chance(sheet.seed, name))[:, None, None] * (np.float32(0.92) + fine[6] * np.float32(0.14))
    tones = lit(sheet, body.reshape(3, -1), shade.ravel())
    through = shining(sheet, body, np.clip(away + np.float32(0.25) + draws[4] * np.float32(0.3), 0, 1))
    place = np.stack([x, y, draws[5] * np.float32(0.3) + fine[6] * np.float32(0.1)]).reshape(3, -1)
    return Dots(place, tones + through * np.float32(1.2 if leafy else 0.5), 0.0066 if leafy else 0.0042)


def roof(sheet: Sheet, leaves: Grove, plan: Plan, between: tuple[float, float]) -> None:
    """The crowns that hang into the picture from above, the far ones lower and paler; open toward the light."""
    if bare(sheet):
        return
    for number, far in enumerate(ROOFS):
        if not between[1] <= far <= between[0]:
            continue
        chance = Chance(sheet.seed, "roof", str(number))
        tall = sheet.unit * (0.20, 0.27, 0.36)[number]
        count = max(4, round(sheet.width / tall / (0.62, 0.8, 1.0)[number]))
        low = (0.40, 0.24, 0.08)[number] * plan.high * sheet.horizon
        for i in range(count):
            x, drop, pick, big = (i + chance.unit()) / count, chance.between(-0.5, 0.5), chance.whole(0, 59), chance.between(0.92, 1.12)
            beside = min(1.0, abs(x - plan.light) * 2.6)
            y = low * (0.55 + 0.75 * beside) + tall * drop * 0.9
            leaves.plant(pick, (x * sheet.width, y + tall * 0.5), tall * big, air=min(0.9, hazed(sheet, far) * 1.25), part=292.0 + number)


def bare(sheet: Sheet) -> bool:
    """Whether the trees have no leaves."""
    return sheet.spec.wood == "deciduous" and (sheet.snowy or sheet.spec.season == "winter")


def roof_grove(sheet: Sheet) -> Grove:
    """The sprays that roofs are made of."""
    return Grove(sheet, sprays(sheet, sheet.unit * 0.18))
