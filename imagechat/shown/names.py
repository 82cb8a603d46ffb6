"""Single things in the locale's words: models, providers, prices, sizes of files."""

from collections.abc import Mapping
from pathlib import PurePath

from imagechat.domain.models import ModelCard, Standing
from imagechat.domain.money import Estimate, dollars
from imagechat.domain.prices import rates_on
from imagechat.domain.values import Scalar, now
from imagechat.domain.visitors import OWNER
from imagechat.i18n import Locale
from imagechat.studio import Suggestion

Json = dict[str, object]
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
            ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"), ("python", "Python"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
           ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip
"""What user agents say of themselves, the more particular first: most claim to be several browsers.

Source: developer.mozilla.org, User-Agent header.
"""
MICRO = 1_000_000


class Names:
    """What things are called."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale

    def quality(self, name: str) -> str:
        """A quality's name for people."""
        return self._named("composer.qualities", name)

    def style(self, name: str) -> str:
        """A style's name for people."""
        return self._named("composer.styles", name)

    def _named(self, table: str, name: str) -> str:
        key = f"{table}.{name}"
        return self.locale.say(key) if self.locale.knows(key) else name.replace("_", " ")

    def model(self, card: ModelCard) -> str:
        """A model as the selector shows it: its id, what it makes, and whose it is."""
        say = self.locale.say
        kind, provider = say(f"composer.kinds.{card.kind}"), self._named("composer.providers", card.provider)
        entry = say("composer.model_entry", id=card.id, kind=kind, provider=provider)
        if card.retires and card.retires > now().date():
            entry = say("composer.retiring", entry=entry, day=card.retires)
        code = card.trouble.partition(".")[0]
        return say("composer.troubled", entry=entry, why=say(f"composer.troubles.{code}")) if card.trouble else entry

    def suggestion(self, found: Suggestion) -> Json:
        """What may come next in a command, with a hint in words where there is one."""
        kind, _, of = found.kind.partition(".")
        keys = {
            "command": f"commands.{found.name}.what",
            "option": f"commands.option.{found.name}",
            "topic": f"commands.topic.{found.name}",
        }
        hint = self.locale.say(keys[kind]) if kind in keys else self.style(found.name) if of == "style" else ""
        label = f"/{found.name}" if kind == "command" else f"{found.name}:" if kind == "option" else found.name
        return {**found.model_dump(exclude={"name"}), "label": label, "hint": hint}

    def standing(self, standing: Standing) -> str:
        """How it stands with a provider, in a sentence."""
        if standing.trouble:
            return self.locale.say(f"account.troubles.{standing.trouble.partition('.')[0]}")
        return self.locale.say("account.asking" if standing.models is None else "account.reached", count=standing.models)

    def provider(self, name: str) -> str:
        """A provider's name for people."""
        return self._named("composer.providers", name)

    def person(self, name: str, id: str) -> str:
        """What somebody is called: by their account's name, as the owner, or as a guest by the end of their id."""
        if name:
            return name
        return self.locale.say("people.roles.owner") if id == OWNER.id else self.locale.say("usage.guest", id=id[-6:])

    def agent(self, text: str) -> str:
        """A browser and what it runs on, from what it calls itself; that itself where neither is known."""
        found = [next((name for sign, name in signs if sign in text), "") for signs in (BROWSERS, SYSTEMS)]
        return self.locale.say("mine.browser_on", browser=found[0], system=found[1]) if all(found) else found[0] or text[:80]

    def fault(self, code: str, reason: str, facts: Mapping[str, Scalar]) -> str:
        """An error in words; of a path on the server's disk only its last part, which is all that concerns a visitor."""
        named = {name: PurePath(str(value)).name if name == "path" else value for name, value in facts.items()}
        return self.locale.error(code, reason, named)

    def rates(self, card: ModelCard) -> str:
        """What a model costs: nothing, so much for a million tokens, or unknown."""
        found = rates_on(card.rates, now().date())
        if found is None:
            return self.price(card.price)
        image = self.locale.say("account.rate_image", image=f"${found.image:f}") if found.image else ""
        return self.locale.say("account.rate", text=f"${found.text:f}", image=image, out=f"${found.out:f}", since=found.since)

    def price(self, price: int | None) -> str:
        """Micro-dollars as dollars; unknown is "unknown", never 0."""
        if price is None:
            return self.locale.say("details.price_unknown")
        return "$0" if price == 0 else f"${price / MICRO:.3f}" if price >= 10_000 else f"${price / MICRO:.6f}".rstrip("0")

    def estimate(self, estimate: Estimate) -> Json:
        """What Send would cost, for its button and for a line beside it; nothing for what is free."""
        if estimate.purse == "free":
            return {"free": True}
        say, likely = self.locale.say, self.price(estimate.likely)
        known = estimate.likely is not None
        most = likely if estimate.most is None else self.price(estimate.most)
        parts = [say("composer.price.about" if most == likely else "composer.price.most", likely=likely, most=most)]
        parts = parts if known else [say("composer.price.unknown")]
        if estimate.purse == "own":
            parts.append(say("composer.price.own"))
        if estimate.left is not None:
            parts.append(say("composer.price.left", left=dollars(estimate.left)))
        if estimate.pictures_left is not None and estimate.kind == "image":
            parts.append(say("composer.price.pictures_left", count=estimate.pictures_left))
        refused = estimate.refused
        told = self.locale.error(refused.code, refused.reason, refused.facts | {"sent": False}) if refused else " ".join(parts)
        return {"button": say("composer.price.button", likely=likely) if known else "≈?", "text": told, "refused": refused is not None}

    def _seconds(self, seconds: float) -> str:
        return self.locale.say("details.seconds", seconds=self.locale.number(seconds, 1))

    @staticmethod
    def bytes(size: int) -> str:
        """A file size for people, in binary units."""
        amount = float(size)
        for unit in ("B", "KB", "MB", "GB"):
            if amount < 1024 or unit == "GB":
                return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
            amount /= 1024
        return ""
