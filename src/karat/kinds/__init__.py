"""The kinds of annotation that Karat has, sorted by name. A kind knows no other kind."""

from karat.kinds.box import BOX
from karat.kinds.choice import CHOICE
from karat.kinds.cuboid import CUBOID
from karat.kinds.ellipse import ELLIPSE
from karat.kinds.entity import ENTITY
from karat.kinds.grid import GRID
from karat.kinds.keypoints import KEYPOINTS
from karat.kinds.mask import MASK
from karat.kinds.order import ORDER
from karat.kinds.point import POINT
from karat.kinds.polygon import POLYGON
from karat.kinds.polyline import POLYLINE
from karat.kinds.ranking import RANKING
from karat.kinds.rating import RATING
from karat.kinds.relation import RELATION
from karat.kinds.rotated_box import ROTATED_BOX
from karat.kinds.rubric import RUBRIC
from karat.kinds.span import SPAN
from karat.kinds.step import STEP
from karat.kinds.text import TEXT
from karat.model.kind import AnyKind

KINDS: dict[str, AnyKind] = {
    kind.name: kind
    for kind in (
        BOX,
        CHOICE,
        CUBOID,
        ELLIPSE,
        ENTITY,
        GRID,
        KEYPOINTS,
        MASK,
        ORDER,
        POINT,
        POLYGON,
        POLYLINE,
        RANKING,
        RATING,
        RELATION,
        ROTATED_BOX,
        RUBRIC,
        SPAN,
        STEP,
        TEXT,
    )
}
