"""Gold: items whose answer is known, mixed into the work unseen; how people do on them, and what that says of the items."""
