"""What the server refused, as an exception that reads like the server's own words."""

from collections.abc import Sequence

import msgspec

from karat.model.problem import Problem


class ProblemBody(msgspec.Struct, frozen=True):
    """The body of an error, RFC 9457."""

    title: str
    status: int
    detail: str = ""
    type: str = "about:blank"
    request_id: str = ""
    problems: tuple[Problem, ...] = ()


class KaratError(Exception):
    """A request that the server refused, or that did not reach it."""

    def __init__(
        self, title: str, *, status: int = 0, type_: str = "", problems: Sequence[Problem] = (), request_id: str = ""
    ) -> None:
        super().__init__("\n".join([title, *(sentence(p) for p in problems)]))
        self.title = title
        self.status = status
        self.type = type_
        self.problems = list(problems)
        self.request_id = request_id


def sentence(problem: Problem) -> str:
    """A problem on one line: where, what, and the remedy."""
    line = f"line {problem.line}, " if problem.line else ""
    got = f"got {problem.got}, " if problem.got else ""
    return f"  {line}{problem.path}: {got}expected {problem.expected}. {problem.do}"
