"""The Account tab: who may use this, where everything is kept, what a new chat begins with."""

from dataclasses import dataclass
from html import escape

import gradio as gr

from imagechat import __version__
from imagechat.domain.models import ModelCard, Standing
from imagechat.domain.values import now
from imagechat.domain.visitors import Role, Visitor
from imagechat.shown import Shown
from imagechat.studio import Studio
from imagechat.studio.library import Space
from imagechat.ui.doors import visitor_of


@dataclass(frozen=True)
class Panel:
    """Gradio's parts."""

    facts: gr.HTML
    refresh: gr.Button


def lay(shown: Shown) -> Panel:
    """Place the parts; they are filled when the tab is opened."""
    facts = gr.HTML("")
    refresh = gr.Button(shown.locale.say("account.refresh"), size="sm", elem_id="refresh")
    return Panel(facts, refresh)


def wire(panel: Panel, tab: gr.Tab, studio: Studio, shown: Shown) -> None:
    """Read the facts anew whenever the tab is opened or asked for."""

    async def read(request: gr.Request) -> str:
        return await _facts(visitor_of(request), studio, shown)

    async def ask(request: gr.Request) -> str:
        await studio.refresh(visitor_of(request))
        return await read(request)

    tab.select(None, None, js="() => imagechat.mine?.read()")
    for event, act in ((tab.select, read), (panel.refresh.click, ask)):
        event(act, None, panel.facts, queue=False, show_progress="hidden", api_visibility="private")


async def _facts(visitor: Visitor, studio: Studio, shown: Shown) -> str:
    say = shown.locale.say
    space = await studio.space(visitor)
    first = studio.defaults
    here, number = visitor.role is Role.OWNER, shown.locale.number
    kept = [
        *([("folder", f"<code dir='ltr'>{escape(str(space.folder))}</code>")] if here else []), ("pictures", number(space.pictures)),
        ("files", _files(space, shown)), *([("free", shown.bytes(space.free))] if here else []), ("version", __version__),
        *([] if space.lasting else [("kept_until", escape(say("account.next_restart")))]),
    ]  # fmt: skip
    chosen = [("model", first.model), ("style", shown.style(first.style or "none")), ("quality", shown.quality(first.quality or ""))]
    models = [(card.label, _about(card, shown)) for card in studio.offers(visitor)]
    servers = [(escape(shown.provider(each.name)), _server(each, shown, whole=here)) for each in studio.standings(visitor)]
    none = say("account.no_provider" if here else "account.no_provider_shared")
    return "".join(
        [
            _section(say("account.kept_title"), _list([(say(f"account.{name}"), value) for name, value in kept])),
            _section(
                say("account.providers_title"),
                _list(servers) if servers else f"<p>{escape(none)}</p>",
            ),
            _section(say("account.models_title"), _list([(escape(name), escape(text)) for name, text in models])),
            _section(
                say("account.defaults_title"),
                _list([(say(f"composer.{name}"), escape(value)) for name, value in chosen])
                + (f"<p class='quiet'>{escape(say('account.defaults_text'))}</p>" if here else ""),
            ),
        ]
    )


def _files(space: Space, shown: Shown) -> str:
    """How much the files take, and how much they may."""
    if space.most is None:
        return shown.bytes(space.bytes)
    return escape(shown.locale.say("account.files_of", used=shown.bytes(space.bytes), most=shown.bytes(space.most)))


def _server(standing: Standing, shown: Shown, *, whole: bool) -> str:
    """How it stands with a provider: where it is and whether there is a key (never which), for the owner; and what it answered."""
    say = shown.locale.say
    if not whole:
        return escape(shown.standing(standing))
    key = say("account.key_found" if standing.key else "account.key_missing")
    return f"<code dir='ltr'>{escape(standing.address)}</code><br>{escape(key)} {escape(shown.standing(standing))}"


def _about(card: ModelCard, shown: Shown) -> str:
    """What a model is, what it costs, and until when there is one."""
    say, key = shown.locale.say, f"account.{card.id}"
    parts = [say(key)] if shown.locale.knows(key) else [say(f"composer.kinds.{card.kind}") + "."]
    parts += [say("account.guessed")] if not card.known else []
    parts += [f"{say('account.price')}: {shown.rates(card)}."]
    if card.retires:
        parts += [say("account.retires" if card.retires > now().date() else "account.retired", day=card.retires)]
        parts += [say("account.successor", successor=card.successor)] if card.successor else []
    return " ".join(parts)


def _section(title: str, body: str) -> str:
    return f"<section class='facts'><h2>{escape(title)}</h2>{body}</section>"


def _list(rows: list[tuple[str, str]]) -> str:
    """Rows of a name and a value that is HTML already."""
    return "<dl>" + "".join(f"<div><dt>{name}</dt><dd dir='auto'>{value}</dd></div>" for name, value in rows) + "</dl>"
