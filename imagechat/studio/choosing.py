"""From what was chosen and typed to a request that a model takes: words that people know are understood, what became of them is told."""

from imagechat.domain import meanings
from imagechat.domain.models import ModelCard, Note
from imagechat.domain.records import NO_STYLE, Controls
from imagechat.domain.requests import LARGEST_SEED, MOST_AT_ONCE, ImageRequest, Input
from imagechat.domain.values import Size
from imagechat.errors import BadInput, NotOffered
from imagechat.prompting import commands, styles

COMPARED = ("size", "quality", "style", "seed", "format", "background", "count", "options")
AUTO = "auto"


def wish(text: str, chosen: Controls, usual: Controls, card: ModelCard, inputs: tuple[Input, ...] = ()) -> tuple[ImageRequest, list[Note]]:
    """What is asked of `card`, and what words of the visitor's became; where nothing was said, the configured style and quality count.

    Raises: NotOffered("count"), BadInput (a seed or a size that cannot be).
    """
    if not 1 <= chosen.count <= MOST_AT_ONCE:
        raise NotOffered("count", model=card.id, given=chosen.count, most=min(card.max_count, MOST_AT_ONCE))
    seed, largest = chosen.seed if card.seeds else None, LARGEST_SEED - chosen.count + 1
    if seed is not None and not 0 <= seed <= largest:
        raise BadInput("seed_range", given=str(seed), most=str(largest))
    style = chosen.style or (usual.style if usual.style in styles.offered(card) else None)
    size = sized(chosen.size, card)
    quality = meanings.quality(chosen.quality, card.qualities) if chosen.quality else usual_quality(usual, card)
    form = meanings.format(chosen.format or str(card.defaults.get("format", "png")))
    squeezed = chosen.compression is not None and card.compresses and form in ("jpeg", "webp")
    request = ImageRequest(
        prompt=text.strip(), model=card.id, size=size, quality=quality, style=None if style == NO_STYLE else style, seed=seed,
        count=chosen.count, format=form, background=chosen.background or None, inputs=inputs,
        parent=next((each.generation for each in inputs if each.generation), None),
        options={"compression": chosen.compression} if squeezed else {},
    )  # fmt: skip
    told = (("size", chosen.size, str(size) if size else None), ("quality", chosen.quality, quality))
    return request, [fitted(name, given, used) for name, given, used in told if given and used and not _same(given, used)]


def _same(given: str, used: str) -> bool:
    """Whether it is the same thing by another name: standard and medium stand at the same place of the scale, nobody need be told."""
    plain = given.strip().lower()
    ranks = meanings.QUALITIES.get(plain), meanings.QUALITIES.get(used)
    return plain.replace("×", "x").replace(" ", "") == used.lower() or (plain == "standard" and ranks[0] == ranks[1])


def sized(given: str | None, card: ModelCard) -> Size | None:
    """A size as it was typed or chosen: pixels, a shape ("16:9", "portrait"), or nothing where the model may choose.

    Raises: BadInput("size_form").
    """
    if not given or (given.strip().lower() == AUTO and card.auto_size):
        return None
    shape = meanings.shape_of(given)
    return Size.parse(given) if shape is None or not card.sizes else meanings.fitting(shape, card.sizes, card.size_rule)


def usual_quality(usual: Controls, card: ModelCard) -> str | None:
    """The configured quality as `card` has it."""
    found = meanings.quality(usual.quality, card.qualities) if usual.quality else None
    return found if found in card.qualities else None


def fitted(name: str, given: object, used: object) -> Note:
    """The note that something became something else."""
    return Note(code=f"fitted_{name}", facts={"given": str(given), "used": str(used)})


def replaced(before: ImageRequest, after: ImageRequest) -> list[Note]:
    """What a recipe lost or changed on its way to the model that stands in for a retired one."""
    return [Note(code="model_replaced", facts={"given": before.model, "used": after.model}), *lost(before, after)]


