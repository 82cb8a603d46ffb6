"""The verbs that every front end uses. Each takes the visitor, and checks ownership there, once."""

from imagechat.domain.keys import KeyInfo
from imagechat.prompting.completion import Suggestion
from imagechat.studio.adding import Adding
from imagechat.studio.again import Recipe, Source
from imagechat.studio.answering import Answering
from imagechat.studio.entering import Entered
from imagechat.studio.forgetting import Forgetting
from imagechat.studio.keys import Keys
from imagechat.studio.leaving import Leaving
from imagechat.studio.library import Library
from imagechat.studio.making import Ask, Making
from imagechat.studio.parts import Parts
from imagechat.studio.policing import Policing
from imagechat.studio.renewing import Renewing
from imagechat.studio.spending import Spending
from imagechat.studio.submitting import Receipt
from imagechat.studio.watching import Watching
from imagechat.studio.wording import Worded, Wording

__all__ = ["Ask", "Entered", "KeyInfo", "Making", "Parts", "Receipt", "Recipe", "Source", "Studio", "Suggestion", "Worded"]


class Studio(Answering, Wording, Spending, Library, Watching, Leaving, Forgetting, Renewing, Adding, Keys, Policing):
    """Making, once more, commands, wording, the library, watching, the door, passwords, and leaving, over the same parts."""
