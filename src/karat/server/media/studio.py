"""The media processes of a server: started when first needed, replaced when a picture has killed one."""

import threading
from pathlib import Path
from types import TracebackType

from karat.model.problem import Problem, shown
from karat.server.media.answers import Answer, Ask, Bad, LookAt, Looked, Shrink, Small
from karat.server.media.decoding import Limit
from karat.server.processes.workers import Limits, Worker, WorkerDiedError

TIMEOUT_S = 20.0
"""A picture that takes longer is taken for one that wants to stop us."""
QUESTIONS_A_PROCESS = 20_000
"""Then a fresh one: decoders of images are known to leak."""


class Studio:
    """Asks a process about pictures, one at a time. Whatever a picture does to it is an answer, never an exception."""

    def __init__(
        self, *, max_pixels: int, largest: int | None = None, memory_mb: int = 1500, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._limit = Limit(max_pixels, largest or max_pixels)
        self._limits = Limits(memory_mb)
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._worker: Worker[Answer] | None = None
        self._asked = 0

    def look_at(self, path: Path) -> Looked | Problem:
        """What a file is, or what is wrong with it."""
        answer = self._ask(LookAt(str(path)))
        return answer if isinstance(answer, Looked) else _problem(answer)

    def shrink(self, path: Path, edge: int | None, *, page: int | None = None) -> Small | Problem:
        """A small version of a picture, or (without an edge) one to be shown in full, or what is wrong with it.

        `page` is the page of a document, from 1.
        """
        answer = self._ask(Shrink(str(path), edge, page))
        return answer if isinstance(answer, Small) else _problem(answer)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def __enter__(self) -> "Studio":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, ask: Ask) -> Answer:
        with self._lock:
            if self._asked >= QUESTIONS_A_PROCESS:
                self._end()
            self._asked += 1
            try:
                worker = self._started()
                worker.send(ask)
                answer = worker.receive(timeout_s=self._timeout_s)
            except WorkerDiedError as error:
                self._end()
                return Bad(f"a file that the decoder did not survive ({error})", "a picture that can be decoded")
            if answer is None:
                self._end()
                return Bad("a file that ended the decoder", "a picture that can be decoded")
            return answer

    def _started(self) -> Worker[Answer]:
        if self._worker is None:
            self._worker = Worker("media", self._limit, Answer, limits=self._limits)
            self._asked = 0
        return self._worker

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None


def _problem(answer: Answer) -> Problem:
    if isinstance(answer, Bad):
        return Problem("", answer.got, answer.expected, answer.do)
    return Problem("", shown(type(answer).__name__), "another answer", "Try again.")
