"""Making a report without a process of its own."""

from karat.server.fairness.measuring import FairnessPlan, _made
from karat.server.fairness.reading import Gathered, gather
from karat.server.fairness.report_job import write
from karat.server.fairness.rules import rules_of


class Job:
    """What a report needs of the job that makes it."""

    def __init__(self, scope, id_):
        self.scope, self.project, self.id = scope, scope.project, id_


def report(place):
    """A report of a project as it stands now; how many attributes had figures that could be published."""
    from karat.server.access import enter_project

    db = place.db
    scope = db.read_now(enter_project, place.manager, "fairness.see", project=place.project)
    rules = db.read_now(rules_of, scope.project)
    *_, found = gather(db, scope.project, rules.slices)
    assert isinstance(found, Gathered)
    made = _made(db, FairnessPlan(scope.project), found)
    job = Job(scope, db.write_now(lambda tx: tx.new_id()))
    return db.write_now(write, job, made)
