"""What uploaded media are, looked into by a process with limits, and sent so that nothing in them can run."""
