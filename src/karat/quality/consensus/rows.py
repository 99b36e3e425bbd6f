"""The votes one by one, for models that weigh each of them by itself."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from karat.quality.columns import Floats
from karat.quality.consensus.incidence import Incidence


@dataclass(frozen=True, slots=True)
class Rows:
    """Arrays of shape (votes,), sorted by item."""

    item: NDArray[np.integer]
    annotator: NDArray[np.integer]
    given: NDArray[np.integer]
    weight: Floats
    items: int
    annotators: int

    @classmethod
    def of(cls, incidence: Incidence) -> Self:
        """The votes of a matrix."""
        matrix = incidence.matrix
        item = np.repeat(np.arange(incidence.items, dtype=np.int32), np.diff(matrix.indptr))
        annotator, given = np.divmod(matrix.indices, np.int32(max(incidence.labels, 1)))
        return cls(item, annotator, given, matrix.data, incidence.items, incidence.annotators)
