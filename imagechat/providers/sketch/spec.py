"""The Spec: everything that decides a picture beside its seed and size, as one small value that travels as JSON."""

import json
from dataclasses import asdict, dataclass, replace

VERSION = 2
"""The painter's version. It rises whenever the same Spec and seed would give other pixels."""
MOST = 10_000_000
"""The most points that are painted at once: with more, a worker would need over 1 GB."""
RENAMED = {"trees": "tree"}
"""Kinds of subjects by the names that earlier versions gave them."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something in the picture. `place` is "left", "right", "middle" or empty where it is free."""

    kind: str
    count: int = 1
    place: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """What is to be painted. An empty `scene`, `time`, `weather`, `season`, `wood`, `layout` or `mood` is open until `settle` fills it.

    `wood`: "conifer" or "deciduous" trees; `rig`: how the boats are built, "sail", "rowing" or "fisher", by the seed where it is empty;
    `also`: scenes that stand in this one, "mountains" behind a city; `phase`: the moon's, empty where it is free; `without`: subjects and
    scenes that must not appear; `colours`: (what, colour name), where "whole" tints everything; `grade`: changes of the whole picture's
    light, "warm" or "dark", each once or more often; `style`: one of the card's styles, empty for the default look.
    """

    scene: str = ""
    time: str = ""
    weather: str = ""
    layout: str = ""
    mood: int = -1
    style: str = ""
    subjects: tuple[Subject, ...] = ()
    without: tuple[str, ...] = ()
    colours: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()
    phase: str = ""
    season: str = ""
    wood: str = ""
    grade: tuple[str, ...] = ()
    rig: str = ""
    version: int = VERSION

    def again(self, **changes: object) -> "Spec":
        """The same Spec with `changes`."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def subject(self, kind: str) -> Subject | None:
        """The subject of that kind, or None where it is not in the picture."""
        return next((one for one in self.subjects if one.kind == kind), None)

    def colour(self, what: str) -> str | None:
        """The colour name bound to `what`."""
        return dict(self.colours).get(what)

    def text(self) -> str:
        """Compact JSON, keys in order: equal Specs give equal text."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


def read_spec(text: str) -> Spec:
    """The Spec that `text` was made from by `Spec.text`."""
    facts = json.loads(text)
    subjects = tuple(Subject(**{**one, "kind": RENAMED.get(one["kind"], one["kind"])}) for one in facts.pop("subjects"))
    colours = tuple((what, name) for what, name in facts.pop("colours"))
    also, without, grade = (tuple(facts.pop(name, ())) for name in ("also", "without", "grade"))
    return Spec(subjects=subjects, colours=colours, also=also, without=without, grade=grade, **facts)


@dataclass(frozen=True, slots=True)
class Task:
    """One picture to paint: `size` is (width, height) in pixels, `format` png, jpeg or webp; `picture`: the file of a foreign picture that
    is painted over.
    """

    spec: Spec
    seed: int
    size: tuple[int, int]
    quality: str = "standard"
    format: str = "png"
    transparent: bool = False
    picture: bytes = b""

    @property
    def canvas(self) -> tuple[int, int]:
        """The size that is painted on: a draft at half, high quality at twice the size asked for, unless memory forbids that."""
        width, height = self.size
        match self.quality:
            case "draft":
                return max(32, width // 2), max(32, height // 2)
            case "high" if width * height * 4 <= MOST:
                return width * 2, height * 2
        return width, height

    def text(self) -> str:
        """JSON for the worker; the picture travels beside it."""
        return json.dumps({**asdict(replace(self, picture=b"")), "picture": None, "spec": self.spec.text()})


def read_task(text: str | bytes, picture: bytes = b"") -> Task:
    """The Task that `text` was made from by `Task.text`, with its picture."""
    facts = json.loads(text)
    facts["picture"] = picture
    width, height = facts.pop("size")
    return Task(spec=read_spec(facts.pop("spec")), size=(width, height), **facts)
