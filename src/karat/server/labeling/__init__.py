"""Labeling: an annotator is given items, works on drafts and hands in answers; nothing here tells of anybody else."""
