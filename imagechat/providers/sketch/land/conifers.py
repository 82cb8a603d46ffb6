"""Conifers: whorls of drooping boughs around a stem, each a fan of hanging twigs; in winter snow lies upon them."""

import numpy as np

from imagechat.providers.sketch.canvas.light import colour, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.foliage import dimmed, rimmed
from imagechat.providers.sketch.land.stamps import Dots, Stamp, lit, stamped, toward

NEEDLES = ("2f4d33", "38563a", "2a4a3a", "445c38", "33553f")
BARK = rgb("5a4636")
PINE_BARK = rgb("8a5c40")
SNOW = rgb("f2f4fa")
BOUGHS, ALONG, TWIGS = 120, 14, 9
"""How many boughs a tree has, how many points each, and how many twigs hang at a point."""
WIDE = 0.30
"""Half the width of a conifer's stamp, as a share of its height."""


def conifer_stamps(sheet: Sheet, name: str, count: int, tall: float) -> list[Stamp]:
    """`count` different trees: mostly spruces, some pines."""
    chance = Chance(sheet.seed, name, "kinds")
    kinds = [chance.happens(0.22) for _ in range(count)]
    return [stamped(conifer(sheet, f"{name} {i}", pine=pine and i > 0), tall, WIDE) for i, pine in enumerate(kinds)]


def needle_colour(sheet: Sheet, chance: Chance) -> Field:
    """The needles' own colour, as the words say or as grown."""
    wish = sheet.spec.colour("tree")
    own = rgb(chance.choice(NEEDLES))
    return own if wish is None else colour(wish) * np.float32(0.75)


def conifer(sheet: Sheet, name: str, *, pine: bool) -> list[Dots]:
    """One tree, one high: its stem, its boughs with their twigs, and the snow on them."""
    chance = Chance(sheet.seed, name)
    slim = chance.between(0.15, 0.205) if not pine else chance.between(0.17, 0.23)
    body = needle_colour(sheet, chance)
    draws = lattice(key(sheet.seed, name, "boughs"), (7, BOUGHS))
    share = (np.arange(BOUGHS, dtype=np.float32) + np.float32(0.5) + draws[0] * np.float32(0.5)) / np.float32(BOUGHS)
    down = share * (np.float32(1.65) - share * np.float32(0.65))
    crown = 0.55 if pine else 0.88
    reach = np.float32(slim) * (np.float32(0.07) + down * np.float32(1.05)) * (np.float32(0.80) + np.float32(0.28) * draws[1])
    if pine:
        reach = np.float32(slim) * (np.float32(0.30) + down * (np.float32(1.5) - down)) * (np.float32(0.75) + np.float32(0.4) * draws[1])
    reach *= np.where(draws[2] < -0.86, np.float32(0.35), np.float32(1))
    flat = np.sqrt(draws[3] * draws[3] + draws[4] * draws[4]) + np.float32(1e-3)
    aim = draws[3] / flat, draws[4] / flat
    droop = (np.float32(0.62) + draws[5] * np.float32(0.2)) * (down * np.float32(1.5) - np.float32(0.35))
    if pine:
        droop = draws[5] * np.float32(0.25) - np.float32(0.25)
    base = np.float32(0.90 if pine else 0.985) - np.float32(crown) * down
    twigs = boughs(sheet, name, (base, reach, droop, down), aim)
    return [stem(sheet, name, pine=pine), *dressed(sheet, twigs, body)]


def boughs(sheet: Sheet, name: str, bough: tuple[Field, Field, Field, Field], aim: tuple[Field, Field]) -> tuple[Field, ...]:
    """(place, share of the way out, how far it hangs, side to the eye, draw) of every twig."""
    base, reach, droop, down = (field[:, None, None] for field in bough)
    ux, uz = (field[:, None, None] for field in aim)
    draws = lattice(key(sheet.seed, name, "twigs"), (4, BOUGHS, ALONG, TWIGS))
    out = (np.arange(ALONG, dtype=np.float32)[None, :, None] + np.float32(0.5) + draws[0] * np.float32(0.5)) / np.float32(ALONG)
    side = draws[1] * reach * np.float32(0.34) * (np.float32(1.15) - out)
    hang = draws[2] * draws[2] * (np.float32(0.008) + np.float32(0.024) * down) * (np.float32(1.2) - out)
    y = base - reach * (droop * out - np.float32(0.34) * out * out) - hang + draws[3] * np.float32(0.004)
    place = np.stack([ux * reach * out - uz * side, y + 0 * side, uz * reach * out + ux * side])
    high = hang / (np.float32(0.01) + np.float32(0.022) * down)
    return place.reshape(3, -1), (out + 0 * side).ravel(), high.ravel(), (ux + 0 * side).ravel(), (uz + 0 * side).ravel(), draws[3].ravel()


def dressed(sheet: Sheet, twigs: tuple[Field, ...], body: Field) -> list[Dots]:
    """Needles in light and shadow, and where snow lies, snow on the upper side of the boughs."""
    place, out, hang, across, near, draw = twigs
    sunny = across * np.float32(toward(sheet)) * out
    inner = np.float32(0.30) + np.float32(0.70) * out * out
    shade = np.clip((np.float32(0.40) + sunny * np.float32(0.52) + near * np.float32(0.12) - hang * np.float32(0.42)) * inner, 0, 1)
    shade = np.clip(shade + draw * np.float32(0.10), 0.02, 1)
    shade = rimmed(sheet, shade, sunny * np.float32(1.1) + draw * np.float32(0.12))
    body = dimmed(sheet, body)
    warm = np.stack([np.full_like(shade, body[c]) * (np.float32(0.72) + shade * np.float32(w)) for c, w in enumerate((0.75, 0.60, 0.30))])
    dots = [Dots(place, lit(sheet, warm, shade), 0.0022)]
    if sheet.snowy:
        lies = (hang < 0.30 + 0.2 * draw) & (out > 0.16)
        heap = place[:, lies].copy()
        heap[1] += np.float32(0.004)
        heap[2] += np.float32(0.010)
        glow = np.clip(np.float32(0.36) + sunny[lies] * np.float32(0.46) + draw[lies] * np.float32(0.10), 0, 1)
        dots.append(Dots(heap, lit(sheet, np.broadcast_to(SNOW[:, None], heap.shape), glow) * np.float32(1.12), 0.0026))
    return dots


def stem(sheet: Sheet, name: str, *, pine: bool) -> Dots:
    """The stem: thick at the foot, its bark rough, lit from one side."""
    count = 2600 if pine else 1300
    draws = lattice(key(sheet.seed, name, "stem"), (3, count))
    up = (draws[0] * np.float32(0.5) + np.float32(0.5)) * np.float32(0.93 if pine else 0.985)
    thick = (np.float32(0.0115 if not pine else 0.0135) + np.float32(0.012) * np.clip(np.float32(0.05) - up, 0, 1) * np.float32(20)) * (
        np.float32(1.02) - up
    )
    sway = (up - up * up) * np.float32(0.03 if pine else 0.008)
    place = np.stack([draws[1] * thick + sway, up, thick * np.float32(0.3)])
    shade = np.clip(np.float32(0.36) + draws[1] * np.float32(0.42 * toward(sheet)) + draws[2] * np.float32(0.18), 0, 1)
    bark = (PINE_BARK if pine else BARK)[:, None] * np.ones_like(shade)
    return Dots(place, lit(sheet, bark, shade), 0.0022)
