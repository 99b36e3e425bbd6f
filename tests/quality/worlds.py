"""Tables of votes whose truth is known."""

import numpy as np

from karat.quality import Votes


def votes_of(rows, **more):
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    table = dict(zip(("item", "who", "label"), map(list, columns), strict=True))
    return Votes.from_table(table, item="item", annotator="who", label="label", **more)


def world(skills, *, items=400, labels=2, each=None, seed=0, prevalence=None):
    """Votes of annotators of these skills, who err evenly; all on each item, or `each` of them."""
    random = np.random.default_rng(seed)
    truth = random.choice(labels, items, p=prevalence)
    skills = np.asarray(skills)
    chosen = np.array([random.choice(len(skills), each or len(skills), replace=False) for _ in range(items)])
    item = np.repeat(np.arange(items), chosen.shape[1])
    who = chosen.ravel()
    right = random.random(len(who)) < skills[who]
    said = np.where(right, truth[item], (truth[item] + random.integers(1, labels, len(who))) % labels)
    table = {"item": item, "who": who, "label": said}
    return Votes.from_table(table, item="item", annotator="who", label="label", labels=range(labels)), truth


def share_right(model, truth):
    return (model.labels_ == truth).mean()
