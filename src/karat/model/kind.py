"""What a kind of annotation is: a typed record of plain functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.model.field import Field
from karat.model.loosening import Loosening
from karat.model.parts import Parts
from karat.model.problem import Problem
from karat.model.response import Annotation

V = TypeVar("V")

Role = Literal["where", "what", "link"]
"""`where` kinds say where something is and carry a label; `what` kinds are an answer and carry none; `link` kinds say what
other annotations of the response have to do with one another, and carry a label."""

StreamKind = Literal["candidates", "dialogue", "document", "image", "table", "text", "trace", "tree"]
ANY_STREAM: tuple[StreamKind, ...] = get_args(StreamKind)
"""For kinds that are asked about whatever an item brings."""


class Geo(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where on the earth the pixels of a picture lie."""

    transform: tuple[float, ...]
    """Six numbers (a, b, c, d, e, f): a pixel's corner (x, y) lies at (a·x + b·y + c, d·x + e·y + f)."""
    crs: str | None = None
    """The reference system of these: `EPSG:32633`, or its name where it has no code."""


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of the stream that an annotation lies on, once it was decoded."""

    width: int | None = None
    """Pixels, after EXIF orientation."""
    height: int | None = None
    length: int | None = None
    """Unicode code points of a text."""
    turns: int | None = None
    """Turns of a conversation."""
    parts: tuple[str, ...] | None = None
    """Keys of the candidates that are compared, in their order."""
    each: dict[str, Parts] = {}
    """By name, the parts of which fields can be answered for each: see `model.contents`."""
    pages: tuple[tuple[int, ...], ...] | None = None
    """Width and height of each page of a document, in its own unit (see `model.pages`); its parts are named "1", "2" …"""
    layer: str | None = None
    """SHA-256 of the text and the words of a document, as `model.pages` writes them."""
    extractor: str | None = None
    """What made them, and its version."""
    orientation: int | None = None
    """The EXIF orientation that was applied, 1 to 8."""
    bands: int | None = None
    """Bands of a TIFF; of more than three the first three are shown as red, green and blue."""
    geo: Geo | None = None
    media_type: str | None = None
    bytes: int | None = None
    sha256: str | None = None

    def page(self, part: str | None) -> tuple[int, int] | None:
        """The size of a page by its part's name; None where there is no such page.

        >>> Facts(pages=((612, 792),)).page("1"), Facts(pages=((612, 792),)).page("01")
        ((612, 792), None)
        """
        known = self.pages or ()
        return next(((size[0], size[1]) for number, size in enumerate(known, 1) if str(number) == part), None)


NO_FACTS = Facts()

Scale = Literal["nominal", "ordinal", "interval"]
"""What differences between answers mean: only same or not, an order, or a distance on a number line."""


class WhereOptions(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the options of every where-kind have."""

    cut: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.5
    """The largest distance at which two annotations are taken for the same thing."""


@dataclass(frozen=True, kw_only=True)
class Refs(Generic[V]):
    """How the values of a `link` kind name other annotations of their response.

    `ids(value)` are the annotations that a value is about. `rebind(value, names)` is the value with each id by its new
    name; an id without one is gone, and so is, as None, a value that means nothing without it.
    `ends(field)` gives, by the path of an option, the fields and labels that its values may be about; no labels: all.
    `check_field(field)` gives the problems of options that speak of the field's own labels; paths are relative to the field.
    `check(annotations, field, siblings)` gives (index, problem) for what is wrong with the annotations of a field among
    those of the response that have a place, by id; paths are relative to the value.
    """

    ids: Callable[[V], tuple[str, ...]]
    rebind: Callable[[V, Mapping[str, str]], V | None]
    ends: Callable[[Field], Mapping[str, Mapping[str, tuple[str, ...]]]]
    check: Callable[[Sequence[Annotation], Field, Mapping[str, Annotation]], list[tuple[int, Problem]]]
    check_field: Callable[[Field], list[Problem]] = lambda _field: []


