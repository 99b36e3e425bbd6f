"""What cutting a large picture into tiles costs: seconds, and the memory of the process that does it.

    python -m bench.tiles [--side 20000] [--memory-mb 2000] [FILE …]

Without files a JPEG of so many pixels a side is made first. Each picture is cut by a process under the limit that a
server sets (`worker_memory_mb`), and one JSON line is printed for each.
"""

import argparse
import json
import os
import resource
import tempfile
import time
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path

from karat.server.media.pyramid import cut
from karat.server.processes.child import limit
from karat.server.processes.workers import Limits


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--side", type=int, default=20_000)
    parser.add_argument("--memory-mb", type=int, default=2_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for path in given.files or [made(Path(folder) / "made.jpg", given.side)]:
            print(json.dumps(measured(path, Path(folder) / "tiles.zip", given.memory_mb)), flush=True)


def made(path: Path, side: int) -> Path:
    """A JPEG with noise in it, so that it costs what photographs cost."""
    import pyvips

    pieces = -(-side // 1024)
    noise = pyvips.Image.gaussnoise(1024, 1024, sigma=25, mean=128).cast("uchar").replicate(pieces, pieces)
    grey = noise.crop(0, 0, side, side)
    grey.bandjoin([grey.invert(), grey]).copy(interpretation="srgb").jpegsave(str(path), Q=85)
    return path


def measured(path: Path, target: Path, memory_mb: int) -> dict[str, object]:
    """One picture, cut by a process of its own."""
    context = get_context("spawn")
    told: Queue[dict[str, object]] = context.Queue()
    process = context.Process(target=_cut, args=(path, target, memory_mb, told))
    process.start()
    found = told.get()
    process.join()
    return {"file": path.name, "file_mb": path.stat().st_size >> 20, **found}


def _cut(path: Path, target: Path, memory_mb: int, told: "Queue[dict[str, object]]") -> None:
    limit(Limits(memory_mb))
    target.unlink(missing_ok=True)
    start = time.monotonic()
    found = cut(path, target, lambda _percent: None)
    told.put(
        {
            "pixels": f"{found.width} × {found.height}",
            "tiles": len(found.spans) // 16,
            "seconds": round(time.monotonic() - start, 1),
            "cpu_s": round(time.process_time(), 1),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
            "tiles_mb": target.stat().st_size >> 20,
            "cores": os.cpu_count(),
        }
    )


if __name__ == "__main__":
    main()
