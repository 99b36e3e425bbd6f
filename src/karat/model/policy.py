"""How work flows through a project: the stages, who does them, and where an item goes next."""

import re
from collections.abc import Collection
from functools import partial
from typing import Literal

import msgspec

from karat.model.parsing import convert_problem
from karat.model.problem import Problem, shown

DURATION = re.compile(r"(\d+)(s|m|h|d)")
BEGINS = frozenset({"nothing", "imported"})
OF_MODEL = "model "
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Who(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who may work at a stage."""

    role: Literal["annotator", "reviewer", "manager"] = "annotator"


class SkipRule(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What happens to a skipped item: offered to others, to the same person again, or set aside."""

    requeue: Literal["others", "me", "none"] = "others"


class Edge(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A way to another stage."""

    to: str


class Stage(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """One step that an item passes."""

    do: Literal["label", "resolve"]
    who: Who = Who()
    overlap: int = 1
    """How many people answer each item, blind to one another."""
    blind: bool = True
    claim: str = "20m"
    edit_until: Literal["resolved", "never"] | str = "resolved"
    queue: str = "in_order"
    begin: str = "nothing"
    """What an answer begins as: `nothing`, a copy of what was `imported`, or of what `model NAME` said."""
    skip: SkipRule = SkipRule()
    by: Literal["consensus"] | None = None
    method: str | None = None
    """By which answers are merged, of `karat.quality.consensus.METHODS`."""
    next: tuple[Edge, ...] = ()

    @property
    def claim_s(self) -> int:
        """How long a claim holds, in seconds."""
        return seconds(self.claim)


class Policy(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The workflow of a project, versioned like its schema."""

    stages: dict[str, Stage]
    start: str = "label"
    karat_policy: int = 1

    @property
    def copies_imports(self) -> bool:
        """Whether answers begin as copies of imported ones, which then say nothing of their own."""
        return any(stage.begin == "imported" for stage in self.stages.values())


def default_policy(*, overlap: int = 1) -> Policy:
    """Label each item `overlap` times, then resolve it by consensus."""
    return Policy(
        stages={
            "label": Stage(do="label", overlap=overlap, next=(Edge(to="accept"),)),
            "accept": Stage(do="resolve", by="consensus", method="default"),
        }
    )


def read_policy(
    given: object, queues: Collection[str], methods: Collection[str]
) -> tuple[Policy | None, list[Problem]]:
    """The policy that plain values describe, or what is wrong with them.

    `queues` are the known queue policies, `methods` the known methods of consensus.
    """
    try:
        policy = msgspec.convert(given, Policy)
    except msgspec.ValidationError as error:
        convert = partial(msgspec.convert, type=Policy)
        return None, [convert_problem(error, given, convert, do="See the workflow policy in the guide.", type_=Policy)]
    problems = _checked(policy, queues) + _methods(policy, methods)
    return (None, problems) if problems else (policy, [])


def seconds(text: str) -> int:
    """A duration such as `20m` in seconds.

    >>> seconds("20m")
    1200
    """
    found = DURATION.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a duration; write a number and s, m, h or d, such as 20m")
    return int(found[1]) * SECONDS[found[2]]


def _methods(policy: Policy, methods: Collection[str]) -> list[Problem]:
    expected = f"one of {', '.join(methods)}"
    return [
        Problem(f"stages.{name}.method", shown(stage.method), expected, "Name a method of consensus.")
        for name, stage in policy.stages.items()
        if stage.method is not None and stage.method not in methods
    ]


def _checked(policy: Policy, queues: Collection[str]) -> list[Problem]:
    found: list[Problem] = []
    names = ", ".join(policy.stages)
    if policy.karat_policy != 1:
        found.append(
            Problem("karat_policy", shown(policy.karat_policy), "1", "Start the policy with `karat_policy: 1`.")
        )
    if policy.start not in policy.stages:
        found.append(Problem("start", shown(policy.start), f"one of {names}", "Name the first stage."))
    for name, stage in policy.stages.items():
        path = f"stages.{name}"
        if not 1 <= stage.overlap <= 100:
            found.append(
                Problem(f"{path}.overlap", shown(stage.overlap), "1 to 100", "Say how many people answer each item.")
            )
        if not DURATION.fullmatch(stage.claim) or not 1 <= stage.claim_s <= 30 * 86400:
            found.append(
                Problem(f"{path}.claim", shown(stage.claim), "a duration from 1s to 30d", "Write e.g. `claim: 20m`.")
            )
        if stage.begin not in BEGINS and not (stage.begin.startswith(OF_MODEL) and stage.begin.removeprefix(OF_MODEL)):
            found.append(
                Problem(
                    f"{path}.begin",
                    shown(stage.begin),
                    "nothing, imported, or model NAME",
                    "Say what an answer begins as.",
                )
            )
        if stage.queue not in queues:
            found.append(
                Problem(
                    f"{path}.queue", shown(stage.queue), f"one of {', '.join(sorted(queues))}", "Name a queue policy."
                )
            )
        if stage.do == "resolve" and stage.by is None:
            found.append(Problem(f"{path}.by", "null", "consensus", "Say how the item is resolved."))
        for index, edge in enumerate(stage.next):
            if edge.to not in policy.stages:
                found.append(
                    Problem(
                        f"{path}.next[{index}].to", shown(edge.to), f"one of {names}", "Name a stage of this policy."
                    )
                )
    return found
