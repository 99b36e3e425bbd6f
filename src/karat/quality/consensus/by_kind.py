"""Which model settles a field of which kind: the one list that a new model is added to."""

from karat.model.kind import AnyKind
from karat.model.schema import Field
from karat.quality.consensus.choices import CHOICES
from karat.quality.consensus.instances import INSTANCES
from karat.quality.consensus.learning import FieldModel
from karat.quality.consensus.ratings import RATINGS
from karat.quality.consensus.tags import TAGS
from karat.quality.consensus.texts import TEXTS

MODELS: dict[str, tuple[FieldModel, ...]] = {
    "choice": (CHOICES, TAGS),
    "rating": (RATINGS,),
    "text": (TEXTS,),
}
"""By the name of the kind; the first that fits is taken. Fields of other kinds merge by their kind's `merge`."""
WHERE: tuple[FieldModel, ...] = (INSTANCES,)
"""For every kind that says where something is, after those of its name: it needs no more than `distance` and `merge`."""


def model_of(field: Field, kind: AnyKind) -> FieldModel | None:
    """The model that settles a field; None where its answers are merged item by item."""
    models = (*MODELS.get(kind.name, ()), *(WHERE if kind.role == "where" else ()))
    return next((model for model in models if model.fits(field)), None)
