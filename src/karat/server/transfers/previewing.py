"""The work of a previewing process: what an import would do, or which schema a file suggests. Nothing is stored."""

from pathlib import Path

import msgspec

from karat.formats.base import Mapping
from karat.formats.preview import preview, propose_schema
from karat.formats.sources import open_source
from karat.kinds import KINDS
from karat.model.problem import Refused
from karat.model.schema import read_schema
from karat.server.processes.channel import Channel
from karat.server.transfers.chunks import Failed
from karat.server.transfers.schemas import PreviewBody, SchemaProposal


class LookPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What the process is told. Without a schema it proposes one."""

    path: str
    format: str | None
    mapping: Mapping | None
    schema: dict[str, object] | None


class Previewed(msgspec.Struct, frozen=True, tag="previewed"):
    """The preview as JSON, ready to be sent on."""

    body: bytes


Answer = Previewed | Failed


def work(channel: Channel) -> None:
    """Look into the source that the plan names."""
    plan = channel.arguments(LookPlan)
    try:
        found: msgspec.Struct = _previewed(plan) if plan.schema is not None else _proposed(plan)
        channel.send(Previewed(msgspec.json.encode(found)))
    except Refused as error:
        channel.send(Failed(error.title, error.problems))


def _previewed(plan: LookPlan) -> PreviewBody:
    schema, problems = read_schema(plan.schema, KINDS)
    if schema is None:
        raise Refused(problems)
    found = preview(open_source(Path(plan.path)), schema, mapping=plan.mapping, format=plan.format)
    return PreviewBody(
        format=found.format,
        formats=list(found.formats),
        files=list(found.files),
        columns=list(found.columns),
        mapping=found.mapping,
        rows=[msgspec.to_builtins(record, enc_hook=repr) for record in found.rows],
        losses=list(found.losses),
        rejects=[msgspec.to_builtins(rejected) for rejected in found.rejects],
        notes=list(found.notes),
        fields_matched=list(found.fields_matched),
    )


def _proposed(plan: LookPlan) -> SchemaProposal:
    found = propose_schema(open_source(Path(plan.path)), format=plan.format)
    return SchemaProposal(found.schema, found.yaml, found.mapping, list(found.notes))
