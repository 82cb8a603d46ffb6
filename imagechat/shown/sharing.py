"""What whoever starts the app is told: where it is reached through a share link and by whom, and what a Space does not keep."""

from imagechat.i18n import Locale
from imagechat.settings import Settings


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
