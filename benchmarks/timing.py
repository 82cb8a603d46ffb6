"""Measuring in pairs: ours and the floor, in turn, in one run, by medians."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median

from playwright.async_api import Browser, Page, async_playwright

from tests.browser.chromium import chromium

Figure = Callable[[], Awaitable[float]]

# Armed before the key is pressed. The predicate is asked after each change of the document; what it is true about counts as shown when the
# frame after the next one begins, for then it has been painted. A picture that the predicate returns is decoded first.
STOPWATCH = """(predicate, limit) => {
  window.stopwatch = new Promise((resolve, reject) => {
    let pressed, found
    const frame = () => new Promise(requestAnimationFrame)
    const press = event => { if (event.key === 'Enter') pressed ??= event.timeStamp }
    const look = async () => {
      if (pressed === undefined || found || !(found = predicate())) return
      end()
      if (found instanceof HTMLImageElement) await found.decode()
      const there = performance.now()
      await frame()
      await frame()
      resolve({pressed: performance.timeOrigin + pressed, there: there - pressed, shown: performance.now() - pressed})
    }
    const late = setTimeout(() => { end(); reject(new Error('never shown: ' + predicate)) }, limit * 1000)
    const observer = new MutationObserver(look)
    const end = () => {
      clearTimeout(late)
      observer.disconnect()
      removeEventListener('keydown', press, true)
      document.removeEventListener('load', look, true)
    }
    addEventListener('keydown', press, true)
    document.addEventListener('load', look, true)
    observer.observe(document, {subtree: true, childList: true, characterData: true, attributes: true})
  })
}"""


@dataclass(frozen=True)
class Reading:
    """One press of Enter: when it was (seconds since the epoch), and what came of it after how many milliseconds."""

    pressed: float
    there: float
    shown: float


async def enter(page: Page, box: str, words: str, done: str, seconds: float = 60) -> Reading:
    """Write `words` into the text box `box` (a selector), press Enter and wait until `done` holds on screen.

    `done` is a JavaScript function: something truthy once what was asked is there; an <img> it returns must also be decoded.
    """
    await page.fill(box, words)
    return await press(page, box, done, seconds)


async def press(page: Page, target: str, done: str, seconds: float = 60) -> Reading:
    """Press Enter on `target` (a selector) and wait until `done` holds on screen."""
    await page.evaluate(f"({STOPWATCH})({done}, {seconds})")
    await page.press(target, "Enter")
    seen = await page.evaluate("() => window.stopwatch")
    return Reading(seen["pressed"] / 1000, seen["there"], seen["shown"])


@dataclass
class Pair:
    """One job as we do it and as the floor does it.

    The bar and the aim are times of the floor or, with `over`, milliseconds on top of it.
    """

    name: str
    ours: Figure
    bare: Figure
    bar: float
    aim: float
    over: bool = False
    taken: list[tuple[float, float]] = field(default_factory=list)

    async def round(self) -> None:
        """Measure both, one after the other; who goes first changes, for the second finds warmer caches."""
        first, second = (self.ours, self.bare) if len(self.taken) % 2 == 0 else (self.bare, self.ours)
        pair = await first(), await second()
        self.taken.append(pair if first is self.ours else (pair[1], pair[0]))

    @property
    def medians(self) -> tuple[float, float]:
        """Ours and the floor's."""
        return median(ours for ours, _ in self.taken), median(bare for _, bare in self.taken)

    @property
    def score(self) -> float:
        """What the bar is about."""
        ours, bare = self.medians
        return ours - bare if self.over else ours / bare

    def row(self) -> list[str]:
        """A line of the table."""
        ours, bare = self.medians
        verdict = "aim met" if self.score <= self.aim else "bar met" if self.score <= self.bar else "MISSED"
        return [self.name, f"{ours:.1f} ms", f"{bare:.1f} ms", *(self._worded(each) for each in (self.score, self.bar, self.aim)), verdict]

    def _worded(self, score: float) -> str:
        return f"{score:+.1f} ms" if self.over else f"{score:.2f} ×"


async def measured(pairs: Sequence[Pair], warm: int = 3, rounds: int = 15) -> None:
    """Run each pair's rounds, ours and bare in turn; what the first `warm` rounds show is forgotten."""
    for pair in pairs:
        for _ in range(warm + rounds):
            await pair.round()
        del pair.taken[:warm]


async def typical(figure: Figure, warm: int = 3, rounds: int = 15) -> float:
    """The median of one figure by itself."""
    return median([await figure() for _ in range(warm + rounds)][warm:])


HEAD = ["name", "ours", "bare", "ratio", "bar", "aim", ""]


def table(rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> str:
    """Rows under a head, in columns that line up."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    laid = [" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([laid[0], "-|-".join("-" * width for width in widths), *laid[1:]])


@asynccontextmanager
async def browser() -> AsyncGenerator[Browser]:
    """The tests' Chromium, for as long as the block runs."""
    async with async_playwright() as playwright:
        running = await chromium().launch(playwright)
        try:
            yield running
        finally:
            await running.close()
