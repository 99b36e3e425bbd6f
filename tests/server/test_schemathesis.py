"""Whatever fits the API's document, and much that does not quite: never a 5xx, never an answer outside its schema."""

import json
import os
import warnings

import hypothesis
import hypothesis.strategies as st
import pytest

from karat.server import routing

# The same requests in every run; `KARAT_API_SEED=3 KARAT_API_EXAMPLES=40` asks others, and more of them.
SEED = int(os.environ.get("KARAT_API_SEED", "0"))
EXAMPLES = int(os.environ.get("KARAT_API_EXAMPLES", "8"))
# A stream of events has no end; the others answer files, of which the document knows only that they are bytes.
LEFT_OUT = {"events"}


@pytest.fixture
def database():
    """One database is enough here: the shapes of answers do not depend on it."""
    return ""


def test_no_answer_is_a_5xx_or_outside_its_schema(world):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own deprecations
        import schemathesis
        from schemathesis.checks import not_a_server_error
        from schemathesis.specs.openapi.checks import (
            content_type_conformance,
            response_schema_conformance,
            status_code_conformance,
        )

        checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
        schema = schemathesis.openapi.from_dict(json.loads(routing.reference().document))
        token = world.team.owner.token("admin").headers
        wrong: list[str] = []
        for found in schema.get_all_operations():
            operation = found.ok()
            if operation.definition.raw["operationId"] not in LEFT_OUT:
                _try(operation, world, token, checks, wrong)

    assert not wrong, "\n\n".join(wrong)


def _try(operation, world, token, checks, wrong):
    """Some requests of one operation, half of them on things that are there. The first failure of an operation is kept."""
    http = world.team.server.http

    @hypothesis.seed(SEED)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(), known=st.booleans())
    def ask(case, known):
        if known:
            case.path_parameters = {name: world.places.get(name, value) for name, value in case.path_parameters.items()}
        sent = case.as_transport_kwargs(base_url="http://127.0.0.1:8080")
        sent.pop("cookies", None)
        headers = {
            name: value for name, value in {**sent.pop("headers"), **token}.items() if name.lower() != "content-length"
        }
        body = sent.pop("data", None)
        answer = http.request(
            sent.pop("method"),
            sent.pop("url"),
            headers=headers,
            content=body,
            params=sent.pop("params", None),
            json=sent.pop("json", None),
        )
        case.validate_response(answer, checks=checks)

    try:
        ask()
    except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - whatever it is, it is reported with its operation
        wrong.append(f"{operation.label}: {str(error)[:1500]}")
