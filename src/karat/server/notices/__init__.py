"""Telling people and other programs what happened, and who looks at what just now."""
