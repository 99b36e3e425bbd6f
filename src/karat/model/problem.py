"""What was wrong with something a person or a file gave us, where, and what to do about it."""

from collections.abc import Iterable, Sequence

import msgspec


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One mistake: `path` says where, `got` what stood there, `expected` what may stand there, `do` the remedy."""

    path: str
    got: str
    expected: str
    do: str
    line: int | None = None


class Refused(Exception):  # noqa: N818 - it reads as a sentence: raise Refused(problems)
    """The request cannot be done as given. `status` is the HTTP status that says so."""

    def __init__(
        self, problems: Sequence[Problem], *, status: int = 422, title: str = "The request was refused"
    ) -> None:
        super().__init__("; ".join(f"{p.path}: got {p.got}, expected {p.expected}. {p.do}" for p in problems) or title)
        self.problems = list(problems)
        self.status = status
        self.title = title


def refuse(problems: Iterable[Problem], *, status: int = 422, title: str = "The request was refused") -> None:
    """Raise `Refused` if there is any problem."""
    found = list(problems)
    if found:
        raise Refused(found, status=status, title=title)


def shown(value: object, *, limit: int = 80) -> str:
    """A value as JSON, cut short, for the `got` of a problem."""
    try:
        text = msgspec.json.encode(value).decode("utf-8", "replace")
    except (TypeError, ValueError, msgspec.MsgspecError):
        text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
