"""Server functions are public addresses: whatever is sent to them is answered in words."""

import itertools

import pytest

from imagechat.domain.values import new_id
from tests.web.conftest import Page

FUNCTIONS = {
    "conversation": {
        "fetch_turns": 2, "fetch_version": 0, "fetch_details": 1, "ask_reroll": 2, "ask_same_seed": 2, "ask_retry": 3,
        "ask_stop": 1, "ask_words": 3, "ask_example": 3, "trash_picture": 1, "restore_picture": 1,
    },
    "threads": {"fetch_threads": 2, "give_title": 2, "trash_thread": 1, "restore_thread": 1},
}  # fmt: skip
ALL = [(component, function) for component, functions in FUNCTIONS.items() for function in functions]


@pytest.mark.parametrize(("component", "function"), ALL)
@pytest.mark.parametrize(
    "data",
    [
        [None],
        [1, 2, 3],
        [[]],
        [{}, {}],
        ["x"] * 9,
        {"a": 1},
        "text",
        None,
        5,
        [["a"], "b", 7.5],
        ["\x00", "\x00", "\x00"],
        ["\ud800", "\udfff", "\ud800"],
    ],
)
async def test_wrong_arguments_are_answered_in_words(page: Page, component: str, function: str, data: object):
    answer = await page.send(component, function, data)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    if "error" in told:
        assert told["error"]["code"] in ("bad_input", "not_found", "not_offered")
        assert told["error"]["text"] and "Traceback" not in told["error"]["text"]


@pytest.mark.parametrize(
    ("component", "function"),
    [each for each in ALL if each[1] not in ("fetch_version", "fetch_threads", "ask_words", "ask_example")],
)
async def test_ids_of_others_are_not_found(page: Page, component: str, function: str):
    beside = {"give_title": ["title"], "ask_reroll": [new_id()], "ask_same_seed": [new_id()], "ask_retry": [None, new_id()]}
    arguments = [new_id(), *beside.get(function, [])]
    told = await page.call(component, function, *arguments)
    assert told["error"]["code"] == "not_found"
    assert told["error"]["status"] == 404


async def test_a_function_of_another_component_is_not_there(page: Page):
    for component, function in itertools.product(
        ("gallery", "threads", "message", "bar"), ("ask_stop", "trash_picture", "__init__", "launch", "")
    ):
        assert (await page.send(component, function, [])).status_code == 404


async def test_cursors_that_are_none_are_told_in_words(page: Page):
    told = await page.call("threads", "fetch_threads", "", "nonsense")
    assert "begin from its start" in told["error"]["text"]


async def test_an_empty_and_an_endless_prompt(page: Page):
    for prompt, words in ((" ", "nothing to send"), ("x" * 2001, "2001 characters")):
        told = await page.call("conversation", "ask_words", new_id(), prompt, new_id())
        assert words in told["error"]["text"]


async def test_half_a_character_is_kept_as_the_sign_for_one(page: Page):
    receipt = await page.ask("half a \ud83d fox, a whole \U0001f98a")
    asked = (await page.call("conversation", "fetch_turns", receipt["thread"]))["turns"][0]
    assert asked["text"] == "half a \ufffd fox, a whole \U0001f98a"


async def test_an_example_that_there_is_not_is_not_found(page: Page):
    told = await page.call("conversation", "ask_example", new_id(), "no such example", new_id())
    assert told["error"]["code"] == "not_found"
