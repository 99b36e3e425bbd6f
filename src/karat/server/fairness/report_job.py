"""The job that makes a report of fairness, in a process beside the server."""

from collections.abc import Mapping

import msgspec

from karat.server.access import Actor, enter_project
from karat.server.database import Tx
from karat.server.fairness.crossing import CrossBody
from karat.server.fairness.figures import Report
from karat.server.fairness.gate import settle_gate
from karat.server.fairness.grouped import ALL, GroupBody, NewGroups, NewTable
from karat.server.fairness.measuring import FairnessPlan, Looked, Made, Says
from karat.server.fairness.rules import rules_of
from karat.server.jobs import actions as jobs
from karat.server.jobs.running import Running
from karat.server.jobs.schemas import Started
from karat.server.processes.workers import Limits, Worker, WorkerDiedError
from karat.server.tell import tell

KIND = "fairness.report"
ENOUGH_MB = 4_000
SILENT_S = 1_800.0


class ReportWork(msgspec.Struct, frozen=True):
    """Nothing to say: the job's project is meant."""


def start(tx: Tx, actor: Actor, project: str) -> Started:
    """Ask for a new report; one that waits or runs is not doubled."""
    scope = enter_project(tx, actor, "fairness.report", project=project)
    running = tx.run(
        "SELECT id, attempt FROM jobs WHERE project = :project AND kind = :kind AND state IN ('queued', 'running')",
        project=scope.project,
        kind=KIND,
    )
    return Started(*running[0]) if running else jobs.create(tx, scope, KIND, ReportWork())


def make_report(job: Running, _given: ReportWork) -> Mapping[str, object]:
    """Make a report from every answer that stands. After a crash it is made again, unless it was written down already."""
    if job.last_step():
        return job.db.read_now(_result, job.id)
    total = job.db.read_now(_items, job.project)
    limits = Limits(max(job.app.settings.worker_memory_mb, ENOUGH_MB))
    made: Made | None = None
    plan = FairnessPlan(job.project)
    with Worker[Says]("fairness", plan, Says, limits=limits, settings=job.app.settings) as worker:
        try:
            for said in worker.answers(timeout_s=SILENT_S):
                if isinstance(said, Looked):
                    job.progress(said.items, total=total)
                else:
                    made = said
        except WorkerDiedError as error:
            raise RuntimeError(f"the comparing process died: {error}") from None
    if made is None:
        raise RuntimeError("the comparing process ended before it was done")
    job.step(1, made.report.items, write, job, made).result()
    return job.db.read_now(_result, job.id)


def write(tx: Tx, job: Running, made: Made) -> int:
    """Write the report down, and the figures of groups that are new; the gate follows."""
    if not tx.run("SELECT 1 FROM projects WHERE n = :project", project=job.project):
        return 0
    now, id_ = tx.now(), tx.new_id()
    report = msgspec.structs.replace(made.report, id=id_, at=now)
    published = [one.attribute for one in made.groups if _write_groups(tx, job.project, one, now)]
    names = {one.name for one in report.findings} | _differing(tx, job.project)
    tx.run(
        "INSERT INTO fairness_reports (id, project, job, answers, findings, body, at) SELECT :id, n, :job, responses,"
        " :findings, :body, :now FROM projects WHERE n = :project",
        id=id_,
        project=job.project,
        job=job.id,
        findings=msgspec.json.encode(sorted(names)).decode(),
        body=msgspec.json.encode(report).decode(),
        now=now,
    )
    settle_gate(tx, job.scope)
    tell(tx, job.scope, "fairness.changed", thing="job", id=job.id)
    return len(published)


def _write_groups(tx: Tx, project: int, new: NewGroups, now: str) -> bool:
    """Publish, unless somebody has withdrawn or changed anything since it was read."""
    rows = tx.run("SELECT author, value FROM statements WHERE attribute = :n", n=new.attribute)
    stated = {author: value for author, value in rows}  # noqa: C416 - it says what a row is
    if not tx.run("SELECT 1 FROM attributes WHERE n = :n", n=new.attribute) or any(
        stated.get(author, "") != value for table in new.tables for author, _, value, _ in table.places
    ):
        return False
    for table in new.tables:
        _write_table(tx, {"project": project, "attribute": new.attribute, "key": table.key}, table, now)
    return True


def _write_table(tx: Tx, of: dict[str, object], table: NewTable, now: str) -> None:
    where = "WHERE project = :project AND attribute = :attribute AND key = :key"
    tx.run(f"DELETE FROM group_places {where}", **of)  # noqa: S608 - a constant
    tx.run(f"DELETE FROM group_gone {where}", **of)  # noqa: S608 - a constant
    tx.many(
        "INSERT INTO group_places (project, attribute, key, author, cut, value, counted)"
        " VALUES (:project, :attribute, :key, :author, :cut, :value, :counted)",
        [
            of | {"author": author, "cut": cut, "value": value, "counted": counted}
            for author, cut, value, counted in table.places
        ],
    )
    tx.run(
        "INSERT INTO group_figures (project, attribute, key, body, at) VALUES (:project, :attribute, :key, :body, :now)"
        " ON CONFLICT (project, attribute, key) DO UPDATE SET body = excluded.body, at = excluded.at",
        body=table.body,
        now=now,
        **of,
    )


def _differing(tx: Tx, project: int) -> set[str]:
    """What differs between groups, on all items and by slice, by the figures that are published now."""
    rows = tx.run(
        "SELECT a.id, f.key, f.body FROM group_figures f JOIN attributes a ON a.n = f.attribute WHERE f.project = :project",
        project=project,
    )
    keys = {rule.key for rule in rules_of(tx, project).slices}
    whole = {
        f"group:{attribute}:{cell.value}:{figure.measure}"
        for attribute, key, body in rows
        if key == ALL
        for cell in msgspec.json.decode(body, type=GroupBody).cells
        for figure in cell.figures
        if figure.differs
    }
    return whole | {
        f"cross:{attribute}:{cell.value}:{key}:{cell.kind}:{cell.cell}:{figure.measure}"
        for attribute, key, body in rows
        if key in keys
        for cell in msgspec.json.decode(body, type=CrossBody).cells
        for figure in cell.figures
        if figure.differs
    }


def _items(tx: Tx, project: int) -> int:
    return int(tx.run("SELECT items FROM projects WHERE n = :project", project=project)[0][0])


def _result(tx: Tx, job: str) -> dict[str, object]:
    rows = tx.run("SELECT body FROM fairness_reports WHERE job = :job", job=job)
    if not rows:
        return {}
    report = msgspec.json.decode(rows[0][0], type=Report)
    return {"items": report.items, "answers": report.answers, "findings": len(report.findings)}
