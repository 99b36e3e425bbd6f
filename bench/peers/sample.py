"""Memory and CPU of a server and its children while a block runs."""

import threading
import time
from types import TracebackType

import psutil


class Sample:
    """Peak memory in MB and CPU seconds of a process tree. What processes share is counted once (proportional set size)."""

    def __init__(self, pid: int) -> None:
        self.process = psutil.Process(pid)
        self.peak_mb = 0.0
        self.cpu_s = 0.0

    def __enter__(self) -> "Sample":
        self._stop = threading.Event()
        self._before = self._cpu()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self.cpu_s = self._cpu() - self._before

    def _watch(self) -> None:
        while not self._stop.is_set():
            self.peak_mb = max(self.peak_mb, sum(self._each(lambda p: p.memory_full_info().pss)) / 1e6)
            time.sleep(0.2)

    def _cpu(self) -> float:
        return sum(self._each(lambda p: sum(p.cpu_times()[:4])))

    def _each(self, read: object) -> list[float]:
        found = []
        for process in [self.process, *self.process.children(recursive=True)]:
            try:
                found.append(read(process))  # type: ignore[operator]
            except psutil.NoSuchProcess:
                continue
        return found
