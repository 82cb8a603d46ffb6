"""A stranger with somebody's ids gets nothing."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from imagechat.domain.jobs import Status
from imagechat.domain.values import new_id
from imagechat.domain.visitors import OWNER, Visitor
from imagechat.errors import NotFound
from imagechat.studio import Studio
from tests.asking import ANN, BEN, ask, chat, drawn, said, wish
from tests.conftest import OpenHouse
from tests.fakes.models import FakeImage, FakeSeeing, FakeText, png

Verb = Callable[[Studio, Visitor, "Hers"], Awaitable[object]]


class Hers:
    """The ids of one of Ann's pictures and everything around it."""

    def __init__(self, **ids: str) -> None:
        self.thread, self.message, self.picture, self.blob, self.job, self.upload, self.failed, self.running = ids.values()


async def hers(studio: Studio) -> Hers:
    upload = await studio.upload(ANN, png((40, 30), 1), "fox.png")
    turn = await said(studio, ANN, ask("a fox"))
    failed = await said(studio, ANN, ask("a fox then:fail", thread=turn.message.thread))
    running = await studio.say(ANN, ask("a fox delay:60", thread=turn.message.thread))
    return Hers(
        thread=turn.message.thread, message=turn.message.id, picture=turn.pictures[0].id, blob=turn.pictures[0].blob,
        job=turn.job.job, upload=upload.id, failed=failed.message.id, running=running.job,
    )  # fmt: skip


VERBS: dict[str, Verb] = {
    "say in a thread": lambda studio, who, her: studio.say(who, chat("hello", thread=her.thread)),
    "draw in a thread": lambda studio, who, her: studio.say(who, ask("a fox", thread=her.thread)),
    "say with an upload": lambda studio, who, her: studio.say(who, ask("what?", "fake-seeing", uploads=(her.upload,))),
    "say with a picture": lambda studio, who, her: studio.say(who, ask("what?", "fake-seeing", uploads=(her.blob,))),
    "draw with an input": lambda studio, who, her: studio.say(who, ask("a fox", uploads=(her.upload,))),
    "draw under a message": lambda studio, who, her: studio.draw(who, new_id(), wish(), parent=her.message),
    "draw words": lambda studio, who, her: studio.draw_words(who, her.thread, "a fox"),
    "reroll": lambda studio, who, her: studio.reroll(who, her.picture),
    "same seed": lambda studio, who, her: studio.reroll(who, her.picture, same_seed=True),
    "retry": lambda studio, who, her: studio.retry(who, her.failed),
    "retry a place": lambda studio, who, her: studio.retry(who, her.failed, 0),
    "recipe": lambda studio, who, her: studio.recipe(who, her.picture),
    "cancel": lambda studio, who, her: studio.cancel(who, her.running),
    "cancel a finished one": lambda studio, who, her: studio.cancel(who, her.job),
    "thread": lambda studio, who, her: studio.thread(who, her.thread),
    "turns": lambda studio, who, her: studio.turns(who, her.thread),
    "rename": lambda studio, who, her: studio.rename(who, her.thread, "mine now"),
    "trash thread": lambda studio, who, her: studio.trash_thread(who, her.thread),
    "restore thread": lambda studio, who, her: studio.restore_thread(who, her.thread),
    "picture": lambda studio, who, her: studio.picture(who, her.picture),
    "trash picture": lambda studio, who, her: studio.trash_picture(who, her.picture),
    "restore picture": lambda studio, who, her: studio.restore_picture(who, her.picture),
    "file": lambda studio, who, her: studio.file(who, her.blob),
    "upload's file": lambda studio, who, her: studio.file(who, her.upload),
    "thumbnail": lambda studio, who, her: studio.thumbnail(who, her.blob),
}


async def test_nobody_reaches_into_anothers_space(open_house: OpenHouse):
    """Every verb with every id: it looks as though it were not there, and nothing of hers changes."""
    studio = (await open_house(FakeImage(), FakeText(), FakeSeeing())).studio
    her = await hers(studio)
    before = await studio.turns(ANN, her.thread)
    since = studio.version(BEN)
    reached = []
    for name, verb in VERBS.items():
        try:
            await verb(studio, BEN, her)
            reached.append(name)
        except NotFound as refusal:
            assert refusal.reason == ""
    assert not reached
    assert not (await studio.threads(BEN)).items and not (await studio.gallery(BEN)).items
    assert not (await studio.threads(BEN, search="fox")).items and not (await studio.gallery(BEN, search="fox")).items
    space = await studio.space(BEN)
    assert (space.pictures, space.bytes) == (0, 0)
    assert studio.version(BEN) == since and not studio.changes(BEN, since).jobs
    after = await studio.turns(ANN, her.thread)
    assert [turn.message for turn in after.items] == [turn.message for turn in before.items]
    assert (await studio.thread(ANN, her.thread)).title == "a fox"
    assert after.items[-1].job.status is Status.RUNNING


async def test_her_file_is_not_found_even_after_she_looked_at_it(studio: Studio):
    made = await drawn(studio, ANN, "a fox")
    await studio.file(ANN, made.blob)
    with pytest.raises(NotFound):
        await studio.file(BEN, made.blob)


@pytest.mark.parametrize("id", ["", "x", "../../etc/passwd", "0" * 26, "I" * 26, "۰" * 26, "a" * 10_000])
async def test_ids_that_are_none(open_house: OpenHouse, id: str):
    studio = (await open_house(FakeImage(), FakeText(), FakeSeeing())).studio
    made = await drawn(studio, ANN, "a fox")
    her = Hers(thread=id, message=id, picture=id, blob=id, job=id, upload=id, failed=id, running=id)
    takes_new_ones = {"say in a thread", "draw in a thread", "draw words"}  # What these name is begun when it is not there.
    for name, verb in VERBS.items():
        if name in takes_new_ones and id in ("", "0" * 26):
            continue
        with pytest.raises((NotFound, ValueError)):  # ValueError: the request itself has no such form.
            await verb(studio, OWNER, her)
    assert (await studio.gallery(ANN)).items == (made,)


async def test_two_visitors_see_their_own_only(studio: Studio):
    mine, bens = await asyncio.gather(drawn(studio, ANN, "a fox"), drawn(studio, BEN, "a wolf"))
    assert (await studio.gallery(ANN)).items == (mine,)
    assert (await studio.gallery(BEN)).items == (bens,)
    assert {each.id for each in studio.changes(BEN, studio.version(BEN) - 3).pictures} <= {bens.id}
