"""Agreement over a whole project: read in chunks, kept as numbers, stored with the place up to which it holds.

Memory follows `karat.quality.agreement.gathering`: 16 bytes for each answer, 20 for each pair of authors that marked regions and 16
for each label of theirs, and the key of each item that two answered. Responses are never kept.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np

from karat.model.schema import Schema
from karat.quality.agreement.gathering import Gathering, author_weights
from karat.quality.agreement.report import Agreement, FieldAgreement
from karat.server.database import Database, Tx
from karat.server.projects.queries import schema_of
from karat.server.reports.reading import Answered, answered_after
from karat.server.reports.schemas import ComparedField, FieldRow, Filter, LabelRow
from karat.server.search.words import word_ids

CHUNK = 500


class Stored(msgspec.Struct, frozen=True):
    """One report to be written."""

    name: str
    body: str


def schema_now(tx: Tx, project: int) -> Schema:
    """The schema that holds now."""
    return schema_of(tx, project)[1]


def answered_items(db: Database, project: int) -> Iterator[list[Answered]]:
    """The items that at least two answered, chunk by chunk, each chunk in a snapshot of its own."""
    after = 0
    while chunk := db.read_now(answered_after, project, after, least=2, limit=CHUNK):
        yield chunk
        after = chunk[-1].n


def last_event(tx: Tx, project: int) -> int:
    """The place up to which a report that begins now will hold."""
    rows = tx.run("SELECT coalesce(max(seq), 0) FROM events WHERE project = :project", project=project)
    return int(rows[0][0])


def gathering_of(schema: Schema) -> Gathering:
    """An empty gathering; items are known by their key as text."""
    return Gathering(schema)


def reports_of(report: Agreement, compared: Sequence[ComparedField] = ()) -> list[Stored]:
    """Everything of a report that pages ask for; `compared`: what was said of candidates."""
    fields = [_field(field) for field in report.fields]
    found = [Stored("agreement", _json(fields)), Stored("compared", _json(compared))]
    people: dict[str, object] = {}
    for field in report.fields:
        for entry in field.authors:
            people.setdefault(entry.author, entry.agreement)
    found.append(Stored("people", _json(people)))
    found.append(Stored("weights", _json(author_weights(report))))
    # Alpha over the distance of regions has no bands, which the list of projects shows.
    alphas = [f.alpha if f.role == "what" else f.label_alpha for f in fields]
    main = next((alpha for alpha in alphas if alpha.value is not None), None)
    summary = main and {"value": main.value, "low": main.low, "high": main.high, "n": main.n}
    found.append(Stored("summary", _json(summary)))
    return found


def write_reports(tx: Tx, project: int, reports: Sequence[Stored], *, upto: int) -> int:
    """Replace what was computed before, all at once."""
    tx.run(
        "DELETE FROM reports WHERE project = :project AND name IN ('agreement', 'compared', 'people', 'weights', 'summary')",
        project=project,
    )
    now = tx.now()
    tx.many(
        "INSERT INTO reports (project, name, body, at, upto_seq) VALUES (:project, :name, :body, :at, :upto)",
        [{"project": project, "name": r.name, "body": r.body, "at": now, "upto": upto} for r in reports],
    )
    return len(reports)


def item_distances(report: Agreement) -> dict[int, list[tuple[str, float, int]]]:
    """By item, how far its authors differ on each field of the schema; attributes are part of theirs."""
    found: dict[int, list[tuple[str, float, int]]] = {}
    for field in report.fields:
        if "." in field.field:
            continue
        keys = [field.item_keys[i] for i in field.item_index.tolist()]
        authors = ((1 + np.sqrt(1 + 8 * field.item_pairs.astype(np.float64))) / 2).round().astype(np.int64)
        for key, distance, n in zip(keys, field.item_distance.tolist(), authors.tolist(), strict=True):
            found.setdefault(int(key), []).append((field.field, distance, n))
    return found


def write_distances(tx: Tx, project: int, rows: Mapping[int, Sequence[tuple[str, float, int]]]) -> int:
    """Bring a chunk of items up to date: the whole, and each field in which they differ."""
    words = word_ids(tx, project, "field", {field for fields in rows.values() for field, _, _ in fields})
    tx.many(
        "UPDATE items SET disagreement = :value WHERE n = :item AND project = :project AND deleted_at IS NULL",
        [{"item": item, "project": project, "value": sum(d for _, d, _ in f) / len(f)} for item, f in rows.items()],
    )
    tx.many("DELETE FROM disagreements WHERE item = :item", [{"item": item} for item in rows])
    tx.many(
        "INSERT INTO disagreements (project, field, item, distance, n) SELECT :project, :field, :item, :distance, :n"
        " WHERE EXISTS (SELECT 1 FROM items WHERE n = :item AND deleted_at IS NULL) ON CONFLICT DO NOTHING",
        [
            {"project": project, "field": words[field], "item": item, "distance": distance, "n": n}
            for item, fields in rows.items()
            for field, distance, n in fields
            if distance > 0
        ],
    )
    return len(rows)


def differing(field: str) -> Filter:
    """The filter that lists the items whose authors differ on a field."""
    return {"all": [{"disagreement": {"field": field.partition(".")[0], "op": "gt", "value": 0}}]}


def _field(field: FieldAgreement) -> FieldRow:
    return FieldRow(
        field=field.field,
        title=field.title,
        kind=field.kind,
        scale=field.scale,
        percent=field.percent,
        alpha=field.alpha,
        n_items=field.n_items,
        n_pairs=field.n_pairs,
        per_label=[
            LabelRow(
                row.label, row.percent, row.alpha, {"all": [{"label": {"field": field.field, "label": row.label}}]}
            )
            for row in field.per_label
        ],
        confusions=list(field.confusions),
        filter=differing(field.field),
        role=field.role,
        distance=field.distance,
        label_alpha=field.label_alpha,
        sigma=field.sigma,
        unitising=field.unitising,
        clusters=field.clusters,
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
