"""The canvas: chance in arrays, curves, light, composition, and the sheet that every layer is painted on."""
