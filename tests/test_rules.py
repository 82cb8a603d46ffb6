"""Word rules: whole words in any script, however they are written, in linear time; and the file that they stand in."""

import logging
import os
import time
from pathlib import Path

import pytest

from imagechat.bootstrap import House
from imagechat.domain.values import new_id
from imagechat.domain.visitors import Visitor
from imagechat.errors import CannotStart, NotAllowed
from imagechat.i18n import codes, locale
from imagechat.prompting import rules
from imagechat.prompting.rules import Rules, Words
from imagechat.settings import PolicySettings
from tests.asking import ANN, BEN, ask, chat, drawn, said, wish
from tests.conftest import OpenHouse
from tests.fakes.models import FakeImage, FakeText

ZWNJ, ZWSP, SHY = "\u200c", "\u200b", "\u00ad"


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("ass", "an ass in a field"),
        ("ass", "ASS!"),
        ("ass", "the ass's ears"),
        ("ass", "an (ass)"),
        ("ass", f"an a{SHY}s{ZWSP}s"),
        ("ass", "an ａｓｓ"),
        ("ass", "an a\u0301ss"),
        ("straße", "STRASSE"),
        ("blood bath", "a Blood-bath"),
        ("blood bath", "blood,\n\n  bath"),
        ("blood bath", "blood blood bath"),
        ("explos*", "three explosions"),
        ("explos*", "explos"),
        ("blood bath*", "blood bathes"),
        ("کتاب", "یک كتاب است"),
        ("کتاب", "كِتَابٌ"),
        ("می روم", f"می{ZWNJ}روم خانه"),
        (f"می{ZWNJ}روم", "می روم"),
        ("۱۸+", "18 and over"),
        ("猫", "黒い猫がいる"),
        ("黒い猫", "黒い猫がいる"),
        ("жуть", "Какая ЖУТЬ"),
        ("🔫", "a 🔫."),
        ("ハート", "ﾊｰﾄ"),
    ],
)
def test_what_a_rule_finds(rule: str, text: str):
    assert Words.read(rule).first(text) is not None


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("ass", "a class in the grass, a cassette, Scunthorpe"),
        ("cunt", "Scunthorpe"),
        ("ass", "as s"),
        ("blood bath", "blood in the bath"),
        ("blood bath", "bath blood"),
        ("blood bath", "blood bathes"),
        ("explos*", "implosions"),
        ("کتاب", "کتابخانه"),
        ("猫", "犬がいる"),
        ("", "anything"),
        ("# ass", "ass"),
        ("ass", ""),
    ],
)
def test_what_a_rule_lets_go(rule: str, text: str):
    assert Words.read(rule).first(text) is None


def test_a_rule_inside_a_longer_one_is_found():
    assert Words.read("red blood cell\nblood").first("red blood") == "blood"
    assert Words.read("red blood cell\nblood ce*").first("red blood cellar") == "blood cellar"


def test_remarks_blanks_and_line_ends_are_no_rules():
    words = Words.read("# the list\r\n\r\n  ass  # a donkey\r\nblood bath\r\n")
    assert (words.count, words.first("an ass")) == (2, "ass")


@pytest.mark.parametrize("rules", [
    "\n".join(f"word{index}" for index in range(10_000)),
    "\n".join("a " * (index % 11) + f"b{index}" for index in range(10_000)),
    "\n".join(f"{'a' * (index % 190 + 1)}b{index}*" for index in range(10_000)),
])  # fmt: skip
@pytest.mark.parametrize("prompt", ["a " * 16_000, "a" * 32_000, "word9999x " * 3_200, "ژ" * 32_000, "می‌روم " * 5_000])
def test_long_lists_and_prompts_are_quick(rules: str, prompt: str):
    words = Words.read(rules)
    began = time.process_time()
    assert words.first(prompt) is None
    assert time.process_time() - began < 0.5


