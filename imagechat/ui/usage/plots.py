"""What was used, as Gradio's bar plots: spending, what came, how long it took, what failed."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import gradio as gr

from imagechat.domain.money import MICRO, UsageReport, Use
from imagechat.shown import Shown

COLOURS = ("#d4622f", "#2a9d8f", "#5b7fb8", "#c99a2e", "#8a6fb0", "#6b8f4e", "#b85c7a", "#7a7d84")
"""For models, in the order of what they cost; told apart on light and dark."""
MODELS = len(COLOURS) - 1
"""Models that are told apart in a plot; the others are one."""
NOON = time(12)
"""Where a day stands on the axis: in the middle of it, so that no time zone moves it to another."""
NAMES = ("spending", "made", "times", "failed")
Rows = list[tuple[datetime | str, float, str]]


def lay(shown: Shown) -> Iterator[gr.BarPlot]:
    """Place them, empty."""
    for name in NAMES:
        yield gr.BarPlot(
            x="x", y="y", color="·", title=shown.locale.say(f"usage.plot_{name}"), x_title=" ", y_title=" ", color_title=" ",
            height=230, x_bin="1d" if name != "times" else None, x_axis_format="%m-%d" if name != "times" else None, visible=False,
            elem_id=f"plot-{name}", min_width=320, buttons=[],
        )  # fmt: skip


def drawn(report: UsageReport, shown: Shown) -> list[Any]:
    """An update for each of them; one that has nothing to show is hidden."""
    say = shown.locale.say
    others, came, failed = say("usage.others"), _words(shown, "pictures", "replies"), _words(shown, "failures", "stopped")
    told = [use for use in report.models if use.model][:MODELS]
    named = {use.model: str(use.model) for use in told}
    rows: dict[str, Rows] = {
        "spending": _by_day(report, lambda use: {named.get(use.model, others): use.price / MICRO}),
        "made": _by_day(report, lambda use: dict(zip(came, (use.pictures, use.replies), strict=True))),
        "times": [(str(use.model), round(use.median, 2), str(use.model)) for use in told if use.median is not None],
        "failed": _by_day(report, lambda use: dict(zip(failed, (use.failures, use.cancelled), strict=True))),
    }
    colours = dict(zip((*named.values(), others), COLOURS, strict=False)) | dict(zip((*came, *failed), COLOURS[:2] * 2, strict=True))
    return [_update(rows[name], colours) for name in NAMES]


def _words(shown: Shown, *names: str) -> tuple[str, ...]:
    return tuple(shown.locale.say(f"usage.{name}") for name in names)


def _update(rows: Rows, colours: dict[str, str]) -> Any:
    import pandas

    if not any(amount for _, amount, _ in rows):
        return gr.update(visible=False)
    kept = {of: colour for of, colour in colours.items() if any(row[2] == of for row in rows)}
    return gr.BarPlot(value=pandas.DataFrame(rows, columns=["x", "y", "·"]), color_map=kept, visible=True)


def _by_day(report: UsageReport, told: Callable[[Use], dict[str, float]]) -> Rows:
    sums: defaultdict[tuple[date, str], float] = defaultdict(float)
    for use in report.days:
        if use.day is not None:
            for of, amount in told(use).items():
                sums[use.day, of] += amount
    kinds = dict.fromkeys(of for _, of in sums)
    count = (report.until - report.since).days + 1
    every = [report.since + timedelta(days=n) for n in range(count)]
    # A column for each day, also for one on which nothing was.
    return [(datetime.combine(day, NOON), round(sums.get((day, of), 0.0), 6), of) for day in every for of in kinds]
