"""Whether what was learned of a project still holds for the answers that came since, or is to be learned anew."""

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt

import msgspec
from msgspec.structs import replace

from karat.kinds import KINDS
from karat.model.parts import id_of
from karat.model.response import Response
from karat.model.schema import Schema
from karat.quality.consensus.learning import FieldConsensus, Knowledge
from karat.quality.differences import answer_distance
from karat.quality.responses import answer_of, counted, is_instances, units_on

GROWTH = 0.2
"""So many more answers, as a share of those that were learned from, are reason enough."""
STRANGERS = 0.01
"""So many answers of authors who were not there, as a share of those that were learned from …"""
FEWEST = 50
"""… and at least so many: fewer tell little of anybody."""
LIMIT = 4.0
"""Standard deviations between how often answers are what the consensus says, and how often they were: where nothing has
changed, one check in 16,000 exceeds it."""


class Seen(msgspec.Struct, frozen=True):
    """Answers that came since: of strangers, and of others how many are what the consensus says, and were expected to be."""

    strangers: int = 0
    known: int = 0
    agreed: float = 0.0
    expected: float = 0.0
    variance: float = 0.0


class Watch:
    """What came since, item by item, held against what was learned. A Shewhart chart of one point, of all answers together.

    `seen` is what it has seen so far, and may be what an earlier watch had seen.
    """

    def __init__(self, schema: Schema, known: Mapping[str, Knowledge], seen: Seen | None = None) -> None:
        self.schema = schema
        self.seen = seen or Seen()
        self._agrees = {
            key: {s.author: s.agrees for s in found.skills} for key, found in known.items() if key in schema.fields
        }

    def add(self, responses: Sequence[Response], merged: Iterable[FieldConsensus]) -> None:
        """An item with new answers, and what it was settled to by what is known; who answered alone agrees with themselves."""
        by_author = counted(responses)
        if len(by_author) < 2:
            return
        results = {one.field: one for one in merged}
        for key, agrees in self._agrees.items():
            if key in results and not is_instances(self.schema.fields[key]):
                self._add_field(key, results[key], by_author, agrees)

    def why(self, *, answers: int, learned_from: int) -> str | None:
        """The reason to learn anew, None where there is none. Both count answers: those there are, and those at the time."""
        if answers >= learned_from * (1 + GROWTH) + 1 or answers <= learned_from * (1 - GROWTH) - 1:
            return f"{answers} answers, {learned_from} when it was last learned"
        seen = self.seen
        if seen.strangers >= max(FEWEST, STRANGERS * learned_from):
            return f"{seen.strangers} answers of authors who were not there when it was last learned"
        if seen.known >= FEWEST and abs(self.deviation) > LIMIT:
            now, then = seen.agreed / seen.known, seen.expected / seen.known
            return f"of {seen.known} answers {now:.0%} are what the consensus says, {then:.0%} were expected"
        return None

    @property
    def deviation(self) -> float:
        """How many standard deviations more of the answers are what the consensus says than was expected."""
        return (self.seen.agreed - self.seen.expected) / sqrt(max(self.seen.variance, 1.0))

    def _add_field(
        self, key: str, result: FieldConsensus, by_author: Mapping[str, Response], agrees: Mapping[str, float]
    ) -> None:
        asked = self.schema.fields[key]
        values = {a.id: a.value for a in result.annotations}
        for said, value in (
            (said, values.get(id_of(asked, unit.part)))
            for unit in units_on(asked, by_author, self.schema)
            for said in unit.said
        ):
            share = agrees.get(said.author)
            seen = self.seen
            if share is None:
                self.seen = replace(seen, strangers=seen.strangers + 1)
                continue
            apart = answer_distance(answer_of(said), value, asked, KINDS[asked.kind])
            self.seen = Seen(
                seen.strangers,
                seen.known + 1,
                seen.agreed + 1 - apart,
                seen.expected + share,
                seen.variance + share * (1 - share),
            )
