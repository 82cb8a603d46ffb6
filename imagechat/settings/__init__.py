"""Every setting, with its type, its default and one sentence. Built once in `app.py` and handed down in parts."""

import ipaddress
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from imagechat.settings import hosting
from imagechat.settings.parts import (
    AccessSettings,
    BudgetSettings,
    DefaultSettings,
    DiskSettings,
    LimitSettings,
    MetricSettings,
    ModelSettings,
    OfferSettings,
    Part,
    PolicySettings,
    PromptSettings,
    RunnerSettings,
    SketchSettings,
    UploadSettings,
)

__all__ = [
    "ASSETS", "FOREIGN", "SECRET", "AccessSettings", "BudgetSettings", "DefaultSettings", "DiskSettings", "LimitSettings",
    "MetricSettings", "ModelSettings", "OfferSettings", "Part", "PolicySettings", "PromptSettings", "RunnerSettings", "Settings",
    "SketchSettings", "UploadSettings", "complaint", "is_loopback", "load", "rows",
]  # fmt: skip


class Settings(BaseSettings):
    """All of them: from the environment and from `.env`, under the prefix `IMAGECHAT_`."""

    model_config = SettingsConfigDict(
        env_prefix="IMAGECHAT_",
        env_nested_delimiter="__",
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        use_attribute_docstrings=True,
        populate_by_name=True,
        nested_model_default_partial_update=True,
    )

    host: str = "127.0.0.1"
    """The address to listen on; 0.0.0.0 for all of this machine's."""
    port: Annotated[int, Field(ge=1, le=65535)] = 7860
    """The port to listen on."""
    data_dir: Path = Path("data")
    """The folder that keeps the database and every picture."""
    access: Literal["auto", "local", "guests", "login"] = "auto"
    """Who may use it: "local" (whoever sits here, the owner), "guests" (each browser has a space of its own), "login" (accounts);
    "auto" is local on a loopback address, else guests."""
    share: bool = False
    """Whether a public link through Gradio's servers is made; it ends after a week, or with the app."""
    root_path: str = ""
    """The path below which a proxy serves the app, like /studio; empty at a host's root."""
    secret: SecretStr = SecretStr("")
    """What visitors' own keys are encrypted with, 32 letters or more, no blanks; without it a file in the data folder is made for that."""
    former_secrets: SecretStr = SecretStr("")
    """Secrets that were set before, with blanks between: what they encrypted can still be read, and is encrypted anew at the start."""
    locale: str = "en"
    """The language of the page: the name of a folder in assets/locales."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """How much is logged."""
    log_format: Literal["text", "json"] = "text"
    """How a line of the log looks: "text" for people, "json" for programs."""
    openai_api_key: Annotated[SecretStr, Field(validation_alias="OPENAI_API_KEY")] = SecretStr("")
    """The key for OpenAI, or for the server at OPENAI_BASE_URL where that wants one."""
    openai_base_url: Annotated[str, Field(validation_alias="OPENAI_BASE_URL")] = ""
    """The address of a server that speaks OpenAI's dialect, with its /v1 (Ollama: http://127.0.0.1:11434/v1); empty for OpenAI's own."""
    openai_org_id: Annotated[str, Field(validation_alias="OPENAI_ORG_ID")] = ""
    """The organization that requests to OpenAI count for, where the key belongs to several."""
    openai_project_id: Annotated[str, Field(validation_alias="OPENAI_PROJECT_ID")] = ""
    """The project that requests to OpenAI count for, where the key belongs to several."""
    oauth_client_id: Annotated[str, Field(validation_alias="OAUTH_CLIENT_ID")] = ""
    """The id for logging in with Hugging Face; a Space with hf_oauth sets it."""
    oauth_client_secret: Annotated[SecretStr, Field(validation_alias="OAUTH_CLIENT_SECRET")] = SecretStr("")
    """The secret that belongs to it; a Space sets it."""
    openid_provider_url: Annotated[str, Field(validation_alias="OPENID_PROVIDER_URL")] = "https://huggingface.co"
    """Where people log in with Hugging Face; a Space sets it."""
    space_id: Annotated[str, Field(validation_alias="SPACE_ID")] = ""
    """The Space that this is, as owner/name; Hugging Face sets it."""
    space_host: Annotated[str, Field(validation_alias="SPACE_HOST")] = ""
    """The Space's own host name; Hugging Face sets it."""
    space_author: Annotated[str, Field(validation_alias="SPACE_AUTHOR_NAME")] = ""
    """Whose Space it is; Hugging Face sets it."""
    space_creator: Annotated[str, Field(validation_alias="SPACE_CREATOR_USER_ID")] = ""
    """The Hugging Face id of whoever made the Space; Hugging Face sets it."""
    door: AccessSettings = AccessSettings()
    offers: OfferSettings = OfferSettings()
    budget: BudgetSettings = BudgetSettings()
    limits: LimitSettings = LimitSettings()
    policy: PolicySettings = PolicySettings()
    metrics: MetricSettings = MetricSettings()
    models: ModelSettings = ModelSettings()
    prompts: PromptSettings = PromptSettings()
    defaults: DefaultSettings = DefaultSettings()
    runner: RunnerSettings = RunnerSettings()
    sketch: SketchSettings = SketchSettings()
    uploads: UploadSettings = UploadSettings()
    disk: DiskSettings = DiskSettings()

    @property
    def mode(self) -> Literal["local", "guests", "login"]:
        """The access that holds."""
        if self.access == "auto":
            return "local" if self.placed else "guests"
        return self.access

    @property
    def placed(self) -> bool:
        """Whether only this machine can reach the app, so that place says who somebody is."""
        return is_loopback(self.host) and not self.share and not self.space_id

    @property
    def lasting(self) -> bool:
        """Whether what is kept outlives a restart: everywhere but on a Space without storage of its own."""
        return not self.space_id or hosting.outlives(self.data_dir)

    @field_validator("host")
    @classmethod
    def _bare(cls, host: str) -> str:
        host = host.strip().strip("[]")
        if not re.fullmatch(r"[\w.:-]+", host):
            raise ValueError("an address to listen on is like 127.0.0.1, 0.0.0.0 or ::1")
        return host

    @field_validator("root_path")
    @classmethod
    def _rooted(cls, path: str) -> str:
        path = path.strip().rstrip("/")
        if path and not re.fullmatch(r"(/[\w.~-]+)+", path):
            raise ValueError("a path begins with a slash and has letters, digits and - . _ ~ only, like /studio")
        return path

    @field_validator("secret")
    @classmethod
    def _long(cls, secret: SecretStr) -> SecretStr:
        plain = secret.get_secret_value().strip()
        if 0 < len(plain) < 32 or len(plain.split()) > 1:  # Former ones stand with blanks between them.
            raise ValueError("a secret has 32 letters or more, and no blanks; `openssl rand -hex 32` makes one")
        return SecretStr(plain)

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.access == "local" and not self.placed:
            reached = "--share makes a public link" if self.share else f"{self.host} can be reached from other machines"
            raise ValueError(f'IMAGECHAT_ACCESS = "local": {reached}; use "guests" or "login", or leave it at "auto"')
        if self.offers.guests.strip() and self.budget.guests_daily is None:
            raise ValueError(
                "IMAGECHAT_OFFERS__GUESTS opens models to guests at the house's cost; set IMAGECHAT_BUDGET__GUESTS_DAILY too, "
                "the dollars that all guests together may spend in a day"
            )
        return self

    @field_validator("openai_api_key")
    @classmethod
    def _sendable(cls, key: SecretStr) -> SecretStr:
        plain = key.get_secret_value().strip()
        if not plain.isascii() or not plain.isprintable() or " " in plain:
            raise ValueError("a key has only ASCII letters, digits and signs, without blanks; copy it once more")
        return SecretStr(plain)

    @field_validator("openai_base_url")
    @classmethod
    def _address(cls, url: str) -> str:
        url = url.strip().rstrip("/")
        try:
            parts = urlsplit(url)
            right = not url or (parts.scheme in ("http", "https") and parts.hostname and parts.port != 0)
        except ValueError:
            right = False
        if not right:
            raise ValueError("an address begins with http:// or https:// and names a host, like http://127.0.0.1:11434/v1")
        return url

    @field_validator("locale")
    @classmethod
    def _known_locale(cls, locale: str) -> str:
        known = sorted(folder.name for folder in (ASSETS / "locales").iterdir() if folder.is_dir())
        if locale not in known:
            raise ValueError(f"there is no locale {locale!r}; there are: {', '.join(known)}")
        return locale


