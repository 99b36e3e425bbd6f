"""The people of a project: what each has done and how well, kept by following events."""