@dataclass(frozen=True, kw_only=True)
class Together(Generic[V]):
    """What the values of one field owe to one another, where the field's options can ask for that.

    `one_per_label(field)` says whether a label has one thing: two authors' things of one label are then the same thing,
    however far apart.
    `check(annotations, field)` gives (index, problem) for what is wrong with the annotations of a field that lie on one
    stream or part; paths are relative to the value. A response that is handed in is held to it; drafts and imports are not.
    `settle(values, votes, field)` makes merged values keep what `check` asks for. `votes` has for each value those it was
    merged from, with their weights; None stands for a value of which nothing is left. Values that owe nothing to one
    another come back as they are.
    """

    one_per_label: Callable[[Field], bool]
    check: Callable[[Sequence[Annotation], Field], list[tuple[int, Problem]]]
    settle: Callable[[Sequence[V], Sequence[Sequence[tuple[V, float]]], Field], list[V | None]]


@dataclass(frozen=True, kw_only=True)
class Aspects(Generic[V]):
    """What a value says in several respects, each of which can be looked at alone, such as the criteria of a rubric.

    `of(field)` gives, by their names, a field of the same kind for each; `narrow(value, name)` is the value in this one
    respect, None where it says nothing of it. Reports on agreement have a row for each.
    """

    of: Callable[[Field], Mapping[str, Field]]
    narrow: Callable[[V, str], V | None]


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[V]):
    """A kind of annotation.

    `value` and `options` are msgspec types: parsing and the OpenAPI schema are derived from them.
    `check(value, field, facts)` gives the problems of a value that parsed; paths are relative to the value.
    `distance(a, b, field)` is in [0, 1], symmetric, 0 for identical values.
    `merge(values, weights, field)` gives one value that stands for all; equal values merge to themselves. Where several
    results are equally good it returns the first in the order of `values`; `quality.consensus` reports the tie.
    `distances(a, b, field)`, where given, is the matrix of `distance`, shape (len(a), len(b)), float64.
    `between(a, b, share)` interpolates where that has a meaning.
    `terms(value)` are the labels that a `what` value answers with, which the search index keeps; () where it has none.
    `number(value)` is the value on a number line, for ordinal and interval scales.
    `scale(field)`, where it is not None, lets chance-corrected agreement be computed from counts alone: for "nominal",
    `distance` is 0 or 1; for the other two, agreement uses Krippendorff's metric of that scale over `number`.
    `looser` has, by their names in `options`, the options that may change while there are answers, each with its rule; the
    `cut` of where-kinds always may.
    `check_options(options)` gives the problems of a field's options; paths are relative to the field.
    `refs` is given by `link` kinds, and by no other. They lie on no stream.
    `together` is given by kinds whose options can say what the values of one field owe to one another.
    `aspects` is given by kinds whose values say something in several respects.
    `names_parts`: a `what` value that names parts of a stream, so that the field always says on which it is.
    `source(options)` are the kinds of streams of which one must be named by `on`, for a `what` value that is made from what
    the stream says; () where it is made from nothing.
    `upgrade` maps a version to the function that turns that version's JSON into the next one's.
    """

    name: str
    version: int
    role: Role
    value: type[V] | object
    options: type[msgspec.Struct]
    streams: tuple[StreamKind, ...]
    check: Callable[[V, Field, Facts], list[Problem]]
    distance: Callable[[V, V, Field], float]
    merge: Callable[[Sequence[V], Sequence[float], Field], V]
    distances: Callable[[Sequence[V], Sequence[V], Field], NDArray[np.float64]] | None = None
    between: Callable[[V, V, float], V] | None = None
    terms: Callable[[V], tuple[str, ...]] = lambda _value: ()
    number: Callable[[V], float] | None = None
    scale: Callable[[Field], Scale | None] = lambda _field: None
    looser: Mapping[str, Loosening] = default(default_factory=dict)
    check_options: Callable[[msgspec.Struct], list[Problem]] = lambda _options: []
    refs: Refs[V] | None = None
    together: Together[V] | None = None
    aspects: Aspects[V] | None = None
    names_parts: bool = False
    source: Callable[[msgspec.Struct], tuple[StreamKind, ...]] = lambda _options: ()
    upgrade: Mapping[int, Callable[[object], object]] = default(default_factory=dict)

    @property
    def is_drawn(self) -> bool:
        """Whether its values lie on a plane, such as a picture or a page, rather than in a text."""
        return self.role == "where" and "image" in self.streams


AnyKind: TypeAlias = Kind[Any]
"""A kind of whichever value type: a list of kinds has several, and Python cannot say which goes with which field."""
