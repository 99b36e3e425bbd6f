"""Members and sign-in on the command line."""

import json

import pytest

from karat.cli import config
from karat.sdk import Client, KaratError


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


def test_an_operator_can_end_every_session_and_let_the_owner_in_anew(karat, server):
    running, token = server
    with Client(running.url, token=token) as client:
        second = client.create_token("another", scopes=("read",)).token

    said = karat("admin", "sign-in-link", "--revoke-all", "--data", str(running.data), "--port", str(running.port))

    assert f"http://127.0.0.1:{running.port}/links/" in said.stdout
    with Client(running.url, token=second) as client, pytest.raises(KaratError, match="Sign in first"):
        client.me()
