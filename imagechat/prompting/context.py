"""Fitting a conversation to a model's context: pictures go before words, the oldest first, the newest turn never."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from imagechat.domain.models import ModelCard, Note
from imagechat.domain.requests import Input, Role

PICTURE = 1_600
"""Tokens that a picture is counted as; OpenAI's count is below that for most."""
TURN = 6
"""Tokens around each turn."""
REPLY = 0.25
"""Share of the context that is left for the reply, at most `LONGEST_REPLY` tokens."""
LONGEST_REPLY = 16_000


class Draft(NamedTuple):
    """A turn whose pictures are not loaded yet."""

    role: Role
    text: str
    inputs: tuple[Input, ...] = ()


def tokens(text: str) -> int:
    """About how many tokens `text` is, rather too many: one for three bytes in UTF-8, which fits English, code and Persian."""
    return ceil(len(text.encode()) / 3)


def weight(turn: Draft) -> int:
    """About how many tokens a turn takes."""
    return TURN + tokens(turn.text) + PICTURE * len(turn.inputs)


def fitted(turns: Sequence[Draft], card: ModelCard, left_out: int = 0) -> tuple[tuple[Draft, ...], list[Note]]:
    """`turns` as far as they fit, and a note where some do not; `left_out` turns before them were not even read."""
    room = card.context - min(LONGEST_REPLY, int(card.context * REPLY))
    kept = list(turns)
    over = sum(map(weight, kept)) - room
    blind = gone = 0
    for index, turn in enumerate(kept[:-1]):
        if over > 0 and turn.inputs:
            over -= PICTURE * len(turn.inputs)
            blind += len(turn.inputs)
            kept[index] = turn._replace(inputs=())
    while over > 0 and len(kept) > 1:
        over -= weight(kept.pop(0))
        gone += 1
    gone += left_out
    facts = {"model": card.id, "turns": gone, "pictures": blind}
    return tuple(kept), [Note(code="context_fitted" if gone else "context_pictures", facts=facts)] if gone or blind else []
