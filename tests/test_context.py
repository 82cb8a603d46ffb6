"""Fitting a conversation to a model's context: pictures before words, the oldest first, the newest never."""

from itertools import pairwise

import pytest

from imagechat.domain.requests import Input
from imagechat.domain.values import new_id
from imagechat.prompting.context import PICTURE, Draft, fitted, tokens, weight
from tests.asking import ANN, ask, chat, said
from tests.conftest import OpenHouse
from tests.fakes.models import FakeSeeing, FakeText, png

CARD = FakeText.card


def talk(*words: int, pictures: int = 0) -> list[Draft]:
    """Turns of so many tokens each, all with so many pictures."""
    inputs = tuple(Input(blob=new_id()) for _ in range(pictures))
    return [Draft("assistant" if index % 2 else "user", f"{index}" + "x" * (count * 3 - 1), inputs) for index, count in enumerate(words)]


@pytest.mark.parametrize(("text", "count"), [("", 0), ("abc", 1), ("abcd", 2), ("روباه", 4), ("🦊", 2)])
def test_tokens_are_guessed_rather_too_many(text: str, count: int):
    assert tokens(text) == count


def test_what_fits_stays_as_it_is():
    turns = talk(100, 100, 100, pictures=2)
    assert fitted(turns, CARD) == (tuple(turns), [])
    assert fitted([], CARD) == ((), [])


def test_what_just_fits_stays_and_one_more_word_does_not():
    turns = talk(100, 100)
    room = sum(map(weight, turns))
    assert fitted(turns, CARD.again(context=room * 4 // 3 + 1))[1] == []
    assert fitted(talk(101, 100), CARD.again(context=room * 4 // 3))[1] != []


def test_the_oldest_turns_go_first_and_that_is_noted():
    turns = talk(300, 300, 300, 10)
    kept, (note,) = fitted(turns, CARD.again(context=800))
    assert kept == tuple(turns[2:])
    assert (note.code, note.facts) == ("context_fitted", {"model": "fake-text", "turns": 2, "pictures": 0})


def test_pictures_go_before_words_the_oldest_first():
    turns = talk(10, 10, 10, pictures=1)
    kept, (note,) = fitted(turns, CARD.again(context=(2 * PICTURE + 100) * 4 // 3))
    assert [turn.text for turn in kept] == [turn.text for turn in turns]
    assert [len(turn.inputs) for turn in kept] == [0, 1, 1]
    assert (note.code, note.facts["pictures"], note.facts["turns"]) == ("context_pictures", 1, 0)


def test_the_newest_turn_never_goes_nor_its_pictures():
    turns = talk(1000, 1000, 5000, pictures=3)
    kept, (note,) = fitted(turns, CARD.again(context=200))
    assert kept == (turns[2],)
    assert (note.code, note.facts["turns"], note.facts["pictures"]) == ("context_fitted", 2, 6)
    alone, notes = fitted(turns[2:], CARD.again(context=200))
    assert (alone, notes) == ((turns[2],), [])


def test_turns_that_were_not_even_read_count_among_those_left_out():
    kept, (note,) = fitted(talk(5, 5), CARD, left_out=7)
    assert (len(kept), note.code, note.facts["turns"]) == (2, "context_fitted", 7)


def test_a_larger_context_never_keeps_less():
    turns = talk(50, 700, 20, 300, 5, 90, pictures=1)
    sizes = [
        (len(kept), sum(len(turn.inputs) for turn in kept))
        for kept, _ in (fitted(turns, CARD.again(context=c)) for c in range(10, 16_000, 97))
    ]
    assert all(one <= other for one, other in pairwise(sizes))


async def test_a_long_chat_is_fitted_and_the_visitor_is_told(open_house: OpenHouse):
    class Small(FakeText):
        card = FakeText.card.again(id="small", context=600)

    model, thread = Small(), new_id()
    studio = (await open_house(model)).studio
    for number in range(4):
        turn = await said(studio, ANN, ask(f"tokens:1 question {number} " + "long " * 80, "small", thread=thread))
    given = model.asked[-1].turns
    assert given[-1].text.startswith("tokens:1 question 3") and len(given) < 7
    (note,) = turn.job.notes
    assert (note.code, note.facts["model"], note.facts["turns"]) == ("context_fitted", "small", 7 - len(given))
    assert len((await studio.turns(ANN, thread)).items) == 8, "nothing is lost of it"


async def test_older_pictures_make_room_for_words(open_house: OpenHouse):
    class Small(FakeSeeing):
        card = FakeSeeing.card.again(id="small", context=3000)

    model, thread = Small(), new_id()
    studio = (await open_house(model)).studio
    for number in range(2):
        blob = await studio.upload(ANN, png((40, 30), number), "fox.png")
        turn = await said(studio, ANN, ask("tokens:1 look", "small", thread=thread, uploads=(blob.id,)))
    assert [len(each.pictures) for each in model.asked[-1].turns] == [0, 0, 1]
    assert [note.code for note in turn.job.notes] == ["context_pictures"]


async def test_a_short_chat_has_no_note(open_house: OpenHouse):
    studio = (await open_house(FakeText())).studio
    assert (await said(studio, ANN, chat("hello"))).job.notes == ()
