"""Every setting, with its type, its default and one sentence. Built once in `app.py` and handed down in parts."""

import ipaddress
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError


class Part(BaseModel):
    """A group of settings; each field's sentence is its docstring."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid", frozen=True)


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
    """The address to listen on; this version serves its own machine only, so it must be a loopback address."""
    port: Annotated[int, Field(ge=1, le=65535)] = 7860
    """The port to listen on."""
    data_dir: Path = Path("data")
    """The folder that keeps the database and every picture."""
    access: Literal["local"] = "local"
    """Who may use it: "local" means whoever sits at this machine, as its owner."""
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
    models: ModelSettings = ModelSettings()
    prompts: PromptSettings = PromptSettings()
    defaults: DefaultSettings = DefaultSettings()
    runner: RunnerSettings = RunnerSettings()
    sketch: SketchSettings = SketchSettings()
    uploads: UploadSettings = UploadSettings()

    @field_validator("host")
    @classmethod
    def _loopback(cls, host: str) -> str:
        if not is_loopback(host):
            raise ValueError(
                f"{host!r} can be reached from other machines, and this version has no accounts yet to keep them apart; "
                "use 127.0.0.1, ::1 or localhost"
            )
        return host.strip("[]")

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


ASSETS = Path(__file__).resolve().parent.parent / "assets"
"""The folder of data files that ship with the code."""


FOREIGN = frozenset({"OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"})
"""Settings that go by the name which everybody knows them by."""
SECRET = frozenset({"OPENAI_API_KEY"})
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
    """The settings from the environment and `.env`, with what the command line gave on top.

    Raises: pydantic.ValidationError; `complaint` puts it into words.
    """
    return Settings(**{name: value for name, value in given.items() if value is not None})


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
        lines.append(f"{name}: {reason}" if loc in SECRET else f"{name} = {fault['input']!r}: {reason}")
    return "\n".join(lines)


def rows() -> Iterator[tuple[str, str, str]]:
    """Each setting as (environment name, default, sentence), in the order of this page."""
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, Part):
            for inner, part in type(field.default).model_fields.items():
                yield f"IMAGECHAT_{name}__{inner}".upper(), str(part.default), part.description or ""
        else:
            yield name.upper() if name.upper() in FOREIGN else f"IMAGECHAT_{name}".upper(), str(field.default), field.description or ""
