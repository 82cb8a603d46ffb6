"""What whoever starts the app is told: where it is reached and by whom, the owner link, and what will be lost.

The owner link's token stands after the #, which browsers send to no server.
"""

import logging
import shlex
import sys
from collections.abc import Callable

from imagechat.errors import HouseFault
from imagechat.i18n import Locale
from imagechat.settings import Settings

log = logging.getLogger(__name__)
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (looked for, not listened on)


def address(settings: Settings) -> str:
    """Where the app is reached, as far as settings tell: the Space, the first of its names, else the address that it listens on."""
    return _place(settings) + settings.root_path


def _place(settings: Settings) -> str:
    if settings.space_host:
        return f"https://{settings.space_host}"
    names = settings.door.hosts.split()
    if names and settings.door.trusted_proxies.strip():
        return f"https://{names[0]}"
    host = names[0] if names else "127.0.0.1" if settings.host in EVERYWHERE else settings.host
    return f"http://[{host}]:{settings.port}" if ":" in host and not names else f"http://{host}:{settings.port}"


def link(settings: Settings, token: str) -> str:
    """The owner link, whole. It must never go into a log."""
    return f"{address(settings)}/enter#{token}"


def invited(settings: Settings, locale: Locale) -> str:
    """What is said beside a link: what it is good for, and what of it may have to be changed."""
    said = [locale.say("terminal.link")]
    if settings.host in EVERYWHERE and not settings.door.hosts and not settings.space_host:
        said.append(locale.say("terminal.link_elsewhere"))
    return " ".join(said)


def linked(settings: Settings, locale: Locale, address: str, shared: str | None) -> str:
    """One line: the link, or that none came; who gets in, what visitors can use and at whose cost, how the owner comes in."""
    say = locale.say
    parts = [
        say("share.link", address=shared) + "." if shared else say("share.none", address=address),
        say("share.who"),
        say("share.own") if settings.offers.own_keys else say("share.embedded"),
    ]
    if opened := settings.offers.guests.split():
        parts.append(say("share.house", models=", ".join(opened), dollars=settings.budget.guests_daily))
    return " ".join([*parts, say("share.owner")])


def announce(
    settings: Settings, locale: Locale, address: str, *, share: Callable[[], str | None], make_link: Callable[[], str]
) -> None:  # fmt: skip
    """Say all that at a start. `share` makes a public link where one can be had, `make_link` the token of an owner link."""
    if not settings.lasting:
        log.warning(locale.say("share.space_lost"))
    if settings.share and not settings.space_id:
        print(linked(settings, locale, address, share()), flush=True)
    if settings.mode != "local" and not settings.space_id:
        _invite(settings, locale, make_link)


def _flags(settings: Settings) -> str:
    """What the command has to say so that its link is for this app and no other: its port and folder, where they are not the usual ones."""
    usual, said = type(settings).model_fields, ""
    if settings.port != usual["port"].default:
        said += f" --port {settings.port}"
    if settings.data_dir != usual["data_dir"].default:
        said += f" --data-dir {shlex.quote(str(settings.data_dir))}"
    return said


def _invite(settings: Settings, locale: Locale, make_link: Callable[[], str]) -> None:
    """Show the owner link to whoever sits at the terminal; where the output goes into a file or a log, say how to get one."""
    if not sys.stdout.isatty():
        if not settings.share:  # Who shares was told already.
            print(locale.say("terminal.link_later") + _flags(settings), flush=True)
        return
    try:
        owners = link(settings, make_link())
    except (HouseFault, TimeoutError) as fault:
        log.warning("no owner link could be made", extra={"error": str(fault)})
        return
    print(locale.say("terminal.link_ready", link=owners), invited(settings, locale), sep="\n", flush=True)
