"""Single houses that stand in a landscape: a country house, and a hut of logs with smoke over its chimney."""

from dataclasses import replace

import numpy as np

from imagechat.providers.sketch.built.house import PART, cottage, raise_house
from imagechat.providers.sketch.built.prism import grid, view_of, window_of
from imagechat.providers.sketch.canvas.curves import smooth, wave
from imagechat.providers.sketch.canvas.light import blend, colour
from imagechat.providers.sketch.canvas.sheet import Sheet, Spot
from imagechat.providers.sketch.spec import Subject

ROOF_COLOURS = ("red", "orange", "brown", "black", "grey")
"""Colours that a house wears on its roof; the others on its walls."""


def house(sheet: Sheet, spot: Spot, wish: Subject, number: int) -> None:
    """A country house."""
    one = cottage(sheet, f"house {number}")
    asked = sheet.spec.colour("house")
    if asked in ROOF_COLOURS:
        one = replace(one, roof=blend(colour(asked), one.roof, 0.35))
    elif asked:
        one = replace(one, body=blend(colour(asked), one.body, 0.3), material="plaster")
    raise_house(sheet, spot, one, PART + number % 20)


def hut(sheet: Sheet, spot: Spot, wish: Subject, number: int) -> None:
    """A hut of logs on a foot of stones, its hearth lit."""
    one = cottage(sheet, f"hut {number}", "alpine")
    one = replace(one, long=8.0, deep=6.2, wall=2.9, rise=2.7, eaves=0.9, storeys=1, hip=False)
    asked = sheet.spec.colour("hut")
    if asked:
        one = replace(one, body=blend(colour(asked), one.body, 0.4))
    raise_house(sheet, spot, one, PART + 20 + number % 10)
    view = view_of(sheet, spot, one.turn)
    x, y = view.at((one.chimney * one.long, one.wall + one.rise + 0.8, 0.0))
    smoke(sheet, x, y, spot.metre, spot.air)


def smoke(sheet: Sheet, x: float, y: float, metre: float, air: float) -> None:
    """A thin column that widens and leans as it rises from `x`, `y`."""
    tall = metre * 9
    window = window_of(sheet, [(x - tall * 0.25, y - tall), (x + tall * 0.6, y)])
    if window is None:
        return
    columns, rows = grid(window)
    up = np.clip((np.float32(y) - rows) / np.float32(tall), 0, 1)
    bend = np.float32(x) + (up * up * np.float32(0.34) + wave(up * np.float32(1.7)) * up * np.float32(0.05)) * np.float32(tall)
    wide = np.float32(metre * 0.30) + up * np.float32(tall * 0.11)
    off = (columns - bend) / wide
    share = smooth(1.0, 0.0, off * off) * (np.float32(1) - up) * smooth(0.0, 0.05, up) * np.float32(0.5 * (1 - air * 0.7))
    sheet.mix(blend(sheet.light.haze, sheet.light.lit, 0.5), share, *window)
