"""What the answers to an item come to: how far its authors differ, and what they say together. Nothing is written here."""

from collections.abc import Mapping, Sequence

import msgspec

from karat.kinds.checking import encode_annotations
from karat.model.policy import Policy
from karat.model.response import Response
from karat.model.schema import Schema
from karat.policies.flow import resolving_stage
from karat.quality.consensus import METHODS, FieldConsensus, consensus_of
from karat.quality.consensus.methods import DEFAULT
from karat.quality.differences import apart_on
from karat.quality.references import bound_together
from karat.quality.responses import counted
from karat.server.database import Tx
from karat.server.projects.queries import policy_of, schema_of
from karat.server.reports.knowing import Known, known_of
from karat.server.reports.reading import Answered, answered


class Apart(msgspec.Struct, frozen=True):
    """How far the authors of an item differ on one field."""

    field: str
    distance: float
    n: int


class Merged(msgspec.Struct, frozen=True):
    """What came out for one field, as it is stored."""

    field: str
    method: str
    annotations: str
    """As JSON."""
    score: float
    tie: bool
    n: int
    posterior: str | None
    """The soft label as JSON, where no annotation has it."""
    run: str
    """The job that learned the model by which this was settled; empty where the answers on the item alone decided."""


class Weighed(msgspec.Struct, frozen=True):
    """What came out for one item."""

    item: int
    disagreement: float | None
    uncertainty: float | None
    apart: tuple[Apart, ...]
    merged: tuple[Merged, ...]
    alone: tuple[str, int] | None
    """The response and revision of a single answer, which is its own consensus."""


class Rules(msgspec.Struct, frozen=True):
    """By what a project's items are merged."""

    schema: Schema
    schema_version: int
    policy: Policy
    method: str
    weights: Mapping[str, float]
    known: Known | None


def method_of(tx: Tx, project: int) -> str:
    """The method that was asked for last, else that of the policy."""
    rows = tx.run("SELECT body FROM reports WHERE project = :p AND name = 'method'", p=project)
    if not rows:
        _, policy = policy_of(tx, project)
        asked = policy.stages[resolving_stage(policy)].method
    else:
        asked = msgspec.json.decode(rows[0][0], type=str)
    return asked if asked in METHODS else DEFAULT


def rules_of(tx: Tx, project: int) -> Rules:
    """By what items are merged now: weights and models as last computed."""
    version, schema = schema_of(tx, project)
    _, policy = policy_of(tx, project)
    rows = tx.run("SELECT body FROM reports WHERE project = :p AND name = 'weights'", p=project)
    weights = msgspec.json.decode(rows[0][0], type=dict[str, float]) if rows else {}
    method = method_of(tx, project)
    known = known_of(tx, project, schema, version)
    return Rules(schema, version, policy, method, weights, known if known and known.learning.method == method else None)


def weigh(tx: Tx, project: int, items: Sequence[int]) -> tuple[Rules, list[Weighed]]:
    """Compare and merge what stands on these items."""
    rules = rules_of(tx, project)
    return rules, [weigh_one(item, rules) for item in answered(tx, project, items)]


def weigh_one(item: Answered, rules: Rules) -> Weighed:
    """Compare and merge what stands on one item."""
    return weighed_as(item, rules, merged_of(item, rules))


def merged_of(item: Answered, rules: Rules) -> tuple[FieldConsensus, ...]:
    """What the authors of an item say together."""
    settlers = rules.known.settlers if rules.known else None
    return consensus_of(item.responses, rules.schema, method=rules.method, weights=rules.weights, settlers=settlers)


def weighed_as(item: Answered, rules: Rules, merged: Sequence[FieldConsensus]) -> Weighed:
    """An item with what its authors say together, as it is stored."""
    voting = counted(item.responses)
    alone: tuple[str, int] | None = None
    if len(voting) == 1:
        (only,) = voting.values()
        alone = (only.id or "", only.revision)
    apart = tuple(distances(item.responses, rules.schema)) if len(voting) > 1 else ()
    mean = sum(a.distance for a in apart) / len(apart) if apart else None
    doubts = [1 - one.score for one in merged if one.learned]
    run = rules.known.learning.run if rules.known else ""
    fields = tuple(_stored(one, run) for one in merged)
    return Weighed(item.n, mean, max(doubts) if doubts else None, apart, fields, alone)


def _stored(one: FieldConsensus, run: str) -> Merged:
    soft = None if one.annotations else one.probabilities
    posterior = None if soft is None else msgspec.json.encode(soft).decode()
    annotations = encode_annotations(one.annotations).decode()
    return Merged(one.field, one.method, annotations, one.score, one.tie, one.n, posterior, run if one.learned else "")


def distances(responses: Sequence[Response], schema: Schema) -> list[Apart]:
    """For each field that two people answered, the mean distance over pairs of them."""
    by_author = bound_together(counted(responses), schema)
    found: list[Apart] = []
    for key, field in schema.fields.items():
        apart = apart_on(field, by_author, schema)
        if apart is not None:
            found.append(Apart(key, *apart))
    return found
