"""Putting the lines of a period together, and telling whether they still come out the same."""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from karat.model.pay import Formula
from karat.policies.pay.line import Inputs, JudgedWork, Part, inputs_of, parts_of, total_of
from karat.policies.pay.tally import Own, Tallies
from karat.server.ledger.evidence import Evidence


class Computed(msgspec.Struct, frozen=True):
    """A line before it is written."""

    author: int
    inputs: Inputs
    parts: tuple[Part, ...]
    amount: int


def lines_of(
    tallies: Tallies, evidence: Mapping[int, Evidence], shared: Mapping[int, tuple[int, int]], formula: Formula
) -> list[Computed]:
    """A line for everybody who did something, in the order of their keys."""
    found = []
    for author in sorted(tallies.people.keys() | evidence.keys()):
        more: dict[str, object] = {**evidence.get(author, {})}
        judged = evidence.get(author, {}).get("judged", JudgedWork())
        more["judged"] = msgspec.structs.replace(judged, shared=shared.get(author, (0, 0)))
        given = inputs_of(tallies.people.get(author, Own()), formula, tallies.times, **more)
        if msgspec.structs.replace(given, judged=JudgedWork()) == Inputs(answers=(0,) * len(given.answers)):
            continue
        parts = parts_of(given, formula)
        found.append(Computed(author, given, parts, total_of(parts)))
    return found


def digest_of(lines: Sequence[Computed]) -> str:
    """SHA-256 of all that the lines say, the same whatever order they were made in."""
    said = [msgspec.json.encode(one, order="deterministic") for one in sorted(lines, key=lambda one: one.author)]
    return hashlib.sha256(b"\n".join(said)).hexdigest()


def holds(line: Computed, formula: Formula) -> bool:
    """Whether a line's parts are what its own inputs come to."""
    return line.parts == parts_of(line.inputs, formula) and line.amount == total_of(line.parts)
