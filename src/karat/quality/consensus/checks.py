"""Checks of the parameters of models, made when they are fitted."""

from math import inf, isfinite
from numbers import Integral, Real


def check_number(name: str, value: object, *, above: float = -inf, least: float = -inf, most: float = inf) -> None:
    """Raises `TypeError` where a parameter is no number, `ValueError` where it is not finite or out of its range."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name}={value!r} is no number: give a {_range(above, least, most)}")
    if not (isfinite(number := float(value)) and number > above and least <= number <= most):
        raise ValueError(f"{name}={value!r}: give a {_range(above, least, most)}")


def check_whole(name: str, value: object) -> None:
    """Raises `TypeError` where a parameter is no whole number, `ValueError` where it is below 1."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name}={value!r}: give a whole number of 1 or more")
    if value < 1:
        raise ValueError(f"{name}={value!r}: give a whole number of 1 or more")


def _range(above: float, least: float, most: float) -> str:
    low = f" above {above:g}" if isfinite(above) else f" of {least:g} or more" if isfinite(least) else ""
    return f"finite number{low}" + (f", at most {most:g}" if isfinite(most) else "")
