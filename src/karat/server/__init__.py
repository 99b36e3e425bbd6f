"""The server: features over one database. A feature's queries may read those of features earlier in `FEATURES`, never later."""

FEATURES = ("people", "projects", "jobs", "media", "items", "labeling", "reports", "responses", "transfers")
