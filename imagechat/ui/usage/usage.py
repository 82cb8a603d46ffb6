"""The Usage tab: what is left, what was used, as plots, as a table and as a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from imagechat.domain.money import Allowance, UsageReport, dollars
from imagechat.domain.values import now
from imagechat.domain.visitors import Visitor
from imagechat.errors import ImageChatError
from imagechat.i18n import Locale
from imagechat.shown import Shown
from imagechat.studio import Studio
from imagechat.ui.doors import visitor_of
from imagechat.ui.usage import plots, tables

SPANS = {"week": 7, "month": 30, "quarter": 84}
"""Days that are looked back upon."""
MINE, ALL = "mine", "all"


@dataclass(frozen=True)
class Panel:
    """Gradio's parts. `whose` is for those who look after others."""

    span: gr.Radio
    whose: gr.Dropdown
    summary: gr.HTML
    plots: tuple[gr.BarPlot, ...]
    table: gr.HTML

    def outputs(self) -> list[Any]:
        """What is drawn anew, in the order of `Reading.read`."""
        return [self.whose, self.summary, *self.plots, self.table]


def lay(shown: Shown) -> Panel:
    """Place the parts; they are filled when the tab is opened."""
    say = shown.locale.say
    with gr.Row(elem_id="usage-head"):
        choices = [(say(f"usage.{name}"), name) for name in SPANS]
        span = gr.Radio(choices, value="month", show_label=False, container=False, elem_id="usage-span", interactive=True)
        whose = gr.Dropdown(
            [(say("usage.mine"), MINE)], value=MINE, label=say("usage.whose"), container=False, elem_id="usage-whose", visible="hidden",
            interactive=True, allow_custom_value=False,
        )  # fmt: skip
    summary = gr.HTML("", elem_id="usage-summary", apply_default_css=False)
    with gr.Row(elem_id="usage-plots"):
        drawn = tuple(plots.lay(shown))
    table = gr.HTML("", elem_id="usage-table", apply_default_css=False)
    return Panel(span, whose, summary, drawn, table)


class Reading:
    """What the parts show, for whom and for which days."""

    def __init__(self, studio: Studio, shown: Shown) -> None:
        self.studio, self.shown = studio, shown

    async def read(self, span: Any, whose: Any, request: gr.Request) -> list[Any]:
        """Everything, for the days of `span`; `whose`: "mine", and for those who look after others "all" or a visitor's id."""
        visitor = visitor_of(request)
        until = now().date()
        since = until - timedelta(days=SPANS.get(str(span), SPANS["month"]) - 1)
        asked = None if not visitor.admin or whose in (None, MINE) else str(whose)
        try:
            report = await self.studio.usage(visitor, since, until, whose=asked)
        except ImageChatError:  # A visitor who has gone meanwhile.
            asked, report = None, await self.studio.usage(visitor, since, until)
        allowance = await self.studio.allowance(visitor)
        choices = await self._whose(visitor)
        return [
            gr.update(choices=choices, value=asked or MINE, visible=len(choices) > 1),
            "".join(self._summary(allowance, report, asked)) + await self._room(visitor),
            *plots.drawn(report, self.shown),
            tables.table(report, self.shown),
        ]

    async def _room(self, visitor: Visitor) -> str:
        """What all guests' files take, for those who look after them."""
        room = await self.studio.guests_room(visitor)
        if room is None:
            return ""
        used, most = (self.shown.bytes(each) for each in room)
        key = "usage.guests_full" if room[0] >= room[1] else "usage.guests_room"
        return f"<p class='quiet' id='guests-room'>{escape(self.shown.locale.say(key, used=used, most=most))}</p>"

    async def _whose(self, visitor: Visitor) -> list[tuple[str, str]]:
        say = self.shown.locale.say
        mine = [(say("usage.mine"), MINE)]
        if not visitor.admin:
            return mine
        people = [each for each in await self.studio.people(visitor) if each.id != visitor.id]
        named = [(self.shown.person(each.name, each.id), each.id) for each in people]
        return [*mine, (say("usage.all"), ALL), *named] if people else mine

    def _summary(self, allowance: Allowance, report: UsageReport, asked: str | None) -> Iterator[str]:
        say = self.shown.locale.say
        if asked is None:
            yield f"<section class='facts'><h2>{escape(say('usage.left'))}</h2>{_meters(allowance, self.shown.locale)}</section>"
        total, number = report.total, self.shown.locale.number
        tiles = [
            ("spent", self.shown.price(total.price) if total.jobs else "$0"), ("pictures", number(total.pictures)),
            ("replies", number(total.replies)), ("failures", number(total.failures)),
        ]  # fmt: skip
        shown = "".join(
            f"<div class='tile'><b>{escape(value)}</b><span>{escape(say(f'usage.{name}'))}</span></div>" for name, value in tiles
        )
        notes = [say("usage.unknown", count=total.unknown)] if total.unknown else []
        notes += [say("usage.own", price=dollars(total.own))] if total.own else []
        query = escape(urlencode({"since": report.since, "until": report.until, "whose": asked or ""}))
        link = f"<a class='csv' href='usage.csv?{query}' download>{escape(say('usage.csv'))}</a>"
        yield f"<div class='tiles'>{shown}</div><p class='quiet'>{escape(' '.join(notes))} {link}</p>"


def _meters(allowance: Allowance, locale: Locale) -> str:
    """A bar for each cap: how much of it is used, how much is left, and when it begins anew; or why none is touched."""
    caps, said = allowance.caps, "no_caps"
    if "house" not in allowance.purses:  # Whoever looks after others sees how much these have left.
        caps, said = tuple(cap for cap in caps if cap.whose == "house"), "own_key" if "own" in allowance.purses else "free"
    rows = [f"<p class='quiet'>{escape(locale.say(f'usage.{said}'))}</p>"] if said != "no_caps" or not caps else []
    for cap in caps:
        write = dollars if cap.unit == "dollars" else locale.number
        used, most, left = (write(each) for each in (cap.used + cap.held, cap.most, cap.left))
        name = escape(locale.say(f"usage.cap_{cap.reason}"))
        told = escape(locale.say("usage.of", used=used, most=most, left=left, resets=cap.resets))
        share = min(100, cap.percent)
        level = "full" if share >= 100 else "high" if share >= 80 else ""
        rows.append(
            f"<div class='meter {level}'><span id='cap-{cap.reason}'>{name}</span><span class='told'>{told}</span>"
            f"<i role='meter' aria-labelledby='cap-{cap.reason}' aria-valuemin='0' aria-valuemax='100' aria-valuenow='{share}'>"
            f"<b style='inline-size:{share}%'></b></i></div>"
        )
    return "".join(rows)


def wire(panel: Panel, tab: gr.Tab, studio: Studio, shown: Shown) -> None:
    """Read anew whenever the tab is opened, or other days or another visitor are asked for."""
    reading = Reading(studio, shown)
    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private", "preprocess": False}
    tab.select(None, None, js="() => imagechat.people?.read()")
    for event in (tab.select, panel.span.input, panel.whose.input):
        event(reading.read, [panel.span, panel.whose], panel.outputs(), trigger_mode="always_last", **quiet)
