"""Which given labels are probably wrong: from a model's probabilities, from neighbours, from both."""

from karat.quality.mislabels.labels import (
    Mislabels,
    checked,
    confident_joint,
    find_mislabels,
    in_range,
    label_scores,
    neighbour_labels,
    temperature,
)

__all__ = [
    "Mislabels",
    "checked",
    "confident_joint",
    "find_mislabels",
    "in_range",
    "label_scores",
    "neighbour_labels",
    "temperature",
]
