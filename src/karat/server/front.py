"""The edge: what is checked of every request before a route sees it, and added to every answer."""

from litestar import Litestar
from litestar.types import Receive, Scope, Send

from karat.server.settings import Settings


class Front:
    """An ASGI application around the routes."""

    def __init__(self, api: Litestar, settings: Settings) -> None:
        self.api = api
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self.api(scope, receive, send)
