"""How work flows through a project: the stages, who does them, and where an item goes next."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Literal

import msgspec

from karat.model.defects import DEFECTS, DefectKind
from karat.model.durations import is_duration, seconds
from karat.model.gold import Course, GoldRule, check_gold
from karat.model.parsing import convert_problem
from karat.model.problem import Problem, shown
from karat.model.rules import Rule, check_rules
from karat.model.ways import Edge, Verdict, When, check_edges
from karat.model.who import SKIP_REASONS, Role, SkipRule, Who, check_skip, check_skip_reasons, check_who

BEGINS = frozenset({"nothing", "imported"})
OF_MODEL = "model "
EDITS = ("resolved", "reviewed", "never")


class Enough(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """When an item has enough answers: once its result is this sure, or the most people have answered."""

    sure: float = 0.95
    """The probability of the result, in [0.5, 1): of the field where it is lowest."""
    most: int = 7
    budget: int | None = None
    """So many answers of the project, and items go on with what they have; null: no end."""


class Stage(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """One step that an item passes."""

    do: Literal["label", "review", "adjudicate", "resolve"]
    """People answer; a reviewer judges their answers; an expert decides between them; the consensus decides."""
    who: Who | None = None
    """Annotators label, reviewers review and adjudicate, if nothing else is said."""
    overlap: int = 1
    """How many people answer each item, blind to one another."""
    until: Enough | None = None
    """Ask more than `overlap` people where they leave the result in doubt."""
    blind: bool = True
    claim: str = "20m"
    edit_until: str = "resolved"
    """How long an answer may be changed by its author: one of `EDITS`, or a duration."""
    queue: str = "in_order"
    begin: str = "nothing"
    """What an answer begins as: `nothing`, a copy of what was `imported`, or of what `model NAME` said."""
    skip: SkipRule = SkipRule()
    by: Literal["consensus"] | None = None
    method: str | None = None
    """By which answers are merged, of `karat.quality.consensus.METHODS`."""
    not_own: bool = True
    """Whether nobody judges an item that they have answered themselves."""
    rework: str | None = "2d"
    """How long a rejected answer waits for its own author before others get the item; null: others get it at once."""
    next: tuple[Edge, ...] | dict[Verdict, str] = ()
    """The ways out, the first that holds is taken; of a review also a stage for each verdict."""

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The ways out, those by verdict too."""
        if isinstance(self.next, dict):
            return tuple(Edge(to=to, when=When(verdict=verdict)) for verdict, to in self.next.items())
        return self.next

    @property
    def role(self) -> Role:
        """The least role that may work at the stage."""
        if self.who is not None and self.who.role is not None:
            return self.who.role
        return "annotator" if self.do == "label" else "reviewer"

    @property
    def leads_to(self) -> list[str]:
        """The stages that items may go to from here."""
        return [edge.to for edge in self.edges] + ([] if self.skip.then is None else [self.skip.then])

    @property
    def claim_s(self) -> int:
        """How long a claim holds, in seconds."""
        return seconds(self.claim)


