"""The upper half of the Account tab: who somebody is, their keys, their browsers, and all their data at once."""

from datetime import datetime

import gradio as gr

from imagechat.domain.keys import KeyInfo
from imagechat.domain.visitors import Role, Session, Visitor
from imagechat.errors import BadInput
from imagechat.shown import Json, Shown
from imagechat.studio import Studio
from imagechat.ui.doors import Verb, component

LONGEST = 500
"""Characters of a key."""


def lay(studio: Studio, shown: Shown) -> gr.HTML:
    """Place the component; its server functions are the studio's verbs."""
    return component(__file__, shown, [*_reading(studio, shown), *_keys(studio, shown), *_doors(studio, shown)], "mine")


def _reading(studio: Studio, shown: Shown) -> list[Verb]:
    async def fetch_mine(visitor: Visitor) -> Json:
        sessions = await studio.sessions(visitor)
        return {
            "who": _who(visitor, studio, shown),
            "account": visitor.role in (Role.ADMIN, Role.MEMBER) and bool(visitor.name),
            "login": await studio.login_name(visitor),
            "known": visitor.session is not None,
            "owner": visitor.role is Role.OWNER,
            "mode": studio.mode,
            "providers": [{"id": each, "label": _provider(each, studio, shown)} for each in studio.key_providers()],
            "keys": [_key(each, shown) for each in await studio.keys(visitor)],
            "sessions": [_session(each, visitor, shown) for each in sessions],
        }

    return [fetch_mine]


def _keys(studio: Studio, shown: Shown) -> list[Verb]:
    async def keep_key(visitor: Visitor, provider: str, key: str) -> Json:
        return _key(await studio.keep_key(visitor, provider, key[: LONGEST + 1]), shown)

    async def test_key(visitor: Visitor, provider: str) -> Json:
        return _key(await studio.test_key(visitor, provider), shown)

    async def drop_key(visitor: Visitor, provider: str) -> Json:
        await studio.drop_key(visitor, provider)
        return {}

    return [keep_key, test_key, drop_key]


def _doors(studio: Studio, shown: Shown) -> list[Verb]:
    async def end_session(visitor: Visitor, session: str) -> Json:
        await studio.end_session(visitor, session)
        return {}

    async def change_password(visitor: Visitor, present: str, fresh: str, again: str) -> Json:
        if fresh != again:
            raise BadInput("passwords_differ")
        await studio.change_password(visitor, present, fresh)
        return {}

    async def make_link(visitor: Visitor) -> Json:
        return {"path": f"enter#{await studio.make_link(visitor)}"}

    async def delete_everything(visitor: Visitor, word: str) -> Json:
        await studio.delete_all(visitor, word)
        return {"text": shown.locale.say("mine.deleted")}

    return [end_session, change_password, make_link, delete_everything]


def _who(visitor: Visitor, studio: Studio, shown: Shown) -> str:
    """Who somebody is here, in a sentence."""
    key, say = f"mine.who_{studio.mode}_{visitor.role}", shown.locale.say
    told = say(key if shown.locale.knows(key) else f"mine.who_{visitor.role}", name=shown.person(visitor.name, visitor.id))
    days = studio.kept_for(visitor)
    return f"{told} {say('mine.kept_for', days=days)}" if days else told


def _provider(name: str, studio: Studio, shown: Shown) -> str:
    """A provider's name, with the host that its keys go to where that is not its own: who brings one has a right to know."""
    server, label = studio.key_server(name), shown.provider(name)
    return label if server == name else shown.locale.say("mine.provider_at", provider=label, host=server)


def _key(info: KeyInfo, shown: Shown) -> Json:
    """A key's standing; the key itself never comes back."""
    tested = info.tested.isoformat() if info.tested else None
    return {"provider": info.provider, "created": info.created.isoformat(), "tested": tested, "trouble": _trouble(info, shown)}


def _trouble(info: KeyInfo, shown: Shown) -> str:
    if not info.trouble:
        return ""
    code, _, reason = info.trouble.partition(".")
    if shown.locale.knows(f"mine.troubles.{reason}"):
        return shown.locale.say(f"mine.troubles.{reason}")
    return shown.locale.error(code, reason, {"provider": shown.provider(info.provider), "model": shown.provider(info.provider)})


def _session(session: Session, visitor: Visitor, shown: Shown) -> Json:
    def moment(when: datetime) -> str:
        return when.isoformat()

    return {"id": session.id, "agent": shown.agent(session.agent), "seen": moment(session.seen), "here": session.id == visitor.session}
