"""Sketch as a model: its card, and the stream of events that one order becomes."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from imagechat.domain.models import Failed, ModelCard, ModelEvent, Note, Picture, Preview, Progress, Usage
from imagechat.domain.requests import ImageOrder, ImageRequest
from imagechat.domain.values import Size, SizeRule
from imagechat.errors import BrokenReply, ImageChatError, WorkerDied
from imagechat.providers.sketch.edits import Plan, planned, varied
from imagechat.providers.sketch.painters import Frame, Painters
from imagechat.providers.sketch.scenes import LOOKS
from imagechat.providers.sketch.spec import Task
from imagechat.providers.sketch.words.settle import settle

SIZES = ("1024x1024", "1536x1024", "1024x1536", "1792x1024", "1024x1792", "768x768", "512x512")
LEAST = 64
"""The shortest side of a picture, in pixels."""
CARD = ModelCard(
    id="sketch",
    label="Sketch",
    provider="embedded",
    kind="image",
    operations=("generate", "edit", "vary"),
    sizes=tuple(map(Size.parse, SIZES)),
    size_rule=SizeRule(low=LEAST, high=2048, step=1, ratio=3.0, pixels=2048 * 2048),
    qualities=("draft", "standard", "high"),
    formats=("png", "jpeg", "webp"),
    backgrounds=("opaque", "transparent"),
    styles=LOOKS,
    worded_styles=False,
    max_count=4,
    max_inputs=1,
    repaints=True,
    max_prompt=4000,
    seeds=True,
    previews=True,
    price=0,
    defaults={"size": "1024x1024", "quality": "standard", "format": "png", "background": "opaque"},
)


class Sketch:
    """The embedded painter. `painters` is the pool that its pictures are painted by."""

    def __init__(self, painters: Painters) -> None:
        self.card = CARD
        self.painters = painters

    async def stream(self, order: ImageOrder) -> AsyncGenerator[ModelEvent]:
        """Paint `count` pictures in turn, each with its own seed; one that fails does not take the others with it.

        Raises: WorkerDied when the painter's process ended and no picture came; what `planned` raises.
        """
        plan = planned(order)
        for note in notes(plan, task_for(order.request, 0, plan)):
            yield note
        for index in range(order.request.count):
            async with aclosing(self._place(index, order.request, plan)) as events:
                async for event in events:
                    yield event
        yield Usage(price=0)

    async def _place(self, index: int, request: ImageRequest, plan: Plan) -> AsyncGenerator[ModelEvent]:
        task = task_for(request, index, plan)
        try:
            async with aclosing(self.painters.paint(task)) as frames:
                async for frame in frames:
                    yield understood(index, task, frame)
        except ImageChatError as error:
            if request.count == 1:
                raise
            yield Failed(index=index, code=error.code, reason=error.reason)

    async def close(self) -> None:
        """End the painters."""
        await self.painters.close()


def task_for(request: ImageRequest, index: int, plan: Plan) -> Task:
    """Picture `index` of the request as the painter gets it."""
    seed = (request.seed or 0) + index
    size = request.size or CARD.sizes[0]
    spec = plan.reading.spec
    # In an edit the words come after the controls: "in watercolor" changes a picture whose style was chosen before.
    style = (spec.style or request.style) if request.inputs else (request.style or spec.style)
    spec = spec.again(style=style or "")
    if plan.varied:
        spec = varied(spec, seed, index, foreign=plan.over is not None)
    return Task(
        spec=spec if plan.over else settle(spec, seed),
        seed=seed,
        size=shaped(size, plan.over.size) if plan.over else (size.width, size.height),
        quality=request.quality or "standard",
        format=request.format,
        transparent=request.background == "transparent" and plan.over is None,
        picture=plan.over.data if plan.over else b"",
    )


def shaped(asked: Size, own: Size) -> tuple[int, int]:
    """The shape of a foreign picture, `own`, at about the size `asked` for: nothing of it is cut away."""
    scale = max(asked.width, asked.height) / max(own.width, own.height)
    return max(LEAST, round(own.width * scale)), max(LEAST, round(own.height * scale))


def understood(index: int, task: Task, frame: Frame) -> ModelEvent:
    """A worker's frame as the studio's event.

    Raises: BrokenReply when the painter could not paint it.
    """
    facts, data = frame
    match facts["event"]:
        case "step":
            return Progress(index=index, step=facts["step"], of=facts["of"], doing=facts["doing"])
        case "preview":
            return Preview(index=index, data=data, media_type=facts["media_type"])
        case "picture":
            recipe = {"spec": task.spec.text(), "seed": task.seed, "painter": task.spec.version}
            return Picture(index=index, data=data, media_type=facts["media_type"], facts=recipe)
    raise BrokenReply("painting_failed", error=str(facts.get("reason", "")))


def notes(plan: Plan, task: Task) -> list[Note]:
    """What was understood of the prompt, in the visitor's own words, what was not, and what could not be kept."""
    told = plan.reading.told(None if plan.over else task.spec)
    words = (
        ("sketch_understood", told.known),
        ("sketch_over_not" if plan.over else "sketch_nearest", told.nearly),
        ("sketch_beyond", told.beyond),
        ("sketch_unknown_words", told.unknown),
    )
    found = [Note(code=code, facts={"words": ", ".join(some), "count": len(some)}) for code, some in words if some]
    if plan.over:
        found.insert(0, Note(code="sketch_over"))
    if plan.asks_change:
        found.insert(0, Note(code="sketch_edit_hint"))
    if task.quality == "high" and task.canvas == task.size:
        found.append(Note(code="sketch_high"))
    if plan.older:
        found.append(Note(code="sketch_older"))
    return found


__all__ = ["CARD", "Painters", "Sketch", "WorkerDied"]
