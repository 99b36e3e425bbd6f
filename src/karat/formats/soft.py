"""How sure a consensus is, as columns of a table; and how good each author is, as a file beside what they said."""

from collections.abc import Sequence

import msgspec

from karat.formats.base import Sink, SkillLine, WriteContext
from karat.model.response import Response

SKILL_FILE = "skill.json"
CONFIDENCE, PROBABILITIES, TIE, VOTES = "confidence", "probabilities", "tie", "votes"
PLAIN = (CONFIDENCE, TIE, VOTES)
ALL = (CONFIDENCE, PROBABILITIES, TIE, VOTES)
_KEYS = {CONFIDENCE: "score", PROBABILITIES: "probabilities", TIE: "tie", VOTES: "n"}
"""What a column is called in `extra.consensus` of a response."""


class SkillFile(msgspec.Struct, frozen=True):
    """The contents of `skill.json`."""

    skill: Sequence[SkillLine]
    karat_skill: int = 1


def write_skills(sink: Sink, context: WriteContext) -> None:
    """Write `skill.json`, where there is anything to say. Being an object, it is not taken for items when it is read."""
    if context.skills:
        with sink.open(SKILL_FILE) as file:
            file.write(msgspec.json.format(msgspec.json.encode(SkillFile(context.skills)), indent=2) + b"\n")


def soft_cell(response: Response | None, field: str, what: str) -> object:
    """What the column `what` of a field holds for a response; None where it says nothing of it."""
    said = response.extra.get("consensus") if response is not None else None
    found = said.get(field) if isinstance(said, dict) else None
    return found.get(_KEYS[what]) if isinstance(found, dict) else None
