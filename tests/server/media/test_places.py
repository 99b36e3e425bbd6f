"""Where imports may reach: only what the operator lists, whatever a name, a link or a redirect says."""

import http.server
import threading

import pytest

from karat.model.problem import Refused
from karat.server.media import fetching
from karat.server.media.fetching import fetch
from karat.server.media.places import Places, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_that_are_not_of_the_open_internet(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example.org/a",
        "http://data.example.org/a",
        "https://data.example.org:444/a",
        "https://data.example.org@evil.example.org/a",
        "https://data.example.org.evil.org/a",
        "https://user:pass@data.example.org/a",
        "s3://bucket/other/a",
        "s3://bucket/data/../secret",
        "s3://bucket/database",
        "gopher://data.example.org/a",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "/etc/passwd",
    ],
)
def test_what_is_not_listed_is_forbidden(uri):
    assert Places(hosts=("https://data.example.org", "s3://bucket/data")).problem_of(uri) is not None


@pytest.mark.parametrize(
    "uri",
    ["https://data.example.org/a", "HTTPS://DATA.example.org:443/b/c", "s3://bucket/data", "s3://bucket/data/a.csv"],
)
def test_what_is_listed_is_allowed(uri):
    assert Places(hosts=("data.example.org", "s3://bucket/data")).problem_of(uri) is None


def test_a_link_out_of_an_import_root_leads_nowhere(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret").write_text("x")
    (root / "link").symlink_to(tmp_path / "secret")
    (root / "good").write_text("y")
    places = Places(roots=(root,))

    assert places.problem_of(str(root / "link")) is not None
    assert places.problem_of(str(root / ".." / "secret")) is not None
    assert places.problem_of(str(root / "good")) is None
    assert fetch(f"file://{root}/good", places, tmp_path, limit=100).path == root / "good"


class Web(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("location", self.path[4:])
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"text\nhello\n")

    def log_message(self, *_):
        pass


@pytest.fixture
def web():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_a_private_address_must_be_listed_itself(web, tmp_path):
    named = Places(hosts=(f"http://localhost:{web}",))
    listed = Places(hosts=(f"http://127.0.0.1:{web}",))

    with pytest.raises(Refused, match="open internet"):
        fetch(f"http://localhost:{web}/a.csv", named, tmp_path, limit=100)
    assert fetch(f"http://127.0.0.1:{web}/a.csv", listed, tmp_path, limit=100).path.read_bytes() == b"text\nhello\n"


def test_a_name_that_resolves_to_a_private_address_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(fetching, "resolve", lambda _host, _port: ["93.184.216.34", "169.254.169.254"])
    with pytest.raises(Refused, match=r"169\.254\.169\.254"):
        fetch("https://data.example.org/a", Places(hosts=("data.example.org",)), tmp_path, limit=100)


def test_a_redirect_is_checked_like_the_first_address(web, tmp_path):
    listed = Places(hosts=(f"http://127.0.0.1:{web}",))

    with pytest.raises(Refused, match="redirect"):
        fetch(f"http://127.0.0.1:{web}/to/http://169.254.169.254/latest", listed, tmp_path, limit=100)
    with pytest.raises(Refused, match="redirect"):
        fetch(f"http://127.0.0.1:{web}/to/file:///etc/passwd", listed, tmp_path, limit=100)
    assert fetch(f"http://127.0.0.1:{web}/to//b.csv", listed, tmp_path, limit=100).path.name == "b.csv"


def test_more_than_the_limit_is_not_fetched(web, tmp_path):
    with pytest.raises(Refused, match="more than 5 bytes"):
        fetch(f"http://127.0.0.1:{web}/a.csv", Places(hosts=(f"http://127.0.0.1:{web}",)), tmp_path, limit=5)


def test_a_host_that_is_too_slow_on_the_whole_is_given_up(web, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "PATIENCE_S", -1.0)
    monkeypatch.setattr(fetching, "SLOWEST", 1 << 40)
    listed = Places(hosts=(f"http://127.0.0.1:{web}",))

    with pytest.raises(Refused, match="bytes a second"):
        fetch(f"http://127.0.0.1:{web}/a.csv", listed, tmp_path, limit=100)