ASSETS = Path(__file__).resolve().parents[2] / "assets"
"""The folder of data files that ship with the code."""


FOREIGN = frozenset(str(field.validation_alias) for field in Settings.model_fields.values() if field.validation_alias is not None)
"""Settings that go by the name which everybody knows them by."""
SECRET = frozenset({"OPENAI_API_KEY", "OAUTH_CLIENT_SECRET", "SECRET", "FORMER_SECRETS", "METRICS__TOKEN", "BUDGET__WEBHOOK"})
"""Settings whose values are never shown."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def load(**given: Any) -> Settings:
    """The settings from the environment and `.env`, with what the command line gave on top; on a Space with what fits there.

    Raises: pydantic.ValidationError; `complaint` puts it into words.
    """
    chosen = Settings(**{name: value for name, value in given.items() if value is not None})
    return _on_a_space(chosen) if chosen.space_id else chosen


def _on_a_space(chosen: Settings) -> Settings:
    """Listening where a Space's proxy asks, keeping everything on its lasting disk if it has one, unless both were said."""
    fitting: dict[str, Any] = {"host": hosting.EVERYWHERE}
    if hosting.lasting():
        fitting["data_dir"] = hosting.PERSISTENT
    return chosen.model_copy(update={name: value for name, value in fitting.items() if name not in chosen.model_fields_set})


def complaint(error: ValidationError | SettingsError) -> str:
    """One line for each wrong setting: its name as it is written, what was given, and what would be right."""
    if isinstance(error, SettingsError):
        group = re.search(r'field "(\w+)"', str(error))
        name = f"IMAGECHAT_{group[1]}".upper() if group else "IMAGECHAT_…"
        return f"{name} is a group of settings; set one of it, like " + next(row for row, _, _ in rows() if row.startswith(f"{name}__"))
    lines = []
    for fault in error.errors():
        loc = "__".join(str(part) for part in fault["loc"]).upper()
        name = loc if loc in FOREIGN else f"IMAGECHAT_{loc}"
        reason = fault["msg"].removeprefix("Value error, ")
        if not loc:  # Settings that do not go together: the words name them.
            lines.append(reason)
            continue
        lines.append(f"{name}: {reason}" if loc in SECRET else f"{name} = {fault['input']!r}: {reason}")
    return "\n".join(lines)


def rows() -> Iterator[tuple[str, str, str]]:
    """Each setting as (environment name, default, sentence), in the order of this page."""
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, Part):
            for inner, part in type(field.default).model_fields.items():
                yield f"IMAGECHAT_{name}__{inner}".upper(), _default(part.default), _sentence(part.description)
        else:
            called = str(field.validation_alias) if field.validation_alias else f"IMAGECHAT_{name}".upper()
            yield called, _default(field.default), _sentence(field.description)


def _default(value: object) -> str:
    """A default as it would be written; nothing for a secret and for no limit."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or isinstance(value, SecretStr) else str(value)


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split())
