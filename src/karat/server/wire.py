"""What every route shares: decoding of bodies, keyset pages, ETags."""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

import msgspec
from litestar import Request

from karat.model.parsing import convert_problem
from karat.model.problem import Problem, Refused, shown

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

# An escaped U+0000, not the letters of one behind an escaped backslash.
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
DEFAULT_LIMIT = 50
MAX_LIMIT = 500
LARGE = 1_000_000


class Page(msgspec.Struct, Generic[T], frozen=True):
    """A window on a list; `next` is the cursor of the following one, null at the end."""

    items: Sequence[T]
    next: str | None = None


class JsonRequest(Request[Any, Any, Any]):
    """A request whose JSON is held to the same rules where a route takes `data` instead of `body`."""

    async def json(self) -> Any:  # noqa: ANN401 - Litestar's own signature
        """The body as JSON."""
        refuse_nul(await self.body())
        try:
            return await super().json()
        except UnicodeDecodeError:
            raise not_utf8() from None


def decode(body: bytes, type_: type[T]) -> T:
    """A body as a struct; what does not fit is refused with its path."""
    refuse_nul(body)
    try:
        return _decoder(type_).decode(body)  # type: ignore[no-any-return, arg-type]
    except msgspec.ValidationError as error:
        raise _not_of(type_, body, error) from None
    except RecursionError:
        problem = Problem("body", "JSON nested too deeply", "a flat request", "Send what the API reference shows.")
        raise Refused([problem]) from None
    except UnicodeDecodeError:
        raise not_utf8() from None


def _not_of(type_: type[T], body: bytes, error: msgspec.ValidationError) -> Exception:
    """What was wrong with the body, with the value and what may stand there; of a very large one only msgspec's own words."""
    if len(body) > LARGE:
        return error
    try:
        given = msgspec.json.decode(body)
    except RecursionError:
        return error
    do = "Mend it; the request's schema stands in the API reference."
    problem = convert_problem(error, given, lambda value: msgspec.convert(value, type_), do=do, type_=type_)
    return Refused([msgspec.structs.replace(problem, path=problem.path or "body")], title="The body cannot be read")


def refuse_nul(body: bytes) -> None:
    """PostgreSQL's text cannot hold U+0000, and nobody means it: it is refused at the edge (msgspec refuses lone surrogates)."""
    if b"\\u0000" in body and NUL.search(body):
        problem = Problem("body", "U+0000", "text without U+0000", "Take the character out.")
        raise Refused([problem], title="The body holds U+0000")


def not_utf8() -> Refused:
    """422: bytes that are no text."""
    return Refused(
        [Problem("body", "bytes that are not UTF-8", "JSON in UTF-8", "Encode the body as UTF-8.")],
        title="The body cannot be read",
    )


def limited(limit: int | None) -> int:
    """A page's size within what the server serves."""
    if limit is None:
        return DEFAULT_LIMIT
    if not 1 <= limit <= MAX_LIMIT:
        raise Refused([Problem("limit", shown(limit), f"1 to {MAX_LIMIT}", "Ask for fewer rows and follow `next`.")])
    return limit


def cursor_of(*values: str | int | float | None) -> str:
    """The place after a row, from the values it is sorted by."""
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def from_cursor(cursor: str | None, type_: type[T]) -> T | None:
    """The values of a cursor, e.g. `from_cursor(c, tuple[str, int])`; None where there is none."""
    if not cursor:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=type_)
    except (msgspec.MsgspecError, binascii.Error, ValueError, UnicodeError):
        problem = Problem("cursor", shown(cursor), "the `next` of the page before", "Start again without a cursor.")
        raise Refused([problem]) from None


def page(rows: Sequence[T], limit: int, cursor: Callable[[T], tuple[str | int | float | None, ...]]) -> Page[T]:
    """A page from one row more than it holds; `cursor(row)` gives the values to go on from."""
    if len(rows) <= limit:
        return Page(rows)
    return Page(rows[:limit], cursor_of(*cursor(rows[limit - 1])))


def if_match(header: str | None, current: int) -> None:
    """Refuse an edit of something that changed since it was read."""
    if header is None:
        problem = Problem(
            "If-Match", "null", f'the ETag that was read, e.g. "{current}"', "Read it first and send its ETag."
        )
        raise Refused([problem], status=428, title="Say which version you are changing")
    if header.strip().removeprefix("W/").strip('"') != str(current):
        problem = Problem(
            "If-Match", shown(header), f'"{current}"', "Read it again, make the change on what is there now."
        )
        raise Refused([problem], status=412, title="Somebody changed it meanwhile")


@lru_cache(maxsize=512)
def _decoder(type_: type[T]) -> msgspec.json.Decoder[T]:
    return msgspec.json.Decoder(type_)
