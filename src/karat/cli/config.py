"""Where the command line remembers a server and a token: one file that only its owner can read."""

import os
from pathlib import Path

import msgspec

from karat.cli.output import fail
from karat.sdk import Client


class Saved(msgspec.Struct, frozen=True):
    """What `karat login` keeps."""

    url: str
    token: str
    token_id: str = ""
    workspace: str | None = None


def path() -> Path:
    """The file: `$KARAT_CONFIG`, else `karat/login.json` in the user's configuration folder."""
    given = os.environ.get("KARAT_CONFIG")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "karat" / "login.json"


def load() -> Saved | None:
    """What is kept, or None."""
    try:
        return msgspec.json.decode(path().read_bytes(), type=Saved)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        fail(f"{path()} cannot be read ({error}). Delete it and sign in again: karat login URL")


def save(saved: Saved) -> None:
    """Keep it, readable by its owner only."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(msgspec.json.encode(saved))


def client(url: str | None = None, workspace: str | None = None) -> Client:
    """The client that the options, the environment or `karat login` name."""
    saved = load()
    address = (url or (saved.url if saved else "http://127.0.0.1:8080")).rstrip("/")
    token = os.environ.get("KARAT_TOKEN") or (saved.token if saved and address == saved.url.rstrip("/") else None)
    if not token:
        fail(
            f"Nobody is signed in to {address} here. Run `karat login {address}`, or give an API token as KARAT_TOKEN."
        )
    return Client(address, token=token, workspace=workspace or (saved.workspace if saved else None))
