"""The edge: which requests are let in, and what every answer carries."""

import pytest
from litestar.testing import TestClient

from karat.server.app import create_app
from karat.server.settings import Settings

SECRET = "x" * 43


@pytest.fixture
def open_with(tmp_path):
    """Starts a server on SQLite with further settings, answering to the address that is given."""
    opened = []

    def start(base_url="http://127.0.0.1:8080", client=("127.0.0.1", 5000), **more):
        front = create_app(Settings(data=tmp_path / f"data{len(opened)}", job_library="threads", **more))

        async def from_address(scope, receive, send):
            if scope["type"] == "http":
                scope["client"] = client
            await front(scope, receive, send)

        http = TestClient(from_address, base_url=base_url).__enter__()
        opened.append(http)
        return http

    yield start
    for http in opened:
        http.__exit__(None, None, None)


def post(http, path="/api/v1/session", **headers):
    return http.post(path, content=b'{"email": "a@b.c", "password": "x"}', headers=headers)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:8080", "LOCALHOST:99"])
def test_loopback_names_are_known(open_with, host):
    assert open_with().get("/api/v1/me", headers={"host": host}).status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:8080", "127.0.0.1@evil.example"]
)
def test_another_name_is_turned_away_since_it_may_be_rebound(open_with, host):
    answer = open_with().get("/api/v1/me", headers={"host": host})

    assert answer.status_code == 421
    assert answer.json()["problems"][0]["path"] == "Host"


def test_probes_answer_to_any_name(open_with):
    http = open_with()

    assert http.get("/healthz", headers={"host": "10.1.2.3"}).status_code == 200
    assert http.get("/readyz", headers={"host": "10.1.2.3"}).json() == {"status": "ready"}


def test_plain_http_beyond_loopback_is_refused_unless_asked_for(open_with):
    host = {"host": "label.example.org"}

    assert open_with(hosts=("label.example.org",)).get("/api/v1/me", headers=host).status_code == 400
    assert (
        open_with(hosts=("label.example.org",), insecure_http=True).get("/api/v1/me", headers=host).status_code == 401
    )


def test_forwarded_headers_are_believed_from_trusted_proxies_only(open_with):
    forwarded = {"host": "label.example.org", "x-forwarded-proto": "https", "x-forwarded-for": "6.6.6.6, 203.0.113.9"}
    settings = {"hosts": ("label.example.org",)}

    trusted = open_with(**settings, trusted_proxies=("127.0.0.0/8",)).get("/api/v1/me", headers=forwarded)
    untrusted = open_with(**settings, trusted_proxies=("10.0.0.1",)).get("/api/v1/me", headers=forwarded)

    assert trusted.status_code == 401
    assert "strict-transport-security" in trusted.headers
    assert untrusted.status_code == 400


def test_the_forwarded_host_is_checked_too(open_with):
    http = open_with(trusted_proxies=("127.0.0.1",))

    assert http.get("/api/v1/me", headers={"x-forwarded-host": "evil.example"}).status_code == 421


@pytest.mark.parametrize("path", ["/karat/api/v1/me", "/api/v1/me"])
def test_a_prefix_may_be_kept_or_stripped_by_the_proxy(open_with, path):
    http = open_with(prefix="/karat")

    assert http.get(path).status_code == 401
    assert '<base href="/karat/"' in http.get("/karat/projects/1").text or "not built" in http.get("/karat/").text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://127.0.0.1:8080"}, 401),
        ({"sec-fetch-site": "same-origin"}, 401),
        ({}, 401),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"cookie": f"karat_session={SECRET}"}, 403),
        ({"cookie": f"karat_session={SECRET}", "authorization": "Basic eDp5"}, 403),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, 401),
    ],
)
def test_another_sites_page_cannot_act_here(open_with, headers, status):
    assert post(open_with(), **headers).status_code == status


def test_a_token_needs_no_origin(open_with):
    http = open_with()

    answer = http.post(
        "/api/v1/workspaces",
        json={"name": "x"},
        headers={"authorization": f"Bearer krt_{SECRET}", "origin": "https://a.example"},
    )

    assert answer.status_code == 401


def test_the_public_address_is_an_origin_of_ours(open_with):
    http = open_with(public_url="https://label.example.org/karat", trusted_proxies=("127.0.0.1",))

    assert post(http, origin="https://label.example.org").status_code == 401
    assert post(http, origin="https://label.example.org.evil.example").status_code == 403


def test_every_answer_carries_the_security_headers(open_with):
    http = open_with()
    for path in ("/", "/api/v1/me", "/healthz", "/nothing/here", "/assets/nothing.js"):
        headers = http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-request-id"]

    policy = http.get("/").headers["content-security-policy"]
    assert "script-src 'self';" in policy and "default-src 'none'" in policy
    assert http.get("/api/v1/me").headers["cache-control"] == "no-store"


def test_request_ids_are_unique_and_stand_in_errors(open_with):
    http = open_with()

    first, second = http.get("/api/v1/me"), http.get("/api/v1/me")

    assert first.json()["request_id"] == first.headers["x-request-id"] != second.headers["x-request-id"]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(open_with):
    http = open_with(max_body_mb=1)

    assert post(http, **{"content-length": "2000001"}).status_code == 413


def test_a_body_without_a_length_is_cut_off(open_with):
    http = open_with(max_body_mb=1)

    answer = http.post("/api/v1/session", content=(b"x" * 100_000 for _ in range(20)))

    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/api/v1/links/a%00b", "/api/v1/me?x=%00", "/api/v1/links/" + "a" * 5000])
def test_an_address_with_nul_or_without_end_is_refused(open_with, path):
    assert open_with().get(path).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b'{"email": "a\\u0000", "password": "x"}',
        b'{"email": "\xff", "password": "x"}',
        b"[" * 100_000,
        b'{"email": "\\ud800"}',
        b"",
    ],
)
def test_a_body_that_is_no_text_is_a_problem(open_with, body):
    answer = open_with().post("/api/v1/session", content=body)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["problems"][0]["do"]


def test_an_unknown_route_is_a_problem_and_an_unknown_page_is_the_page(open_with):
    http = open_with()

    assert http.get("/api/v1/nothing").status_code == 404
    assert http.get("/api/v1/nothing").headers["content-type"] == "application/problem+json"
    assert http.put("/api/v1/session").status_code == 405
    assert http.get("/projects/1/items").headers["content-type"].startswith("text/html")
    assert http.post("/projects/1/items").status_code == 405


def test_metrics_are_for_loopback_or_an_owners_token(open_with):
    assert b"karat_requests_total" in open_with().get("/metrics").content
    outside = open_with("https://label.example.org", hosts=("label.example.org",), client=("203.0.113.9", 1))
    assert outside.get("/metrics").status_code == 401
    assert open_with().get("/metrics", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 401


def test_the_log_has_no_secret(open_with, capsys):
    http = open_with()

    http.get(
        f"/api/v1/links/{SECRET}?token={SECRET}",
        headers={"authorization": f"Bearer {SECRET}", "cookie": f"karat_session={SECRET}"},
    )

    written = capsys.readouterr()
    assert "/api/v1/links/…" in written.out
    assert SECRET not in written.out + written.err
