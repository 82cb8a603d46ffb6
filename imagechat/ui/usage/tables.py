"""What was used, as tables."""

from collections.abc import Sequence
from html import escape

from imagechat.domain.money import UsageReport, Use
from imagechat.shown import Shown

COLUMNS = ("jobs", "pictures", "replies", "failures", "median", "tokens", "price")


def table(report: UsageReport, shown: Shown) -> str:
    """By model, and where everybody's was asked for by visitor."""
    say = shown.locale.say
    if not report.models:
        return f"<p class='quiet'>{escape(say('usage.nothing'))}</p>"
    parts = [_table(say("usage.by_model"), [(use.model or "–", use) for use in report.models], shown)]
    if report.visitors:
        named = [(shown.person(use.name, use.visitor or ""), use) for use in report.visitors]
        parts.append(_table(say("usage.by_visitor"), named, shown))
    return "".join(parts)


def _table(title: str, rows: Sequence[tuple[str, Use]], shown: Shown) -> str:
    say = shown.locale.say
    head = "".join(f"<th scope='col'>{escape(say(f'usage.{name}'))}</th>" for name in COLUMNS)
    body = "".join(f"<tr><th scope='row'><bdi>{escape(name)}</bdi></th>{_cells(use, shown)}</tr>" for name, use in rows)
    region = f"<div class='wide' tabindex='0' role='region' aria-label='{escape(title, quote=True)}'>"
    return (
        f"<section class='facts'><h2>{escape(title)}</h2>{region}"
        f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div></section>"
    )


def _cells(use: Use, shown: Shown) -> str:
    say = shown.locale.say
    known = shown.price(use.price) if use.price or not use.unknown else ""
    price = " + ".join(part for part in (known, say("usage.unknown_short", count=use.unknown) if use.unknown else "") if part)
    locale, tokens = shown.locale, use.input_tokens + use.output_tokens
    values = [
        *(locale.number(each) for each in (use.jobs, use.pictures, use.replies, use.failures)),
        say("details.seconds", seconds=locale.number(use.median, 1)) if use.median is not None else "–",
        locale.digits(f"{tokens:,}") if tokens else "–", price,
    ]  # fmt: skip
    return "".join(f"<td><bdi>{escape(value)}</bdi></td>" for value in values)
