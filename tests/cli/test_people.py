"""Members and sign-in on the command line."""

import json

from karat.cli import config


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
