"""A simulated labeling programme: thirty people, items with known truth, and two ways of running it at equal cost."""