def lost(before: ImageRequest, after: ImageRequest) -> list[Note]:
    """What of a recipe became something else, or nothing."""
    pairs = [(name, _plain(getattr(before, name)), _plain(getattr(after, name))) for name in COMPARED]
    return [fitted(name, had, has or "–") for name, had, has in pairs if had != has and had]


def _plain(value: object) -> str:
    """A setting's value for people; "" for none."""
    if isinstance(value, dict):
        return ", ".join(f"{name}:{each}" for name, each in value.items())
    return "" if value is None else str(value)


def commanded(line: commands.Line, controls: Controls, card: ModelCard) -> Controls:
    """`controls` with the options of a command over them.

    Raises: BadInput that points at the word which is no such value, with what there is.
    """
    changes: dict[str, object] = {"model": card.id, "image_model": card.id}
    for name, word in line.options.items():
        if name != "model":
            changes[name] = _value(name, word, card)
    return controls.again(**changes)


def named(line: commands.Line, request: ImageRequest) -> dict[str, object]:
    """What a command says itself: it stays as it was said, and is refused where the model has no such thing."""
    fields = ["options" if name == "compression" else name for name in line.options if name != "model"]
    return {field: getattr(request, field) for field in fields}


def unused(line: commands.Line, request: ImageRequest) -> list[Note]:
    """The note that a compression was said for a format that has none."""
    word = line.options.get("compression")
    return [fitted("options", f"compression:{word.text}", "–")] if word and not request.options else []


def _value(name: str, word: commands.Word, card: ModelCard) -> object:
    text = word.text.strip()
    if name not in values(card):
        raise commands.pointed("option_none", word, name=name, model=card.id)
    match name:
        case "count" | "seed" | "compression":
            if not text.isdecimal() or len(text) > 16:
                raise commands.pointed("option_number", word, name=name)
            if name == "compression" and int(text) > 100:
                raise commands.pointed("option_value", word, name=name, model=card.id, offered="0–100", meant="")
            if name == "count" and not 1 <= int(text) <= card.max_count:
                raise commands.pointed("option_value", word, name=name, model=card.id, offered=f"1–{card.max_count}", meant="")
            return int(text)
        case "size":
            try:
                sized(text, card)
            except BadInput as fault:
                raise commands.pointed("option_size", word, offered=", ".join(map(str, card.sizes))) from fault
            return text
    offered = values(card).get(name, ())
    wanted = _meant(name, text, card)
    if wanted not in offered:
        raise commands.pointed(
            "option_value", word, name=name, model=card.id, offered=", ".join(offered), meant=commands.close(wanted, offered)
        )
    return text if name == "quality" else wanted  # A quality becomes the card's later, with a note of it.


def _meant(name: str, text: str, card: ModelCard) -> str:
    match name:
        case "style":
            return text.lower().replace(" ", "_").replace("-", "_")
        case "quality":
            return meanings.quality(text, card.qualities)
        case "format":
            return meanings.format(text)
    return text.lower()


def values(card: ModelCard) -> dict[str, tuple[str, ...]]:
    """What each option of a command can be for `card`, where that can be listed."""
    shapes = ("1:1", "3:2", "2:3", "16:9", "9:16") if card.sizes else ()
    auto = (AUTO,) if card.auto_size else ()
    found: dict[str, tuple[str, ...]] = {
        "style": (NO_STYLE, *styles.offered(card)),
        "size": (*map(str, card.sizes), *auto, *shapes),
        "quality": card.qualities,
        "format": card.formats,
        "background": card.backgrounds,
        "count": tuple(str(count) for count in range(1, card.max_count + 1)) if card.max_count > 1 else (),
    }
    had = {name: offered for name, offered in found.items() if offered}
    return had | ({"seed": ()} if card.seeds else {}) | ({"compression": ("50", "80", "95")} if card.compresses else {})
