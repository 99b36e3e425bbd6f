"""What kinds of long work there are: each feature that has some lists it in its `work` module."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import msgspec

from karat.server import FEATURES
from karat.server.jobs.running import Running


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """A named function with JSON arguments.

    `run(job, arguments)` gives the result as plain JSON values. It may be called again after a crash and then goes on
    from the steps that are written down. What a person can mend it raises as `Refused`; anything else is tried again.
    """

    name: str
    title: str
    arguments: type[msgspec.Struct]
    run: Callable[[Running, Any], Mapping[str, object]]  # the arguments are of the type just named
    unit: str = "items"


def job_kinds() -> dict[str, JobKind]:
    """Every kind of job, by name."""
    found: dict[str, JobKind] = {}
    for feature in FEATURES:
        name = f"karat.server.{feature}.work"
        if find_spec(f"karat.server.{feature}") and find_spec(name):
            for kind in import_module(name).JOBS:
                if kind.name in found:
                    raise ValueError(f"two features have a job {kind.name!r}; rename one")
                found[kind.name] = kind
    return found
