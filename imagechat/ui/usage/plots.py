"""What was used, as Gradio's bar plots: spending, what came, how long it took, what failed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import gradio as gr

from imagechat.domain.money import MICRO, UsageReport, Use
from imagechat.shown import Shown

COLOURS = ("#d4622f", "#2a9d8f", "#5b7fb8", "#c99a2e", "#8a6fb0", "#6b8f4e", "#b85c7a", "#7a7d84")
"""For models, in the order of what they cost; told apart on light and dark."""
MODELS = len(COLOURS) - 1
"""Models that are told apart in a plot; the others are one."""
BY_DAY = 31
"""Days that are shown one by one; more are summed by weeks."""
NAMES = ("spending", "made", "times", "failed")
Rows = list[tuple[str, float, str]]


def lay(shown: Shown) -> Iterator[gr.BarPlot]:
    """Place them, empty."""
    for name in NAMES:
        yield gr.BarPlot(
            x="x", y="y", color="of", title=shown.locale.say(f"usage.plot_{name}"), x_title=" ", y_title=" ", height=230, visible=False,
            elem_id=f"plot-{name}", min_width=320, x_label_angle=-45 if name != "times" else 0, show_fullscreen_button=False,
        )  # fmt: skip


def drawn(report: UsageReport, shown: Shown) -> list[Any]:
    """An update for each of them; one that has nothing to show is hidden."""
    say = shown.locale.say
    named = _named(report, say("usage.others"))
    columns = _columns(report)
    rows: dict[str, Rows] = {
        "spending": _by_day(report.days, columns, lambda use: [(named(use), use.price / MICRO)]),
        "made": _by_day(report.days, columns, lambda use: [(say("usage.pictures"), use.pictures), (say("usage.replies"), use.replies)]),
        "times": [(use.model or "", round(use.median, 2), use.model or "") for use in report.models if use.median is not None][:MODELS],
        "failed": _by_day(report.days, columns, lambda use: [(say("usage.failures"), use.failures), (say("usage.stopped"), use.cancelled)]),
    }
    models = [each.model or "" for each in report.models[:MODELS]] + [say("usage.others")]
    colours = dict(zip(models, COLOURS, strict=False)) | dict(
        zip((say("usage.pictures"), say("usage.replies"), say("usage.failures"), say("usage.stopped")), COLOURS[:2] * 2, strict=True)
    )
    return [_update(rows[name], colours) for name in NAMES]


def _update(rows: Rows, colours: dict[str, str]) -> Any:
    import pandas

    if not any(amount for _, amount, _ in rows):
        return gr.update(visible=False)
    kept = {of: colour for of, colour in colours.items() if any(row[2] == of for row in rows)}
    return gr.BarPlot(value=pandas.DataFrame(rows, columns=["x", "y", "of"]), color_map=kept, visible=True)


def _named(report: UsageReport, others: str) -> Callable[[Use], str]:
    told = {each.model for each in report.models[:MODELS]}
    return lambda use: use.model if use.model in told and use.model else others


def _columns(report: UsageReport) -> dict[date, str]:
    """Each day's place on the axis: itself, or where there are many the Monday of its week."""
    count = (report.until - report.since).days + 1
    every = [report.since + timedelta(days=n) for n in range(count)]
    return {day: f"{day if count <= BY_DAY else day - timedelta(days=day.weekday()):%m-%d}" for day in every}


def _by_day(uses: Iterable[Use], columns: dict[date, str], told: Callable[[Use], list[tuple[str, float]]]) -> Rows:
    sums: defaultdict[tuple[str, str], float] = defaultdict(float)
    for use in uses:
        if use.day in columns:
            for of, amount in told(use):
                sums[columns[use.day], of] += amount
    first = next(iter(sums), ("", ""))[1]
    # A column for each day, also for one on which nothing was.
    return [(x, round(sums.get((x, of), 0.0), 6), of) for x in dict.fromkeys(columns.values()) for of in {first, *(key[1] for key in sums)}]
