"""Rules by which an option of a field may change without making an answer wrong that was given before."""

from collections.abc import Callable
from typing import Any, TypeAlias

Loosening: TypeAlias = Callable[[Any, Any], bool]
"""Takes the option as it was and as it is to be; whether every answer that stood still stands."""


def freely(_old: object, _new: object) -> bool:
    """It says how something is shown, drawn or compared, never what may be answered."""
    return True


def upwards(old: float | None, new: float | None) -> bool:
    """A bound from above, which None lifts."""
    return new is None or (old is not None and new >= old)


def downwards(old: float | None, new: float | None) -> bool:
    """A bound from below, which None lifts."""
    return new is None or (old is not None and new <= old)


def allowed(_old: bool, new: bool) -> bool:
    """Something that answers may have once it is true."""
    return new


def no_longer_asked(_old: object, new: object) -> bool:
    """Something that answers must have unless it is false or None."""
    return not new
