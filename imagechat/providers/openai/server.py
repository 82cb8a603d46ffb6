"""The server: one connection pool through the SDK, opened when it is first needed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from imagechat.errors import BadKey, BrokenReply, ImageChatError
from imagechat.logs import request_id
from imagechat.providers.cards import Listed
from imagechat.providers.openai.reading import table, whole
from imagechat.settings import Settings, is_loopback

if TYPE_CHECKING:
    from openai import AsyncOpenAI

HOME = "https://api.openai.com/v1"
CONNECT = 10.0
"""Seconds for a connection to stand; to write a request or wait for a free connection, and for the list of models."""
WRITE, LISTING = 60.0, 20.0
CONNECTIONS = 200
OWN = {reason: f"own_{reason}" for reason in ("wrong", "no_access", "no_credit")}
"""What is told of a key of the visitor's own in place of the house's."""
KeyOf = Callable[[], Awaitable[str]]
"""Fetches the key when it is first needed. Raises: MissingKey."""


class Server:
    """Where requests go. `patience`: seconds of silence after which one is stopped.

    With `key_of` it is asked with somebody's own key, and with nothing else of the house's: neither its key nor its organization, nor a
    name and password in its address.
    """

    def __init__(self, settings: Settings, key_of: KeyOf | None = None) -> None:
        self.url = settings.openai_base_url or HOME
        self.patience = settings.models.patience
        self.key_of = key_of
        self.key = "" if key_of else settings.openai_api_key.get_secret_value()
        self.organization, self.project = settings.openai_org_id or None, settings.openai_project_id or None
        parts = urlsplit(self.url)
        self.host = parts.hostname or ""
        self.address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        if key_of:
            self.url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        self.name = "openai" if self.is_home else parts.netloc.rpartition("@")[2]
        self._client: AsyncOpenAI | None = None
        self._opening = asyncio.Lock()

    @property
    def is_home(self) -> bool:
        """Whether it is OpenAI itself, whose prices we know."""
        return self.host == "openai.com" or self.host.endswith(".openai.com")

    async def client(self) -> "AsyncOpenAI":
        """The SDK's client. Its import takes half a second, so it happens in a thread, once. It never retries: that is our own layer's."""
        async with self._opening:
            if self._client is None:
                if self.key_of is not None:
                    self.key = await self.key_of()
                self._client = await asyncio.to_thread(self._made)
        return self._client

    def _made(self) -> "AsyncOpenAI":
        import httpx2
        import openai

        timeout = httpx2.Timeout(self.patience, connect=min(CONNECT, self.patience), write=WRITE, pool=WRITE)
        limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=20)
        connections = openai.DefaultAsyncHttpxClient(timeout=timeout, limits=limits, trust_env=not is_loopback(self.host))
        # A server of one's own may want no key; the SDK wants one all the same.
        client = openai.AsyncOpenAI(
            api_key=self.key or "none", organization=self.organization, project=self.project, base_url=self.url, max_retries=0,
            timeout=timeout, http_client=connections,
        )  # fmt: skip
        if self.key_of is not None:  # What the SDK reads from the environment by itself is the house's.
            client.organization = client.project = client.admin_api_key = None
            client._custom_headers = {}
        return client

    @contextmanager
    def _translated(self, model: str, patience: float) -> Iterator[None]:
        """What goes wrong, as one of our errors, which never repeats the key; one that is not taken is told as whose it is."""
        from imagechat.providers.openai.faults import translated

        try:
            with translated(model, patience):
                yield
        except ImageChatError as fault:
            if self.key:
                told = {name: value.replace(self.key, "…") if isinstance(value, str) else value for name, value in fault.facts.items()}
                fault.facts = told
            if self.key_of is not None and isinstance(fault, BadKey) and fault.reason in OWN:
                raise BadKey(OWN[fault.reason], **fault.facts) from fault
            raise

    @asynccontextmanager
    async def asked(self, model: str, resource: str, verb: str, **wire: Any) -> AsyncIterator[Any]:
        """The answer to a request, its head come and its body still to be read; closing it ends the request.

        Raises: whatever `translated` makes of what goes wrong, within the block too.
        """
        part: Any = await self.client()
        for name in resource.split("."):
            part = getattr(part, name)
        with self._translated(model, self.patience):
            async with getattr(part.with_streaming_response, verb)(model=model, extra_headers=_named(), **wire) as response:
                check_form(response, model)
                yield response

    async def listed(self) -> list[Listed]:
        """Which models there are. Raises: as `asked`."""
        client = await self.client()
        with self._translated(self.address, LISTING):
            async with client.models.with_streaming_response.list(timeout=min(LISTING, self.patience)) as response:
                check_form(response, self.address)
                found = (await whole(response.iter_bytes(), self.address)).get("data")
        entries = [table(each) for each in found] if isinstance(found, list) else []
        return [Listed(str(each["id"]), _day(each.get("shutdown_date"))) for each in entries if each.get("id")]

    async def close(self) -> None:
        """Close what is open."""
        if self._client is not None:
            await self._client.close()
            self._client = None


def _named() -> dict[str, str]:
    """The request's id, by which OpenAI finds it too. Source: platform.openai.com/docs/api-reference/debugging-requests."""
    request = request_id.get()
    return {"X-Client-Request-Id": request} if request else {}


def check_form(response: Any, model: str) -> None:
    """Raise BrokenReply("web_page") for what no API answers: most likely the address is that of something else."""
    if "html" in response.headers.get("content-type", ""):
        raise BrokenReply("web_page", model=model)


def _day(given: object) -> date | None:
    try:
        return date.fromisoformat(str(given)[:10]) if given else None
    except ValueError:
        return None