class Policy(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The workflow of a project, versioned like its schema."""

    stages: dict[str, Stage]
    start: str = "label"
    defects: dict[str, DefectKind] = {}
    """What reviewers choose from when they say what is wrong; a list of Karat's own where it is empty."""
    skip_reasons: dict[str, str] = {}
    """What people choose from when they skip an item, by key; a list of Karat's own where it is empty."""
    gold: GoldRule | None = None
    """Items with a known answer, mixed in unseen."""
    course: Course | None = None
    """What annotators pass before they work."""
    rules: tuple[Rule, ...] = ()
    """What is done about an author whose numbers say so."""
    karat_policy: int = 1

    @property
    def defect_list(self) -> Mapping[str, DefectKind]:
        """What reviewers choose from."""
        return self.defects or DEFECTS

    @property
    def skip_list(self) -> Mapping[str, str]:
        """What people choose from when they skip an item."""
        return self.skip_reasons or SKIP_REASONS

    @property
    def is_routed(self) -> bool:
        """Whether the way of some item depends on what its answers come to, or on chance."""
        return any(stage.until or any(edge.needs_sight for edge in stage.edges) for stage in self.stages.values())

    @property
    def asks_traits(self) -> bool:
        """Whether some stage asks for more of people than a role."""
        return any(stage.who is not None and stage.who.asks for stage in self.stages.values())

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
    problems = _checked(policy, queues) + _methods(policy, methods) + check_gold(policy.gold, policy.course)
    problems = problems or _checked_pilot(policy)
    return (None, problems) if problems else (policy, [])


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
        if not is_duration(stage.claim, most=30 * 86400):
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
        found += _checked_work(stage, path)
        found += check_who(stage.who, f"{path}.who")
        found += check_skip(stage.skip, name, [n for n, s in policy.stages.items() if s.do == "label"], f"{path}.skip")
        found += check_edges(stage.edges, list(policy.stages), f"{path}.next", is_verdict=stage.do == "review")
    found += check_skip_reasons(policy.skip_reasons)
    found += check_rules(policy.rules, has_course=policy.course is not None)
    return found or _checked_graph(policy)


def _checked_pilot(policy: Policy) -> list[Problem]:
    """A pilot ends once somebody else has answered or judged each of its items: so somebody must."""
    if policy.course is None or policy.course.pilot is None:
        return []
    first = policy.stages[policy.start]
    is_judged = all(policy.stages[edge.to].do in ("review", "adjudicate") for edge in first.edges)
    if first.overlap >= 2 or (is_judged and first.edges):
        return []
    got = f"{first.overlap} answer for each item, and no review of every one"
    expected = "two answers for each item, or a review of every one"
    do = f"Write `overlap: 2` at `{policy.start}`, lead all its ways to a review, or leave the pilot out: it would never end."
    return [Problem("course.pilot", got, expected, do)]


def _checked_work(stage: Stage, path: str) -> list[Problem]:
    found: list[Problem] = []
    if stage.do in ("review", "adjudicate") and stage.overlap != 1:
        do = "One person reviews at a stage; add a second stage for a second review."
        found.append(Problem(f"{path}.overlap", shown(stage.overlap), "1", do))
    if stage.until is not None:
        if stage.do != "label":
            found.append(Problem(f"{path}.until", stage.do, "a stage that labels", "Leave `until` out here."))
        if not 0.5 <= stage.until.sure < 1:
            do = "Write the probability at which an item has enough answers, e.g. 0.95."
            found.append(Problem(f"{path}.until.sure", shown(stage.until.sure), "0.5 to below 1", do))
        if not stage.overlap <= stage.until.most <= 100:
            do = "Write the most people that may be asked."
            found.append(Problem(f"{path}.until.most", shown(stage.until.most), f"{stage.overlap} to 100", do))
        if stage.until.budget is not None and stage.until.budget < 1:
            do = "Write how many answers the project may cost, or null."
            found.append(Problem(f"{path}.until.budget", shown(stage.until.budget), "1 or more", do))
    if stage.rework is not None and not is_duration(stage.rework):
        expected = "a duration from 1s to 366d"
        found.append(Problem(f"{path}.rework", shown(stage.rework), expected, "Write e.g. `rework: 2d`, or null."))
    if stage.edit_until not in EDITS and not is_duration(stage.edit_until):
        expected = f"{', '.join(EDITS)}, or a duration from 1s to 366d"
        do = "Say how long an answer may be changed, e.g. `edit_until: 1h`."
        found.append(Problem(f"{path}.edit_until", shown(stage.edit_until), expected, do))
    return found


def _checked_graph(policy: Policy) -> list[Problem]:
    """What is wrong with the stages together, each being right by itself."""
    if policy.stages[policy.start].do != "label":
        do = "Start with a stage at which people label; reviews need answers."
        return [Problem("start", shown(policy.start), "a stage that labels", do)]
    found: list[Problem] = []
    reached, waiting = {policy.start}, [policy.start]
    while waiting:
        for to in policy.stages[waiting.pop()].leads_to:
            if to not in reached:
                reached.add(to)
                waiting.append(to)
    for name, stage in policy.stages.items():
        if name not in reached:
            do = "Lead a way of another stage here, or leave it out."
            found.append(Problem(f"stages.{name}", "a stage that nothing leads to", "a way to it", do))
        if stage.do in ("review", "adjudicate") and not stage.edges:
            do = "Say where items go afterwards, e.g. `next: [{to: accept}]`."
            found.append(Problem(f"stages.{name}.next", "no way", "a way out", do))
    return found
