"""A reverse proxy as `deploy/nginx.conf` describes one: it adds the headers that the file names and holds nothing back."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONFIG = Path(__file__).parents[2] / "deploy" / "nginx.conf"
PIECE = 65536
CLIENT = "198.51.100.7"
"""Where the proxy says that everybody comes from: loopback would be an address that is trusted."""


def headers_of(config: str) -> dict[str, str]:
    """What `location /` sets on each request, by name in lower case."""
    place = config[config.index("location / {") :]
    return {
        name.lower(): value.strip('"')
        for name, value in re.findall(r"proxy_set_header (\S+) (\S+);", place[: place.index("}")])
    }


def forwarded(head: bytes, client: str, config: dict[str, str]) -> bytes:
    """A request's head with the headers that the configuration sets."""
    first, *lines = head.decode("latin-1").split("\r\n")
    given = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    before = given.get("x-forwarded-for")
    values = {
        "$host": given["host"],
        "$scheme": "https",
        "$proxy_add_x_forwarded_for": f"{before}, {client}" if before else client,
    }
    given |= {name: values.get(value, value) for name, value in config.items()}
    return "\r\n".join([first, *(f"{name}: {value}" for name, value in given.items() if value), "", ""]).encode(
        "latin-1"
    )


@contextmanager
def proxy(upstream: int) -> Iterator[int]:
    """A proxy in front of a port of this machine; gives its own port."""
    config = headers_of(CONFIG.read_text("utf-8"))
    ready, ports, handles = threading.Event(), [], []

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(PIECE):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            return
        finally:
            writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request on each connection: enough for a test."""
        head = await reader.readuntil(b"\r\n\r\n")
        inner, outer = await asyncio.open_connection("127.0.0.1", upstream)
        outer.write(forwarded(head, CLIENT, {**config, "connection": "close"}))
        await asyncio.gather(pipe(reader, outer), pipe(inner, writer))

    async def run() -> None:
        stop = asyncio.Event()
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            ports.append(server.sockets[0].getsockname()[1])
            handles.append((asyncio.get_running_loop(), stop))
            ready.set()
            await stop.wait()

    # `asyncio.run` ends the connections that are still open, and closes its loop.
    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield ports[0]
    finally:
        loop, stop = handles[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
