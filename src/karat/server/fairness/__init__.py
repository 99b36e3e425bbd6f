"""Slices of the items, groups of people who say so themselves, what differs between them, and the board that signs."""
