"""How far authors put the same mentions into the same clusters, over the items of a report."""

from array import array
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Field
from karat.quality.agreement.report import UNDEFINED
from karat.quality.coreference import clusters_of
from karat.quality.measure import Blocks, Measure, bootstrap, measure, surely_above
from karat.quality.pairing import match_blind


class ClusterPairs:
    """Gathers B-cubed F1 of each two authors of an item: 12 bytes for each such pair with a mention that both have."""

    def __init__(self, field: Field, kind: AnyKind) -> None:
        self._field, self._kind = field, kind
        self._item, self._f1 = array("i"), array("d")

    def add(self, item: int, a: Sequence[Annotation], b: Sequence[Annotation]) -> None:
        """What two authors marked on an item, in the order of items; mentions are the same whatever they are labeled."""
        found = clusters_of(match_blind(a, b, self._field, self._kind), a, b)
        if found.mentions:
            self._item.append(item)
            self._f1.append(found.f1)

    def measure(self, *, resamples: int, seed: int) -> Measure:
        """The mean over pairs of authors, with the percentile interval over items; undefined without a common mention."""
        if not self._item:
            return UNDEFINED
        items, row = np.unique(np.frombuffer(self._item, np.int32), return_inverse=True)
        f1 = np.frombuffer(self._f1)
        sums = np.column_stack([np.bincount(row, f1), np.bincount(row)])
        blocks = Blocks(len(items), seed=seed)
        blocks.add(0, csr_array(sums))
        low, high = bootstrap(blocks.done(), lambda s: s[:, :1] / s[:, 1:], seed=seed, resamples=resamples)
        least = surely_above(len(items)) if f1.min() == 1 else float(low[0])
        return measure(float(f1.mean()), least, float(high[0]), n=len(items))
