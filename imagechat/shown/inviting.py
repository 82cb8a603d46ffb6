"""The owner link: where it leads, and what is said beside it. Its token stands after the #, which browsers send to no server."""

from imagechat.i18n import Locale
from imagechat.settings import Settings

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
