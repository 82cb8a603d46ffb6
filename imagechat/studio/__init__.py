"""The verbs that every front end uses. Each takes the visitor, and checks ownership there, once."""

from imagechat.studio.library import Library
from imagechat.studio.making import Ask, Making, Receipt, Recipe
from imagechat.studio.parts import Parts
from imagechat.studio.watching import Watching

__all__ = ["Ask", "Making", "Parts", "Receipt", "Recipe", "Studio"]


class Studio(Making, Library, Watching):
    """Making, the library, and watching, over the same parts."""
