"""An import that runs while people label, for `bench.claim_submit --during-import`: a file over HTTP, as a person brings it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.workbench import TEXTS, Site

STARTED_ROWS = 1_000
PIECE = 1 << 20


@contextmanager
def importing(site: Site, url: str, rows: int) -> Iterator[None]:
    """Import so many texts into the site's project meanwhile; how far it came is printed, then it is cancelled."""
    path = write_texts(site.data / f"more-{time.time_ns()}.jsonl", rows)
    with httpx.Client(
        base_url=url, cookies={"karat_session": site.owner}, headers={"origin": url}, timeout=600
    ) as http:
        upload = http.post(f"/api/v1/projects/{site.project}/uploads", json={}).raise_for_status().json()["id"]
        with path.open("rb") as file:
            http.put(
                f"/api/v1/uploads/{upload}/files/more.jsonl", content=iter(lambda: file.read(PIECE), b"")
            ).raise_for_status()
        wish = {"upload": upload, "mapping": {"key": "id", "streams": {"text": "text"}}}
        job = http.post(f"/api/v1/projects/{site.project}/imports", json=wish).raise_for_status().json()["id"]
        while (before := _done(http, job)) < STARTED_ROWS:
            time.sleep(0.05)
        began = time.monotonic()
        yield
        took, now = time.monotonic() - began, _done(http, job)
        ended = " and was done" if now >= rows else ""
        print(
            f"        meanwhile the import stored {now - before:,} items, {(now - before) / took:,.0f} a second{ended}",
            flush=True,
        )
        http.post(f"/api/v1/jobs/{job}/cancel")
        while http.get(f"/api/v1/jobs/{job}").json()["state"] in ("queued", "running"):
            time.sleep(0.05)
    path.unlink()


def write_texts(path: Path, rows: int) -> Path:
    """Short texts with keys that no other file has."""
    with path.open("w") as file:
        for n in range(rows):
            file.write(f'{{"id":"{path.stem}-{n}","text":"{TEXTS[n % len(TEXTS)]}"}}\n')
    return path


def _done(http: httpx.Client, job: str) -> int:
    body = http.get(f"/api/v1/jobs/{job}").raise_for_status().json()
    if body["state"] == "failed":
        raise SystemExit(f"the import failed: {body['log'][-3:]}")
    return int(body["progress"]["done"])
