"""What search reads: the words of a project, and the marks and facts of its items, kept up by whoever writes either."""
