"""Reports: how far a project is, how well its people agree, what the consensus says; kept up to date by following events."""
