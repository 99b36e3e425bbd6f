"""When people sat down to work: answers less than half an hour apart, found as they are counted."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from karat.model.ids import stamp, unstamp
from karat.quality.drift.sessions import PAUSE_S
from karat.server.database import Tx
from karat.server.team.giving import Answer

PAUSE = dt.timedelta(seconds=PAUSE_S)


class Sitting(msgspec.Struct, frozen=True):
    """One sitting of an author. It is named by its first answer to be counted, from which hours count: answers that are
    counted late may lie before it, which moves the middle of the sitting and nothing else."""

    author: int
    id: str
    first: str
    last: str


class Sittings:
    """The sittings of a project's people, read as they are needed; what is new is kept by `keep_sittings`."""

    def __init__(self, tx: Tx, project: int) -> None:
        self._tx = tx
        self._project = project
        self._known: dict[int, list[Sitting]] = {}
        self._moved: dict[tuple[int, str], Sitting] = {}

    def seat(self, answer: Answer) -> Answer:
        """The answer with its sitting and its hours into that."""
        if answer.state != "submitted" or not answer.at:
            return answer
        found = self._found(answer) or Sitting(answer.author, answer.at, answer.at, answer.at)
        grown = Sitting(found.author, found.id, min(found.first, answer.at), max(found.last, answer.at))
        known = self._known.setdefault(answer.author, [])
        known[:] = [one for one in known if one.id != grown.id] + [grown]
        self._moved[grown.author, grown.id] = grown
        hours = (unstamp(answer.at) - unstamp(grown.id)).total_seconds() / 3600
        return msgspec.structs.replace(answer, sitting=grown.id, hours=hours)

    def of(self, answers: Sequence[Answer]) -> list[Sitting]:
        """The sittings of some answers as they are now."""
        names = dict.fromkeys((one.author, one.sitting) for one in answers if one.sitting)
        return [self._moved[name] for name in names]

    def _found(self, answer: Answer) -> Sitting | None:
        at = unstamp(answer.at)
        early, late = stamp(at - PAUSE), stamp(at + PAUSE)
        for one in self._known.get(answer.author, ()):
            if one.first <= late and one.last >= early:
                return one
        rows = self._tx.run(
            "SELECT id, first, last FROM sittings WHERE project = :project AND author = :author"
            " AND first <= :late AND last >= :early ORDER BY id LIMIT 1",
            project=self._project,
            author=answer.author,
            late=late,
            early=early,
        )
        return Sitting(answer.author, *rows[0]) if rows else None


def keep_sittings(tx: Tx, project: int, sittings: Sequence[Sitting]) -> None:
    """Write down since when and until when people sat."""
    tx.many(
        "INSERT INTO sittings (project, author, id, first, last) VALUES (:project, :author, :id, :first, :last)"
        " ON CONFLICT (project, author, id) DO UPDATE SET"
        " first = CASE WHEN excluded.first < sittings.first THEN excluded.first ELSE sittings.first END,"
        " last = CASE WHEN excluded.last > sittings.last THEN excluded.last ELSE sittings.last END",
        [{"project": project, **msgspec.structs.asdict(one)} for one in sittings],
    )
