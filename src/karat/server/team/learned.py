"""How often people are right by what was learned of all answers together."""

from collections.abc import Mapping
from typing import NamedTuple

from karat.quality.measure import Measure
from karat.server.database import Tx
from karat.server.reports.knowing import skills_of
from karat.server.reports.reading import asking_of


class Skills(NamedTuple):
    """By the id of an author, how likely an answer is right; of those from whom something was learned."""

    of: Mapping[str, Measure]
    thinks: bool
    """Whether more is asked for because of what was said. An answer held against its item's others then looks worse than it is.
    What was learned does not: whether there are more depends on the answers alone, and all of them are in it (Rubin, Inference
    and Missing Data, Biometrika 63 (1976))."""


def learned_skills(tx: Tx, project: int) -> Skills:
    """Of everybody in a project."""
    return Skills(skills_of(tx, project), asking_of(tx, project) is not None)
