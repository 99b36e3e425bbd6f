"""The course that people pass before they work: where they stand, hints after practice, and what managers decide."""
