"""The reference over HTTP. It is given to the routes, since it speaks of them all, these two included."""

from dataclasses import dataclass

from litestar import Response, get
from litestar.types import ControllerRouterHandler

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


@dataclass(frozen=True)
class Reference:
    """The reference of a server: for programs and for people."""

    document: str
    page: str


@get("/openapi.json", opt={"public": True, "returns": dict[str, object]})
async def read_openapi(reference: Reference) -> Response[bytes]:
    """The OpenAPI document of this server."""
    return Response(reference.document.encode(), media_type="application/json", headers={"Cache-Control": "no-cache"})


@get("/docs", opt={"public": True, "media": "text/html"})
async def read_docs(reference: Reference) -> Response[bytes]:
    """The API reference, to read."""
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return Response(reference.page.encode(), media_type="text/html; charset=utf-8", headers=headers)


ROUTES: list[ControllerRouterHandler] = [read_openapi, read_docs]
