"""Holding no more memory than is used."""

import ctypes

ARENA_MAX = -8
"""`M_ARENA_MAX` of malloc.h."""


def give_back() -> None:
    """After a large job: what the C library keeps for later is more than such a job leaves behind."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc only; elsewhere nothing needs to be done
    if trim is not None:
        trim(0)


def few_arenas() -> None:
    """At the start: each of many threads would else keep what it once needed for itself."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc only
    if mallopt is not None:
        mallopt(ARENA_MAX, 2)
