"""Pay from Python: the formula, periods with their lines, and the budget."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from karat.sdk.jobs import Job, JobState

if TYPE_CHECKING:
    from karat.sdk.http import Connection

Json = dict[str, object]


class Pay:
    """The pay of one project: `project.pay`. Amounts are whole numbers of the currency's smallest unit."""

    def __init__(self, connection: "Connection", project: str) -> None:
        self._connection = connection
        self._at = f"projects/{project}/pay"

    def rule(self) -> Json:
        """What work is paid by now, and from the next period on, with its words."""
        return self._connection.get(f"{self._at}/formula", Json)

    def put_formula(self, formula: Mapping[str, object]) -> Json:
        """Give the project a new version of its formula."""
        versions = self._connection.get(f"{self._at}/formulas", list[Json])
        base = versions[-1]["version"] if versions else 0
        return self._connection.put(f"{self._at}/formula", {"formula": dict(formula), "base": base}, Json)

    def preview(self, formula: Mapping[str, object]) -> Json:
        """What a formula would pay the people of the latest answers."""
        return self._connection.post(f"{self._at}/preview", {"formula": dict(formula)}, Json)

    def periods(self) -> list[Json]:
        """Every period, the newest first."""
        return self._connection.get(f"{self._at}/periods", list[Json])

    def compute(self, *, end_at: str | None = None) -> Job:
        """Compute the running period as a draft; wait for the job."""
        started = self._connection.post(f"{self._at}/periods", {"end_at": end_at}, Json)
        return Job(self._connection, self._connection.get(f"jobs/{started['job']}", JobState))

    def close(self, period: str) -> Json:
        """Close a draft: its lines never change again."""
        return self._connection.post(f"pay/periods/{period}/close", None, Json)

    def verify(self, period: str) -> Job:
        """Compute a period once more and hold it against its lines; the job's result says what differs."""
        return Job(self._connection, self._connection.post(f"pay/periods/{period}/verify", None, JobState))

    def lines(self, period: str) -> list[Json]:
        """Everybody's line of a period."""
        return self._connection.get(f"pay/periods/{period}/lines", list[Json])

    def mine(self) -> Json:
        """Your own lines of closed periods."""
        return self._connection.get(f"{self._at}/mine", Json)

    def budget(self) -> Json:
        """How far the money goes."""
        return self._connection.get(f"{self._at}/budget", Json)

    def put_budget(self, amount: int | None, *, stops: bool = False) -> Json:
        """Say how much there is; with `stops` an adaptive overlap ends once it is out."""
        return self._connection.put(f"{self._at}/budget", {"amount": amount, "stops": stops}, Json)
