"""Dashboards: what stands where, what was said, who agrees with whom; counted by following events, read from counts alone."""
