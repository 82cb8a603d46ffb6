"""Pictures that a server only gives the address of."""

from imagechat.errors import ProviderFault
from imagechat.fetching import Fetcher
from imagechat.providers.openai.server import Server


class Results:
    """Fetched from the server's own origin, wherever that is, or from public addresses; never with our key."""

    def __init__(self, server: Server) -> None:
        self.fetcher = Fetcher(server.url)

    async def fetch(self, url: str, model: str) -> bytes:
        """The file's bytes. Raises: as `Fetcher.fetch`, with the model's name among the facts."""
        try:
            return await self.fetcher.fetch(url)
        except ProviderFault as fault:
            fault.facts.setdefault("model", model)
            raise
