"""One rule for the light on all that grows: under a low sun plants are dark with a warm rim, by night dark and nearly without colour."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet

HOURS = {
    "dawn": (0.30, 0.80),
    "golden": (0.06, 0.95),
    "sunset": (0.46, 0.58),
    "dusk": (0.52, 0.60),
    "night": (0.74, 0.44),
    "moonlight": (0.66, 0.56),
}
"""(how much of their colour plants lose, how bright they remain) at each time of day."""
RIM = {"dawn": 0.40, "golden": 0.20, "sunset": 0.80, "dusk": 0.60, "night": 0.45, "moonlight": 0.35}
"""How much of the light on a plant comes from behind it, so that only its rim on the sun's side is bright."""


def dimmed(sheet: Sheet, body: Field, share: float = 1.0) -> Field:
    """`body` (3, …), the colour of leaves by day, as it looks at this hour; `share`: how far it follows the rule."""
    if sheet.spec.time not in HOURS:
        return body
    loss, bright = HOURS[sheet.spec.time]
    loss, bright = loss * share, 1 + (bright - 1) * share
    even = body[0] * np.float32(0.30) + body[1] * np.float32(0.55) + body[2] * np.float32(0.15)
    tint = neutral(sheet)
    planes = [(body[c] + (even * tint[c] - body[c]) * np.float32(loss)) * np.float32(bright) for c in range(3)]
    return np.stack(planes).astype(np.float32)


def neutral(sheet: Sheet) -> list[np.float32]:
    """What takes half of an aurora's green light off again; no tint under any other."""
    fill = sheet.light.fill
    if not sheet.night or fill[1] < fill[2] * np.float32(0.95):
        return [np.float32(1)] * 3
    even = (fill[0] + fill[1] + fill[2]) * np.float32(1 / 3)
    return [np.float32(0.5) + np.float32(0.5) * min(np.float32(2.4), even / max(fill[c], np.float32(0.02))) for c in range(3)]


def rimmed(sheet: Sheet, shade: Field, side: Field) -> Field:
    """`shade` (0 to 1) of the light on leaves, where `side` is 1 at the rim toward the sun and -1 at the other."""
    share = np.float32(RIM.get(sheet.spec.time, 0.0))
    if not share:
        return shade
    rim = smooth(0.30, 0.85, side) * np.float32(0.9)
    return np.asarray(shade * (np.float32(1) - share * np.float32(0.85)) + rim * share, np.float32)
