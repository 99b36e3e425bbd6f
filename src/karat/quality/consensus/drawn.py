"""Skills in small tables, drawn together with all that they depend on: the true labels, their shares and the population."""

import numpy as np
from scipy.sparse import csr_array
from scipy.special import betaln, logit

from karat.quality.columns import Floats
from karat.quality.consensus.incidence import Incidence

CHAINS, FIRST, SWEEPS = 16, 20, 80
"""Chains side by side, the sweeps of each that are left out, and those that count."""
MEANS = np.linspace(0.005, 0.995, 34)
WIDTHS = np.exp(np.linspace(np.log(1.0), np.log(100.0), 10))
"""What populations are thought possible: the mean skill, and how many votes it counts for in an annotator's."""
RIGHT, WRONG = 3.0, 1.0
"""What is believed of the mean before any vote: as much as so many right and wrong votes say."""


def drawn_skills(incidence: Incidence, *, seed: int) -> tuple[Floats, Floats]:
    """Mean and variance of each annotator's skill by Gibbs sampling, two of shape (annotators,).

    Annotators are coins of a population whose mean and width are unknown too; wrong labels are equally likely among those
    that were voted. The mean is better than chance, or right and wrong would be the same. Moments are averaged over draws
    of the labels and the population, exact given them (Gelfand and Smith 1990).
    """
    random = np.random.default_rng(seed)
    known = np.flatnonzero(incidence.gold >= 0)
    incidence = incidence.among(np.flatnonzero(incidence.voted()))
    matrix = incidence.matrix
    item = np.repeat(np.arange(incidence.items), np.diff(matrix.indptr))
    who, said = np.divmod(matrix.indices, incidence.labels)
    weight, rows = matrix.data, np.arange(len(item))
    by_cell = csr_array(
        (weight, (item * incidence.labels + said, rows)), shape=(incidence.items * incidence.labels, len(rows))
    )
    by_annotator = csr_array((weight, (who, rows)), shape=(incidence.annotators, len(rows)))
    given = incidence.given().sum(axis=1)[:, None]
    others = incidence.labels - 1
    means, widths = (part.ravel() for part in np.meshgrid(MEANS[MEANS * incidence.labels > 1], WIDTHS))
    before = (RIGHT - 1) * np.log(means) + (WRONG - 1) * np.log1p(-means)
    before = before - incidence.annotators * betaln(widths * means, widths * (1 - means))
    shares = np.log(np.maximum(incidence.shares(), 1e-300))
    truth = _one_of(np.repeat(shares[:, :, None], CHAINS, axis=2), random)
    population = np.full(CHAINS, 0.75), np.full(CHAINS, 4.0)
    first, second = np.zeros(incidence.annotators), np.zeros(incidence.annotators)
    for sweep in range(FIRST + SWEEPS):
        truth[known] = incidence.gold[known, None]
        right = np.asarray(by_annotator @ (truth[item] == said[:, None]).astype(np.float64))
        a = right + population[1] * population[0]
        b = np.maximum(given - right, 0.0) + population[1] * (1 - population[0])
        if sweep >= FIRST:
            mean = a / (a + b)
            first += mean.mean(axis=1) / SWEEPS
            second += (mean * (a + 1) / (a + b + 1)).mean(axis=1) / SWEEPS
        skill = np.clip(random.beta(a, b), 1e-9, 1 - 1e-9)
        hits, misses = np.log(skill).sum(axis=0), np.log1p(-skill).sum(axis=0)
        likely = before[:, None] + np.outer(widths * means, hits) + np.outer(widths * (1 - means), misses)
        place = _one_of(likely[None], random)[0]
        population = means[place], widths[place]
        of_label = np.stack([(truth == label).sum(axis=0) for label in range(incidence.labels)])
        share = random.standard_gamma(1.0 + of_label)
        logits = np.asarray(by_cell @ (logit(skill) + np.log(others))[who])
        logits = logits.reshape(incidence.items, incidence.labels, CHAINS) + np.log(np.maximum(share, 1e-300))
        truth = _one_of(logits, random)
    return first, np.maximum(second - first**2, 1e-12)


def _one_of(logits: Floats, random: np.random.Generator) -> np.ndarray:
    """One place of the middle axis for each row and chain, as probable as the logits say (Gumbel's maximum)."""
    return np.asarray((logits + random.gumbel(size=logits.shape)).argmax(axis=1))
