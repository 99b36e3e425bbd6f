"""A bare HTTP/1.1 client on asyncio streams: the generator must cost less than the servers that it measures."""

import asyncio
import json
from dataclasses import dataclass, field


@dataclass
class Wire:
    """One connection to one server; kept alive unless `close` asks for a new one each time."""

    host: str
    port: int
    headers: dict[str, str] = field(default_factory=dict)
    close: bool = False
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def send(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        """The status and the body of one request."""
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", f"Content-Length: {len(content)}"]
        lines += [f"{k}: {v}" for k, v in self.headers.items()]
        if content:
            lines.append("Content-Type: application/json")
        if self.close:
            lines.append("Connection: close")
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self.host, self.port)
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
        status, answer, ended = await self._answer()
        if ended or self.close:
            self._writer.close()
            self._reader = self._writer = None
        return status, answer

    async def _answer(self) -> tuple[int, bytes, bool]:
        reader = self._reader
        assert reader is not None
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        fields = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
        ended = fields.get("connection", "").lower() == "close"
        if fields.get("transfer-encoding") == "chunked":
            parts = []
            while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
                parts.append(await reader.readexactly(size))
                await reader.readexactly(2)
            await reader.readexactly(2)
            return status, b"".join(parts), ended
        if "content-length" in fields:
            return status, await reader.readexactly(int(fields["content-length"])), ended
        return status, b"" if status in (204, 304) else await reader.read(), True
