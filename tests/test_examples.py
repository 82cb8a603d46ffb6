"""The prompts of the empty screen: each has words in every language, and its picture is what Sketch paints of them."""

import pytest

from imagechat import i18n
from imagechat.providers.sketch.words.reading import read
from imagechat.ui.examples import FOLDER, examples

IDS = [each.id for each in examples()]


@pytest.mark.parametrize("language", [code for code in i18n.codes() if code != "en"])
@pytest.mark.parametrize("place", range(len(IDS)), ids=IDS)
def test_other_words_for_an_example_paint_the_same_picture(language: str, place: int):
    plain, told = examples()[place], examples(language)[place]
    assert told.request.prompt != plain.request.prompt
    assert told.request.again(prompt=plain.request.prompt) == plain.request
    reading = read(told.request.prompt)
    assert reading.spec == read(plain.request.prompt).spec
    assert not reading.told().unknown


def test_a_language_without_words_for_them_has_the_english_ones():
    assert examples("xx") == examples()
    assert [(FOLDER / each.file).is_file() for each in examples()] == [True] * len(IDS)
