"""Groups of settings: each field with its type, its default and one sentence."""

import ipaddress
import re
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from limits import parse_many
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class Part(BaseModel):
    """A group of settings; each field's sentence is its docstring."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid", frozen=True)


def none_of(given: Any) -> Any:
    """No limit, where nothing is written."""
    return None if isinstance(given, str) and given.strip().lower() in ("", "none") else given


class DefaultSettings(Part):
    """What a new chat begins with."""

    model: str = "sketch"
    """The model chosen in a new chat, by its id."""
    style: str = "none"
    """The style chosen in a new chat, by its name; "none" leaves the prompt as it is."""
    quality: str = "standard"
    """The quality chosen in a new chat, where the model has it."""


class RunnerSettings(Part):
    """How much is done at once."""

    pictures: Annotated[int, Field(ge=1, le=64)] = 4
    """How many picture jobs run side by side."""
    replies: Annotated[int, Field(ge=1, le=256)] = 16
    """How many text replies run side by side (one at a time in each chat)."""
    queue: Annotated[int, Field(ge=1, le=10_000)] = 50
    """How many jobs may wait; one more is refused with words."""
    each: Annotated[int, Field(ge=1, le=10_000)] = 20
    """How many of them may be one visitor's; who uses the app alone has the whole queue."""
    timeout: Annotated[float, Field(gt=0, le=3600)] = 300.0
    """Seconds after which a job that is still running is stopped."""


class SketchSettings(Part):
    """The embedded painter."""

    painters: Annotated[int, Field(ge=1, le=16)] = 2
    """How many painter processes there may be; each starts when it is first needed."""


class UploadSettings(Part):
    """Pictures that are dropped, pasted or chosen."""

    megabytes: Annotated[float, Field(gt=0, le=50)] = 10.0
    """The largest file taken, in MB."""
    megapixels: Annotated[float, Field(gt=0, le=100)] = 25.0
    """The largest picture taken, in millions of pixels."""


class DiskSettings(Part):
    """How much of the disk visitors' files may take, added and made ones, in MB; empty is no limit. The owner has none."""

    guests: Annotated[float, Field(ge=0)] | None = 500.0
    """MB that the files of one guest may take, and of who made their account themselves; what they delete makes room again."""
    members: Annotated[float, Field(ge=0)] | None = None
    """The same for members: people whose account whoever runs this made, or put into that group."""
    trusted: Annotated[float, Field(ge=0)] | None = None
    """The same for members in the group "trusted"."""
    guests_together: Annotated[float, Field(ge=0)] | None = 10_000.0
    """MB that the files of all guests together may take, and the copies of what they added within a day; 0 or empty is no limit."""
    forgotten_guests: Annotated[int, Field(ge=0, le=3650)] = 30
    """Days after which what a guest left behind is deleted, counted from when their browser is forgotten (DOOR__DAYS after its last use)
    and nobody can reach it any more; 0 keeps it for ever."""

    _none = field_validator("guests", "members", "trusted", "guests_together", mode="before")(none_of)

    @property
    def together(self) -> int | None:
        """Bytes that all guests together may keep; None where nothing bounds them."""
        return int(self.guests_together * 2**20) if self.guests_together else None

    def most(self, group: str) -> int | None:
        """Bytes that a visitor in `group` may keep; None where nothing bounds them."""
        megabytes = {"guest": self.guests, "member": self.members, "trusted": self.trusted}.get(group)
        return None if megabytes is None else int(megabytes * 2**20)


class ModelSettings(Part):
    """Models that are asked over the network."""

    partials: Annotated[int, Field(ge=0, le=3)] = 2
    """How many partial pictures are asked for while one is made; OpenAI bills 100 output tokens for each (about $0.003)."""
    patience: Annotated[float, Field(gt=0, le=3600)] = 180.0
    """Seconds without a byte from a provider after which a request is stopped."""
    file: str = ""
    """A file of your own in the form of assets/models.toml, whose cards are added or stand in place of those with the same id."""


class PromptSettings(Part):
    """Help with prompts."""

    messages: Annotated[int, Field(ge=1, le=100)] = 10
    """How many of a chat's newest messages become a prompt when the conversation is drawn."""


class AccessSettings(Part):
    """Who comes in, and for how long."""

    hosts: str = ""
    """Names by which the app is reached from elsewhere, like "studio.example.org", with blanks between; addresses in numbers need none."""
    trusted_proxies: str = ""
    """Addresses or networks of proxies before the app, with blanks between; what they say of who asks (X-Forwarded-…) is believed."""
    signup: bool = False
    """Whether people can make accounts for themselves in login access; what the house pays for is theirs as it is guests'."""
    owner: str = ""
    """The Hugging Face name of whoever is the owner on a Space; empty for the account that the Space belongs to."""
    days: Annotated[int, Field(ge=1, le=3650)] = 90
    """Days after its last use when a browser is forgotten; it then has to log in again, and a guest's space is out of reach."""

    @field_validator("hosts")
    @classmethod
    def _names(cls, given: str) -> str:
        for name in given.split():
            if not re.fullmatch(r"[\w.-]+", name):
                raise ValueError(f"a name is like studio.example.org, without https:// before it and without a port; {name!r} is none")
        return given

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, given: str) -> str:
        for each in given.split():
            try:
                ipaddress.ip_network(each, strict=False)
            except ValueError as fault:
                raise ValueError(f"addresses and networks are like 127.0.0.1 and 172.18.0.0/16; {each!r} is none") from fault
        return given


