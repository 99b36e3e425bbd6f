"""The long work of reports: agreement over a whole project, and the consensus of every item."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from karat.server.database import Tx
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.running import Running
from karat.server.reports import computing
from karat.server.reports.following import settle_project
from karat.server.reports.reading import answered_after
from karat.server.reports.schemas import Method
from karat.server.reports.settling import rules_of, weigh_one

CHUNK = 500
SETTLED_AT_ONCE = 100


class RefreshWork(msgspec.Struct, frozen=True):
    """Nothing to say: the job's project is meant."""


class ConsensusWork(msgspec.Struct, frozen=True):
    """How answers are merged."""

    method: Method


def refresh(job: Running, _given: RefreshWork) -> Mapping[str, object]:
    """Compute agreement from every answer that stands. After a crash it is computed again: writing it twice does no harm."""
    upto = job.db.read_now(computing.last_event, job.project)
    schema = job.db.read_now(computing.schema_now, job.project)
    total = job.db.read_now(_answered_count, job.project)
    gathering = computing.gathering_of(schema)
    done = 0
    for chunk in computing.answered_items(job.db, job.project):
        for item in chunk:
            gathering.add(str(item.n), item.responses)
        done += len(chunk)
        job.progress(done, total=total)
    report = gathering.report()
    step = job.last_step() + 1
    job.step(step, done, computing.write_reports, job.project, computing.reports_of(report), upto=upto).result()
    for rows in _chunks(computing.item_distances(report)):
        step += 1
        job.step(step, done, computing.write_distances, job.project, rows).result()
    return {"items": done, "fields": len(report.fields)}


def merge_all(job: Running, given: ConsensusWork) -> Mapping[str, object]:
    """Merge what was said on every item, and resolve those that are complete; ties are left to people."""
    job.db.write_now(set_method, job.project, given.method)
    if given.method == "weighted":
        job.say("Computing agreement first: it gives the weights.")
        refresh(job, RefreshWork())
    rules = job.db.read_now(rules_of, job.project)
    total = job.db.read_now(_answered_count, job.project, least=1)
    step = job.last_step()
    after = done = resolved = ties = 0
    while items := job.db.read_now(answered_after, job.project, after, least=1, limit=SETTLED_AT_ONCE):
        weighed = [weigh_one(item, rules) for item in items]
        step += 1
        resolved += job.step(step, done + len(items), settle_project, job.project, rules, weighed).result()
        ties += sum(any(field.tie for field in one.merged) for one in weighed)
        after, done = items[-1].n, done + len(items)
        job.progress(done, total=total)
    return {"items": done, "resolved": resolved, "ties": ties, "method": given.method}


def set_method(tx: Tx, project: int, method: Method) -> None:
    """Merge by this method from now on."""
    tx.run(
        "INSERT INTO reports (project, name, body, at, upto_seq) VALUES (:project, 'method', :body, :at, 0)"
        " ON CONFLICT (project, name) DO UPDATE SET body = excluded.body, at = excluded.at",
        project=project,
        body=msgspec.json.encode(method).decode(),
        at=tx.now(),
    )


def _answered_count(tx: Tx, project: int, *, least: int = 2) -> int:
    rows = tx.run(
        "SELECT count(*) FROM items WHERE project = :project AND deleted_at IS NULL AND responses > 0 AND responses >= :least",
        project=project,
        least=least,
    )
    return int(rows[0][0])


def _chunks(
    rows: Mapping[int, Sequence[tuple[str, float, int]]],
) -> Iterator[dict[int, Sequence[tuple[str, float, int]]]]:
    entries = iter(rows.items())
    while chunk := dict(islice(entries, CHUNK)):
        yield chunk


JOBS = [
    JobKind(name="reports.refresh", title="Compute agreement", arguments=RefreshWork, run=refresh),
    JobKind(name="consensus.merge", title="Compute the consensus", arguments=ConsensusWork, run=merge_all),
]
