"""Importing and exporting as a manager does it, over HTTP."""

import time
from dataclasses import dataclass

import msgspec
import pytest


@dataclass
class Transfers:
    """What tests of transfers do over and over."""

    team: object
    project: str

    def upload(self, files: dict[str, bytes], project: str | None = None) -> str:
        """An upload with these files."""
        upload = self.team.manager.post(f"/projects/{project or self.project}/uploads", json={}).json()["id"]
        for name, content in files.items():
            answer = self.team.manager.put(f"/uploads/{upload}/files/{name}", content=content)
            assert answer.status_code == 200, answer.text
        return upload

    def bring(self, files: dict[str, bytes], project: str | None = None, **more: object) -> dict[str, object]:
        """Import these files and give the ended job."""
        project = project or self.project
        body = {"upload": self.upload(files, project), **more}
        answer = self.team.manager.post(f"/projects/{project}/imports", json=body)
        assert answer.status_code == 202, answer.text
        return self.ended(answer.json()["id"])

    def take(self, project: str | None = None, **wish: object) -> dict[str, bytes]:
        """Export and give the files."""
        answer = self.team.manager.post(f"/projects/{project or self.project}/exports", json=wish)
        assert answer.status_code == 202, answer.text
        job = self.ended(answer.json()["id"])
        assert job["state"] == "done", job
        return self.files(job["id"])

    def files(self, job: str) -> dict[str, bytes]:
        """A job's files."""
        return {
            f["name"]: self.team.manager.get(f"/jobs/{job}/files/{f['name']}").content
            for f in self.team.manager.get(f"/jobs/{job}/files").json()
        }

    def ended(self, job: str, seconds: float = 60) -> dict[str, object]:
        """A job once it has ended."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            body = self.team.manager.get(f"/jobs/{job}").json()
            if body["state"] in ("done", "failed", "cancelled"):
                return body
            time.sleep(0.02)
        raise AssertionError(f"job {job} did not end: {body}")

    def rows(self, sql: str, **values: object) -> list[tuple]:
        """Look into the database."""
        return [tuple(row) for row in self.team.server.db.read_now(lambda tx: tx.run(sql, **values))]


def lines(*rows: object) -> bytes:
    """JSON lines."""
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


@pytest.fixture
def transfers(team):
    return Transfers(team, team.project())