class OfferSettings(Part):
    """Which of the house's models, those that its own key pays for, are whose to choose; an own key opens all models of its provider."""

    guests: str = ""
    """Models that guests may use at the house's cost, by id with * for any letters, with blanks between; needs BUDGET__GUESTS_DAILY."""
    members: str = "*"
    """The same for members: people whose account whoever runs this made, or put into that group."""
    trusted: str = "*"
    """The same for members in the group "trusted"."""
    pictures: bool = True
    """Whether pictures can be made; without them only models that write are offered."""
    own_keys: bool = True
    """Whether visitors can bring keys of their own."""


Dollars = Annotated[Decimal, Field(ge=0, le=1_000_000, decimal_places=6)]


class BudgetSettings(Part):
    """What may be spent with the house's key, in dollars; empty is no limit. The owner has none of the visitors' limits."""

    daily: Dollars | None = None
    """Dollars that one visitor may spend in a day (UTC)."""
    monthly: Dollars | None = Decimal("10.00")
    """Dollars that one visitor may spend in a month (UTC)."""
    pictures_daily: Annotated[int, Field(ge=0)] | None = 50
    """Pictures that one visitor may have made in a day; those of Sketch do not count."""
    pictures_monthly: Annotated[int, Field(ge=0)] | None = None
    """Pictures that one visitor may have made in a month."""
    guests_daily: Dollars | None = None
    """Dollars that all guests together may spend in a day; without it no model of the house's key can be opened to them."""
    house_daily: Dollars | None = None
    """Dollars that everybody together, the owner too, may spend in a day."""
    house_monthly: Dollars | None = None
    """Dollars that everybody together, the owner too, may spend in a month."""
    unknown: Dollars = Decimal("0.25")
    """Dollars that count against a budget for one picture or reply whose price nobody knows; the price itself stays unknown."""
    webhook: str = ""
    """An address (http or https) that is told, as JSON, when 50, 80 and 100 percent of a budget are used."""

    _none = field_validator(
        "daily", "monthly", "pictures_daily", "pictures_monthly", "guests_daily", "house_daily", "house_monthly", mode="before"
    )(none_of)

    @field_validator("webhook")
    @classmethod
    def _address(cls, given: str) -> str:
        try:
            parts = urlsplit(given.strip())
            right = not given.strip() or (parts.scheme in ("http", "https") and parts.hostname)
        except ValueError:
            right = False
        if not right:
            raise ValueError("an address begins with http:// or https:// and names a host")
        return given.strip()


class LimitSettings(Part):
    """How often a visitor may do what, by whichever door; the form is "5 per 5 minutes"."""

    on: Literal["auto", "on", "off"] = "auto"
    """Whether they hold; "auto" holds them for everybody but the owner."""
    imagine: str = "5 per 5 minutes"
    """Pictures asked for of models over the network."""
    edit: str = "10 per 60 seconds"
    """Edits of one picture, and variations, by models over the network."""
    blend: str = "15 per 60 seconds"
    """Edits that take several pictures."""
    chat: str = "30 per 60 seconds"
    """Messages and wordings."""
    embedded: str = "40 per 60 seconds"
    """Pictures of Sketch."""
    info: str = "10 per 60 seconds"
    """/info."""
    help: str = "5 per 60 seconds"
    """/help."""
    upload: str = "40 per 60 seconds"
    """Pictures that are added."""
    house: str = "600 per 60 seconds"
    """All of these together, of all visitors."""
    guests: str = "20 per 1 hour"
    """New guests from one address."""
    logins: str = "10 per 10 minutes"
    """Tries to log in, to sign up or to use a link: from one address, or of one browser that logged in to the account before."""
    names: str = "100 per 1 hour"
    """Tries to log in under one name, from all addresses together; browsers that logged in to it before do not count."""
    storage: str = "memory://"
    """Where they are counted: memory://, or redis://host:port for several processes."""

    @field_validator("imagine", "edit", "blend", "chat", "embedded", "info", "help", "upload", "house", "guests", "logins", "names")
    @classmethod
    def _readable(cls, given: str) -> str:
        try:
            items = parse_many(given)
        except ValueError:
            items = []
        if len(items) != 1 or not items[0].amount:
            raise ValueError('a limit is a number from 1 on "per" one time, like "5 per 5 minutes"')
        return given


class PolicySettings(Part):
    """What may be asked for."""

    words: str = ""
    """A file with one word or phrase a line that nobody's prompts and messages may have, the owner's neither, as whole words in any
    script; a * at the end takes every word that begins so, # begins a remark; a changed file is read again."""
    moderation: Literal["off", "prompts", "all"] = "off"
    """Whether OpenAI's moderation (free, needs the house's key) looks at everybody's prompts before they are asked, or at finished pictures
    too ("all", without partial ones); while it does not answer nothing is asked; Sketch and Guide need none."""


class MetricSettings(Part):
    """Figures for Prometheus at /metrics."""

    token: SecretStr = SecretStr("")
    """What a scraper says as its bearer token; without one only the owner and admins see /metrics."""
