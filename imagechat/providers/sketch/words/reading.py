"""Words to a Spec: longest form first, whole words, each word used once; what is not understood is kept to be told."""

from dataclasses import dataclass, field
from functools import lru_cache

from imagechat.providers.sketch.spec import Spec, Subject
from imagechat.providers.sketch.words.binding import bound, number_and_place
from imagechat.providers.sketch.words.lexicon import Entry, Lexicon, lexicon
from imagechat.providers.sketch.words.places import placed
from imagechat.providers.sketch.words.spans import Span, deny, spans_in
from imagechat.providers.sketch.words.telling import Told, told


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt became: the Spec and the spans it was read from. `named`: the scene was said, and not only hinted at; `adds`,
    `another`: the words ask for something more, or for one more of what is there.
    """

    spec: Spec
    spans: tuple[Span, ...] = ()
    named: bool = False
    adds: bool = False
    another: bool = False

    @property
    def denies(self) -> bool:
        """Whether anything was taken away."""
        return any(span.denied for span in self.spans)

    def told(self, settled: Spec | None = None) -> Told:
        """The visitor's words, by what became of them in the picture of the `settled` Spec."""
        return told(self.spans, settled or self.spec, lexicon())


@dataclass(slots=True)
class Draft:
    """A Spec that is being filled."""

    slots: dict[str, str] = field(default_factory=dict)
    time: str = ""
    said: list[Entry] = field(default_factory=list)
    hinted: list[str] = field(default_factory=list)
    subjects: dict[str, Subject] = field(default_factory=dict)
    without: list[str] = field(default_factory=list)
    colours: dict[str, str] = field(default_factory=dict)
    grade: list[str] = field(default_factory=list)

    def spec(self) -> Spec:
        """The Spec: what was said goes before what was implied."""
        place = placed(self.said, self.hinted, self.without)
        return Spec(
            scene=place.scene,
            time=self.slots.get("time", self.time),
            layout=place.layout,
            subjects=tuple(one for kind, one in self.subjects.items() if kind not in self.without),
            without=tuple(dict.fromkeys(self.without)),
            colours=tuple(self.colours.items()),
            also=place.also,
            grade=tuple(self.grade),
            weather=self.slots.get("weather", ""),
            style=self.slots.get("style", ""),
            phase=self.slots.get("phase", ""),
            season=self.slots.get("season", ""),
            wood=self.slots.get("wood", ""),
        )


@lru_cache(maxsize=512)
def read(prompt: str, negative: str = "") -> Reading:
    """Read `prompt`; every thing named in `negative` is denied."""
    book = lexicon()
    draft = Draft()
    spans = deny(spans_in(prompt, book), book)
    for span in spans:
        understand(span, spans, draft, book)
    for span in spans_in(negative, book):
        for entry in span.entries:
            refuse(entry, draft)
    words = {word for span in spans for word in span.words}
    named = any(not one.weak for one in draft.said)
    return Reading(draft.spec(), tuple(spans), named, bool(words & book.adding), bool(words & book.another))


def understand(span: Span, spans: list[Span], draft: Draft, book: Lexicon) -> None:
    """Write what `span` means into the draft."""
    for entry in span.entries:
        if span.denied:
            refuse(entry, draft)
            continue
        match entry.slot:
            case "subject":
                draft.subjects.setdefault(entry.value, Subject(entry.value, *number_and_place(span, spans, book)))
            case "colour":
                colour(entry.value, span, spans, draft, book)
            case "scene" | "layout":
                draft.said.append(entry)
            case "grade":
                draft.grade.append(entry.value)
            case "time" if entry.value == "moonlight":
                draft.slots["time"] = entry.value
            case "style" if draft.slots.get("style") == "abstract":
                draft.slots["style"] = entry.value
            case _:
                draft.slots.setdefault(entry.slot, entry.value)
        imply(entry, draft)


def imply(entry: Entry, draft: Draft) -> None:
    """A boat hints at the sea, the Milky Way at the night."""
    if entry.scene and (entry.slot != "layout" or entry.weak):
        draft.hinted.append(entry.scene)
    draft.time = draft.time or entry.time


def refuse(entry: Entry, draft: Draft) -> None:
    """What is denied becomes its opposite, or stays out."""
    if entry.slot in ("subject", "scene", "layout"):
        draft.without.append(entry.value)
    elif entry.slot == "grade" and entry.opposite:
        draft.grade.append(entry.opposite)
    elif entry.opposite:
        draft.slots.setdefault(entry.slot, entry.opposite)


def colour(name: str, span: Span, spans: list[Span], draft: Draft, book: Lexicon) -> None:
    """Give a colour to what it belongs to; one that belongs to nothing Sketch paints is told as not understood."""
    what = bound(span, spans, book)
    if what is None:
        span.entries = ()
    else:
        draft.colours.setdefault(what, name)
