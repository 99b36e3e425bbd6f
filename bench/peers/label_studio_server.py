"""Label Studio in an environment of its own: installed once, started on an empty data folder, spoken to over HTTP."""

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

VERSION = "1.23.2"
TOKEN = "0123456789abcdef0123456789abcdef01234567"
CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="sentiment" toName="text">'
    '<Choice value="pos"/><Choice value="neg"/><Choice value="neu"/></Choices></View>'
)


def program(environment: Path) -> Path:
    """The installed program; installed now if it is not there (about 1 GB)."""
    found = environment / "bin" / "label-studio"
    if not found.exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([environment / "bin" / "pip", "install", "-q", f"label-studio=={VERSION}"], check=True)
    return found


@contextmanager
def running(environment: Path, data: Path, port: int) -> Iterator[tuple[str, int]]:
    """Its address and process id."""
    settings = {
        "LABEL_STUDIO_BASE_DATA_DIR": str(data),
        "LABEL_STUDIO_USERNAME": "admin@example.com",
        "LABEL_STUDIO_PASSWORD": "benchpass123",
        "LABEL_STUDIO_USER_TOKEN": TOKEN,
        "LABEL_STUDIO_HOST": f"http://127.0.0.1:{port}",
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "FEATURE_FLAGS_OFFLINE": "true",
        "DISABLE_SIGNUP_WITHOUT_LINK": "false",
        "LOG_LEVEL": "WARNING",
    }
    data.mkdir(parents=True, exist_ok=True)
    command = [
        program(environment),
        "start",
        "--no-browser",
        "--enable-legacy-api-token",
        "--internal-host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with (data / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=data, env={**os.environ, **settings}, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/user/login/", process, data / "server.log")
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(30)


def client(address: str) -> httpx.Client:
    """A client with the owner's token."""
    return httpx.Client(base_url=address, headers={"Authorization": f"Token {TOKEN}"}, timeout=1800, trust_env=False)


def project(http: httpx.Client, title: str) -> int:
    """A new project for sentiment; its id."""
    answer = http.post("/api/projects/", json={"title": title, "label_config": CONFIG})
    return int(answer.raise_for_status().json()["id"])


def people(http: httpx.Client, count: int) -> list[str]:
    """Tokens of so many new annotators."""
    invite = http.get("/api/invite").raise_for_status().json()["token"]
    found = []
    for k in range(count):
        with httpx.Client(base_url=http.base_url, timeout=600, follow_redirects=True, trust_env=False) as person:
            page = person.get(f"/user/signup/?token={invite}")
            secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
            assert secret is not None
            form = {
                "csrfmiddlewaretoken": secret[1],
                "email": f"annot{k}@example.com",
                "password": "benchpass123",
                "how_find_us": "Other",
                "elaborate": "x",
            }
            person.post(f"/user/signup/?token={invite}", data=form, headers={"Referer": str(http.base_url)})
            found.append(person.get("/api/current-user/token").raise_for_status().json()["token"])
    return found


def tasks(rows: list[dict[str, object]], *, annotated: bool) -> bytes:
    """An import body of these rows."""
    chance = random.Random(0)

    def one(row: dict[str, object]) -> dict[str, object]:
        if not annotated:
            return {"data": row}
        choice = {"choices": [chance.choice(["pos", "neg", "neu"])]}
        result = {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": choice}
        return {"data": row, "annotations": [{"result": [result], "lead_time": 2.5}]}

    return json.dumps([one(row) for row in rows]).encode()


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 900
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"Label Studio ended while starting:\n{log.read_text()[-3000:]}")
        try:
            if httpx.get(address, timeout=30, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError("Label Studio did not start within 15 minutes")
