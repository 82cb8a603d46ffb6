"""Sketch as the studio meets it: events, stopping, and a painter that dies."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import time
from contextlib import aclosing

import numpy as np
import psutil
import pytest
from PIL import Image

from imagechat.domain.models import Note, Picture, Preview, Progress, Usage
from imagechat.errors import NotOffered, WorkerDied
from imagechat.providers.sketch import wire
from imagechat.providers.sketch.model import CARD, Sketch
from imagechat.providers.sketch.painters import ROOT, Painters, surroundings
from imagechat.providers.sketch.spec import Task, read_spec
from imagechat.providers.sketch.words.reading import read
from imagechat.providers.sketch.words.settle import settle
from tests.providers.sketch.paintings import painted


async def all_of(sketch, order):
    return [event async for event in sketch.stream(order)]


def decoded(picture):
    return np.asarray(Image.open(io.BytesIO(picture.data)))


def gone(pid):
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def test_a_picture_comes_in_real_steps(sketch, order):
    events = await all_of(sketch, order("sea at sunset with a xyzzy", size="256x192"))
    kinds = [type(event) for event in events]
    assert kinds.index(Preview) < kinds.index(Picture)
    assert kinds[-1] is Usage and events[-1].price == 0
    steps = [event for event in events if isinstance(event, Progress)]
    assert [one.step for one in steps] == list(range(len(steps)))
    assert {one.of for one in steps} == {len(steps)}
    assert [one.doing for one in steps][:2] == ["sky", "clouds"]
    notes = {event.code: event.facts["words"] for event in events if isinstance(event, Note)}
    assert notes == {"sketch_understood": "sea, sunset", "sketch_unknown_words": "xyzzy"}


async def test_the_recipe_is_in_the_facts(sketch, order):
    events = await all_of(sketch, order("islands", format="png"))
    picture = next(event for event in events if isinstance(event, Picture))
    again = Task(read_spec(picture.facts["spec"]), picture.facts["seed"], (192, 128))
    assert np.array_equal(decoded(picture), painted(again))


async def test_picture_i_of_n_is_the_picture_of_its_own_seed(sketch, order):
    three = [event for event in await all_of(sketch, order(count=3, seed=40)) if isinstance(event, Picture)]
    alone = [event for event in await all_of(sketch, order(count=1, seed=42)) if isinstance(event, Picture)]
    assert [one.index for one in three] == [0, 1, 2]
    assert three[2].data == alone[0].data
    assert three[0].data != three[1].data


async def test_the_pool_is_one_process_until_it_is_closed(sketch, painters, order):
    await all_of(sketch, order())
    (first,) = painters.pids
    await all_of(sketch, order())
    assert painters.pids == (first,)
    await sketch.close()
    assert gone(first)


async def test_closing_the_stream_stops_the_painter_at_once(sketch, painters, order):
    await all_of(sketch, order())
    async with aclosing(sketch.stream(order(size="2048x2048", quality="high"))) as events:
        async for event in events:
            if isinstance(event, Progress):
                break
        (pid,) = painters.pids
        began = time.perf_counter()
    await until(lambda: gone(pid))
    assert time.perf_counter() - began < 2  # On a busy machine; the picture takes longer than that.
    assert any(isinstance(event, Picture) for event in await all_of(sketch, order()))


async def until(true, seconds=5.0):
    end = time.perf_counter() + seconds
    while not true() and time.perf_counter() < end:
        await asyncio.sleep(0.002)
    assert true()


async def test_cancelling_stops_the_painter_too(sketch, painters, order):
    await all_of(sketch, order())
    task = asyncio.create_task(all_of(sketch, order(size="2048x2048", quality="high")))
    await asyncio.sleep(0.4)
    (pid,) = painters.pids
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: gone(pid), 2)  # The picture takes longer than that.


async def test_a_painter_that_dies_is_told_and_replaced(sketch, painters, order):
    with pytest.raises(WorkerDied):
        async for event in sketch.stream(order(size="1024x1024")):
            if isinstance(event, Progress) and event.step == 1:
                os.kill(painters.pids[0], signal.SIGKILL)
    assert any(isinstance(event, Picture) for event in await all_of(sketch, order()))


async def test_a_painter_that_died_while_idle_is_replaced_unseen(sketch, painters, order):
    await all_of(sketch, order())
    (pid,) = painters.pids
    os.kill(pid, signal.SIGKILL)
    await until(lambda: painters.pids == ())
    assert any(isinstance(event, Picture) for event in await all_of(sketch, order()))


async def test_one_that_fails_does_not_take_the_others_with_it(sketch, painters, order):
    codes, pictures = [], []
    async for event in sketch.stream(order(count=2, size="1024x1024")):
        if isinstance(event, Progress) and (event.index, event.step) == (0, 1):
            os.kill(painters.pids[0], signal.SIGKILL)
        if isinstance(event, Picture):
            pictures.append(event.index)
        if type(event).__name__ == "Failed":
            codes.append((event.index, event.code))
    assert (codes, pictures) == ([(0, "worker_died")], [1])


async def test_an_idle_painter_goes_home(order):
    pool = Painters(1, idle=0.05)
    await all_of(Sketch(pool), order())
    await until(lambda: pool.pids == ())
    await pool.close()


async def test_two_painters_work_side_by_side(order):
    pool = Painters(2)
    both = await asyncio.gather(*(all_of(Sketch(pool), order(seed=seed)) for seed in (1, 2)))
    assert len(pool.pids) == 2
    assert all(any(isinstance(event, Picture) for event in events) for events in both)
    await pool.close()


def worker():
    command = [sys.executable, "-m", "imagechat.providers.sketch.worker"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings(), cwd=ROOT)


def test_the_worker_ends_when_the_app_is_gone_even_in_mid_picture():
    process = worker()
    text = Task(settle(read("mountains").spec, 1), 1, (2048, 2048), "high").text().encode()
    process.stdin.write(wire.HEAD.pack(len(text), 0) + text)
    process.stdin.flush()
    process.stdout.read(8)
    process.stdin.close()
    assert process.wait(2) == 0
    process.stdout.close()


def test_the_worker_leaves_ctrl_c_to_the_app_and_sees_no_keys(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert "OPENAI_API_KEY" not in surroundings()
    process = worker()
    text = Task(settle(read("sea").spec, 1), 1, (64, 64)).text().encode()
    process.stdin.write(wire.HEAD.pack(len(text), 0) + text)
    process.stdin.flush()
    head = process.stdout.read(8)
    process.send_signal(signal.SIGINT)
    facts, _ = wire.lengths(head)
    assert wire.facts_of(process.stdout.read(facts))["doing"] == "sky"
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(2) == 0
    process.stdout.close()


def test_the_card_refuses_what_is_not_painted(order):
    CARD.check(order(size="64x192").request)
    for wrong in ({"size": "64x256"}, {"size": "4096x4096"}, {"style": "manga"}, {"count": 5}, {"format": "gif"}):
        with pytest.raises(NotOffered):
            CARD.check(order(**wrong).request)
    with pytest.raises(NotOffered):
        CARD.check(order(background="transparent", format="jpeg").request)


async def test_a_transparent_picture_has_alpha(sketch, order):
    for form in ("png", "webp"):
        events = await all_of(sketch, order("mountain lake", background="transparent", format=form))
        picture = next(event for event in events if isinstance(event, Picture))
        assert decoded(picture).shape == (128, 192, 4)


async def test_high_quality_is_told_where_memory_forbids_it(sketch, order):
    async def codes(size):
        events = sketch.stream(order(size=size, quality="high"))
        async with aclosing(events):
            return [event.code async for event in upto_progress(events) if isinstance(event, Note)]

    assert "sketch_high" in await codes("2048x2048")
    assert "sketch_high" not in await codes("1024x1024")


async def upto_progress(events):
    async for event in events:
        if isinstance(event, Progress):
            return
        yield event
