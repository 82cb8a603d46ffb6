"""What comes is not what it must be."""

import pytest

from imagechat import i18n
from imagechat.domain.jobs import Status
from tests.asking import ANN, ended
from tests.bad_days.days import EVERY, FLARE, HALF, OLDER, PICTURES, WORDS, Day, failed, fine, requests, words
from tests.test_work import files, whole


@pytest.mark.parametrize("model", PICTURES)
@pytest.mark.parametrize(
    ("says", "error"),
    [("gives:truncated", "truncated"), ("gives:text", "not_a_picture"), ("gives:page", "web_page")],
)
async def test_what_is_no_whole_picture_is_not_kept(day: Day, model: str, says: str, error: str):
    turn = await day.said(says, model)
    await failed(day, turn, f"broken_reply.{error}")
    assert files(day.house) == {place.preview for place in turn.job.places if place.preview}


@pytest.mark.parametrize(("model", "error"), [(FLARE, "ended_early"), (OLDER, "no_picture")])
async def test_a_reply_without_a_picture(day: Day, model: str, error: str):
    await failed(day, await day.said("gives:nothing", model), f"broken_reply.{error}")


@pytest.mark.parametrize(("model", "error"), [(FLARE, "empty"), (OLDER, "no_picture")])
async def test_an_empty_picture(day: Day, model: str, error: str):
    await failed(day, await day.said("gives:empty", model), f"broken_reply.{error}")


async def test_a_reply_without_a_word(day: Day):
    await failed(day, await day.said("tokens:0", WORDS), "broken_reply.empty_reply")


async def test_a_page_instead_of_a_reply(day: Day):
    await failed(day, await day.said("gives:page", WORDS), "broken_reply.web_page")


@pytest.mark.parametrize("model", PICTURES)
async def test_another_format_than_asked_is_kept_and_said(day: Day, model: str):
    turn = await day.said("gives:jpeg", model)
    await fine(day, turn)
    assert turn.pictures[0].media_type == "image/jpeg"
    assert ("other_format", {"asked": "PNG", "came": "JPEG"}) in [(note.code, note.facts) for note in turn.job.notes]


@pytest.mark.parametrize("model", [FLARE, WORDS])
async def test_plain_json_instead_of_a_stream_is_as_good(day: Day, model: str):
    await fine(day, await day.said("gives:plain", model))


@pytest.mark.parametrize("model", PICTURES)
async def test_an_address_instead_of_a_picture_is_as_good(day: Day, model: str):
    turn = await day.said("gives:url", model)
    await fine(day, turn)
    assert ("other_size", {"asked": "1024x1024", "came": "256x256"}) in [(note.code, note.facts) for note in turn.job.notes]


@pytest.mark.parametrize("model", PICTURES)
@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://10.0.0.5/a.png", "broken_reply.private_address"), ("http://127.0.0.1:1/a.png", "broken_reply.private_address"),
        ("http://169.254.169.254/latest/meta-data/", "broken_reply.private_address"), ("file:///etc/passwd", "broken_reply.bad_address"),
        ("http://nowhere.invalid/a.png", "broken_reply.bad_address"), ("http:///a.png", "broken_reply.bad_address"),
        ("HOME/v1/files/moved", "broken_reply.private_address"),
        ("HOME/v1/files/round", "broken_reply.bad_address"), ("HOME/v1/nothing", "broken_reply.no_file"),
        ("HOME/v1/files/drip", "broken_reply.endless"), ("HOME/v1/files/flood", "broken_reply.too_long"),
    ],
)  # fmt: skip
async def test_an_address_that_is_not_fetched_to_its_end(day: Day, model: str, url: str, error: str):
    for provider in day.house.catalogue.providers:
        if provider.standing:
            provider.results.fetcher.longest, provider.results.fetcher.most = 0.5 if "drip" in url else 20, 4 * 2**20
    home = day.server.url.removesuffix("/v1")
    turn = await day.said(f"gives:url url:{url.replace('HOME', home)}", model)
    await failed(day, turn, error)


async def test_a_broken_event_among_partial_pictures_is_passed_over(day: Day):
    await fine(day, await day.said("then:malformed", FLARE))


async def test_a_broken_event_among_words_ends_the_reply(day: Day):
    turn = await day.said("then:malformed", WORDS)
    await failed(day, turn, "broken_reply.malformed", text=HALF)


@pytest.mark.parametrize(("model", "says"), [(FLARE, ""), (WORDS, "tokens:12")])
async def test_blocked_in_the_middle(day: Day, model: str, says: str):
    turn = await day.said(f"then:blocked {says}", model)
    await failed(day, turn, "blocked.midway", text=HALF)
    assert "violence" in words(turn)


async def test_a_reply_that_is_cut_off_by_the_rules(day: Day):
    turn = await day.said("then:blocked at:end", WORDS)
    await failed(day, turn, "blocked.reply", text="".join(f"word{index} " for index in range(12)))


@pytest.mark.parametrize("model", PICTURES)
async def test_of_several_pictures_the_others_are_kept(day: Day, model: str):
    turn = await day.said("status:500 times:1", model, count=3)
    assert turn.job.status is Status.DONE and len(turn.pictures) == 2
    assert sorted(place.status for place in turn.job.places) == ["done", "done", "failed"]
    error = next(place.error for place in turn.job.places if place.error)
    assert "{" not in i18n.locale("en").error(error.code, error.reason, error.facts)
    assert requests(day.server) == 3
    await whole(day.house)


@pytest.mark.parametrize("model", EVERY)
async def test_what_failed_can_be_tried_again_and_costs_one_request_more(day: Day, model: str):
    receipt = await day.say("status:500 times:1", model)
    await ended(day.house.studio, ANN, receipt)
    turn = await ended(day.house.studio, ANN, await day.house.studio.retry(ANN, receipt.message))
    await fine(day, turn)
    assert requests(day.server) == 2
