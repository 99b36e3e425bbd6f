"""What labeling reads: the versions of schema and policy, tasks, and a person's own work."""
