"""What benches of the screen measure with: frames, paints, long tasks, and the main thread's own time."""

import time
from collections.abc import Callable

from playwright.sync_api import CDPSession, Page

CHROME_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

FRAMES = """() => {
  const frames = []; let on = true; let last = performance.now()
  window.stopFrames = () => { on = false; return frames }
  const next = () => { const now = performance.now(); frames.push(now - last); last = now; if (on) requestAnimationFrame(next) }
  requestAnimationFrame(next)
}"""

# From an event to the frame after it: the message is handled once that frame was handed to the compositor.
PAINTS = """(event) => {
  window.paints = []
  addEventListener(event, () => {
    const start = performance.now()
    requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => window.paints.push(performance.now() - start); c.port2.postMessage(0) })
  }, { capture: true })
}"""

LONG = """() => {
  window.long = []
  new PerformanceObserver((list) => window.long.push(...list.getEntries().map((e) => e.duration))).observe({ type: 'longtask', buffered: true })
}"""


def deaf(page: Page) -> dict[str, float]:
    """Tasks of more than 50 ms since the last time: how many, all together, and the longest."""
    long: list[float] = page.evaluate("() => window.long.splice(0)")
    return {"count": len(long), "together": round(sum(long), 1), "longest": round(max(long, default=0), 1)}


def for_seconds(seconds: float, step: Callable[[int], object]) -> None:
    start, k = time.monotonic(), 0
    while time.monotonic() - start < seconds:
        k += 1
        step(k)


def measured(page: Page, act: Callable[[], object]) -> dict[str, object]:
    """The frames while something is done, and the main thread's own time for each."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before = metrics(session)
    page.evaluate(FRAMES)
    act()
    frames = page.evaluate("window.stopFrames()")[1:]
    after = metrics(session)
    return {
        "fps": round(1_000 * len(frames) / sum(frames), 1),
        "frame_ms": spread(frames),
        "each_frame": spent(before, after, len(frames)),
    }


def spent(before: dict[str, float], after: dict[str, float], times: int) -> dict[str, float]:
    """Milliseconds of script, and of all the main thread's work, for each of so many times."""
    return {
        name: round(1_000 * (after[key] - before[key]) / times, 2)
        for name, key in (("script_ms", "ScriptDuration"), ("task_ms", "TaskDuration"))
    }


def metrics(session: CDPSession) -> dict[str, float]:
    return {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}


def spread(values: list[float]) -> dict[str, float]:
    """Median, 95th percentile and worst."""
    ordered = sorted(values)
    at = [len(ordered) // 2, min(len(ordered) - 1, int(len(ordered) * 0.95)), len(ordered) - 1]
    return {name: round(ordered[i], 1) for name, i in zip(("p50", "p95", "worst"), at, strict=True)}
