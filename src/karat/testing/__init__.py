"""The contracts that kinds, formats and adapters must keep, for people who write them elsewhere."""
