"""A server for benchmarks: `python -m bench.serving FOLDER PORT [DATABASE]`; its owner's token is written into the folder."""

import sys
from pathlib import Path

import uvicorn

from karat.server.app import create_app
from karat.server.people import actions, tokens
from karat.server.settings import Settings


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    database = sys.argv[3] if len(sys.argv) > 3 else ""
    settings = Settings(
        data=folder / "data", database=database, port=port, import_hosts=("https://images.example.org",)
    )
    app = create_app(settings)
    if not (folder / "token").exists():
        db = app.app.db
        workspace = db.write_now(actions.create_workspace, "Bench").id
        login = db.write_now(actions.create_login, email="bench@example.org", name="Bench")
        db.write_now(actions.add_member, workspace, login.n, "owner")
        (folder / "workspace").write_text(workspace)
        (folder / "token").write_text(
            db.write_now(tokens.create_token, workspace, login.n, name="bench", scopes=("admin",), days=7)
        )
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
