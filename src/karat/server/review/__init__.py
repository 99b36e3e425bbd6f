"""Judging answers: what reviewers are given, what they say of it, and what follows."""
