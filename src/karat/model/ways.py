"""The ways out of a stage: which one an item takes, by what is known of it, by chance, or by a reviewer's verdict."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from karat.model.item import Scalar
from karat.model.problem import Problem, shown

Verdict = Literal["accepted", "fixed", "rejected"]
VERDICTS: tuple[Verdict, ...] = ("accepted", "fixed", "rejected")


class Level(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A bound on the agreement of an item's answers, 1 minus their mean distance; of one field or of all."""

    field: str | None = None
    above: float | None = None
    below: float | None = None


class Bound(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A bound on a number: at least `above`, less than `below`."""

    above: float | None = None
    below: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a number lies within it."""
        return (self.above is None or value >= self.above) and (self.below is None or value < self.below)


class When(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What must hold for a way to be taken: every condition that is given."""

    verdict: Verdict | None = None
    agree: Level | None = None
    """Agreement of at least `above` (0.8 if not given)."""
    differ: Level | None = None
    """Agreement of less than `below` (0.8 if not given)."""
    tie: bool | None = None
    """Whether the answers leave two results equally good."""
    risk: Bound | None = None
    """The chance that the result is wrong, in [0, 1]."""
    skill: Bound | None = None
    """The estimated accuracy of the least able of the item's authors, in [0, 1]."""
    answers: Bound | None = None
    """How many answers the newest of the item's authors has given in the project: people are reviewed more at first."""
    metadata: Mapping[str, Scalar] | None = None
    """Values of the item's metadata; of a list, one must be the item's."""


class Edge(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A way to another stage, taken by this share of the items that come so far and for which `when` holds."""

    to: str
    share: float | None = None
    when: When | None = None

    @property
    def needs_sight(self) -> bool:
        """Whether it takes more than a verdict to know if an item goes this way."""
        return self.share is not None or (
            self.when is not None and msgspec.structs.replace(self.when, verdict=None) != When()
        )


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an item as it leaves a stage; None where something cannot be known of this one."""

    draw: float
    """In [0, 1): the same for the same item, stage and visit, and not to be guessed."""
    agreement: Mapping[str | None, float] = {}
    """1 minus the mean distance of the answers, by field; under None of all fields."""
    is_tie: bool = False
    risk: float | None = None
    least: float = 0.0
    """The risk that no number of answers takes away: that all are misled together. In [0, 1)."""
    is_spent: bool = False
    """Whether the budget for answers is spent: items go on with what they have."""
    skill: float | None = None
    answers: int | None = None
    metadata: Mapping[str, Scalar] = {}
    raised: Mapping[str, float] = {}
    """The least share that goes to a stage, whatever its ways say: an author of this item is looked at more closely."""


class Way(msgspec.Struct, frozen=True):
    """Where an item goes, and the chance that this draw had."""

    to: str
    probability: float = 1.0


def way_out(edges: Sequence[Edge], *, verdict: Verdict | None = None, sight: Sight | None = None) -> Way | None:
    """The first way that holds; ways with a share draw one after another among the items that reach them.

    None: no way holds, or it takes a `sight` to know.

    >>> edges = (Edge(to="review", share=0.2), Edge(to="accept"))
    >>> way_out(edges, sight=Sight(draw=0.1))
    Way(to='review', probability=0.2)
    >>> way_out(edges, sight=Sight(draw=0.6))
    Way(to='accept', probability=0.8)
    """
    left, draw = 1.0, None if sight is None else sight.draw
    for edge in edges:
        if edge.when is not None and edge.when.verdict not in (None, verdict):
            continue
        if edge.needs_sight and sight is None:
            return None
        if edge.when is not None and sight is not None and not _holds(edge.when, sight):
            continue
        if edge.share is None or draw is None:
            return Way(edge.to, left)
        share = edge.share if sight is None else max(edge.share, sight.raised.get(edge.to, 0.0))
        if draw < share:
            return Way(edge.to, left * share)
        # What is left of the draw is as even as the whole was: ways further down draw from it again.
        draw = (draw - share) / (1 - share) if share < 1 else 0.0
        left *= 1 - share
    return None


def check_edges(edges: Sequence[Edge], stages: Sequence[str], path: str, *, is_verdict: bool) -> list[Problem]:
    """What is wrong with the ways out of a stage. `is_verdict`: the stage gives one."""
    found: list[Problem] = []
    names = ", ".join(stages)
    for index, edge in enumerate(edges):
        at = f"{path}[{index}]"
        if edge.to not in stages:
            found.append(Problem(f"{at}.to", shown(edge.to), f"one of {names}", "Name a stage of this policy."))
        if edge.share is not None and not 0 < edge.share <= 1:
            found.append(Problem(f"{at}.share", shown(edge.share), "above 0, at most 1", "Write e.g. `share: 0.2`."))
        if edge.when is not None and edge.when.verdict is not None and not is_verdict:
            do = "Only ways out of a review depend on a verdict."
            found.append(Problem(f"{at}.when.verdict", shown(edge.when.verdict), "no verdict", do))
        found += _check_bounds(edge.when, at)
    if edges and (edges[-1].needs_sight or (edges[-1].when is not None and not is_verdict)):
        do = "End with a way without conditions, e.g. `{to: accept}`, or items that fit none of them stay where they are."
        found.append(Problem(f"{path}[{len(edges) - 1}]", shown(edges[-1].to), "a way for all others", do))
    if is_verdict and edges:
        missing = [v for v in VERDICTS if not any(_takes(edge, v) for edge in edges)]
        if missing:
            do = "Say where an item goes after each verdict, e.g. `{accepted: accept, fixed: accept, rejected: label}`."
            found.append(Problem(path, f"no way for {', '.join(missing)}", "a way for each verdict", do))
    return found


def _takes(edge: Edge, verdict: Verdict) -> bool:
    return not edge.needs_sight and (edge.when is None or edge.when.verdict in (None, verdict))


def _check_bounds(when: When | None, path: str) -> list[Problem]:
    if when is None:
        return []
    rates = {"agree": when.agree, "differ": when.differ, "risk": when.risk, "skill": when.skill}
    return [
        Problem(f"{path}.when.{name}.{side}", shown(value), "0 to 1", "Write a share, e.g. 0.8.")
        for name, bound in rates.items()
        for side in ("above", "below")
        if bound is not None and (value := getattr(bound, side)) is not None and not 0 <= value <= 1
    ]


def _holds(when: When, sight: Sight) -> bool:
    return (
        (when.agree is None or _agrees(when.agree, sight, is_met=True))
        and (when.differ is None or _agrees(when.differ, sight, is_met=False))
        and (when.tie is None or when.tie == sight.is_tie)
        and _within(when.risk, sight.risk)
        and _within(when.skill, sight.skill)
        and _within(when.answers, sight.answers)
        and all(_is_among(sight.metadata.get(key), wanted) for key, wanted in (when.metadata or {}).items())
    )


def _agrees(level: Level, sight: Sight, *, is_met: bool) -> bool:
    found = sight.agreement.get(level.field)
    if found is None:
        return False
    bound = level.above if is_met else level.below
    other = level.below if is_met else level.above
    met = found >= (0.8 if bound is None else bound)
    return (met and (other is None or found < other)) if is_met else (not met and (other is None or found >= other))


def _within(bound: Bound | None, value: float | None) -> bool:
    return bound is None or (value is not None and bound.holds(value))


def _is_among(value: Scalar | None, wanted: Scalar) -> bool:
    choices = wanted if isinstance(wanted, list) else [wanted]
    values = value if isinstance(value, list) else [value]
    return any(one in choices for one in values)
