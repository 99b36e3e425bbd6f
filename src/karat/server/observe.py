"""What an operator sees of the requests: a log line each, without secrets, and counters for Prometheus."""

import logging
import re
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable

import msgspec
import structlog
from litestar.types import HTTPScope
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from structlog.typing import Processor

from karat.server.database import Database, Tx
from karat.server.live import Live

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
# Links and tokens are 43 characters of base64; a UUID has 36.
SECRET = re.compile(r"[A-Za-z0-9_-]{40,}")
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})

access_log = structlog.get_logger("karat.access")

Gauge = tuple[str, str, Callable[[], dict[str, float]], str | None]
"""Name, meaning, what gives the values by label, the label's name."""


class Metrics(Collector):
    """Counts requests by route; the gauges are asked when somebody looks."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, int], list[float]] = {}
        self.gauges: list[Gauge] = []
        self._started = time.time()

    def count(self, scope: HTTPScope, *, status: int, seconds: float) -> None:
        """Count one request."""
        template = scope.get("path_template")
        key = (scope["method"], template if isinstance(template, str) else "page", status)
        row = self._seen.get(key)
        if row is None:
            row = self._seen[key] = [0.0] * (len(BUCKETS_S) + 2)
        row[bisect_left(BUCKETS_S, seconds)] += 1
        row[-1] += seconds

    def collect(self) -> Iterable[Metric]:
        """The families that Prometheus reads."""
        requests = CounterMetricFamily("karat_requests", "Requests answered.", labels=["method", "route", "status"])
        durations = HistogramMetricFamily(
            "karat_request_seconds", "Time until the answer was sent.", labels=["method", "route"]
        )
        by_route: dict[tuple[str, str], list[float]] = {}
        for (method, route, status), row in sorted(self._seen.items()):
            requests.add_metric([method, route, str(status)], sum(row[:-1]))
            total = by_route.setdefault((method, route), [0.0] * len(row))
            by_route[(method, route)] = [a + b for a, b in zip(total, row, strict=True)]
        for (method, route), row in by_route.items():
            counts, reached = [], 0.0
            for bound, n in zip((*map(str, BUCKETS_S), "+Inf"), row[:-1], strict=True):
                reached += n
                counts.append((bound, reached))
            durations.add_metric([method, route], counts, sum_value=row[-1])
        started = GaugeMetricFamily("karat_start_time_seconds", "When the process started.", value=self._started)
        yield from (requests, durations, started)
        for name, meaning, values, label in self.gauges:
            family = GaugeMetricFamily(name, meaning, labels=[label] if label else [])
            for key, value in values().items():
                family.add_metric([key] if label else [], value)
            yield family

    def text(self) -> bytes:
        """Everything in the text format of Prometheus."""
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)


def configure_logs() -> None:
    """Log to the standard error: lines of JSON for machines, plain and without each request for a terminal."""
    is_terminal = sys.stderr.isatty()
    # Never with the values of local variables: a password may be one of them.
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if is_terminal
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]
    )
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True), *last],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
        if is_terminal
        else structlog.BytesLoggerFactory(sys.stderr.buffer),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if is_terminal else logging.INFO),
        cache_logger_on_first_use=True,
    )


def log_request(scope: HTTPScope, *, status: int, seconds: float, request_id: str) -> None:
    """One line for a request; probes are silent while they succeed."""
    path: str = scope["path"]
    if path in PROBES and status < 400:
        return
    client = scope.get("client")
    access_log.info(
        "request",
        method=scope["method"],
        path=redacted(path),
        status=status,
        ms=round(seconds * 1000, 2),
        address=client[0] if client else "",
        request_id=request_id,
    )


def _json(line: object, **_: object) -> bytes:
    return msgspec.json.encode(line, enc_hook=str)


def redacted(path: str) -> str:
    """A path without the secrets of links.

    >>> redacted("/api/v1/links/" + "x" * 43)
    '/api/v1/links/…'
    """
    return SECRET.sub("…", path) if len(path) > 40 else path


def gauges(db: Database, live: Live) -> list[Gauge]:
    """What is counted at the moment somebody looks."""
    return [
        ("karat_writes_waiting", "Actions that wait for the writer.", lambda: {"": float(db.waiting())}, None),
        ("karat_event_streams", "Open streams of events.", lambda: {"": float(live.count)}, None),
        ("karat_jobs", "Jobs by state.", lambda: db.read_now(jobs_by_state), "state"),
    ]


def jobs_by_state(tx: Tx) -> dict[str, float]:
    """How many jobs there are in each state."""
    return {state: float(n) for state, n in tx.run("SELECT state, count(*) FROM jobs GROUP BY state ORDER BY state")}
