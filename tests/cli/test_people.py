"""Members and sign-in on the command line."""

import json
from contextlib import closing

import httpx
import pytest

from karat.cli import config
from karat.cli.welcome import token_for_setup
from karat.sdk import Client, KaratError
from karat.server.database import connect
from karat.server.people import links
from karat.server.settings import Settings

PASSWORD = "five green kettles"


def test_an_invite_is_a_link_that_works_once(karat):
    invited = karat("people", "invite", "--role", "reviewer")

    assert invited.exit_code == 0, invited.output
    assert invited.stdout.startswith("http")
    assert "works once" in invited.stdout


def test_the_people_are_listed_with_their_roles(karat):
    found = json.loads(karat("people", "list", "--json").stdout)

    assert [member["role"] for member in found] == ["owner"]


def test_login_keeps_a_token_that_only_its_owner_can_read(karat, server):
    running, token = server

    result = karat("login", running.url, "--token", token)

    assert "Signed in" in result.stdout
    assert config.load().token == token
    assert config.path().stat().st_mode & 0o077 == 0


def test_signing_in_asks_for_the_password_and_keeps_a_token_that_signing_out_revokes(karat, server, monkeypatch):
    running = server[0]
    second = karat("admin", "create-workspace", "Second", "--owner", "owner@localhost", "--data", str(running.data))
    secret = first_link(running)
    assert httpx.post(f"{running.url}/api/v1/links/{secret}", json={"password": PASSWORD}).status_code == 201
    monkeypatch.delenv("KARAT_TOKEN")

    wrong = outcome(karat, "login", running.url, "--email", "owner@localhost", "-w", "Tests", input="wrong password\n")
    karat("login", running.url, "--email", "owner@localhost", "-w", "Tests", input=f"{PASSWORD}\n")
    kept = config.load().token
    invited = karat("people", "invite")
    made = karat("tokens", "create", "ci", "--scope", "read", input=f"{PASSWORD}\n")
    karat("logout")

    assert second.exit_code == 0, second.output
    assert "The email or the password is wrong" in wrong
    assert "/links/" in invited.stdout
    assert made.stdout.strip().startswith("krt_")
    assert config.load() is None
    with Client(running.url, token=kept) as client, pytest.raises(KaratError, match="Sign in first"):
        client.me()
    with Client(running.url, token=made.stdout.strip(), workspace="Tests") as client:
        assert client.me().email == "owner@localhost"


def test_nobody_signed_in_is_told_what_to_do(karat, server, monkeypatch):
    monkeypatch.delenv("KARAT_TOKEN")

    result = karat("projects", "list")

    assert result.exit_code == 1
    assert f"karat login {server[0].url}" in result.stderr


def test_a_folder_without_an_installation_is_refused_and_stays_away(karat, tmp_path):
    for words in (("admin", "people"), ("admin", "reset-password", "a@b"), ("backup", "b.tar.zst")):
        result = karat(*words, "--data", str(tmp_path / "nothing"))

        assert (result.exit_code, "There is no installation" in result.stderr) == (1, True)
    assert not (tmp_path / "nothing").exists()


def test_an_operator_can_end_every_session_and_let_the_owner_in_anew(karat, server):
    running, token = server
    with Client(running.url, token=token) as client:
        workspace = client.workspace.id
    # One that nobody used: the server remembers whom it has seen for five seconds.
    with closing(connect(Settings(data=running.data))) as db:
        second = token_for_setup(db, workspace)

    said = karat("admin", "sign-in-link", "--revoke-all", "--data", str(running.data), "--port", str(running.port))

    assert f"http://127.0.0.1:{running.port}/links/" in said.stdout
    with Client(running.url, token=second) as client, pytest.raises(KaratError, match="Sign in first"):
        client.me()


def first_link(running):
    """The secret of a link that sets a password and leaves the tokens as they are."""
    with closing(connect(Settings(data=running.data))) as db:
        return db.write_now(lambda tx: links.make(tx, "first", login=tx.run("SELECT min(n) FROM logins")[0][0]))[1]


def outcome(karat, *words, input):
    """What a command says, or what it was refused with."""
    try:
        return karat(*words, input=input).output
    except KaratError as error:
        return str(error)