# --- the file ---
@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_text("ass\nblood bath\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        (b"ass\n\n***\n", 3, "*"),
        (b"ass\n!!!\n", 2, "no letter"),
        (b"as*s\n", 1, "*"),
        (b"ass *\n", 1, "*"),
        (b"ass\n" + b"x" * 201, 2, "200"),
        (b"a " * 13, 1, "12"),
        ("ass\ncafé\n".encode("latin-1"), 2, "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_understood_stops_the_start_and_says_where(file: Path, content: bytes, line: int, why: str):
    file.write_bytes(content)
    with pytest.raises(CannotStart) as stopped:
        Rules(str(file))
    assert (stopped.value.reason, stopped.value.facts["line"]) == ("words_line", line)
    for code in codes():
        words = locale(code).error(stopped.value.code, stopped.value.reason, stopped.value.facts)
        assert str(file) in words and why in words and locale(code).number(line) in words and "{" not in words


def test_a_file_that_is_not_there_stops_the_start(tmp_path: Path):
    with pytest.raises(CannotStart) as stopped:
        Rules(str(tmp_path / "nowhere.txt"))
    assert stopped.value.reason == "words_unreadable"
    assert "nowhere.txt" in locale("en").error("cannot_start", "words_unreadable", stopped.value.facts)


async def test_a_byte_order_mark_is_no_part_of_the_first_word(file: Path):
    file.write_text("ass", "utf-8-sig")
    with pytest.raises(NotAllowed):
        await Rules(str(file)).check("an ass")


async def test_no_file_is_no_rule():
    await Rules("").check("anything")


async def test_a_changed_file_is_read_again_and_a_bad_one_is_not(
    file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    held = Rules(str(file))
    file.write_text("donkey\n", "utf-8")
    await held.check("a donkey")  # Looked at a moment ago.
    monkeypatch.setattr(rules, "PAUSE", 0.0)
    with pytest.raises(NotAllowed):
        await held.check("a donkey")
    await held.check("an ass")
    for change in (lambda: file.write_text("!!!\n", "utf-8"), file.unlink):
        change()
        with caplog.at_level(logging.WARNING), pytest.raises(NotAllowed):
            await held.check("a donkey")
    await held.check("a fox")
    assert caplog.text.count("former ones hold") == 2
    file.write_text("fox\n", "utf-8")
    with pytest.raises(NotAllowed):
        await held.check("a fox")


async def test_the_same_file_is_not_read_twice(file: Path, monkeypatch: pytest.MonkeyPatch):
    held = Rules(str(file))
    monkeypatch.setattr(rules, "PAUSE", 0.0)
    await held.check("a fox")
    monkeypatch.setattr(rules, "_read", None)
    await held.check("a fox")
    os.utime(file, ns=(1, 1))
    with pytest.raises(TypeError):
        await held.check("a fox")


# --- in the house ---
@pytest.fixture
async def ruled(open_house: OpenHouse, file: Path) -> tuple[House, FakeImage, FakeText]:
    image, text = FakeImage(), FakeText()
    return await open_house(image, text, policy=PolicySettings(words=str(file))), image, text


@pytest.mark.parametrize("visitor", [ANN, BEN])
async def test_nobodys_words_pass_and_nothing_is_kept_or_asked(ruled: tuple[House, FakeImage, FakeText], visitor: Visitor):
    house, image, text = ruled
    studio, thread = house.studio, new_id()
    asked = [
        lambda: studio.say(visitor, ask("an ass in a field", thread=thread)),
        lambda: studio.say(visitor, chat("tell me of a blood-bath", thread=thread)),
        lambda: studio.say(visitor, ask("/imagine a blood  bath size:256x256", thread=thread)),
        lambda: studio.draw(visitor, thread, wish("a fox", negative="an ass"), said="a fox"),
        lambda: studio.draw(visitor, thread, wish("a fox", original="an ass"), said="a fox"),
        lambda: studio.draw_words(visitor, thread, "an ass"),
        lambda: studio.enhance(visitor, "an ass", ask("", text_model="fake-text").controls),
    ]
    for each in asked:
        with pytest.raises(NotAllowed) as refused:
            await each()
        assert refused.value.reason == "words" and refused.value.facts["word"] in ("ass", "blood bath")
    assert not image.asked and not text.asked
    assert not (await studio.threads(visitor)).items


async def test_all_words_that_are_to_be_changed_are_told_at_once(ruled: tuple[House, FakeImage, FakeText]):
    studio = ruled[0].studio
    with pytest.raises(NotAllowed) as refused:
        await studio.say(BEN, ask("an ASS, a blood bath and one more ass"))
    told = [locale(code).error("not_allowed", "words", refused.value.facts) for code in ("en", "fa")]
    assert "do not allow “ass”, “blood bath”." in told[0] and "blood bath" in told[1]


async def test_what_was_drawn_before_a_rule_is_not_drawn_again(open_house: OpenHouse, file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "PAUSE", 0.0)
    studio = (await open_house(policy=PolicySettings(words=str(file)))).studio
    made = await drawn(studio, ANN, "a donkey")
    file.write_text("donkey", "utf-8")
    with pytest.raises(NotAllowed):
        await studio.reroll(ANN, made.id)
    with pytest.raises(NotAllowed):
        await studio.vary(ANN, made.id)


async def test_a_conversation_with_such_words_is_not_sent_to_be_worded(
    ruled: tuple[House, FakeImage, FakeText], file: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rules, "PAUSE", 0.0)
    house, _, text = ruled
    thread, controls = new_id(), ask("", text_model="fake-text").controls
    await said(house.studio, ANN, chat("a donkey on a hill", thread=thread))
    assert (await house.studio.conversation_prompt(ANN, thread, controls)).prompt
    file.write_text("donkey", "utf-8")
    text.asked.clear()
    with pytest.raises(NotAllowed) as refused:
        await house.studio.conversation_prompt(ANN, thread, controls)
    assert refused.value.facts["word"] == "donkey" and not text.asked


async def test_other_words_pass(ruled: tuple[House, FakeImage, FakeText]):
    house, _, text = ruled
    assert (await drawn(house.studio, BEN, "a class in Scunthorpe")).request.prompt == "a class in Scunthorpe"
    assert (await said(house.studio, BEN, chat("of classes"))).job
    assert text.asked
