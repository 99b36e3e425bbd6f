"""What can be wrong with an answer: the list that reviewers choose from."""

from typing import Literal

import msgspec

Severity = Literal["minor", "major", "critical"]


class DefectKind(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An entry of the list of defects."""

    title: str
    severity: Severity = "major"


DEFECTS: dict[str, DefectKind] = {
    "missing": DefectKind("Something is missing"),
    "extra": DefectKind("Something is too much"),
    "wrong_label": DefectKind("The label is wrong"),
    "imprecise": DefectKind("The place is not exact", "minor"),
    "wrong_attribute": DefectKind("An attribute or answer is wrong"),
    "guideline": DefectKind("Against the guideline", "critical"),
    "careless": DefectKind("Not looked at with care", "critical"),
    "other": DefectKind("Something else", "minor"),
}
"""The list of a project that has none of its own."""
