"""A server with an owner, a person who labels, and small files to label: what measurements in a browser begin with."""

import json
from pathlib import Path

import httpx
from PIL import Image, ImageDraw

from karat.demo.messages import message
from karat.sdk import Client
from karat.server.database import connect
from karat.server.people import actions as people
from karat.server.settings import Settings
from karat.testing.server import Process

# Left, right and height of the nth word of the text.
WORD = """(n) => {
  const walker = document.createTreeWalker(document.querySelector('.text-words'), NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(), seen = 0; node; node = walker.nextNode())
    for (const found of node.data.matchAll(/[A-Za-z]{3,}/g)) {
      if (seen++ < n) continue
      const range = document.createRange()
      range.setStart(node, found.index); range.setEnd(node, found.index + found[0].length)
      const box = range.getBoundingClientRect()
      return [box.left + 1, box.right - 1, box.y + box.height / 2]
    }
}"""


def settle_in(server: Process) -> tuple[Client, str]:
    """The owner's client, and the cookie of the person who labels."""
    db = connect(Settings(data=server.data, database=""))
    try:
        workspace = db.write_now(people.create_workspace, "Soak").id
        cookies = []
        for role in ("owner", "annotator"):
            login = db.write_now(people.create_login, email=f"{role}@example.org", name=role)
            db.write_now(people.add_member, workspace, login.n, role)
            cookies.append(db.write_now(people.start_session, login.n, agent="soak", address="127.0.0.1", days=1))
    finally:
        db.close()
    with httpx.Client(cookies={"karat_session": cookies[0]}, headers={"Origin": server.url}, trust_env=False) as http:
        body = {"name": "soak", "scopes": ["read", "write", "admin"], "expires_days": 1}
        token = http.post(f"{server.url}/api/v1/workspaces/{workspace}/tokens", json=body).json()["token"]
    return Client(server.url, token=token), cookies[1]


def texts(folder: Path, count: int) -> Path:
    """A table of messages."""
    folder.mkdir()
    rows = "".join(f'M-{n},"{message(n).text}"\n' for n in range(count))
    (folder / "messages.csv").write_text("key,text\n" + rows, "utf-8")
    return folder / "messages.csv"


def pictures(folder: Path, count: int) -> Path:
    """Small pictures, no two the same."""
    folder.mkdir()
    for n in range(count):
        picture = Image.new("RGB", (640, 480), (n * 7 % 256, n * 13 % 256, 120))
        ImageDraw.Draw(picture).text((20, 20), f"picture {n}")
        picture.save(folder / f"{n:05d}.jpg", quality=60)
    return folder


def chats(folder: Path, count: int) -> Path:
    """Prompts with two answers each."""
    folder.mkdir()
    rows = [
        {"prompt": f"What is {n} and {n}?", "answers": [f"It is {2 * n}.", f"{n} and {n} make {2 * n}."]}
        for n in range(1, count + 1)
    ]
    (folder / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder / "pairs.jsonl"
