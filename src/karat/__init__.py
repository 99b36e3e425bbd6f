"""Karat labels data of every kind together and measures how good each label is."""

__version__ = "0.1.0"
