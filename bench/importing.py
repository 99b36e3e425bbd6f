"""A server that imports items in the background while people label, for `bench.claim_submit --during-import`."""

import os
import threading
import time

from bench.workbench import TEXTS
from karat.server.database import Database
from karat.server.front import Front
from karat.testing import server
from karat.testing.items import add_texts

WAIT_S = 2.0
CHUNK = 500


def application() -> Front:
    """The application, with an import of `BENCH_IMPORT` items that begins soon after the start."""
    front = server.application()
    threading.Thread(target=_import, args=(front.app.db,), name="bench-import", daemon=True).start()
    return front


def _import(db: Database) -> None:
    time.sleep(WAIT_S)
    project, count = os.environ["BENCH_IMPORT_PROJECT"], int(os.environ["BENCH_IMPORT"])
    texts = [TEXTS[n % len(TEXTS)] for n in range(CHUNK)]
    began = time.monotonic()
    ahead = [db.write_bulk(add_texts, project, texts) for _ in range(4)]
    for _ in range(count // CHUNK):
        ahead.append(db.write_bulk(add_texts, project, texts))
        ahead.pop(0).result()
    for last in ahead:
        last.result()
    took = time.monotonic() - began
    print(f"import: {count} items in {took:.1f} s, {count / took:,.0f} a second", flush=True)
