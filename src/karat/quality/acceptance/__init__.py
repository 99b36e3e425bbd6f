"""Is this batch good enough? Defect rates with exact bounds, how many to look at, sampling plans, strata, F1."""

from karat.quality.acceptance.rates import (
    Scores,
    Stratum,
    allocate,
    defect_bound,
    defect_rate,
    draw_strata,
    sample_size,
    scores,
    stratified_rate,
)

__all__ = [
    "Scores",
    "Stratum",
    "allocate",
    "defect_bound",
    "defect_rate",
    "draw_strata",
    "sample_size",
    "scores",
    "stratified_rate",
]
