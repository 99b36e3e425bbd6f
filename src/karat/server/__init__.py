"""The server: features over one database. A feature imports only from those before it in `FEATURES`, never from later ones."""

FEATURES = (
    "jobs",
    "labeling",
    "people",
    "projects",
    "items",
    "review",
    "workflow",
    "reports",
    "gold",
    "training",
    "responses",
    "guidelines",
    "rulings",
    "notices",
    "team",
    "boards",
    "fairness",
    "ledger",
    "transfers",
    "reference",
)
