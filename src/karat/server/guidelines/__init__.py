"""What a project's people go by: its guideline, in versions that are read and compared."""
