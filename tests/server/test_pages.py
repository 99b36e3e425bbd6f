"""The browser part: the page at every address, its files, and the prefix of a proxy."""

import asyncio

import pytest

from karat.server.pages import Pages


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text('<!doctype html><head><base href="/" /><title>Karat</title></head>')
    (tmp_path / "assets" / "index-abc123.js").write_text("let x = 1;\n" * 500)
    (tmp_path / "icon.svg").write_text("<svg/>")
    return tmp_path


def ask(pages, path, method="GET", **headers):
    sent = []

    async def send(message):
        sent.append(message)

    raw = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    asyncio.run(pages.serve({"type": "http", "path": path, "method": method}, raw, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def test_every_address_gives_the_page_with_the_prefix(folder):
    status, headers, body = ask(Pages(prefix="/karat", folder=folder), "/projects/1/label")

    assert status == 200 and b'<base href="/karat/" />' in body
    assert headers[b"cache-control"] == b"no-cache"


def test_a_prefix_cannot_break_out_of_its_attribute(folder):
    _, _, body = ask(Pages(prefix='/"><script>', folder=folder), "/")

    assert b"<script>" not in body


def test_hashed_files_are_kept_for_good_and_packed(folder):
    status, headers, body = ask(Pages(folder=folder), "/assets/index-abc123.js", accept_encoding="gzip, br")

    assert status == 200 and headers[b"cache-control"] == b"public, max-age=31536000, immutable"
    assert headers[b"content-encoding"] == b"gzip" and len(body) < 500


def test_a_file_that_did_not_change_is_not_sent_again(folder):
    pages = Pages(folder=folder)
    _, headers, _ = ask(pages, "/icon.svg")

    assert ask(pages, "/icon.svg", if_none_match=headers[b"etag"].decode())[0] == 304


@pytest.mark.parametrize("path", ["/assets/../../settings.py", "/assets/nothing.js", "/assets/%2e%2e/index.html"])
def test_no_other_file_can_be_reached(folder, path):
    status, _, body = ask(Pages(folder=folder), path)

    assert status == 404 and b"import" not in body


def test_without_a_build_the_page_says_how_to_make_one(tmp_path):
    _, _, body = ask(Pages(folder=tmp_path), "/")

    assert b"make run" in body
