"""Giving memory back to the system."""

import ctypes


def give_back() -> None:
    """After a large job: what the C library keeps for later is more than such a job leaves behind."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc only; elsewhere nothing needs to be done
    if trim is not None:
        trim(0)
