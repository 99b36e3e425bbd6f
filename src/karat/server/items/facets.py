"""What a filter can name in a project: keys and values, labels, authors, tags; found by skipping along indexes."""

from karat.kinds import KINDS
from karat.model.schema import Field, Schema
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.items.names import authors_by_key
from karat.server.items.orders import SORTS
from karat.server.items.schemas import Facets, FieldFacet, KeyFacet
from karat.server.projects.changes import flat_titles
from karat.server.projects.queries import schema_of
from karat.server.search.words import AUTHORS, TAGS, known_words

KEYS_SHOWN = 100
VALUES_SHOWN = 20
MARKS_SHOWN = 500


def facets(tx: Tx, scope: Scope) -> Facets:
    """What the filter menu offers."""
    _, schema = schema_of(tx, scope.project)
    keys = tx.run(
        "SELECT n, text FROM words WHERE project = :project AND kind = 'meta' ORDER BY text LIMIT :limit",
        project=scope.project,
        limit=KEYS_SHOWN,
    )
    found = [_key(tx, scope, n, text) for n, text in keys]
    tags = _marked(tx, scope, TAGS)
    texts = tx.run("SELECT n, text FROM words WHERE project = :project AND kind = 'tag'", project=scope.project)
    people = authors_by_key(tx, scope.workspace, _marked(tx, scope, AUTHORS))
    return Facets(
        metadata=[facet for facet in found if facet is not None],
        fields=_fields(schema),
        authors=sorted(people.values(), key=lambda author: author.name),
        tags=sorted(text for n, text in texts if n in tags),
        states=["open", "labeled", "review", "done"],
        sorts=list(SORTS),
    )


def _key(tx: Tx, scope: Scope, key: int, text: str) -> KeyFacet | None:
    low, high = tx.run(
        "SELECT (SELECT num FROM facts WHERE project = :project AND key = :key AND num IS NOT NULL ORDER BY num LIMIT 1),"
        " (SELECT num FROM facts WHERE project = :project AND key = :key AND num IS NOT NULL ORDER BY num DESC LIMIT 1)",
        project=scope.project,
        key=key,
    )[0]
    rows = tx.run(
        "WITH RECURSIVE seen(txt, k) AS ("
        " SELECT (SELECT min(txt) FROM facts WHERE project = :project AND key = :key AND txt IS NOT NULL), 1"
        " UNION ALL SELECT (SELECT min(txt) FROM facts WHERE project = :project AND key = :key AND txt > seen.txt), k + 1"
        " FROM seen WHERE seen.txt IS NOT NULL AND k <= :limit) SELECT txt FROM seen WHERE txt IS NOT NULL",
        project=scope.project,
        key=key,
        limit=VALUES_SHOWN,
    )
    texts = [row[0] for row in rows]
    if not texts and low is None:
        return None
    return KeyFacet(key=text, texts=texts[:VALUES_SHOWN], more=len(texts) > VALUES_SHOWN, low=low, high=high)


def _marked(tx: Tx, scope: Scope, own: str) -> set[int]:
    """The labels that marks of one of Karat's own entries have: tags, or authors."""
    field = known_words(tx, scope.project, "own", [own]).get(own)
    if field is None:
        return set()
    rows = tx.run(
        "WITH RECURSIVE seen(label, k) AS ("
        " SELECT (SELECT min(label) FROM marks WHERE project = :project AND field = :field), 1"
        " UNION ALL SELECT (SELECT min(label) FROM marks WHERE project = :project AND field = :field AND label > seen.label),"
        " k + 1 FROM seen WHERE seen.label IS NOT NULL AND k < :limit) SELECT label FROM seen WHERE label IS NOT NULL",
        project=scope.project,
        field=field,
        limit=MARKS_SHOWN,
    )
    return {row[0] for row in rows}


def _fields(schema: Schema) -> list[FieldFacet]:
    found: list[FieldFacet] = []
    for key, field in schema.fields.items():
        if not field.searchable:
            continue
        found.append(_field(key, field))
        attributes = dict(field.attributes)
        for label in field.labels.values():
            attributes |= label.attributes
        found += [_field(f"{key}.{name}", attribute) for name, attribute in attributes.items() if attribute.searchable]
    return found


def _field(name: str, field: Field) -> FieldFacet:
    if KINDS[field.kind].role != "what":
        return FieldFacet(name, field.title, field.kind, {key: label.title for key, label in field.labels.items()})
    return FieldFacet(name, field.title, field.kind, flat_titles(field))
