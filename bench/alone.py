"""A server that does nothing but answer: without the quality that follows behind, for `bench.claim_submit --answers-only`."""

from karat.server.front import Front
from karat.server.reports import following
from karat.testing import server


def application() -> Front:
    """The application, whose follower never finds anything to do."""
    following.Follower.step = _nothing  # type: ignore[method-assign]
    return server.application()


async def _nothing(_self: following.Follower) -> bool:
    return False
