"""Is anybody, or any part of the data, treated differently, or missing? Rates by slice and by group of annotators."""

from karat.quality.bias.drawn import Drawn, adjusted, drawn_difference, drawn_rate, holm
from karat.quality.bias.interaction import Interaction, drawn_interaction
from karat.quality.bias.rates import (
    Association,
    Coverage,
    SliceRate,
    coverage,
    false_discoveries,
    group_difference,
    label_rates,
    rates_by_slice,
)

__all__ = [
    "Association",
    "Coverage",
    "Drawn",
    "Interaction",
    "SliceRate",
    "adjusted",
    "coverage",
    "drawn_difference",
    "drawn_interaction",
    "drawn_rate",
    "false_discoveries",
    "group_difference",
    "holm",
    "label_rates",
    "rates_by_slice",
]
