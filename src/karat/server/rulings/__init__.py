"""What people ask, what is ruled for all, and what they appeal."""
