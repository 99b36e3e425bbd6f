"""A job as it is shown."""

from typing import Literal

import msgspec

from karat.model.problem import Problem

JobState = Literal["queued", "running", "done", "failed", "cancelled"]


class Progress(msgspec.Struct, frozen=True):
    """How far a job is. `total` is an estimate until the end where the source does not say; null where nothing is known."""

    done: int
    total: int | None
    unit: str
    per_s: float | None
    eta_s: float | None


class LogLine(msgspec.Struct, frozen=True):
    """One thing a job said."""

    at: str
    text: str


class JobBody(msgspec.Struct, frozen=True, kw_only=True):
    """A job."""

    id: str
    kind: str
    project: str | None
    state: JobState
    attempt: int
    progress: Progress
    result: dict[str, object] | None
    problems: list[Problem]
    log: list[LogLine]
    created_by: dict[str, str]
    created_at: str
    started_at: str | None
    finished_at: str | None


class JobFile(msgspec.Struct, frozen=True):
    """A file that a job made."""

    name: str
    size: int
    sha256: str


class Started(msgspec.Struct, frozen=True):
    """A job that was just written down, for those who hand it to the job library."""

    id: str
    attempt: int
