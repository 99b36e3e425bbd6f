"""Karat behind the proxy that `deploy/nginx.conf` describes, under a prefix: pages, cookies, addresses, events, uploads."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from karat.testing.server import free_port
from tests.deploy.proxy import CLIENT, proxy

HOST = "label.example.org"
PUBLIC = f"https://{HOST}/karat"
PASSWORD = "five green kettles"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A client behind the proxy, with the owner signed in."""
    data, port = tmp_path_factory.mktemp("karat"), free_port()
    command = [str(Path(sys.executable).parent / "karat"), "serve", "--data", str(data), "--port", str(port)]
    command += ["--prefix", "/karat", "--public-url", PUBLIC, "--trusted-proxy", "127.0.0.1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    link = ""
    for line in process.stdout:
        link = link or (re.search(r"\S+/links/\S+", line) or [""])[0]
        if "Ctrl+C" in line:
            break
    headers = {"host": HOST, "origin": f"https://{HOST}"}
    try:
        with (
            proxy(port) as outer,
            httpx.Client(
                base_url=f"http://127.0.0.1:{outer}/karat", headers=headers, trust_env=False, timeout=60
            ) as http,
        ):
            assert link.startswith(f"{PUBLIC}/links/"), link
            entered = http.post(
                f"/api/v1/links/{link.rsplit('/', 1)[1]}",
                json={"password": PASSWORD, "email": "o@example.org", "name": "Olga"},
            )
            assert entered.status_code == 201, entered.text
            # httpx would not send a Secure cookie over the plain HTTP between it and the proxy.
            http.headers["cookie"] = entered.headers["set-cookie"].split(";")[0]
            http.cookies.clear()
            yield http, entered
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


def test_the_cookie_is_secure_and_of_the_prefix_alone(site):
    _, entered = site

    assert "Secure" in entered.headers["set-cookie"] and "Path=/karat" in entered.headers["set-cookie"]
    assert entered.headers["strict-transport-security"]


def test_pages_and_their_files_are_found_under_the_prefix(site):
    http, _ = site
    page = http.get("/projects")

    found = re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', page.text)
    base = re.search(r'<base href="([^"]+)"', page.text)

    assert page.status_code == 200
    if found:  # the pages are built
        assert base and base[1] == "/karat/"
        name = found[0].removeprefix("/karat/").removeprefix("./").lstrip("/")
        assert http.get(f"/{name}").status_code == 200


def test_an_address_that_the_client_claims_is_not_believed(site):
    http, _ = site
    http.post(
        "/api/v1/session",
        json={"email": "o@example.org", "password": "wrong password"},
        headers={"x-forwarded-for": "203.0.113.9"},
    )

    me = http.get("/api/v1/me/sessions", headers={"x-forwarded-for": "203.0.113.9"}).json()

    audit = http.get(f"/api/v1/workspaces/{http.get('/api/v1/me').json()['workspaces'][0]['id']}/audit").json()["items"]

    assert {s["address"] for s in me} == {CLIENT}
    assert {e["address"] for e in audit if e["name"].startswith("session.")} == {CLIENT}


def test_another_host_and_another_origin_are_turned_away(site):
    http, _ = site

    assert http.get("/api/v1/me", headers={"host": "evil.example"}).status_code == 421
    assert http.patch("/api/v1/me", json={"name": "Eve"}, headers={"origin": "https://evil.example"}).status_code == 403


def test_events_arrive_while_the_stream_is_open(site):
    http, _ = site
    workspace = http.get("/api/v1/me").json()["workspaces"][0]["id"]
    with http.stream("GET", "/api/v1/events") as stream:
        parts = stream.iter_text()
        first = next(parts)
        http.post(f"/api/v1/workspaces/{workspace}/invites", json={"role": "annotator"})
        heard = next(part for part in parts if part.startswith("data: "))

    assert first.startswith(": listening")
    assert stream.headers["x-accel-buffering"] == "no"
    assert json.loads(heard.splitlines()[0][6:])["topic"] == "invite.changed"


def test_a_large_upload_passes_whole(site):
    http, _ = site
    workspace = http.get("/api/v1/me").json()["workspaces"][0]["id"]
    upload = http.post(f"/api/v1/workspaces/{workspace}/uploads", json={}).json()["id"]
    content = b"0123456789abcdef" * (80_000_000 // 16)  # above the limit of other bodies

    sent = http.put(f"/api/v1/uploads/{upload}/files/large.bin", content=content)

    assert sent.status_code == 200, sent.text
    assert (sent.json()["size"], sent.json()["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
