"""Words to a Spec: longest form first, whole words, each word used once; what is not understood is kept to be told."""

from dataclasses import dataclass, field
from functools import lru_cache

from imagechat.providers.sketch.spec import Spec, Subject
from imagechat.providers.sketch.words.binding import bound, number_and_place, several
from imagechat.providers.sketch.words.lexicon import Entry, Lexicon, lexicon
from imagechat.providers.sketch.words.places import placed
from imagechat.providers.sketch.words.spans import Span, deny, spans_in
from imagechat.providers.sketch.words.telling import Told, told


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt became: the Spec and the spans it was read from. `named`: the scene was said, and not only hinted at; `adds`,
    `another`: the words ask for something more, or for one more of what is there; `counted`: the kinds whose number was said; `fewer`: of
    which kinds so many are to go (0: half of them); `faded`: colours that are to go.
    """

    spec: Spec
    spans: tuple[Span, ...] = ()
    named: bool = False
    adds: bool = False
    another: bool = False
    counted: frozenset[str] = frozenset()
    fewer: tuple[tuple[str, int], ...] = ()
    faded: frozenset[str] = frozenset()

    @property
    def denies(self) -> bool:
        """Whether anything was taken away."""
        return any(span.denied for span in self.spans)

    @property
    def asks_change(self) -> bool:
        """Whether the words sound like the change of a picture, and name none."""
        return not self.named and bool(self.spans) and self.spans[0].words[0] in lexicon().changing

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
    counted: set[str] = field(default_factory=set)
    fewer: dict[str, int] = field(default_factory=dict)
    faded: set[str] = field(default_factory=set)

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
            rig=self.slots.get("rig", ""),
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
            refuse(entry, span, draft)
    words = {word for span in spans for word in span.words}
    named = any(not one.weak for one in draft.said)
    return Reading(
        draft.spec(),
        tuple(spans),
        named,
        bool(words & book.adding),
        bool(words & book.another),
        frozenset(draft.counted),
        tuple(draft.fewer.items()),
        frozenset(draft.faded),
    )


def understand(span: Span, spans: list[Span], draft: Draft, book: Lexicon) -> None:
    """Write what `span` means into the draft."""
    if span.kept:
        return
    for entry in span.entries:
        if span.denied:
            lessen(entry, span, spans, draft, book)
            refuse(entry, span, draft)
            continue
        match entry.slot:
            case "subject":
                count, place = number_and_place(span, spans, book)
                draft.subjects.setdefault(entry.value, Subject(entry.value, count or several(span, spans, entry.value), place))
                draft.counted |= {entry.value} if count else set()
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


def refuse(entry: Entry, span: Span, draft: Draft) -> None:
    """What is denied becomes its opposite, or stays out; what was named before stays: "a boat with no sail" is a boat."""
    if entry.slot in ("subject", "scene", "layout"):
        named = entry.value in draft.subjects or entry.value in {one.value for one in draft.said}
        if not (named and span.denied) and not entry.weak:
            draft.without.append(entry.value)
    elif entry.slot == "colour":
        draft.faded.add(entry.value)
    elif entry.slot == "grade" and entry.opposite:
        draft.grade.append(entry.opposite)
    elif entry.opposite:
        draft.slots.setdefault(entry.slot, entry.opposite)


def lessen(entry: Entry, span: Span, spans: list[Span], draft: Draft, book: Lexicon) -> None:
    """Note how many are to go: "remove two boats" takes two away, "fewer boats" half of them."""
    if entry.slot != "subject":
        return
    count, _ = number_and_place(span, spans, book)
    if span.denier in book.lessening:
        draft.fewer[entry.value] = 0
    elif count:
        draft.fewer[entry.value] = count


def colour(name: str, span: Span, spans: list[Span], draft: Draft, book: Lexicon) -> None:
    """Give a colour to what it belongs to; one that belongs to nothing Sketch paints is told as not understood."""
    what = bound(span, spans, book)
    if what is None:
        span.entries = ()
    else:
        draft.colours.setdefault(what, name)
        if what == "water":
            draft.hinted.append("sea")
