"""CPU seconds and peak memory of a piece of work in this process; needs nothing but Python, so that peers can use it too."""

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")


def measured(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What the work gives, its CPU seconds (children too) and its peak memory in MiB above what was in use before.

    On Linux the peak is reset first, so that reading the input does not count; elsewhere it is that of the process so far.
    """
    before, start = _reset(), _cpu_s()
    result = work()
    return result, {"cpu_s": _cpu_s() - start, "peak_mib": _peak_mib() - before}


def _reset() -> float:
    if not STATUS.exists():
        return _peak_mib()
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew from what is in use
    return _status_mib("VmRSS")


def _peak_mib() -> float:
    if STATUS.exists():
        return _status_mib("VmHWM")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _status_mib(name: str) -> float:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return float(line.split()[1]) / 1024


def _cpu_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
