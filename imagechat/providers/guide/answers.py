"""What Guide says: one decision for each turn, and the words for it."""

import re
from collections.abc import Sequence

from imagechat.domain.requests import ChatRequest, ChatTurn, LoadedPicture
from imagechat.providers.guide.book import Book, book, language_of
from imagechat.providers.guide.topics import Found, found, painted
from imagechat.providers.guide.wishes import Wish, bare, heard, refined
from imagechat.providers.guide.wording import honest, pick, prompt
from imagechat.providers.sketch.words.lexicon import words_of

MOST_READ = 2_000
"""Characters of a turn that are read; nobody explains a wish in more."""
MOST_WORDED = 240
"""Characters of a subject that details are added to."""
MOST_TURNS = 12
"""Earlier turns that a wish may have grown in."""


def answer(turns: Sequence[ChatTurn]) -> str:
    """The reply, in markdown, to the last thing that the person said."""
    said = [turn for turn in turns if turn.role == "user"][-MOST_TURNS:]
    last = said[-1] if said else ChatTurn(role="user", text="")
    own = book(language_in(said))
    wish = grown(said[:-1])
    understood = decide(last.text[:MOST_READ], wish, own)
    if last.pictures:
        return seen(last.pictures, understood, own)
    return spoken(understood, wish, own, last.text)


def worded(request: ChatRequest) -> str:
    """A prompt and nothing else: for the wish in the last turn, or for what the whole talk has come to."""
    said = [turn for turn in request.turns if turn.role == "user"][-MOST_TURNS:]
    text = said[-1].text[:MOST_READ] if said else ""
    if request.task == "reword":  # What a provider refuses is beyond a script: the person's own words, to be changed by the person.
        return said[-1].text.strip() if said else ""
    own = book(language_of(text) or language_in(said))
    wish = grown(said) if request.task == "picture" else heard(text, own)
    subject = re.sub(r"\s+", " ", (wish.subject if wish else bare(text, own) or text)).strip()
    if len(subject) > MOST_WORDED:  # Somebody who wrote so much has said what there is to say.
        return text.strip()
    return prompt(wish or Wish(subject, own.language), own)


def language_in(said: Sequence[ChatTurn]) -> str:
    """The language of the newest turn that has letters."""
    for turn in reversed(said):
        if language := language_of(turn.text[:MOST_READ]):
            return language
    return "en"


def grown(said: Sequence[ChatTurn]) -> Wish | None:
    """The wish as it stood after earlier turns."""
    wish: Wish | None = None
    for turn in said:
        text = turn.text[:MOST_READ]
        understood = decide(text, wish, book(language_of(text) or "en"))
        wish = understood if isinstance(understood, Wish) else wish
    return wish


def decide(text: str, wish: Wish | None, own: Book) -> Wish | Found | None:
    """What `text` is: a wish (new, or the earlier one changed), a question on a topic, or neither."""
    fresh = heard(text, own)
    if fresh and fresh.sure:
        return fresh
    topic = found(text, own)
    changed = refined(wish, text, own) if wish else None
    if changed and (changed.sure or topic is None or painted(changed.extras[-1])):
        return changed
    if fresh and (topic is None or topic.share <= 0.5):
        return fresh
    return topic


def spoken(understood: Wish | Found | None, before: Wish | None, own: Book, text: str) -> str:
    """The words for a decision."""
    if isinstance(understood, Wish):
        return offered(understood, own, again=before is not None and understood.subject == before.subject)
    if understood is not None:
        return own.fill(understood.topic.answer)
    if not words_of(bare(text, own)):
        return own.fill(next(topic.answer for topic in own.topics if topic.id == "hello"))
    return own.say("unknown")


def offered(wish: Wish, own: Book, *, again: bool) -> str:
    """One or two prompts on cards, with what is honest to say about them."""
    worded = book(wish.language)
    opening = pick(own.tables["say"]["refined" if again else "offer"], wish.subject, wish.take)
    first, second = prompt(wish, worded), prompt(wish, worded, 1)
    parts = [opening, card(first)]
    if wish.length >= 0 and second != first:
        parts += [own.say("second"), card(second)]
    parts += honest(wish, worded)
    return "\n\n".join([*parts, own.say("tip_style" if again and wish.style else "tip")])


def card(words: str) -> str:
    """A prompt that the page shows with a button to draw it."""
    return f"```prompt\n{words.replace('`', '')}\n```"


def seen(pictures: Sequence[LoadedPicture], understood: Wish | Found | None, own: Book) -> str:
    """What can be said of pictures that nobody here can look at."""
    files = [described(picture, own) for picture in pictures[:4]]
    joined = files[0] if len(files) == 1 else f"{', '.join(files[:-1])} {own.tables['say']['and']} {files[-1]}"
    rest = offered(understood, own, again=False) if isinstance(understood, Wish) else own.say("picture_next")
    return f"{own.say('picture', files=joined)}\n\n{rest}"


def described(picture: LoadedPicture, own: Book) -> str:
    """A file's name, kind and size, which is all there is to know without looking."""
    kind = picture.media_type.removeprefix("image/").upper()
    name = "".join(letter for letter in picture.name if letter.isprintable() and letter not in "`*[]<>_\\|$~")[:80]
    return own.say("file" if name else "file_nameless", name=f"**{name}**", type=kind, size=str(picture.size).replace("x", " × "))
