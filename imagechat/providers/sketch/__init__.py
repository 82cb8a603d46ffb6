"""Sketch: a procedural painter. Words become a small Spec, the Spec becomes layers, the layers become a picture; no AI."""
