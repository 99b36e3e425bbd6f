"""What operators ask of a process: does it live, is it ready."""

from litestar import get
from litestar.types import ControllerRouterHandler

import karat


@get("/healthz", opt={"public": True})
async def healthz() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok", "version": karat.__version__}


ROUTES: list[ControllerRouterHandler] = [healthz]
