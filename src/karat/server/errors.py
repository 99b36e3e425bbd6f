"""Every error as problem+json (RFC 9457): what was wrong, with the value and the place, and what to do."""

from typing import Any

import msgspec
import psycopg
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from sqlalchemy.exc import DataError, OperationalError

from karat.model.parsing import split_error
from karat.model.problem import Problem, Refused

log = structlog.get_logger()
Asked = Request[Any, Any, Any]


class ProblemBody(msgspec.Struct, frozen=True, kw_only=True):
    """The body of every error."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    problems: tuple[Problem, ...] = ()


def problem(
    request: Asked,
    *,
    status: int,
    title: str,
    problems: tuple[Problem, ...] = (),
    type_: str = "about:blank",
    retry_after: int = 2,
) -> Response[bytes]:
    """The response that says what was wrong."""
    body = ProblemBody(
        type=type_,
        title=title,
        status=status,
        detail=" ".join(f"{p.path}: got {p.got}, expected {p.expected}. {p.do}" for p in problems[:3]) or title,
        request_id=request_id(request),
        problems=problems,
    )
    headers = {"Retry-After": str(retry_after)} if status in (429, 503) else {}
    return Response(
        msgspec.json.encode(body), status_code=status, media_type="application/problem+json", headers=headers
    )


def request_id(request: Asked) -> str:
    """The id that the edge gave this request, which the log has too."""
    found = request.scope.get("request_id")
    return found if isinstance(found, str) else ""


def on_refused(request: Asked, error: Refused) -> Response[bytes]:
    """What a person or their program can mend."""
    return problem(
        request,
        status=error.status,
        title=error.title,
        problems=tuple(error.problems),
        type_=getattr(error, "type", "about:blank"),
        retry_after=getattr(error, "retry_after", 2),
    )


def on_http(request: Asked, error: HTTPException) -> Response[bytes]:
    """What the framework refused: an unknown route, a method, a parameter."""
    if error.status_code >= 500:
        return on_any(request, error)
    problems: tuple[Problem, ...] = ()
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        problems = tuple(
            Problem(str(e.get("key", "body")), "", str(e.get("message", "")), "Mend this part of the request.")
            for e in error.extra
            if isinstance(e, dict)
        )
    status = 422 if isinstance(error, ValidationException) else error.status_code
    return problem(request, status=status, title=error.detail, problems=problems)


def on_decode(request: Asked, error: msgspec.MsgspecError) -> Response[bytes]:
    """A body that is not the JSON it should be."""
    where, reason = split_error(error)
    found = Problem(where or "body", "", reason, "See the request's schema in the API reference.")
    return problem(request, status=422, title="The body cannot be read", problems=(found,))


def on_busy(request: Asked, error: OperationalError) -> Response[bytes]:
    """The database is out of reach: say so and when to try again; nothing was acknowledged."""
    log.error("database.unreachable", error=str(error.orig))
    return problem(
        request, status=503, title="The database cannot be reached. Nothing was changed; try again in a moment."
    )


def on_out_of_range(request: Asked, error: Exception) -> Response[bytes]:
    """A number beyond 64 bits, or a text that the database cannot hold, which no route's own check had refused."""
    found = Problem(
        "body", str(error).partition("\n")[0][:200], "numbers within 64 bits, text without U+0000", "Mend the value."
    )
    return problem(request, status=422, title="A value is out of range", problems=(found,))


def on_any(request: Asked, error: Exception) -> Response[bytes]:
    """A mistake of ours: the log has the whole story under the request's id, the answer tells nothing else."""
    log.error("request.failed", request_id=request_id(request), path=request.url.path, exc_info=error)
    return problem(request, status=500, title="Karat made a mistake. The server's log has it under this request's id.")


HANDLERS = {
    Refused: on_refused,
    HTTPException: on_http,
    msgspec.MsgspecError: on_decode,
    OperationalError: on_busy,
    OverflowError: on_out_of_range,
    psycopg.DataError: on_out_of_range,
    DataError: on_out_of_range,
    Exception: on_any,
}
