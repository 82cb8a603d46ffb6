"""A wish becomes a prompt: its own words, and one or two fitting details that Sketch can paint."""

import re
from collections.abc import Sequence
from hashlib import blake2b

from imagechat.providers.guide.book import Book, stem
from imagechat.providers.guide.wishes import Wish
from imagechat.providers.sketch.words.lexicon import words_of
from imagechat.providers.sketch.words.reading import read
from imagechat.providers.sketch.words.settle import settle
from imagechat.providers.sketch.words.telling import Told

SCENES = ("mountains", "lake", "sea", "coast", "forest", "meadow", "village", "city", "sky")
"""Where a subject may stand that suits no scene of its own."""
TIMES = ("sunset", "dawn", "night", "day")


def prompt(wish: Wish, book: Book, other: int = 0) -> str:
    """The words for `wish`; `other` > 0 gives a further way to say it. The same wish always gives the same words."""
    take = wish.take * 2 + other
    time = time_of(wish, book, take)
    subject = timeless(wish.subject, book) if wish.time else wish.subject
    if said(subject) not in ("", time) and not read(subject).spec.scene:  # "sunset" asked for by day is nothing but its time
        subject = book.tables["scene_words"][scene_of(wish, book)]
    first = subject if said(subject) == time else f"{subject} {book.tables['time_words'][time]}"
    details = [] if wish.length < 0 else chosen(wish, book, time, take)
    style = book.tables["style_words"].get(wish.style, "")
    return str(book.tables["wish"]["joint"]).join(filter(None, (first, setting(wish, book, take), *wish.extras, *details, style)))


def pick(options: Sequence[str], key: str, take: int) -> str:
    """One of `options`, by the words of `key`, and the next for the next take."""
    start = int.from_bytes(blake2b(key.lower().encode(), digest_size=4).digest(), "big")
    return options[(start + take) % len(options)]


def said(subject: str) -> str:
    """The time of day that the words themselves name, or ""."""
    return str(read(subject).spec.time)


def time_of(wish: Wish, book: Book, take: int) -> str:
    """The time to paint: the one asked for, else the one in the words, else one that suits them and turns with the take."""
    named = wish.time or said(wish.subject)
    fit = [time for time in TIMES if not contradicted(book.tables["time_words"][time], wish.subject)]
    return named if named in book.tables["light"] else pick(fit or TIMES, wish.subject, take)


def timeless(subject: str, book: Book) -> str:
    """`subject` without its words for a time of day."""
    forms = sorted((form for forms in book.tables["times"].values() for form in forms), key=len, reverse=True)
    kept = subject
    for form in forms:
        kept = re.sub(rf"(?i)[,،]?\s*\b(?:{book.tables['wish']['before_time']})?{re.escape(form)}\b", "", kept)
    return kept.strip(" ,،") if words_of(kept) else subject


def scene_of(wish: Wish, book: Book) -> str:
    """The scene that Sketch would paint: the one in the words, else one that suits them."""
    if scene := str(read(" ".join((wish.subject, *wish.extras))).spec.scene):
        return scene
    words = {stem(word) for word in words_of(wish.subject)}
    for scene, nouns in book.tables["affinity"].items():
        if words & {stem(noun) for noun in nouns}:
            return str(scene)
    return pick(SCENES, wish.subject, 0)


def setting(wish: Wish, book: Book, take: int) -> str:
    """A place for a subject that names none."""
    if read(" ".join((wish.subject, *wish.extras))).spec.scene:
        return ""
    return pick(book.tables["setting"][scene_of(wish, book)], wish.subject, take)


def chosen(wish: Wish, book: Book, time: str, take: int) -> list[str]:
    """The light and one or two touches, none against what was asked and none said twice."""
    lights = fitting(book.tables["light"][time], wish, book, time)
    touches = fitting(book.tables["touch"][scene_of(wish, book)], wish, book, time)
    details = [pick(lights, wish.subject, take)] if lights else []
    for step in range(2 if wish.length > 0 else 1):
        fresh = fitting(touches, wish, book, time, *details)
        details += [pick(fresh, wish.subject, take + step)] if fresh else []
    return details


def fitting(options: Sequence[str], wish: Wish, book: Book, time: str, *besides: str) -> list[str]:
    """Those of `options` that neither repeat nor contradict the wish."""
    text = " ".join((wish.subject, *wish.extras, *besides))
    taken = {stem(word) for word in words_of(text) if len(word) > 2}
    taken |= {stem(word) for named, unfit in book.tables["against"].items() if stem(named) in taken for word in unfit}
    fits = []
    for option in options:
        spec, words = read(option).spec, {stem(word) for word in words_of(option) if len(word) > 3}
        if spec.time in ("", time) and not words & taken and not contradicted(option, text):
            fits.append(option)
    return fits


def contradicted(option: str, text: str) -> bool:
    """Whether Sketch would paint something else in the place of `option`, or of what `text` asks for."""
    both, alone = read(f"{text}, {option}"), read(text)
    settled = both.told(settle(both.spec, 0)).nearly, alone.told(settle(alone.spec, 0)).nearly  # a meadow has no room for a boat
    return any(not set(more) <= set(less) for more, less in ((both.told().nearly, alone.told().nearly), settled))


def honest(wish: Wish, book: Book) -> list[str]:
    """What Sketch cannot draw of it, and what it would paint instead, in sentences."""
    told = read(" ".join((wish.subject, *wish.extras))).told()
    time = time_of(wish, book, wish.take * 2)
    instead = f"{book.tables['scene_words'][scene_of(wish, book)]} {book.tables['time_words'][time]}"
    if lacking := missing(wish, told, book):
        return [book.say("cannot", words=listed(lacking, book), instead=instead)]
    if told.nearly and not scene_known(told):
        return [book.say("nearly", words=listed(told.nearly, book), instead=instead)]
    return []


def scene_known(told: Told) -> bool:
    """Whether a scene was named that Sketch paints as it is."""
    return any(read(word).spec.scene for word in told.known)


def missing(wish: Wish, told: Told, book: Book) -> list[str]:
    """The nouns of the wish that Sketch does not paint: the head of each part, and whatever is known to be beyond it."""
    beyond = {stem(word) for words in book.tables["beyond"].values() for word in words}
    kept = {stem(word) for word in book.tables["wish"]["no_things"].split()}
    heads = set()
    for part in re.split(book.tables["wish"]["parts"], wish.subject.lower()):
        if words := words_of(part):
            heads.add(words[0 if book.tables["wish"]["head_first"] else -1])
    unknown = [word for word in told.unknown if stem(word) not in kept]
    return [*told.beyond, *(word for word in unknown if word in heads or stem(word) in beyond)]


def listed(words: Sequence[str], book: Book) -> str:
    """The words in bold, with "and" before the last."""
    bold = [f"**{word}**" for word in words[:4]]
    joint = str(book.tables["wish"]["joint"])
    return bold[0] if len(bold) == 1 else f"{joint.join(bold[:-1])} {book.tables['say']['and']} {bold[-1]}"
