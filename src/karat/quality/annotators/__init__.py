"""How good each annotator is: on gold, without gold, by label, over time; who answers at random, and who against the truth."""

from karat.quality.annotators.skill import (
    FEW,
    Accuracies,
    Suspicions,
    accuracy_by_label,
    accuracy_on_gold,
    accuracy_over_time,
    confusion_on_gold,
    skill_without_gold,
    suspicions,
)

__all__ = [
    "FEW",
    "Accuracies",
    "Suspicions",
    "accuracy_by_label",
    "accuracy_on_gold",
    "accuracy_over_time",
    "confusion_on_gold",
    "skill_without_gold",
    "suspicions",
]
