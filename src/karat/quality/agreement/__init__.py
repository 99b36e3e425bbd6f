"""How far annotators agree: percent, kappa, alpha, AC1 and AC2, W; over all, for each label, pair of annotators, slice."""

from karat.quality.agreement.votes import (
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    measured,
    percent_agreement,
)

__all__ = [
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "krippendorff_alpha",
    "measured",
    "percent_agreement",
]
