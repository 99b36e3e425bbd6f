"""The statements of an import: a whole chunk travels as one JSON parameter, since a call for each row costs ten times as much.

Each is a pair, looked up by whether the database is SQLite.
"""

from karat.server.database import Tx

Pair = dict[bool, str]


def _pair(sqlite: str, postgresql: str) -> Pair:
    return {True: sqlite, False: postgresql}


def reserve(tx: Tx, table: str, count: int) -> list[int]:
    """Keys for so many rows, rising. On SQLite nobody else writes in this transaction; PostgreSQL has a sequence."""
    if tx.is_sqlite:
        first: int = tx.run(f"SELECT COALESCE(max(n), 0) + 1 FROM {table}")[0][0]  # noqa: S608 - a constant
        return list(range(first, first + count))
    drawn = f"SELECT nextval(pg_get_serial_sequence('{table}', 'n')) FROM generate_series(1, :count)"  # noqa: S608 - a constant
    rows = tx.run(drawn, count=count)
    return sorted(n for (n,) in rows)


STANDING = _pair(
    "SELECT i.key, i.n, i.hash, i.revision, i.id FROM json_each(:keys) k CROSS JOIN items i"
    " ON i.project = :project AND i.key = k.value AND i.deleted_at IS NULL",
    "SELECT i.key, i.n, i.hash, i.revision, i.id FROM json_array_elements_text(:keys::json) AS k(value) JOIN items i"
    " ON i.project = :project AND i.key = k.value AND i.deleted_at IS NULL",
)
TAKEN_RESPONSES = _pair(
    "SELECT r.id FROM json_each(:ids) k CROSS JOIN responses r ON r.id = k.value",
    "SELECT r.id FROM json_array_elements_text(:ids::json) AS k(value) JOIN responses r ON r.id = k.value",
)
STANDING_RESPONSES = _pair(
    "SELECT r.item, r.author, r.n, v.body_hash, r.head FROM json_each(:items) k CROSS JOIN responses r ON r.item = k.value"
    " JOIN revisions v ON v.response = r.n AND v.revision = r.head",
    "SELECT r.item, r.author, r.n, v.body_hash, r.head FROM json_array_elements_text(:items::json) AS k(value)"
    " JOIN responses r ON r.item = k.value::bigint JOIN revisions v ON v.response = r.n AND v.revision = r.head",
)

# SQLite only: [n, id, masked, key, hash, revision, streams, metadata, tags, split_group, extra]
ITEMS = (
    "INSERT INTO items (n, id, masked, project, key, hash, revision, streams, metadata, tags, split_group, extra, created_at, changed_at)"
    " SELECT value->>0, value->>1, value->>2, :project, value->>3, value->>4, value->>5, value->6, value->7, value->8, value->>9,"
    " value->10, :at, :at FROM json_each(:rows)"
)
# PostgreSQL takes JSON apart anew for each column; COPY costs a third.
COPIED_ITEMS = "items (n, id, masked, key, hash, revision, streams, metadata, tags, split_group, extra, project, created_at, changed_at)"
# The parts of the item that the next revision has otherwise.
KEEP_REVISION = _pair(
    "INSERT INTO item_revisions (item, revision, project, document, at) SELECT n, revision, project, json_object("
    "'streams', json(streams), 'metadata', json(metadata), 'tags', json(tags), 'split_group', split_group, 'extra', json(extra), 'hash', hash), :at"
    " FROM items WHERE n = :item ON CONFLICT DO NOTHING",
    "INSERT INTO item_revisions (item, revision, project, document, at) SELECT n, revision, project, json_build_object("
    "'streams', streams::json, 'metadata', metadata::json, 'tags', tags::json, 'split_group', split_group, 'extra', extra::json, 'hash', hash)::text, :at"
    " FROM items WHERE n = :item ON CONFLICT DO NOTHING",
)
# [key, hash, revision, streams, metadata, tags, split_group, extra]
REVISE = _pair(
    "UPDATE items SET hash = :row->>1, revision = revision + 1, streams = :row->3, metadata = :row->4, tags = :row->5,"
    " split_group = :row->>6, extra = :row->7, changed_at = :at WHERE n = :item AND project = :project",
    "UPDATE items SET hash = d.v->>1, revision = revision + 1, streams = d.v->>3, metadata = d.v->>4, tags = d.v->>5,"
    " split_group = d.v->>6, extra = d.v->>7, changed_at = :at FROM (SELECT :row::json AS v) d WHERE n = :item AND project = :project",
)

# [n, id, item, author, revision, item_revision, state, hash, covers, annotations, base, skip, cause, active_ms, at, extra, excluded]
RESPONSES = _pair(
    "INSERT INTO responses (n, id, project, item, author, head, state, excluded, active_ms, at)"
    " SELECT value->>0, value->>1, :project, value->>2, value->>3, value->>4, value->>6, value->>16, value->>13,"
    " COALESCE(value->>14, :at) FROM json_each(:rows)",
    "INSERT INTO responses (n, id, project, item, author, head, state, excluded, active_ms, at)"
    " SELECT (value->>0)::bigint, value->>1, :project, (value->>2)::bigint, (value->>3)::bigint, (value->>4)::bigint,"
    " value->>6, value->>16, (value->>13)::bigint, COALESCE(value->>14, :at) FROM json_array_elements(:rows::json)",
)
REVISIONS = _pair(
    "INSERT INTO revisions (response, revision, project, item_revision, schema_version, state, covers, annotations, base,"
    " skip, cause, active_ms, at, by, extra, body_hash)"
    " SELECT value->>0, value->>4, :project, value->>5, :schema, value->>6, value->8, value->9, value->>10, value->>11,"
    " value->>12, value->>13, COALESCE(value->>14, :at), :by, value->15, value->>7 FROM json_each(:rows)",
    "INSERT INTO revisions (response, revision, project, item_revision, schema_version, state, covers, annotations, base,"
    " skip, cause, active_ms, at, by, extra, body_hash)"
    " SELECT (value->>0)::bigint, (value->>4)::bigint, :project, (value->>5)::bigint, :schema, value->>6, value->>8,"
    " value->>9, value->>10, value->>11, value->>12, (value->>13)::bigint, COALESCE(value->>14, :at), :by, value->>15,"
    " value->>7 FROM json_array_elements(:rows::json)",
)
MOVE_HEAD = _pair(
    "UPDATE responses SET head = j.value->>4, state = j.value->>6, excluded = j.value->>16, at = :at FROM json_each(:rows) j"
    " WHERE responses.n = j.value->>0",
    "UPDATE responses SET head = (j.value->>4)::bigint, state = j.value->>6, excluded = j.value->>16, at = :at"
    " FROM json_array_elements(:rows::json) AS j(value) WHERE responses.n = (j.value->>0)::bigint",
)
